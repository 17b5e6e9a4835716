"""What a student's own collate function returns, read with a reason for everything that is no batch."""

from collections.abc import Mapping, Sequence
from typing import Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong

Table = list[list[int]]


def read_collated(function: object, rows: Sequence[Any], pad: int, names: Sequence[str]) -> dict[str, Table]:
    """Return the tensors `names` of what `function(rows, pad)` returns, as lists; `Wrong` says what is amiss."""
    try:
        made = call(function, rows, pad, given=f"{len(rows)} rows, pad_id={pad}")
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    if not isinstance(made, Mapping):
        raise Wrong(f"Expected a dictionary of three tensors, but got {shown(made)}.")
    if missing := [name for name in names if name not in made]:
        raise Wrong(f"The batch has no `{missing[0]}`.")
    return {name: _table(made[name], name, len(rows)) for name in names}


def _why_failed(error: BaseException) -> str:
    if isinstance(error, ValueError) and "expected sequence of length" in str(error):
        return " Rows of different length make no tensor: fill each up to the longest first."
    return ""


def _table(value: Any, name: str, rows: int) -> Table:
    if not is_tensor(value):
        raise Wrong(f"`{name}` should be a tensor, but is {shown(value)}: `torch.tensor(…)` makes one of lists.")
    if getattr(value, "is_floating_point", bool)():
        raise Wrong(f"`{name}` holds floats. Ids and labels are whole numbers, and float labels mean another task.")
    if value.ndim != 2 or len(value) != rows:
        raise Wrong(f"`{name}` should have a row for each of the {rows} rows, but has the shape {tuple(value.shape)}.")
    table: Table = value.tolist()
    return table
