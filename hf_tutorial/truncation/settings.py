"""How much is kept, and of which end: the settings that every way of truncating shares."""

from typing import Any, Literal, get_args

from hf_tutorial.errors import InputError

Keep = Literal["head", "tail", "both"]
KEEPS: tuple[Keep, ...] = get_args(Keep)


def count_of(n: Any, unit: str) -> int:
    """Return `n` as a number of words or tokens of which some are left."""
    number = whole_number(n)
    if number is None:
        raise InputError(f"n is {n!r}; it is the number of {unit} to keep, a whole number such as 50.")
    if number <= 0:
        raise InputError(f"n is {n}, which would keep nothing; it is the number of {unit} to keep, 1 or more.")
    return number


def whole_number(value: Any) -> int | None:
    """Return `value` as an int if it is one, or a NumPy number or a tensor that holds one."""
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        value = value.item()
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def keep_of(keep: Any) -> Keep:
    """Return `keep` if it names an end of the text."""
    if keep not in KEEPS:
        raise InputError(
            f'keep is {keep!r}; it says what is kept of a text: "head" (its beginning), "tail" (its end) or "both".'
        )
    return keep


def column_of(column: Any, argument: str = "column") -> str:
    """Return `column` if it can be the name of one; `argument` is what it was passed as."""
    if not isinstance(column, str):
        raise InputError(f'{argument} is {column!r}; it is the name of a column, such as "text".')
    return column


def ends(n: int, keep: Keep) -> tuple[int, int]:
    """Return how many of `n` places go to the beginning of a text, and how many to its end.

    >>> ends(5, "head"), ends(5, "tail"), ends(5, "both")
    ((5, 0), (0, 5), (3, 2))
    """
    head = {"head": n, "tail": 0, "both": n - n // 2}[keep]
    return head, n - head
