"""The texts in what `Dataset.map` hands to a function: one row or a batch of rows, and errors that name the row."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from hf_tutorial.errors import InputError

# What columns are called elsewhere.
_USUAL = {
    "texts": ("text", "texts", "sentence", "review", "content", "document"),
    "labels": ("label", "labels", "sentiment", "class", "target"),
}


def texts_of(example: Any, column: str, index: Any = None) -> tuple[list[str], bool]:
    """Return the texts of a row or of a batch, and whether it is a batch.

    `index` is the number of the row in the dataset, or the numbers of a batch, as `map(…, with_indices=True)` passes
    them; without it an error can only name the row in the batch.
    """
    if not isinstance(example, Mapping):
        raise InputError(
            f"this takes a row or a batch of a dataset, a mapping from columns to values, and got a "
            f"{type(example).__name__}. Use dataset.map(…), after dataset.with_format(None) if the dataset has a format."
        )
    if column not in example:
        raise InputError(no_column(list(example), column))
    value = _plain(example[column])
    batched = isinstance(value, list) and _is_batch(example, index)
    rows = value if batched else [value]
    for number, text in enumerate(rows):
        wrong = wrong_text(text, column)
        if wrong:
            raise InputError(f"column {column!r} of {_place(number, batched, index)}: {wrong}{_hint(index)}")
    return [str(text) for text in rows], batched


def _plain(value: Any) -> Any:
    """Return an array of texts as a list."""
    return value.tolist() if hasattr(value, "tolist") else list(value) if isinstance(value, tuple) else value


def _is_batch(example: Mapping[str, Any], index: Any) -> bool:
    """Tell a batch of texts from one row that holds a list, such as a list of tokens."""
    if index is not None:
        return isinstance(index, Sequence)
    kind = type(example).__name__
    if kind in ("LazyRow", "LazyBatch"):  # what Dataset.map passes
        return kind == "LazyBatch"
    return all(isinstance(_plain(value), list) for value in example.values())


def no_column(columns: Sequence[Any], column: str, holds: str = "texts", argument: str = "column") -> str:
    """Say that `column` is missing, which columns there are, and by which argument to name the one that holds it."""
    if not columns:
        return f"there is no column {column!r}. There are no columns at all."
    names = [str(name) for name in columns]
    likely = next((name for name in names if name.lower() in _USUAL[holds]), names[0])
    return (
        f"there is no column {column!r}. There are: {', '.join(map(repr, names))}. "
        f"Name the one that holds the {holds}, such as {argument}={likely!r}."
    )


def _place(number: int, batched: bool, index: Any) -> str:
    if index is not None:
        return f"row {index[number] if batched else index} of the dataset"
    return f"row {number} of this batch" if batched else "this row"


def _hint(index: Any) -> str:
    return "" if index is not None else " To learn the dataset's row, use map(…, with_indices=True)."


def wrong_text(value: Any, column: str) -> str:
    """Say what was found in place of a text, and what to do about it; "" for a text."""
    if isinstance(value, str):
        return _half_character(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return (
            f"expected a text but found {value}, a missing value. Leave such rows out first: "
            f"dataset.filter(lambda text: isinstance(text, str), input_columns={column!r})."
        )
    if isinstance(value, bytes):
        return f"expected a text but found {found(value)}. Turn bytes into a text first: value.decode('utf-8')."
    if isinstance(value, (list, tuple)):
        return f"expected a text but found {found(value)}. Join words to a text first: ' '.join(words)."
    return f"expected a text but found {found(value)}. Name the column that holds the texts, or convert it: str(value)."


def _half_character(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return (
            f"holds half of a character (U+{ord(text[error.start]):04X}) at {error.start}, which no tokenizer takes. "
            "Read the file with encoding='utf-8', errors='replace'."
        )
    return ""


def found(value: Any) -> str:
    """Return what `value` is, in words and with the beginning of it."""
    start = repr(value)
    return f"{type(value).__name__} {start[:40]}{'…' if len(start) > 40 else ''}"
