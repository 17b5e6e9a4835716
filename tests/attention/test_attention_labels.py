"""Labels and words, for every kind of tokenizer and over arbitrary text."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from hf_tutorial.attention.labels import labels_of, shown
from hf_tutorial.tokens import inspect_tokens
from hf_tutorial.tokens.spans import encode, rows_of
from tests.tokens.tiny_tokenizers import FAMILIES, HOSTILE


def labels(tokenizer, text, pair=None, bare=False):
    encoding = encode(tokenizer, text, pair, {})
    if bare:  # ids alone, as for what a model wrote
        return labels_of(tokenizer, rows_of(tokenizer, {"input_ids": encoding["input_ids"]}, ())[0])
    texts = tuple(one for one in (text, pair) if one is not None)
    return labels_of(tokenizer, rows_of(tokenizer, encoding, [texts])[0])


def words(found):
    return [word.text for word in dict.fromkeys(label.word for label in found if label.word)]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("bare", [False, True])
def test_words_are_those_of_the_text(family, bare):
    # Llama 2's kind gives every token the same word id; Python tokenizers and bare ids give none.
    assert words(labels(FAMILIES[family], "hello world hello", bare=bare)) == ["hello", "world", "hello"]


@pytest.mark.parametrize("family", FAMILIES)
def test_one_word_is_one_word(family):
    assert words(labels(FAMILIES[family], "hello")) == ["hello"]


def test_a_word_is_written_as_the_text_writes_it():
    found = labels(FAMILIES["WordPiece"], "Hello HuggingFace")
    assert words(found) == ["Hello", "HuggingFace"]
    assert [label.text for label in found][1:3] == ["hello", "hugging"]


def test_words_are_the_tokenizers_where_it_tells_them_apart():
    assert words(labels(FAMILIES["GPT-2"], "hello,world")) == ["hello", ",", "world"]
    # Llama 2's kind tells nothing, and white space decides.
    assert words(labels(FAMILIES["Llama 2"], "hello,world x")) == ["hello,world", "x"]


def test_words_given_instead_of_text_are_the_words():
    tokenizer, given_words = FAMILIES["WordPiece"], ("Hugging Face", "world")
    encoding = encode(tokenizer, list(given_words), None, {"is_split_into_words": True})
    found = labels_of(tokenizer, rows_of(tokenizer, encoding, [(given_words,)])[0])
    assert words(found) == ["Hugging Face", "world"]


def test_spaces_inside_a_piece_stay_spaces():
    def token(**facts):
        plain = inspect_tokens(FAMILIES["WordPiece"], "hello").tokens[1]
        return replace(plain, **facts)

    assert shown(token(piece="<| end |>", special=True)) == "<| end |>"
    assert shown(token(piece="[UNK]", unknown=True, source="a b")) == "[UNK] a b"
    assert shown(token(piece="x", text=" a b ")) == "a b"
    assert shown(token(piece="x", text="\na")) == r"\na"
    assert shown(token(piece="x", text="  ")) == "␣␣"
    assert shown(token(piece="", text="")) == "∅"


def test_texts_that_nothing_stands_between_share_no_word():
    found = labels(FAMILIES["Llama 3"], "hello", "world")
    assert words(found) == ["hello", "world"]
    assert [label.sequence for label in found if label.word] == [0] * 4 + [1] * 5


def test_a_piece_that_ends_with_white_space_ends_its_word():
    pieces = ["<unk>", *"helowrd", *(f"{letter}</w>" for letter in "helowrd")]
    rust = Tokenizer(
        models.BPE({piece: n for n, piece in enumerate(pieces)}, [], unk_token="<unk>", end_of_word_suffix="</w>")
    )
    rust.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    rust.decoder = decoders.BPEDecoder()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=rust, unk_token="<unk>")
    assert words(labels(tokenizer, "hello world", bare=True)) == ["hello", "world"]
    assert words(labels(tokenizer, "h e o", bare=True)) == ["h", "e", "o"]


@pytest.mark.parametrize("family", ["GPT-2", "Llama 3", "Llama 2", "ByT5"])
def test_an_emoji_of_several_tokens_is_whole_as_a_word(family):
    found = labels(FAMILIES[family], "hi 🤗")
    assert words(found)[-1] == "🤗"
    assert sum(label.word is not None and label.word.text == "🤗" for label in found) > 1


def test_pieces_are_shown_readably():
    word_piece, gpt2 = FAMILIES["WordPiece"], FAMILIES["GPT-2"]
    assert [label.text for label in labels(word_piece, "huggingface ¿")] == [
        "[CLS]",
        "hugging",
        "##face",
        "[UNK] ¿",
        "[SEP]",
    ]
    assert [label.text for label in labels(gpt2, "a w")] == ["a", "w"]
    assert "␣" in [label.text for label in labels(gpt2, "a  w")]


def test_the_second_text_is_known():
    found = labels(FAMILIES["WordPiece"], "hello", "world")
    assert [(label.text, label.sequence, label.special) for label in found] == [
        ("[CLS]", 0, True),
        ("hello", 0, False),
        ("[SEP]", 0, True),
        ("world", 1, False),
        ("[SEP]", 1, True),
    ]
    assert [label.word.number for label in found if label.word] == [0, 1]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_gets_a_label_for_each_token(family, text):
    check(FAMILIES[family], text)


@pytest.mark.parametrize("family", FAMILIES)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_gets_a_label_for_each_token(family, text):
    check(FAMILIES[family], text)


def check(tokenizer, text):
    found = labels(tokenizer, text)
    assert len(found) == len(encode(tokenizer, text, None, {})["input_ids"])
    for label in found:
        assert label.text
        assert label.text.isprintable() or label.text >= "\u0300"  # nothing invisible is left
        assert (label.word is None) == label.special
    numbers = [label.word.number for label in found if label.word]
    assert numbers == sorted(numbers), "words follow each other"
