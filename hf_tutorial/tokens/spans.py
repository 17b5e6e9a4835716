"""The facts of an encoding: each id with its piece, its text, and where in the input it comes from.

The tokenizer is asked, never imitated, and left as it was found: a call with padding or truncation changes settings of
the Rust tokenizer, so they are put back. Spans are facts about single tokens: they may overlap, repeat or be empty, and
nothing here takes them for a partition of the text.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hf_tutorial.errors import InputError
from hf_tutorial.tokens.pieces import Alphabet, Reading, alphabet_of, read_together

Words = tuple[str, ...]


@dataclass(frozen=True)
class Token:
    """One id of an encoding.

    `text` is what the piece stands for, `source` what stands at its span in the input ("" if there is no span); they
    differ where the tokenizer normalises. `span` counts characters as Python slices do; with words given instead of
    text, it counts in the word. `inserted` marks what the tokenizer put there itself, `attended` is its attention mask,
    and `character` is the character whose bytes the token holds a part of.
    """

    index: int
    id: int
    piece: str
    text: str
    span: tuple[int, int] | None
    source: str
    word: int | None
    sequence: int | None
    special: bool
    inserted: bool
    attended: bool
    padding: bool
    unknown: bool
    character: str


@dataclass(frozen=True)
class Row:
    """One row of `input_ids`. `sample` is the number of the text it comes from: with overflow several rows share it."""

    sample: int
    texts: tuple[str | Words, ...]
    tokens: tuple[Token, ...]


@contextmanager
def untouched(tokenizer: Any) -> Iterator[None]:
    """Put the settings of the Rust tokenizer back as they were, whatever is called within."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        yield
        return
    truncation, padding, literal = backend.truncation, backend.padding, backend.encode_special_tokens
    try:
        yield
    finally:
        backend.encode_special_tokens = literal
        backend.no_truncation() if truncation is None else backend.enable_truncation(**truncation)
        backend.no_padding() if padding is None else backend.enable_padding(**padding)


def encode(tokenizer: Any, text: Any, pair: Any, call: Mapping[str, Any]) -> Any:
    """Return what `tokenizer(text, pair, **call)` returns, without its warnings and without a trace in the tokenizer."""
    asked = {key: value for key, value in call.items() if key != "return_tensors"}
    asked |= {"return_special_tokens_mask": True, "verbose": False}
    try:
        with untouched(tokenizer):
            return tokenizer(text, pair, **asked) if pair is not None else tokenizer(text, **asked)
    except Exception as error:
        raise InputError(f"the tokenizer could not encode this: {error}") from error


def rows_of(tokenizer: Any, encoding: Mapping[str, Any], samples: Sequence[tuple[str | Words, ...]]) -> tuple[Row, ...]:
    """Return the rows of `encoding`. `samples` holds the one or two texts of each sample, or nothing if they are unknown."""
    table = _as_rows(encoding["input_ids"])
    details = getattr(encoding, "encodings", None) or []
    if [list(detail.ids) for detail in details] != table:
        details = []  # a Python tokenizer gives none; and an edited encoding has left its own behind
    owners = encoding.get("overflow_to_sample_mapping")
    owners = range(len(table)) if owners is None else [int(owner) for owner in owners]
    masks = {name: _as_rows(encoding[name]) for name in ("attention_mask", "special_tokens_mask") if name in encoding}
    reader = _Reader.of(tokenizer)
    rows = []
    for number, ids in enumerate(table):
        texts = samples[owners[number]] if samples else ()
        row_masks = {name: mask[number] for name, mask in masks.items()}
        detail = details[number] if details else None
        rows.append(Row(owners[number], texts, reader.tokens(ids, detail, row_masks, texts)))
    return tuple(rows)


def _as_rows(values: Any) -> list[list[int]]:
    """Return a tensor, an array or a list of ids as a list of rows."""
    plain = values.tolist() if hasattr(values, "tolist") else list(values)
    plain = [value.tolist() if hasattr(value, "tolist") else value for value in plain]
    return [list(row) for row in plain] if plain and isinstance(plain[0], (list, tuple)) else [plain]


@dataclass(frozen=True)
class _Reader:
    """What is the same for every row of a tokenizer."""

    tokenizer: Any
    alphabet: Alphabet
    specials: frozenset[int]
    added: frozenset[int]
    unknown: int | None

    @classmethod
    def of(cls, tokenizer: Any) -> "_Reader":
        decoder = tokenizer.added_tokens_decoder
        specials = {id for id, token in decoder.items() if token.special} | set(tokenizer.all_special_ids)
        return cls(tokenizer, alphabet_of(tokenizer), frozenset(specials), frozenset(decoder), tokenizer.unk_token_id)

    def tokens(
        self, ids: list[int], detail: Any, masks: Mapping[str, list[int]], texts: Sequence[str | Words]
    ) -> tuple[Token, ...]:
        pieces = [str(piece) for piece in self.tokenizer.convert_ids_to_tokens(ids)]
        spans = self._spans(len(ids), detail)
        sources = [self._source(texts, *place) for place in spans]
        attended = masks.get("attention_mask") or [1] * len(ids)
        put_there = self._inserted(ids, detail, masks)
        # With GPT-2 the unknown token is also the one that ends a text: only one of the two replaces something.
        unknown = [id == self.unknown and not put_there[n] and sources[n] != pieces[n] for n, id in enumerate(ids)]
        special = [put_there[n] or (id in self.specials and not unknown[n]) for n, id in enumerate(ids)]
        readings = self._readings(ids, pieces, special)
        return tuple(
            Token(
                index=n,
                id=ids[n],
                piece=pieces[n],
                text=sources[n] if unknown[n] else readings[n].text,
                span=spans[n][0],
                source=sources[n],
                word=spans[n][1],
                sequence=spans[n][2],
                special=special[n],
                inserted=put_there[n],
                attended=bool(attended[n]),
                padding=special[n] and not attended[n],
                unknown=unknown[n],
                character=readings[n].character,
            )
            for n in range(len(ids))
        )

    def _inserted(self, ids: list[int], detail: Any, masks: Mapping[str, list[int]]) -> list[bool]:
        mask = detail.special_tokens_mask if detail is not None else masks.get("special_tokens_mask")
        return [bool(mark) for mark in mask] if mask is not None else [id in self.specials for id in ids]

    def _spans(self, count: int, detail: Any) -> list[tuple[tuple[int, int] | None, int | None, int | None]]:
        """Return span, word and sequence of each token; a token that the tokenizer put there has none."""
        if detail is None:
            return [(None, None, None)] * count
        places = zip(detail.offsets, detail.word_ids, detail.sequence_ids, strict=True)
        return [(None if sequence is None else span, word, sequence) for span, word, sequence in places]

    def _source(
        self, texts: Sequence[str | Words], span: tuple[int, int] | None, word: int | None, sequence: int | None
    ) -> str:
        if span is None or sequence is None or sequence >= len(texts):
            return ""
        text = texts[sequence]
        if not isinstance(text, str):
            text = text[word] if word is not None and word < len(text) else ""
        return text[slice(*span)]

    def _readings(self, ids: list[int], pieces: list[str], special: list[bool]) -> list[Reading]:
        """Read neighbouring pieces together. Special and added tokens stand for themselves and end a run."""
        readings: list[Reading] = []
        run: list[bytes] = []
        for id, piece, is_special in zip(ids, pieces, special, strict=True):
            if not is_special and id not in self.added:
                run.append(self.alphabet.read(piece))
                continue
            readings += [*read_together(run), Reading("" if is_special else piece)]
            run = []
        return readings + read_together(run)
