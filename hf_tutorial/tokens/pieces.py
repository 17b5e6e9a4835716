"""What a piece of the vocabulary stands for: `Ġworld` is " world", `##face` is "face", `<0xF0>` is one byte.

Each family of tokenizers writes its pieces in an alphabet of its own. All of them come down to bytes of UTF-8, so the
text is read from the bytes of neighbouring pieces together: an emoji may be spread over four of them.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

_BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>")
_BYTES_AT_END = re.compile(r"⟨[0-9A-F]{2}( [0-9A-F]{2})*⟩$")


@cache
def byte_alphabet() -> dict[str, int]:
    """Return GPT-2's alphabet: printable characters stand for their own byte, the others are moved up from U+0100."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + n): byte for n, byte in enumerate(hidden)}


def parts(component: Any) -> list[dict[str, Any]]:
    """Return what a component of a Rust tokenizer consists of, a sequence taken apart; nothing if it is None."""
    if component is None:
        return []
    try:
        return list(_flatten(json.loads(component.__getstate__())))
    except Exception:  # a component written in Python has no such state
        return [{"type": type(component).__name__}]


def _flatten(state: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for key in ("normalizers", "pretokenizers", "decoders", "processors"):
        if key in state:
            for inner in state[key]:
                yield from _flatten(inner)
            return
    yield state


@dataclass(frozen=True)
class Alphabet:
    """How the pieces of one tokenizer are written."""

    byte_level: bool = False  # GPT-2's alphabet: one character is one byte
    latin_bytes: bool = False  # ByT5's: the character with the byte's number
    byte_fallback: bool = False  # <0xF0> is one byte
    space_mark: str = ""  # SentencePiece's ▁
    prefix: str = ""  # WordPiece's ##
    suffix: str = ""  # </w>

    def read(self, piece: str) -> bytes:
        """Return the bytes of text that `piece` stands for.

        >>> Alphabet(byte_level=True).read("Ġworld")
        b' world'
        """
        if self.byte_fallback and (match := _BYTE.fullmatch(piece)):
            return bytes.fromhex(match[1])
        if self.prefix and piece != self.prefix:
            piece = piece.removeprefix(self.prefix)
        if self.suffix and piece.endswith(self.suffix):
            piece = piece.removesuffix(self.suffix) + " "
        if self.space_mark:
            piece = piece.replace(self.space_mark, " ")
        if self.byte_level and all(character in byte_alphabet() for character in piece):
            return bytes(byte_alphabet()[character] for character in piece)
        if self.latin_bytes and all(character < "\u0100" for character in piece):
            return piece.encode("latin-1")
        return piece.encode("utf-8", "surrogatepass")


def alphabet_of(tokenizer: Any) -> Alphabet:
    """Return the alphabet of a Transformers tokenizer, read from its components rather than from its name."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        return Alphabet(latin_bytes=_writes_bytes_as_characters(tokenizer))
    model = backend.model
    working = [*parts(backend.normalizer), *parts(backend.pre_tokenizer), *parts(backend.decoder)]
    kinds = {part.get("type") for part in working}
    return Alphabet(
        byte_level="ByteLevel" in kinds,
        byte_fallback="ByteFallback" in kinds or bool(getattr(model, "byte_fallback", False)),
        space_mark=_space_mark(working),
        prefix=getattr(model, "continuing_subword_prefix", None) or "",
        suffix=getattr(model, "end_of_word_suffix", None) or "",
    )


def _space_mark(working: list[dict[str, Any]]) -> str:
    for part in working:
        if part.get("type") == "Metaspace":
            return part.get("replacement", "▁")
        if part.get("type") == "Replace" and "▁" in (part.get("content"), part.get("pattern", {}).get("String")):
            return "▁"
    return ""


def _writes_bytes_as_characters(tokenizer: Any) -> bool:
    try:
        return tokenizer.convert_tokens_to_string(["Ã", "©"]) == "é"
    except Exception:  # a tokenizer without these pieces may refuse them
        return False


@dataclass(frozen=True)
class Reading:
    """The text of one piece. Bytes that make no whole character here appear as `⟨F0 9F⟩`, with the character they belong to."""

    text: str
    character: str = ""


def read_together(pieces: list[bytes]) -> list[Reading]:
    """Return the reading of each of some neighbouring pieces.

    >>> read_together(["é".encode()[:1], "é".encode()[1:]])
    [Reading(text='⟨C3⟩', character='é'), Reading(text='⟨A9⟩', character='é')]
    """
    owner = [index for index, piece in enumerate(pieces) for _ in piece]
    joined = b"".join(pieces)
    texts, characters = [""] * len(pieces), [""] * len(pieces)
    at = 0
    while at < len(joined):
        character, length = _character(joined, at)
        owners = owner[at : at + length]
        if character and owners[0] == owners[-1]:
            texts[owners[0]] += character
        else:
            for index in dict.fromkeys(owners):
                own = [joined[at + n] for n in range(length) if owner[at + n] == index]
                texts[index] = _add_bytes(texts[index], bytes(own))
                characters[index] += character
        at += length
    return [Reading(*reading) for reading in zip(texts, characters, strict=True)]


def _character(data: bytes, at: int) -> tuple[str, int]:
    """Return the character that begins at `at` and its length in bytes; ("", 1) if none does."""
    for length in range(1, 5):
        try:
            return data[at : at + length].decode(), length
        except UnicodeDecodeError:
            continue
    return "", 1


def _add_bytes(text: str, data: bytes) -> str:
    shown = data.hex(" ").upper()
    return f"{text[:-1]} {shown}⟩" if _BYTES_AT_END.search(text) else f"{text}⟨{shown}⟩"
