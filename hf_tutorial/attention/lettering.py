"""Tokens as a figure can write them: in its font, short enough, in lines that fit."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font


def lettering(text: str, most: int = 14) -> str:
    """Return `text` for a label: at most `most` characters, and code points for what the font has no shape for.

    >>> lettering("a🦙b")
    'a⟨U+1F999⟩b'
    """
    shown = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(
        "".join(run) if there else f"⟨{' '.join(f'U+{ord(character):04X}' for character in run)}⟩"
        for there, run in groupby(shown, _has_shape)
    )


def width(text: str, points: float, dpi: float) -> float:
    """Return how many pixels wide `text` is."""
    font = _font()
    font.set_size(points, dpi)
    font.set_text(text)
    return font.get_width_height()[0] / 64


def lines(words: Iterable[str], points: float, dpi: float, most: float, between: str = " ") -> list[str]:
    """Return `words` as lines of at most `most` pixels, as far as single words allow."""
    done: list[str] = []
    for word in words:
        longer = done[-1] + between + word if done else word
        if done and width(longer, points, dpi) <= most:
            done[-1] = longer
        else:
            done.append(word)
    return done


def every(labels: Sequence[str], pitch: float, needed: float) -> int:
    """Return the smallest step, 1 or more, at which labels that need so many pixels do not run into each other."""
    return max(1, -(-int(needed + 0.999) // max(1, int(pitch)))) if len(labels) > 1 else 1


def _has_shape(character: str) -> bool:
    return _font().get_char_index(ord(character)) != 0


@cache
def _font() -> "FT2Font":
    from matplotlib.font_manager import findfont, get_font

    return get_font(findfont("DejaVu Sans"))
