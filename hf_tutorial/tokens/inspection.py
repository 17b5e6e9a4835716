"""`inspect_tokens`: what a tokenizer makes of a text, token by token and stage by stage."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_tutorial.errors import InputError
from hf_tutorial.page import write_page
from hf_tutorial.tokens import describe, html, text_form
from hf_tutorial.tokens.spans import Row, Token, Words, encode, rows_of
from hf_tutorial.tokens.stages import Stage, stages_of

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, repr=False)
class TokenInspection:
    """The rows of an encoding with all their tokens, and the stages that led to each row.

    `inspection[1]` is the inspection of row 1 alone, and shows it in full. In a notebook it shows itself as HTML,
    in a terminal as text.
    """

    tokenizer: str
    rows: tuple[Row, ...]
    stages: tuple[tuple[Stage, ...], ...]
    remarks: tuple[str, ...]

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All tokens of all rows."""
        return tuple(token for row in self.rows for token in row.tokens)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, number: int) -> "TokenInspection":
        return TokenInspection(self.tokenizer, (self.rows[number],), (self.stages[number],), self.remarks)

    def __repr__(self) -> str:
        return text_form.inspection(self)

    def _repr_html_(self) -> str:
        return html.inspection(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a page that needs nothing but itself, and return its path."""
        return write_page(path, html.as_page(f"Tokens by {self.tokenizer}", html.inspection(self)))

    def to_pandas(self) -> "DataFrame":
        """Return a data frame with one line per id that the tokenizer returned."""
        return describe_frame(self.rows)


def describe_frame(rows: tuple[Row, ...]) -> "DataFrame":
    """Return all tokens of `rows` as a data frame; `start` and `end` are the span."""
    import pandas as pd

    records = [_record(number, row, token) for number, row in enumerate(rows) for token in row.tokens]
    frame = pd.DataFrame(records, columns=list(_record(0, Row(0, (), ()), _EMPTY)))
    return frame.astype(dict.fromkeys(("start", "end", "word", "sequence"), "Int64"))


_EMPTY = Token(0, 0, "", "", None, "", None, None, False, False, True, False, False, "")


def _record(number: int, row: Row, token: Token) -> dict[str, Any]:
    start, end = token.span or (None, None)
    return {
        "row": number,
        "sample": row.sample,
        "index": token.index,
        "id": token.id,
        "start": start,
        "end": end,
        "word": token.word,
        "sequence": token.sequence,
        "piece": token.piece,
        "text": token.text,
        "source": token.source,
        "attention_mask": int(token.attended),
        "special": token.special,
        "padding": token.padding,
        "unknown": token.unknown,
        "note": describe.note(token),
    }


def inspect_tokens(tokenizer: Any, text: Any, pair: Any = None, **call: Any) -> TokenInspection:
    """Show what `tokenizer(text, pair, **call)` returns, and how it comes about.

    `text` is a string, or a list of strings for a batch; `pair` likewise. Everything else is passed to the tokenizer:
    `padding`, `truncation`, `max_length`, `stride`, `return_overflowing_tokens`, `is_split_into_words` …
    Instead of a text, an encoding that is there already can be given: a `BatchEncoding`, or any mapping with `input_ids`.
    The tokenizer, a Transformers tokenizer or a `tokenizers.Tokenizer`, is left as it was.

        inspect_tokens(tokenizer, "I love Hugging Face!")
        inspect_tokens(tokenizer, ["short", "a longer text"], padding=True)
        inspect_tokens(tokenizer, review, truncation=True, max_length=12, stride=2, return_overflowing_tokens=True)
    """
    tokenizer = usable(tokenizer)
    rows = _rows(tokenizer, text, pair, call)
    literal = call.get("split_special_tokens")
    stages = tuple(stages_of(tokenizer, row, split_special_tokens=literal) for row in rows)
    return TokenInspection(type(tokenizer).__name__, rows, stages, describe.remarks(rows, tokenizer.model_max_length))


def _rows(tokenizer: Any, text: Any, pair: Any, call: Mapping[str, Any]) -> tuple[Row, ...]:
    if isinstance(text, Mapping):
        return rows_of(tokenizer, _given(text, pair, call), ())
    samples = _samples(text, pair, bool(call.get("is_split_into_words")))
    # No tokenizer takes an empty batch.
    return rows_of(tokenizer, encode(tokenizer, text, pair, call), samples) if samples else ()


def usable(tokenizer: Any) -> Any:
    """Return `tokenizer` as a Transformers tokenizer, or say what is needed."""
    if type(tokenizer).__module__.split(".")[0] == "tokenizers" and hasattr(tokenizer, "encode_batch"):
        from transformers import PreTrainedTokenizerFast

        return PreTrainedTokenizerFast(tokenizer_object=tokenizer)
    if not (callable(tokenizer) and hasattr(tokenizer, "convert_ids_to_tokens")):
        raise InputError(
            f"tokenizer must be a tokenizer, such as AutoTokenizer.from_pretrained(…) returns, but is {_kind(tokenizer)}."
        )
    return tokenizer


def _given(encoding: Mapping[str, Any], pair: Any, call: Mapping[str, Any]) -> Mapping[str, Any]:
    if "input_ids" not in encoding:
        raise InputError("the encoding has no 'input_ids'. Pass a text, or what the tokenizer returned for one.")
    if pair is not None or call:
        raise InputError("an encoding is shown as it is: pass pair and options together with a text instead.")
    return encoding


def _samples(text: Any, pair: Any, words: bool) -> tuple[tuple[str | Words, ...], ...]:
    """Return the one or two texts of each sample, after checking that they are texts."""
    first = _batch(text, words, "text")
    if pair is None:
        return tuple((one,) for one in first)
    second = _batch(pair, words, "pair")
    if len(first) != len(second):
        raise InputError(f"text and pair must have the same length, but have {len(first)} and {len(second)}.")
    return tuple(zip(first, second, strict=True))


def _batch(value: Any, words: bool, name: str) -> list[str | Words]:
    """Return a batch of texts, or of lists of words; a single one is a batch of one."""
    if not words:
        batch = [value] if isinstance(value, str) else value
        expected = "a string or a list of strings"
    else:
        single = isinstance(value, (list, tuple)) and not any(isinstance(one, (list, tuple)) for one in value)
        batch = [value] if single else value
        expected = "a list of words or a list of such lists, since is_split_into_words is set"
    if not isinstance(batch, (list, tuple)) or not all(_is_text(one, words) for one in batch):
        raise InputError(f"{name} must be {expected}, but is {_kind(value)}.")
    for one in batch:
        refuse_half_characters(one if isinstance(one, str) else "".join(one), name)
    return [one if isinstance(one, str) else tuple(one) for one in batch]


def _is_text(value: Any, words: bool) -> bool:
    if not words:
        return isinstance(value, str)
    return isinstance(value, (list, tuple)) and all(isinstance(word, str) for word in value)


def refuse_half_characters(text: str, name: str) -> None:
    """Raise an error for a lone surrogate in `text`, which was passed as `name`."""
    at = next((at for at, character in enumerate(text) if "\ud800" <= character <= "\udfff"), None)
    if at is not None:
        raise InputError(
            f"{name} holds half of a character (U+{ord(text[at]):04X}) at {at}, which no tokenizer takes. "
            "Read the file with encoding='utf-8', errors='replace'."
        )


def _kind(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        odd = next((one for one in value if not isinstance(one, str)), "")
        return f"a {type(value).__name__} that holds {type(odd).__name__}"
    return "None" if value is None else f"{type(value).__name__}"
