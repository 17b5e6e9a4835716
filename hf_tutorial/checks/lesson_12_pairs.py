"""Checks of lesson 12, second part: a `Dataset` class for source → target pairs."""

from collections.abc import Mapping
from typing import Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call, is_stub
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import NotDone, Wrong

_SOURCES = ("November 22, 2026", "Sunday, November 22, 2026", "May 5, 2026")
_TARGETS = ("22. November 2026", "Sonntag, 22. November 2026", "5. Mai 2026")
# As after a filter and a shuffle: a label is no position.
_LABELS = (1, 7, 0)

_ONE_ROW = " Whole columns went to the tokenizer. Take one row first: `self.frame.iloc[place]`."

Row = dict[str, list[int]]


@exercise("12.2", expects="the class `Pairs`")
def repaired_dataset(answer: object, tokenizer: Any) -> str:
    import pandas

    if not isinstance(answer, type):
        raise Wrong(f"Hand over the class itself, without calling it; got {shown(answer)}.")
    if any(is_stub(getattr(answer, name, None)) for name in ("__len__", "__getitem__")):
        raise NotDone("`__len__` and `__getitem__` are not both there yet: write them, and run this cell again.")
    frame = pandas.DataFrame({"source": _SOURCES, "target": _TARGETS}, index=_LABELS)
    dataset = call(answer, frame, tokenizer, given="frame, tokenizer")
    _require_length(dataset)
    rows = [_row(dataset, place) for place in range(len(_SOURCES))]
    right = [_ids(tokenizer, source, target) for source, target in zip(_SOURCES, _TARGETS, strict=True)]
    if rows != right:
        raise Wrong(_why_not_rows(rows, right, tokenizer))
    return "A loader can count the rows and shuffle them, and a collator can pad them."


def _require_length(dataset: Any) -> None:
    try:
        length = call(len, dataset, given="dataset")
    except Raised as raised:
        raise Wrong(f"{raised}. `__len__` should return the number of rows.") from raised
    if length != len(_SOURCES):
        raise Wrong(f"A frame of {len(_SOURCES)} rows should have the length {len(_SOURCES)}, but has {shown(length)}.")


def _row(dataset: Any, place: int) -> Row:
    """Return a row as plain lists, or say what is wrong with its form."""
    try:
        value = call(dataset.__getitem__, place)
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    if not isinstance(value, Mapping):
        raise Wrong(
            f"A row should be one dictionary with `input_ids`, `attention_mask` and `labels`, not {shown(value)}."
        )
    if "labels" not in value:
        raise Wrong("A row has no `labels`: a target that is passed without `text_target=` counts as more source.")
    row = {name: value[name] for name in ("input_ids", "attention_mask", "labels") if name in value}
    if odd := next((name for name in value if isinstance(value[name], str)), None):
        raise Wrong(f"`{odd}` is a string. No collator can make a tensor of it: return only what the model takes.")
    return {name: _plain(ids, name) for name, ids in row.items()}


def _why_failed(error: BaseException) -> str:
    if isinstance(error, KeyError):
        return (
            f" The check's frame was filtered and shuffled, so its rows have the labels {list(_LABELS)}. A loader asks for "
            "places, from 0 to n − 1: `iloc`."
        )
    if isinstance(error, ValueError) and "text input must be" in str(error):
        return ' The tokenizer takes a string: from a column, one row (`self.frame.iloc[place]`), and of that `row["source"]`.'
    return ""


def _plain(ids: Any, name: str) -> list[int]:
    if isinstance(ids, Mapping):
        raise Wrong(f"`{name}` holds all that the tokenizer returned. It should be the list of ids alone.")
    plain = ids.tolist() if is_tensor(ids) else ids
    if isinstance(plain, list) and plain and isinstance(plain[0], list):
        raise Wrong(f"`{name}` has a dimension too many{_why_nested(ids)}")
    if not isinstance(plain, list):
        raise Wrong(f"`{name}` should be a list of ids, but is {shown(ids)}.")
    return plain


def _why_nested(ids: Any) -> str:
    if len(ids) > 1:
        return f": it has the ids of {len(ids)} texts.{_ONE_ROW}"
    cure = (
        'Leave `return_tensors="pt"` out; the collator makes the tensors.'
        if is_tensor(ids)
        else "Pass strings to the tokenizer, not lists with one string."
    )
    return f": one row is made a batch of its own. {cure}"


def _ids(tokenizer: Any, source: str, target: str) -> Row:
    encoding = tokenizer(source)
    return {
        "input_ids": encoding["input_ids"],
        "attention_mask": encoding["attention_mask"],
        "labels": tokenizer(text_target=target)["input_ids"],
    }


def _why_not_rows(rows: list[Row], right: list[Row], tokenizer: Any) -> str:
    by_label = [right[_LABELS.index(place)] if place in _LABELS else None for place in range(len(right))]
    if rows[:2] == by_label[:2]:
        return "These are the rows with the *labels* 0, 1, …. In a frame that was shuffled, places are others: `iloc`."
    found, wanted = next((one, other) for one, other in zip(rows, right, strict=True) if one != other)
    if found.get("labels") == wanted["input_ids"]:
        return "The labels are the ids of the source. They should be those of the target."
    if found.get("input_ids") == wanted["input_ids"] + wanted["labels"]:
        return (
            "The target stands behind the source as well, so the model could copy it. It belongs into the labels alone."
        )
    if len(found.get("input_ids", [])) > len(wanted["input_ids"]) and tokenizer.pad_token_id in found["input_ids"]:
        return "The row is padded already. Leave that to the collator, which knows the other rows of the batch."
    if any(id == -100 or id == tokenizer.pad_token_id for id in found.get("labels", [])):
        return "The labels are padded already. Leave that to the collator."
    return f"A row should be {shown(wanted)}, but is {shown(found)}."
