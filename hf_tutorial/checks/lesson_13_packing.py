"""Checks of lesson 13, third part: several examples in one row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hf_tutorial.checks.answers import items, shown, whole_numbers
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong

Example = dict[str, list[int]]

_IGNORED = -100
_NAMES = ("input_ids", "labels", "position_ids")
_LIST = "a list of whole numbers"


@dataclass(frozen=True)
class Case:
    """Lengths of examples, how many of each are prompt, and the length of a row."""

    lengths: tuple[int, ...]
    prompts: tuple[int, ...]
    row: int

    @property
    def examples(self) -> list[Example]:
        """Examples in which no id comes twice: each says which example it is of, and its place there."""
        return [
            {
                "input_ids": [100 * (number + 1) + place for place in range(length)],
                "labels": [_IGNORED if place < prompt else 100 * (number + 1) + place for place in range(length)],
            }
            for number, (length, prompt) in enumerate(zip(self.lengths, self.prompts, strict=True))
        ]

    @property
    def rows_in_order(self) -> int:
        """How many rows there are if a new one is begun whenever the next example does not fit."""
        rows, room = 0, 0
        for length in self.lengths:
            if length > room:
                rows, room = rows + 1, self.row
            room -= length
        return rows


CASES = (
    # In order every row is filled to its last place, so that `<` for `<=` needs more of them.
    Case(lengths=(2, 2, 5, 6, 3, 9, 8, 1), prompts=(1, 0, 2, 0, 1, 4, 5, 0), row=9),
    Case(lengths=(5, 3, 7, 2, 4, 1, 8), prompts=(0, 2, 3, 0, 1, 0, 5), row=10),
    Case(lengths=(), prompts=(), row=4),
)


@exercise("13.3", expects="the function `pack`")
def packed_rows(answer: object) -> str:
    for case in CASES:
        examples = case.examples
        rows = _read(answer, examples, case)
        _judge_rows(rows, case)
        if examples != case.examples:
            raise Wrong(
                "The rows are right, but the examples themselves were changed: pack them again, and they would be wrong."
            )
    return "Nothing is cut, positions begin anew, and no token is predicted from the example before it."


def _read(function: object, examples: list[Example], case: Case) -> list[Example]:
    given = f"{len(examples)} examples of {', '.join(map(str, case.lengths)) or 'no'} tokens, {case.row}"
    try:
        made = call(function, examples, case.row, given=given)
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error, case)}") from raised
    return [_row(row, number) for number, row in enumerate(items(made, "a list of rows, each a dictionary"))]


def _why_failed(error: BaseException, case: Case) -> str:
    if isinstance(error, IndexError) and not case.lengths:
        return " Without examples there are no rows."
    return ""


def _row(row: object, number: int) -> Example:
    if not isinstance(row, Mapping):
        raise Wrong(f"Each row should be a dictionary with {', '.join(_NAMES)}, but row {number} is {shown(row)}.")
    if missing := [name for name in _NAMES if name not in row]:
        raise Wrong(f"Row {number} has no `{missing[0]}`.")
    plain = {
        name: whole_numbers(value.tolist() if is_tensor(value) else value, f"{_LIST} for `{name}`")
        for name, value in ((name, row[name]) for name in _NAMES)
    }
    if len({len(values) for values in plain.values()}) != 1:
        sizes = ", ".join(f"{len(values)} `{name}`" for name, values in plain.items())
        raise Wrong(f"Each token has one label and one position, but row {number} has {sizes}.")
    return plain


def _judge_rows(rows: Sequence[Example], case: Case) -> None:
    _judge_lengths(rows, case)
    _judge_order(rows, case)
    for row in rows:
        _judge_positions(row)
        _judge_labels(row, case)
    if len(rows) > case.rows_in_order:
        raise Wrong(_why_so_many(len(rows), case))


def _judge_lengths(rows: Sequence[Example], case: Case) -> None:
    for number, row in enumerate(rows):
        if len(row["input_ids"]) > case.row:
            raise Wrong(
                f"Row {number} has {len(row['input_ids'])} tokens, more than the {case.row} that a row may have."
            )
        if not row["input_ids"]:
            raise Wrong(f"Row {number} is empty. Begin a row when there is an example for it, and not before.")


def _judge_order(rows: Sequence[Example], case: Case) -> None:
    """Raise Wrong unless the rows hold every example once, whole and in one piece."""
    known = {id for example in case.examples for id in example["input_ids"]}
    found = [id for row in rows for id in row["input_ids"]]
    if strange := [id for id in found if id not in known]:
        raise Wrong(
            f"The id {strange[0]} stands in no example. Rows are not filled up here: that is the collator's work."
        )
    if len(set(found)) < len(found):
        raise Wrong("An example, or a part of one, is there twice.")
    if missing := [number for number, one in enumerate(case.examples) if not set(one["input_ids"]) & set(found)]:
        last = (
            " It is the last one: is the row that is not full yet kept at the end?"
            if missing[-1] + 1 == len(case.lengths)
            else ""
        )
        raise Wrong(f"Example {missing[0]} of {len(case.lengths)}, counted from 0, is in no row.{last}")
    for number, example in enumerate(case.examples):
        if not any(_holds(row["input_ids"], example["input_ids"]) for row in rows):
            raise Wrong(
                f"Example {number}, of {len(example['input_ids'])} tokens, was cut or torn apart. If it does not fit into what "
                f"is left of a row of {case.row}, it goes into another."
            )


def _holds(row: list[int], part: list[int]) -> bool:
    return any(row[start : start + len(part)] == part for start in range(len(row)))


def _judge_positions(row: Example) -> None:
    right = [id % 100 for id in row["input_ids"]]
    found = row["position_ids"]
    if found == right:
        return
    shown_ = f"should be {right}, but are {found}"
    if found == list(range(len(found))):
        raise Wrong(f"The positions of a row run on: they {shown_}. Each example begins at 0, as if it stood alone.")
    if found == [place + 1 for place in right]:
        raise Wrong("The positions begin at 1. The first token of an example has the position 0.")
    raise Wrong(f"The positions of a row {shown_}.")


def _judge_labels(row: Example, case: Case) -> None:
    kept = {
        id: label
        for example in case.examples
        for id, label in zip(example["input_ids"], example["labels"], strict=True)
    }
    as_they_were = [kept[id] for id in row["input_ids"]]
    right = [_IGNORED if id % 100 == 0 else label for id, label in zip(row["input_ids"], as_they_were, strict=True)]
    found = row["labels"]
    # Nothing predicts the first token of a row, so its label may be anything.
    if found[1:] == right[1:]:
        return
    if found[1:] == as_they_were[1:]:
        raise Wrong(
            f"A label predicts across a border: {found} should be {right}. The first token of an example would be learnt from "
            "the last token of the one before it. What has to stand there?"
        )
    if found[1:] == row["input_ids"][1:]:
        raise Wrong("The labels are the ids again. The examples have labels of their own, with −100 on the prompts.")
    if found[:-1] == as_they_were[1:] or found[:-1] == right[1:]:
        raise Wrong(
            "The labels are moved one place to the left. The model does that itself: leave them where they are."
        )
    if all(label == _IGNORED for label in found):
        raise Wrong("All labels of a row are −100. Only the first of each example must be.")
    raise Wrong(f"The labels of a row should be {right}, but are {found}.")


def _why_so_many(count: int, case: Case) -> str:
    reason = (
        "Each example has a row of its own, so nothing is packed."
        if count == len(case.lengths)
        else "Begin a new row only if the next example does not fit. And may a row be filled to its very last place: is there "
        "a `<` where `<=` belongs?"
    )
    lengths = ", ".join(map(str, case.lengths))
    return f"Examples of {lengths} tokens make {count} rows of up to {case.row}, but {case.rows_in_order} are enough. {reason}"
