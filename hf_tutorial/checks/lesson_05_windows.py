"""Checks of lesson 05, third part: windows that keep the label and the origin of their text."""

from collections.abc import Mapping
from typing import Any

from hf_tutorial.checks.answers import shown, whole_numbers
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong

_LENGTH, _STRIDE = 16, 6
_TEXTS = ("A dull film.", " ".join("abcdefghijklmnopqrstuvwxyz" * 2), "Such a film.", " ".join("it is a film" * 6))
_LABELS = [1, 0, 1, 0]
_INDICES = [40, 41, 42, 43]
_NEEDED = ("input_ids", "attention_mask", "labels", "review")


@exercise("05.3", expects="the function `windows`")
def windows_with_labels(answer: object, tokenizer: Any) -> str:
    rows = {"text": list(_TEXTS), "label": list(_LABELS)}
    given = f"rows, {_INDICES}, tokenizer, length={_LENGTH}, stride={_STRIDE}"
    try:
        made = call(answer, rows, list(_INDICES), tokenizer, _LENGTH, _STRIDE, given=given)
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    if not isinstance(made, Mapping):
        raise Wrong(f"Expected a dictionary of lists, one for each column, but got {shown(made)}.")
    missing = [name for name in _NEEDED if name not in made]
    if missing:
        raise Wrong(f"Expected the columns {', '.join(_NEEDED)}; missing: {', '.join(missing)}.")
    right = _cut(tokenizer, _STRIDE)
    _judge_ids(_ids(made["input_ids"]), right, tokenizer)
    _judge_lengths({str(name): value for name, value in made.items()}, len(right["input_ids"]))
    if _ids(made["attention_mask"]) != right["attention_mask"]:
        raise Wrong("`attention_mask` should be the tokenizer's own: nothing is padded here.")
    _judge_review(whole_numbers(_plain(made["review"]), "whole numbers for `review`"), right["origin"])
    _judge_labels(whole_numbers(_plain(made["labels"]), "whole numbers for `labels`"), right["origin"])
    return "Nothing of a text is lost, and each window knows its label and its review."


def _why_failed(error: BaseException) -> str:
    if isinstance(error, KeyError):
        return " `rows` has the columns text and label; the mapping comes with `return_overflowing_tokens=True`."
    if isinstance(error, IndexError):
        return " `indices` count the rows of the dataset; the lists in `rows` begin at 0 in each block."
    if "stride" in str(error):
        return " The stride is what neighbours share, so it must leave room for something new in each window."
    return ""


def _plain(value: Any) -> Any:
    return value.tolist() if is_tensor(value) or hasattr(value, "tolist") else value


def _ids(value: Any) -> list[list[int]]:
    rows = _plain(value)
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Wrong(f"`input_ids` should hold one list of ids for each window, but is {shown(rows)}.")
    return rows


def _cut(tokenizer: Any, stride: int, length: int = _LENGTH) -> dict[str, Any]:
    made = tokenizer(list(_TEXTS), truncation=True, max_length=length, stride=stride, return_overflowing_tokens=True)
    return {
        "input_ids": made["input_ids"],
        "attention_mask": made["attention_mask"],
        "origin": list(made["overflow_to_sample_mapping"]),
    }


def _judge_ids(found: list[list[int]], right: dict[str, Any], tokenizer: Any) -> None:
    if found == right["input_ids"]:
        return
    mistakes = {
        "There is one row for each text, and the rest of the long ones is lost. Which argument returns what overflows?": (
            tokenizer(list(_TEXTS), truncation=True, max_length=_LENGTH)["input_ids"]
        ),
        "Nothing was cut at `length`. Has it reached the tokenizer, as `max_length`?": tokenizer(list(_TEXTS))[
            "input_ids"
        ],
        "Neighbours share nothing: `stride` has not reached the tokenizer.": _cut(tokenizer, 0)["input_ids"],
        "Neighbours share too much: `stride` is the number of tokens that they share, not the step from one to the next.": (
            _cut(tokenizer, _LENGTH - 2 - _STRIDE)["input_ids"]
        ),
    }
    for reason, ids in mistakes.items():
        if found == ids:
            raise Wrong(reason)
    if any(tokenizer.pad_token_id in row for row in found):
        raise Wrong("The windows are padded. Leave that to the collator, which pads each batch.")
    if any(row[:1] != right["input_ids"][0][:1] for row in found):
        raise Wrong(
            "Some windows begin in the middle, without the special token in front. Let the tokenizer do the cutting."
        )
    raise Wrong(
        f"Expected {len(right['input_ids'])} windows of at most {_LENGTH} tokens that share {_STRIDE} with their neighbour, "
        f"but got {len(found)}; the longest has {max(map(len, found), default=0)} tokens."
    )


def _judge_lengths(columns: dict[str, Any], windows: int) -> None:
    for name, value in columns.items():
        count = len(_plain(value))
        if count == len(_TEXTS) != windows:
            raise Wrong(
                f"There are {windows} windows, and `{name}` still has one entry for each of the {count} texts. "
                "`overflow_to_sample_mapping` says whose entry belongs to each window."
            )
        if count != windows:
            raise Wrong(f"There are {windows} windows, and `{name}` has {count} entries.")


def _judge_review(found: list[int], origin: list[int]) -> None:
    if found == [_INDICES[text] for text in origin]:
        return
    if found == origin:
        raise Wrong(
            f"`review` counts the texts within this block of `map`, so it begins at 0 again with the next block. Here the "
            f"block holds rows {_INDICES[0]} to {_INDICES[-1]} of the dataset: `indices` says so."
        )
    if found == list(range(len(found))):
        raise Wrong("`review` counts the windows. It should say which review each of them comes from.")
    raise Wrong(f"`review` should be {[_INDICES[text] for text in origin]} here, but is {shown(found)}.")


def _judge_labels(found: list[int], origin: list[int]) -> None:
    if found == [_LABELS[text] for text in origin]:
        return
    if found == [_LABELS[place % len(_LABELS)] for place in range(len(origin))]:
        raise Wrong(
            "The labels are repeated as a whole list, text after text. Each window needs that of its *own* text."
        )
    raise Wrong(f"`labels` should be {[_LABELS[text] for text in origin]} here, but is {shown(found)}.")
