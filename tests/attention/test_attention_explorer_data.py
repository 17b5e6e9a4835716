"""What an explorer's page is given, part by part: the names that its script reads, its limits, its still picture."""

import base64
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from hf_tutorial.attention import Attention, EncoderDecoderAttention, Label, alt_text, explore_attention
from hf_tutorial.attention import explorer as module
from hf_tutorial.attention.labels import plain_labels
from hf_tutorial.errors import InputError
from tests.markup.reading import EXPLORER, read


def made(queries, keys=None, kind="self", layers=(0, 1), heads=(0, 1, 2), unit="token"):
    queries = (Label("[CLS]", "[CLS]", special=True), *plain_labels(queries))
    keys = queries if keys is None else plain_labels(keys)
    weights = np.full((len(layers), len(heads), len(queries), len(keys)), 1 / len(keys), np.float32)
    return Attention(weights, queries, keys, kind, layers, heads, "Tiny", unit)


def parts(attention):
    tree = read(explore_attention(attention)._repr_html_(), EXPLORER)
    return json.loads(tree.one("div").attributes["data-attention"])["parts"]


def test_one_text_is_described_whole():
    (part,) = parts(made("ab", kind="causal", layers=(3, 4), heads=("mean",), unit="word"))
    statistics = part.pop("statistics")
    assert part == {
        "name": "",
        "title": "causal self-attention of Tiny",
        "kind": "causal",
        "unit": "word",
        "whole": True,
        "written": False,
        "layers": [3, 4],
        "heads": ["mean"],
        "queries": [["[CLS]", 1, 0], ["a", 0, 0], ["b", 0, 0]],
        "keys": None,
        "pack": 0,
    }
    assert statistics["special"] == pytest.approx([0.3333, 0.3333], abs=1e-6)


def test_two_texts_have_an_axis_each():
    cross = made("ab", "xyz", "cross")
    both = EncoderDecoderAttention(made("xy"), made("ab", kind="causal"), cross, plain_labels("bc?"))
    told = {part["name"]: part for part in parts(both)}
    assert told["cross"]["keys"] == [["x", 0, 0], ["y", 0, 0], ["z", 0, 0]]
    assert [part["written"] for part in told.values()] == [False, False, False, True]
    other = replace(made("ab"), keys=plain_labels("xyz"))
    assert parts(other)[0]["keys"] == [["x", 0, 0], ["y", 0, 0], ["z", 0, 0]]
    same = replace(made("ab", kind="cross"), kind="cross")
    assert parts(same)[0]["keys"] is not None, "two texts may say the same"


def clear(attention):
    """Return which cells of the first head of the still picture are clear."""
    png = base64.b64decode(explore_attention(attention)._repr_mimebundle_()[0]["image/png"])
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))
    layers, _, queries, keys = attention.weights.shape
    side = (picture.shape[0] + 3) // layers - 3
    step = side // max(queries, keys)
    return picture[step // 2 : side : step, step // 2 : side : step, 3][:queries, :keys] == 0


@pytest.mark.parametrize("kind", ["self", "causal"])
def test_only_a_causal_mask_leaves_cells_clear(kind):
    expected = np.triu(np.ones((3, 3), bool), 1) if kind == "causal" else np.zeros((3, 3), bool)
    assert (clear(made("ab", kind=kind)) == expected).all()


@pytest.mark.parametrize(
    ("layers", "heads", "named"),
    [
        ((0, 1), (0, 1, 2), "layers 0 to 1 down and heads 0 to 2 across"),
        ((7,), ("mean",), "layers 7 down and heads mean across"),
        ((2, 5, 9), (4,), "layers 2 to 9 down and heads 4 across"),
    ],
)
def test_a_still_picture_says_what_it_is(layers, heads, named):
    attention = made("ab", layers=layers, heads=heads)
    alternative = (
        f"self-attention of Tiny: {len(layers)} × {len(heads)} small squares, {named}. In each, 3 query tokens down and 3 "
        "key tokens across; the brighter, the more weight, on one scale from 0 to 1."
    )
    tree = read(explore_attention(attention)._repr_html_(), EXPLORER)
    assert tree.one("img").attributes["alt"] == alternative
    assert tree.one("figcaption").text == (
        f"{alternative} This is a still picture in 15 colours; where scripts run, it becomes an explorer."
    )


def said(attention):
    with pytest.raises(InputError) as caught:
        explore_attention(attention)
    return str(caught.value)


CURE = (
    "more than the {} that a browser handles well. Take fewer layers, such as "
    "explore_attention(attention.select(layers=[0, 1])), or a shorter text."
)


def test_limits_are_named_in_millions(monkeypatch):
    large = made("a" * 999)
    monkeypatch.setattr(module, "MOST_WEIGHTS", 3_000_000)
    assert said(large) == f"this page would hold 6 million weights, {CURE.format('3 million')}"
    monkeypatch.undo()
    size = len(explore_attention(large)._data)
    monkeypatch.setattr(module, "MOST_BYTES", size)
    assert explore_attention(large)
    monkeypatch.setattr(module, "MOST_BYTES", size - 1)
    assert said(large) == f"this page would hold 0 MB, {CURE.format('0 MB')}"


def test_weights_that_two_views_share_count_once(monkeypatch):
    cross = made("ab", "xyz", "cross")
    both = EncoderDecoderAttention(made("xy"), made("ab", kind="causal"), cross, plain_labels("bc?"))
    monkeypatch.setattr(module, "MOST_WEIGHTS", 3 * cross.weights.size)
    assert explore_attention(both)


def test_the_alternative_text_of_a_grid_counts_heads():
    attention = made("ab")
    weights = np.zeros_like(attention.weights)
    weights[..., 0] = 1
    weights[0, 0] = weights[1, 2] = np.eye(3)
    weights[1, 1] = 0.5 * np.eye(3) + 0.5 * np.eye(3)[::-1]
    weights[1, 1, 1] = [0.25, 0.5, 0.25]
    assert alt_text(replace(attention, weights=weights)) == (
        "Grid of 2 × 3 heat maps, layers down and heads across: self-attention of Tiny, each 3 × 3: a row is a query "
        "token, a column a key token. Of 6 heads, more than half of the weight is on special tokens in 3, on the token "
        "itself in 2."
    )
    even = alt_text(made("abcd"))
    assert even.endswith("None of the 6 heads has more than half of its weight in one kind of place.")


def test_the_alternative_text_of_a_head_follows_its_rows():
    weights = np.array([[0.1, 0.7, 0.2], [0.1, 0.2, 0.7], [0.8, 0.1, 0.1]], np.float32)
    head = replace(made("ab", layers=(0,), heads=(0,)), weights=weights[None, None])
    assert alt_text(head).endswith("Largest weights: [CLS] to a (0.70), a to b (0.70), b to [CLS] (0.80).")
