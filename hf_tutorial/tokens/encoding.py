"""`print_encoding`: what an encoding or a model's output holds, key by key, short enough to read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hf_tutorial.errors import InputError
from hf_tutorial.tokens.visible import pad, visible

LINE = 100
ROWS = 8
VALUES = 64


def print_encoding(encoding: Mapping[str, Any]) -> None:
    """Print each key of `encoding` with its value: a `BatchEncoding`, a dict, or what a model returns.

    Tensors come with shape and type, the rows of a batch one under the other; what is long is shortened, and how much
    is left out is said. Numbers with a fraction are rounded to four digits.

        >>> print_encoding({"input_ids": [[101, 7592, 102], [101, 102]]})
        input_ids: list of 2 lists
          101 7592 102
          101  102
    """
    if not isinstance(encoding, Mapping):
        raise InputError(
            f"encoding must be a mapping, such as a tokenizer or a model returns, but is {type(encoding).__name__}."
        )
    for key, value in encoding.items():
        print("\n".join(_entry(f"{key}: ", value)))


def _entry(name: str, value: Any) -> Iterator[str]:
    """Yield the lines for one value: what it is, then what it holds."""
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        yield f"{name}tensor of shape {tuple(value.shape)}, {str(value.dtype).removeprefix('torch.')}"
        yield from _values(_to_list(value)) if len(value.shape) < 3 else ()
    elif isinstance(value, (list, tuple)) and _is_nested(value):
        yield f"{name}{type(value).__name__} of {_things(value)}"
        yield from _values(value) if _is_plain(value) else _members(value)
    elif isinstance(value, (list, tuple)):
        yield f"{name}{type(value).__name__} of {len(value)}"
        yield from _values(value)
    elif isinstance(value, str):
        yield f"{name}{visible(value, spaces=False)}"
    else:
        yield f"{name}{_cell(value)}"


def _to_list(tensor: Any) -> Any:
    plain = tensor.detach().float() if "bfloat16" in str(tensor.dtype) else tensor
    plain = plain.tolist()
    return plain if isinstance(plain, list) else [plain]


def _is_nested(values: Sequence[Any]) -> bool:
    return any(isinstance(value, (list, tuple)) or hasattr(value, "shape") for value in values)


def _is_plain(values: Sequence[Any]) -> bool:
    """Say whether `values` is a list of lists of single values, which print as rows."""
    return all(isinstance(value, (list, tuple)) and not _is_nested(value) for value in values)


def _things(values: Sequence[Any]) -> str:
    kinds = {"tensor" if hasattr(value, "shape") else type(value).__name__ for value in values}
    kind = kinds.pop() if len(kinds) == 1 else "value"
    return f"{len(values)} {kind}" + ("" if len(values) == 1 else "s")


def _members(values: Sequence[Any]) -> Iterator[str]:
    """Yield a line for each member; members that look alike, such as the attentions of every layer, share one."""
    heads = [next(_entry("", value)) for value in values]
    if len(set(heads)) == 1 and len(heads) > 1:
        yield f"  each: {heads[0]}"
        return
    for number, head in enumerate(heads[:ROWS]):
        yield f"  {number}: {head}"
    if len(heads) > ROWS:
        yield f"  … and {len(heads) - ROWS:,} more"


def _values(values: Sequence[Any]) -> Iterator[str]:
    """Yield rows of aligned values. A flat list is one row, which may take several lines."""
    rows = list(values) if values and isinstance(values[0], (list, tuple)) else [values]
    shown = [[_cell(value) for value in row[:VALUES]] for row in rows[:ROWS]]
    widest = max((len(row) for row in shown), default=0)
    widths = [max((len(row[n]) for row in shown if n < len(row)), default=0) for n in range(widest)]
    for row, cells in zip(rows, shown, strict=False):
        left = len(row) - len(cells)
        yield from _lines(cells, widths, f"… and {left:,} more" if left > 0 else "")
    if len(rows) > ROWS:
        yield f"  … and {len(rows) - ROWS:,} more rows"


def _lines(cells: Sequence[str], widths: Sequence[int], rest: str) -> Iterator[str]:
    """Yield one row; it goes on, indented, on the next line when it is full."""
    line = " "
    for cell, columns in zip(cells, widths, strict=False):
        if len(line) + 1 + columns > LINE:
            yield line.rstrip()
            line = "   "
        line += " " + pad(cell, columns, right=True)
    yield f"{line} {rest}".rstrip() if cells or rest else "  (empty)"


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    return visible(str(value), spaces=False)
