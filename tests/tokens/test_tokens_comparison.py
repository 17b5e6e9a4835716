"""A comparison, exactly, for a small case; and what its cells and counts mean."""

import textwrap

import pytest
from tiny_tokenizers import gpt2, llama2, unigram, word_piece
from transformers import ByT5Tokenizer

from hf_tutorial.errors import InputError
from hf_tutorial.tokens import compare_tokenizers


def test_the_same_text_stands_under_itself():
    # WordPiece drops the spaces and knows no emoji; GPT-2's kind owns the space before a word, and needs three tokens for 🤗.
    shown = compare_tokenizers({"WordPiece": word_piece(), "bytes": gpt2(), "ByT5": ByT5Tokenizer()}, "hello w 🤗")
    assert repr(shown).split("\n\n")[0] == textwrap.dedent(
        """
        text        h e l l o ␣ w ␣ 🤗
        WordPiece  │hello    │ │w│ │[UNK]│
        bytes      │he │l│l│o│␣w │␣🤗×3  │
        ByT5       │h│e│l│l│o│␣│w│␣│🤗×4 │
        """
    ).strip("\n")


def test_the_counts():
    shown = compare_tokenizers({"WordPiece": word_piece(), "bytes": gpt2()}, "hello world 🤗")
    first, second = shown.counts
    assert (first.tokens, first.special, first.unknown, first.vocabulary) == (3, 2, 1, 65)
    assert (first.tokens_per_word, first.characters_per_token) == (1.0, 13 / 3)
    assert (second.tokens, second.special, second.unknown) == (12, 0, 0)
    assert repr(shown).splitlines()[-1].split() == ["bytes", "12", "0", "0", "4.00", "1.08", "261"]
    for said in ("tokens per word", "4.33", "1.08"):
        assert said in shown._repr_html_()


def test_tokens_that_share_characters_share_a_cell():
    line = compare_tokenizers({"Llama 2": llama2()}, "a 🤗").lines[0]
    assert [(cell.start, cell.end, len(cell.tokens)) for cell in line.cells] == [(0, 1, 2), (1, 2, 1), (2, 3, 4)]


def test_what_normalising_makes_longer_is_still_laid_out_on_the_text():
    line = compare_tokenizers({"Unigram": unigram()}, "ﬁ").lines[0]
    assert [(cell.start, cell.end) for cell in line.cells] == [(0, 1)]


def test_an_empty_text_has_counts_alone():
    text = repr(compare_tokenizers({"WordPiece": word_piece()}, ""))
    assert (
        text.splitlines()[1] == "WordPiece       0        2        0                –                     –          65"
    )


def test_long_texts_go_on_in_blocks_that_fit():
    text = repr(compare_tokenizers({"WordPiece": word_piece(), "bytes": gpt2()}, "hello world " * 12))
    blocks = [block for block in text.split("\n\n") if block.startswith("text ")]
    assert len(blocks) > 1
    assert all(len(line) <= 100 for line in text.splitlines())
    assert all("WordPiece" in block and "bytes" in block for block in blocks)


@pytest.mark.parametrize(
    ("tokenizers", "text", "message"),
    [
        ({}, "a", "tokenizers must be a mapping with a name for each"),
        ([word_piece], "a", "tokenizers must be a mapping"),
        ({"x": 3}, "a", "tokenizer must be a tokenizer"),
        ({"x": None}, ["a"], "text must be one string, but is list"),
    ],
)
def test_wrong_use_is_told_what_to_do(tokenizers, text, message):
    with pytest.raises(InputError, match=message):
        compare_tokenizers(tokenizers, text)
