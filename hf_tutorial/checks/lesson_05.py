"""Checks of lesson 05, first and last part: what a batched `map` returns, and which ways to split leak."""

from collections.abc import Callable, Mapping
from typing import Any

from hf_tutorial.checks.answers import item, items, judge_statements, number, shown, whole_numbers
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

_KEYS = ("columns", "size", "text", "original", "rows", "works")
_BLOCK = 2


@exercise("05.1", expects="a dictionary with the keys columns, size, text, original, rows and works")
def what_map_returns(answer: object, data: Any, describe: Callable[..., Any], long_only: Callable[..., Any]) -> str:
    if not isinstance(answer, Mapping) or not set(_KEYS) <= set(answer):
        raise Wrong(f"Expected a dictionary with the keys {', '.join(map(repr, _KEYS))}, but got {shown(answer)}.")
    described, longer = _described(data, describe), long_only(data[:])
    _judge_columns(answer["columns"], list(data.column_names), list(described))
    _judge_sizes(answer["size"], described["size"], data["text"][:])
    _judge_texts(answer["text"], answer["original"], described["text"][0], data[0]["text"])
    _judge_rows(answer["rows"], len(longer["text"]), len(data))
    if item(answer["works"]) is not False:
        raise Wrong(
            "`works`: the new `text` is shorter than `label`, which would stay as it is. Can a table have columns of "
            "different length?"
        )
    return "One number for each row, the old columns beside the new, and the dataset itself as it was."


def _described(data: Any, describe: Callable[..., Any]) -> dict[str, list[Any]]:
    """Return the columns that `data.map(describe, batched=True, batch_size=2)` makes."""
    columns: dict[str, list[Any]] = {}
    for start in range(0, len(data), _BLOCK):
        rows = data[start : start + _BLOCK]
        for name, values in {**rows, **describe(rows)}.items():
            columns.setdefault(name, []).extend(values)
    return columns


def _judge_columns(value: Any, before: list[str], after: list[str]) -> None:
    found = list(value) if isinstance(value, (set, frozenset)) else items(value, "a list of the names of columns")
    if len(set(map(str, found))) < len(found):
        raise Wrong(
            "`columns`: a name stands there twice. What becomes of a column when the function returns its name?"
        )
    if sorted(map(str, found)) == sorted(after):
        return
    new = [name for name in after if name not in before]
    if not set(before) & set(map(str, found)) - {"text"}:
        raise Wrong("`columns`: what the function does not mention is not lost. Columns stay until they are removed.")
    if not set(new) & set(map(str, found)):
        raise Wrong("`columns`: what the function returns becomes a column; one is missing.")
    raise Wrong(f"`columns`: there are {len(after)} afterwards: the old ones, and what the function returns.")


def _judge_sizes(value: Any, right: list[int], texts: list[str]) -> None:
    found = whole_numbers(value, "a list of whole numbers for `size`")
    if found == right:
        return
    mistakes = {
        "that would be one block of all rows. How many does `batch_size` allow?": [len(texts)] * len(texts),
        "one number for each block. A column needs one for each row: look at the multiplication.": [
            min(_BLOCK, len(texts) - start) for start in range(0, len(texts), _BLOCK)
        ],
        "nearly. How many rows are left for the last block?": [_BLOCK] * len(texts),
        'with `batched=True`, `rows["text"]` is no text but a list of them.': [1] * len(texts),
        'these are the lengths of the texts. But `rows["text"]` is a list of texts: what is its length?': [
            len(text) for text in texts
        ],
    }
    for reason, numbers in mistakes.items():
        if found == numbers:
            raise Wrong(f"`size`: {reason}")
    raise Wrong(
        f"`size`: expected {len(texts)} numbers, each the number of rows in its block, but got {shown(found)}. The rows "
        f"come in blocks of {_BLOCK}."
    )


def _judge_texts(text: Any, original: Any, mapped: str, before: str) -> None:
    if text == before:
        raise Wrong(
            "`text`: the function returns an entry of the same name as an old column. Which of the two is kept?"
        )
    if text != mapped:
        raise Wrong(f"`text`: expected the first text as the function returns it, but got {shown(text)}.")
    if original == mapped:
        raise Wrong("`original`: `map` returns a new dataset. Does it change the one that it is called on?")
    if original != before:
        raise Wrong(f"`original`: expected the first text of `data` itself, but got {shown(original)}.")


def _judge_rows(value: Any, right: int, all_rows: int) -> None:
    found = number(value)
    if found == right:
        return
    if found == all_rows:
        raise Wrong(
            "`rows`: the function leaves some texts out. With `batched=True`, it may return fewer rows than it got."
        )
    if found == all_rows - right:
        raise Wrong("`rows`: these are the texts that it leaves out.")
    raise Wrong(f"`rows`: count the texts of more than one word; got {shown(value)}.")


_SPLITS = {
    "A": (True, "two rows may hold the same text. Does `train_test_split` look at texts, or at rows?"),
    "B": (False, "the reviews are divided first, copies together. Can windows of a review still land on both sides?"),
    "C": (True, "the rows that are drawn are windows. Where may the other windows of the same review land?"),
    "D": (
        True,
        "the two orders have nothing to do with each other. Can a review be early in one and late in the other?",
    ),
    "E": (False, "no text is left twice, and two parts of one order share no row."),
    "F": (False, "equal cuts fall on the same side, whatever stood behind them. What would have to be on both sides?"),
    "G": (True, "the split depends on the words. Do the head and the tail of a review have the same words?"),
}


@exercise("05.5", expects='a set of letters, such as {"A", "B"}')
def splits_that_leak(answer: object) -> str:
    judge_statements(answer, _SPLITS)
    return "Whatever belongs together has to be put together before anything is drawn."
