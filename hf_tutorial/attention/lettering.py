"""Tokens as a figure can write them: in its font, short enough, in lines that fit."""

from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING
from unicodedata import bidirectional

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

# It comes with matplotlib, so every machine has it.
FONT = "DejaVu Sans"
LEFT_TO_RIGHT = "\u200e"


def lettering(text: str, most: int = 14) -> str:
    """Return `text` in at most `most` characters, with code points for what the font has no shape for.

    >>> lettering("a🦙b")
    'a⟨U+1F999⟩b'
    """
    shown = "".join(
        "".join(run) if there else f"⟨{' '.join(f'U+{ord(character):04X}' for character in run)}⟩"
        for there, run in groupby(text, _has_shape)
    )
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def in_order(text: str) -> str:
    """Return `text` such that the next one stands right of it, also where both are written from right to left."""
    from_right = any(bidirectional(character) in ("R", "AL") for character in text)
    return text + LEFT_TO_RIGHT if from_right else text


def width(text: str, points: float, dpi: float) -> float:
    """Return about how many pixels wide `text` is: the sum of its characters, before the font joins any."""
    return sum(map(_advance, text)) * points * dpi / 72


def lines(words: Iterable[str], points: float, dpi: float, most: float) -> list[str]:
    """Return `words` as lines of at most `most` pixels, as far as single words allow."""
    done: list[str] = []
    for word in words:
        if done and width(f"{done[-1]} {word}", points, dpi) <= most:
            done[-1] = f"{done[-1]} {word}"
        else:
            done.append(word)
    return done


def cut(text: str, points: float, dpi: float, most: float) -> str:
    """Return `text`, ended by `…` where it would pass `most` pixels."""
    while len(text) > 1 and width(text, points, dpi) > most:
        text = text.removesuffix("…")[:-1] + "…"
    return text


def step(pitch: float, needed: float) -> int:
    """Return 1 if labels that need so many pixels have room at each place, 2 if at every second one, and so on."""
    return max(1, -int(-needed // pitch))


@cache
def _has_shape(character: str) -> bool:
    return _font().get_char_index(ord(character)) != 0


@cache
def _advance(character: str) -> float:
    """Return the width of `character` as a part of the font's size."""
    font = _font()
    font.set_size(100, 72)
    # By its number in the font: by its code, what has no shape warns, and fails where nothing was loaded before.
    return font.load_glyph(font.get_char_index(ord(character))).linearHoriAdvance / 65536 / 100


@cache
def _font() -> "FT2Font":
    from matplotlib.font_manager import findfont, get_font

    return get_font(findfont(FONT))
