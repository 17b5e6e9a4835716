"""`truncate_words`: what is kept of a text, for a row, a batch and `Dataset.map`."""

import pytest
from datasets import Dataset
from datasets.fingerprint import Hasher
from hypothesis import given
from hypothesis import strategies as st

from hf_tutorial import truncate_words
from hf_tutorial.truncation.settings import KEEPS
from tests import odd_texts

# Arbitrary text, and text of words with every kind of space between and around them.
SPACES = st.text(" \t\n\r\x0b\x0c\x1c\x85\u00a0\u2003\u2028\u3000\u200b", min_size=1, max_size=3)
WORDS = st.sampled_from(["good", "<b>film</b>", "e\u0301", "👩‍👩‍👧", "日本語", "[SEP]", "x" * 300, "&amp;"])
TEXTS = odd_texts.TEXTS | st.text(max_size=60) | st.lists(WORDS | SPACES, max_size=20).map("".join)


@given(text=TEXTS, n=st.integers(1, 8), keep=st.sampled_from(KEEPS))
def test_any_text_keeps_exactly_its_words(text, n, keep):
    cut = truncate_words(n, keep)({"text": text})["text"]
    words = text.split()
    head, tail = {"head": (n, 0), "tail": (0, n), "both": ((n + 1) // 2, n // 2)}[keep]
    if len(words) <= n:
        assert cut == text
    else:
        assert cut.split() == words[:head] + words[len(words) - tail :]
    assert truncate_words(n, keep)({"text": cut})["text"] == cut


@pytest.mark.parametrize("keep", KEEPS)
@pytest.mark.parametrize("n", [2, 3])
def test_a_text_of_just_as_many_words_keeps_its_spacing(n, keep):
    text = "\n ".join(["", *"abc"[:n], ""])
    assert truncate_words(n, keep)({"text": text})["text"] == text


@given(text=TEXTS, n=st.integers(1, 8))
def test_what_is_kept_is_a_slice_with_its_spacing(text, n):
    head, tail = (truncate_words(n, keep)({"text": text})["text"] for keep in ("head", "tail"))
    assert text.lstrip().startswith(head) or head == text
    assert text.rstrip().endswith(tail) or tail == text
    if len(text.split()) > n > 1:
        first = truncate_words(n - n // 2)({"text": text})["text"]
        last = truncate_words(n // 2, "tail")({"text": text})["text"]
        assert truncate_words(n, "both")({"text": text})["text"] == f"{first} {last}"


@given(texts=st.lists(TEXTS, max_size=5), keep=st.sampled_from(KEEPS))
def test_a_batch_is_its_rows(texts, keep):
    truncate = truncate_words(3, keep, column="review")
    rows = [truncate({"review": text, "label": 1})["review"] for text in texts]
    assert truncate({"review": texts, "label": [1] * len(texts)}) == {"review": rows}
    assert truncate({"review": tuple(texts)}, list(range(len(texts)))) == {"review": rows}


@pytest.mark.parametrize("batched", [False, True])
@pytest.mark.parametrize("with_indices", [False, True])
@pytest.mark.parametrize("form", [None, "numpy", "torch"])
def test_a_dataset_is_mapped(batched, with_indices, form):
    reviews = Dataset.from_dict({"text": ["a b  c d", "", "e f"], "label": [0, 1, 1]}).with_format(form)
    cut = reviews.map(truncate_words(3, "both"), batched=batched, with_indices=with_indices).with_format(None)
    assert cut[:] == {"text": ["a b d", "", "e f"], "label": [0, 1, 1]}


def test_the_same_settings_are_computed_once():
    reviews = Dataset.from_dict({"text": ["a b c d"]})
    settings = [(2, "head", "text"), (3, "head", "text"), (2, "tail", "text"), (2, "head", "other")]
    assert len({Hasher.hash(truncate_words(*chosen)) for chosen in settings}) == len(settings)
    first, again = (reviews.map(truncate_words(2))._fingerprint for _ in range(2))
    assert first == again
