"""Text as the eye can read it: nothing invisible stays invisible, and columns line up in a terminal.

Spaces become `␣`, control characters Python's escapes (`\\n`, `\\x00`), and other characters without a shape their code
point (`⟨U+200B⟩`). A backslash is doubled, as in Python, so that an escape is never mistaken for text.
"""

import re
import unicodedata
from collections.abc import Iterator

SPACE = "␣"
_ESCAPES = {"\n": r"\n", "\t": r"\t", "\r": r"\r", "\\": r"\\"}
_DOTTED_CIRCLE = "◌"
# Bytes that make no whole character, as `pieces` writes them: readable as they are.
_BYTES = re.compile(r"⟨[0-9A-F]{2}(?: [0-9A-F]{2})*⟩")


def visible(text: str, *, spaces: bool = True, limit: int | None = None) -> str:
    r"""Return `text` with its invisible characters made visible.

    With `spaces=False` plain spaces stay spaces, which suits running text. With a `limit` only so many characters are
    shown, and how many are left out is said.

    >>> visible("a b\x00\u200b")
    'a␣b\\x00⟨U+200B⟩'
    """
    return "".join(shown for shown, _ in fragments(text, spaces=spaces, limit=limit))


def fragments(text: str, *, spaces: bool = True, limit: int | None = None) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of `visible(text)`, each with whether it stands in for something invisible."""
    at, left = 0, 0 if limit is None else max(0, len(text) - limit)
    text = text[: len(text) - left]
    for match in _BYTES.finditer(text):
        yield from _fragments(text[at : match.start()], spaces)
        yield match[0], True
        at = match.end()
    yield from _fragments(text[at:], spaces)
    if left:
        yield f"… and {left:,} more character{'s' * (left > 1)}", False


def _fragments(text: str, spaces: bool) -> Iterator[tuple[str, bool]]:
    plain = ""
    for character in text:
        shown = _stand_in(character, spaces)
        if shown is None:
            # A combining mark needs something to sit on, or it lands on whatever is printed before it.
            alone = unicodedata.category(character).startswith("M") and (not plain or plain[-1] == " ")
            plain += _DOTTED_CIRCLE + character if alone else character
            continue
        if plain:
            yield plain, False
        plain = ""
        yield shown, True
    if plain:
        yield plain, False


def _stand_in(character: str, spaces: bool) -> str | None:
    if character == " ":
        return SPACE if spaces else None
    if character in _ESCAPES:
        return _ESCAPES[character]
    category = unicodedata.category(character)
    if category == "Cc":
        return f"\\x{ord(character):02x}"
    if category[0] in "CZ" or 0xFE00 <= ord(character) <= 0xFE0F:
        return f"⟨U+{ord(character):04X}⟩"
    return None


def width(text: str) -> int:
    """Return how many columns a terminal needs for `text`: wide characters take two, combining marks none."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    # Vowels and final consonants of decomposed Hangul are drawn into the syllable before them.
    drawn_into = unicodedata.category(character) in ("Mn", "Me", "Cf") or "\u1160" <= character <= "\u11ff"
    return 0 if drawn_into else 1


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Return `text` filled up with spaces to `columns`; `right` puts it on the right, as numbers stand."""
    gap = " " * (columns - width(text))
    return gap + text if right else text + gap
