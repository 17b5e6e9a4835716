"""Checks of lesson 12, fourth part: a collator for rows whose labels are as long as they are."""

from copy import deepcopy

from hf_tutorial.checks.collated import Table, read_collated
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

_IGNORED = -100
# RoBERTa's: who has written 0 instead of the argument is found out.
_PAD = 1
_ROWS = (
    {"input_ids": [5, 7, 6], "attention_mask": [1, 1, 1], "labels": [-100, 2, -100]},
    {"input_ids": [5, 8, 9, 8, 6], "attention_mask": [1, 1, 1, 1, 1], "labels": [-100, 3, -100, 0, -100]},
    {"input_ids": [5, 6], "attention_mask": [1, 1], "labels": [-100, -100]},
)
_FILLING = {"input_ids": _PAD, "attention_mask": 0, "labels": _IGNORED}


@exercise("12.4", expects="the function `collate`")
def collator_by_hand(answer: object) -> str:
    rows = deepcopy(list(_ROWS))
    batch = read_collated(answer, rows, _PAD, tuple(_FILLING))
    for name, filling in _FILLING.items():
        right = _padded(name, filling)
        if batch[name] != right:
            raise Wrong(f"`{name}`: {_why(name, batch[name], right)}")
    if rows != list(_ROWS):
        raise Wrong(
            "The batch is right, but the rows themselves were changed: in the next epoch they would be padded already."
        )
    return "Ids are filled with the padding token, the mask with 0, and the labels with what the loss leaves out."


def _padded(name: str, filling: int, *, left: bool = False, width: int = 5) -> Table:
    rows = []
    for row in _ROWS:
        fill = [filling] * (width - len(row[name]))
        rows.append([*fill, *row[name]] if left else [*row[name], *fill])
    return rows


def _why(name: str, found: Table, right: Table) -> str:
    filled = {
        0: {
            "input_ids": "0 is the padding token of BERT only. Fill with `pad_id`.",
            "labels": "padding has the label 0, which is a class. Fill with −100, which the loss leaves out.",
        },
        1: {
            "attention_mask": "the mask is 1 on padding, so the model would read it as text. Fill with 0.",
            "labels": "padding has the label `pad_id`, which is a class like any other. Fill with −100.",
        },
        _IGNORED: {
            "input_ids": "−100 is no token, and no model can look it up. Fill with `pad_id`.",
            "attention_mask": "−100 is for labels. Fill the mask with 0.",
        },
    }
    for filling, reasons in filled.items():
        if name in reasons and found == _padded(name, filling):
            return reasons[name]
    if found == _padded(name, _FILLING[name], left=True):
        return "it is filled on the left. This kind of model is filled on the right, and all three must be on the same side."
    if len(found[0]) > len(right[0]):
        return f"it is {len(found[0])} wide. The longest row of this batch has {len(right[0])}."
    if len(found[0]) < len(right[0]):
        return f"it is {len(found[0])} wide, so the longest row, of {len(right[0])}, was cut."
    row = next(row for row, both in enumerate(zip(found, right, strict=True)) if both[0] != both[1])
    return f"row {row} should be {right[row]}, but is {found[row]}."
