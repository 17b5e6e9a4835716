"""`print_encoding`, exactly."""

import pytest
import torch
from tiny_tokenizers import word_piece
from transformers.modeling_outputs import SequenceClassifierOutput

from hf_tutorial.errors import InputError
from hf_tutorial.tokens import print_encoding


def printed(capsys, encoding):
    print_encoding(encoding)
    return capsys.readouterr().out.splitlines()


def test_lists(capsys):
    assert printed(capsys, word_piece()("hello world!")) == [
        "input_ids: list of 5",
        "  2 5 6 18 3",
        "attention_mask: list of 5",
        "  1 1 1 1 1",
    ]


def test_a_batch_of_tensors_stands_in_columns(capsys):
    batch = word_piece()(["hello world!", "!"], padding=True, return_tensors="pt")
    assert printed(capsys, batch)[:3] == ["input_ids: tensor of shape (2, 5), int64", "  2  5 6 18 3", "  2 18 3  0 0"]


def test_a_ragged_batch_shows_its_lengths(capsys):
    assert printed(capsys, {"input_ids": [[2, 5, 3], [2, 3], []]}) == [
        "input_ids: list of 3 lists",
        "  2 5 3",
        "  2 3",
        "  (empty)",
    ]


def test_a_model_output(capsys):
    output = SequenceClassifierOutput(
        loss=torch.tensor(0.69314, requires_grad=True),
        logits=torch.tensor([[1.5, -2.25]], dtype=torch.bfloat16),
        attentions=(torch.zeros(1, 2, 3, 3), torch.zeros(1, 2, 3, 3)),
    )
    assert printed(capsys, output) == [
        "loss: tensor of shape (), float32",
        "  0.6931",
        "logits: tensor of shape (1, 2), bfloat16",
        "  1.5000 -2.2500",
        "attentions: tuple of 2 tensors",
        "  each: tensor of shape (1, 2, 3, 3), float32",
    ]


def test_what_is_long_is_shortened_and_says_so(capsys):
    lines = printed(capsys, {"ids": list(range(500)), "rows": [[0]] * 20})
    assert lines[-9:] == ["  0"] * 8 + ["  … and 12 more rows"]
    assert any(line.endswith("… and 436 more") for line in lines)
    assert max(map(len, lines)) <= 120


def test_other_values(capsys):
    assert printed(capsys, {"text": "a\nb\x00", "none": None, "empty": [], "names": ["a", "b"], "flag": True}) == [
        "text: a\\nb\\x00",
        "none: None",
        "empty: list of 0",
        "  (empty)",
        "names: list of 2",
        "  a b",
        "flag: True",
    ]


def test_something_else_is_refused():
    with pytest.raises(InputError, match=r"encoding must be a mapping, .* but is list"):
        print_encoding([1, 2])
