"""Nothing invisible stays invisible, and columns line up."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_tutorial.tokens.visible import pad, visible, width


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a b", "a␣b"),
        ("\n\t\r", r"\n\t\r"),
        ("\x00\x1b\x7f\x85", r"\x00\x1b\x7f\x85"),
        ("a\\n", r"a\\n"),
        ("\u200b\u200d\u202e\u00a0\ufe0f", "⟨U+200B⟩⟨U+200D⟩⟨U+202E⟩⟨U+00A0⟩⟨U+FE0F⟩"),
        ("e\u0301", "e\u0301"),
        ("\u0301", "◌\u0301"),
        (" \u0301", "␣◌\u0301"),
        ("⟨F0 9F⟩", "⟨F0 9F⟩"),
        ("", ""),
    ],
)
def test_what_cannot_be_seen_is_named(text, shown):
    assert visible(text) == shown


def test_spaces_may_stay_in_running_text():
    assert visible("a b\n", spaces=False) == "a b\\n"


@given(st.text())
def test_nothing_invisible_is_left(text):
    assert not [one for one in visible(text) if unicodedata.category(one)[0] in "CZ" and one != " "]
    assert " " not in visible(text) or "⟨" in text


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("日本", 4), ("🤗", 2), ("e\u0301", 1), ("한", 2), ("\u1112\u1161\u11ab", 2)]
)
def test_width_counts_terminal_columns(text, columns):
    assert width(text) == columns
    assert width(pad(text, 9)) == width(pad(text, 9, right=True)) == 9
