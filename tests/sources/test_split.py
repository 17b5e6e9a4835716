"""The split of the reviews depends on the words of a review alone."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_tutorial.sources.split import HELD_OUT_SHARE, fingerprint, is_held_out, lecture_fingerprints, split_reviews

words = st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=1, max_size=12)


@given(words)
def test_spelling_of_the_same_words_does_not_change_the_side(words):
    plain = " ".join(words)
    dressed = "<br /><br />".join(word.upper() for word in words) + "!!!"
    assert fingerprint(plain) == fingerprint(dressed)
    assert is_held_out(plain) == is_held_out(dressed)


@given(words)
def test_another_word_makes_another_fingerprint(words):
    assert fingerprint(" ".join(words)) != fingerprint(" ".join([*words, "z"]))


@given(st.text(st.characters(codec="ascii")))
def test_plain_text_takes_no_other_way_than_any_text(text):
    words = re.sub(r"\W+", " ", re.sub(r"<[^>]*>", " ", text).casefold()).strip()
    assert fingerprint(text) == hashlib.sha256(words.encode()).hexdigest()[:16]


def test_fingerprints_stay_what_they_were():
    # Weights were trained on this split: a change here would leak held-out reviews into them unnoticed.
    assert fingerprint("A <br />GREAT film!") == "76d81909f941334c"


def test_about_the_stated_share_is_held_out():
    held_out = sum(is_held_out(f"review number {number}") for number in range(5000)) / 5000
    assert held_out == pytest.approx(HELD_OUT_SHARE, abs=0.02)


def test_a_dataset_is_divided_without_loss_and_in_order():
    from datasets import Dataset

    texts = [f"review number {number}" for number in range(300)]
    sides = split_reviews(Dataset.from_dict({"text": texts}))
    assert sorted([*sides["train"]["text"], *sides["held_out"]["text"]]) == sorted(texts)
    assert list(sides["train"]["text"]) == [text for text in texts if not is_held_out(text)]


@pytest.mark.standins
def test_the_lecture_s_reviews_are_held_out():
    from datasets import load_dataset

    from hf_tutorial import hub_or_local

    reviews = load_dataset(hub_or_local("stanfordnlp/imdb"))["train"].shuffle(seed=1111).select(range(160))
    assert reviews[0]["text"].startswith("Probably Jackie Chan's best film")
    assert {fingerprint(text) for text in reviews["text"]} == lecture_fingerprints()
    assert all(map(is_held_out, reviews["text"]))


@pytest.mark.standins
def test_the_sides_have_the_published_sizes():
    from datasets import load_dataset

    from hf_tutorial import hub_or_local

    sides = split_reviews(load_dataset(hub_or_local("stanfordnlp/imdb"))["train"])
    assert (len(sides["train"]), len(sides["held_out"])) == (20891, 4109)
