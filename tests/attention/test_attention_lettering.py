"""Tokens as a figure writes them: shapes that its font has, in as much room as there is."""

import warnings
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_tutorial.attention import lettering as module
from hf_tutorial.attention.lettering import cut, in_order, lettering, lines, step, width
from tests.odd_texts import TEXTS

WITHOUT_A_SHAPE = "\U00108c37"


def test_what_the_font_has_no_shape_for_is_measured_as_its_box():
    module._font().clear()
    module._advance.cache_clear()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = width(WITHOUT_A_SHAPE, 72, 72)
    assert found == width("\U000374eb", 72, 72) > 0


@given(TEXTS, st.integers(2, 30))
@settings(deadline=None)
def test_what_is_written_has_a_shape_and_fits(text, most):
    shown = lettering(text, most)
    assert len(shown) <= most
    assert all(module._font().get_char_index(ord(character)) for character in shown)
    if all(module._font().get_char_index(ord(character)) for character in text):
        assert shown == (text if len(text) <= most else text[: most - 1] + "…")


def test_neighbours_without_a_shape_share_their_brackets():
    assert lettering("a🦙🦙b", 30) == "a⟨U+1F999 U+1F999⟩b"
    assert lettering("x" * 14) == "x" * 14
    assert lettering("x" * 15) == "x" * 13 + "…"


@given(TEXTS, st.floats(1, 300))
@settings(deadline=None)
def test_a_text_is_cut_where_it_would_pass_the_edge(text, most):
    shown = cut(text, 10, 100, most)
    assert len(shown) <= 1 or width(shown, 10, 100) <= most
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))
    if width(text, 10, 100) <= most:
        assert shown == text


@given(st.lists(st.text("abc", min_size=1, max_size=9), max_size=9), st.floats(1, 300))
@settings(deadline=None)
def test_words_stand_on_as_few_lines_as_they_need(words, most):
    made = lines(words, 10, 100, most)
    assert " ".join(made).split() == words
    for line in made:
        assert " " not in line or width(line, 10, 100) <= most
    for line, following in pairwise(made):
        assert width(f"{line} {following.split()[0]}", 10, 100) > most


def test_width_grows_with_points_and_dots():
    assert width("ab", 10, 72) == pytest.approx(10 * (width("a", 1, 72) + width("b", 1, 72)))
    assert width("a", 10, 144) == 2 * width("a", 10, 72)
    assert width("", 10, 72) == 0


@pytest.mark.parametrize(("pitch", "needed", "each"), [(10, 10, 1), (10, 10.5, 2), (10, 20, 2), (10, 1, 1), (3, 10, 4)])
def test_labels_stand_at_every_place_that_has_room(pitch, needed, each):
    assert step(pitch, needed) == each


@pytest.mark.parametrize(
    ("text", "marked"), [("cat", False), ("שלום", True), ("مرحبا", True), ("a ש", True), ("١٢", False)]
)
def test_what_is_written_from_the_right_ends_with_a_mark(text, marked):
    assert in_order(text) == (text + "\u200e" if marked else text)
