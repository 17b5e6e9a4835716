"""Reading what a student hands in: every function here takes any object, and raises nothing but `Wrong`."""

import reprlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from hf_tutorial.checks.verdict import Wrong

_DEPTH = 4
_WIDTH = 1_000


def holds_ellipsis(value: object, depth: int = _DEPTH) -> bool:
    """Say whether `value` is `...`, or a list, tuple, set or dict that still holds one."""
    if value is ...:
        return True
    if depth == 0 or type(value) not in (list, tuple, set, frozenset, dict):
        return False
    members: Any = value.values() if isinstance(value, dict) else value
    return any(holds_ellipsis(member, depth - 1) for member in islice(members, _WIDTH))


def shown(value: object) -> str:
    """Return a short description of `value` for a message: its repr, or its shape if it is a tensor."""
    kind = type(value).__name__
    try:
        if type(value) in (str, int, float, bool, list, tuple, dict, set, type(None)):
            return _SHORT.repr(value)
        if hasattr(value, "shape") and hasattr(value, "dtype"):
            return f"a {kind} of shape {tuple(value.shape)}"
        return f"the function {value.__name__}" if callable(value) and hasattr(value, "__name__") else f"a {kind}"
    except Exception:
        return f"a {kind}"


_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxset = _SHORT.maxdict = 8


def items(value: object, what: str) -> list[Any]:
    """Return the members of a list or tuple; `what` says in the message what was expected."""
    if not isinstance(value, (list, tuple)):
        raise Wrong(f"Expected {what}, but got {shown(value)}.{_how_to_list(value)}")
    return list(value)


def _how_to_list(value: object) -> str:
    if isinstance(value, str):
        return " Leave out the quotation marks." if value[:1] in ("(", "[") else ""
    if isinstance(value, (set, frozenset)):
        return " A set has no order: write round or square brackets instead of curly ones."
    return " `list(…)` makes a list of it." if isinstance(value, Iterator) else ""


def number(value: object) -> float | None:
    """Return a plain number, also from NumPy or a tensor with one element; None if it is no number."""
    plain = item(value)
    return float(plain) if isinstance(plain, (int, float)) and not isinstance(plain, bool) else None


def item(value: object) -> object:
    """Return the Python value inside a NumPy number or a tensor with one element, and anything else as it is."""
    try:
        return value.item() if hasattr(value, "item") else value
    except Exception:
        return value


def whole_numbers(value: object, what: str) -> list[int]:
    """Return a list of whole numbers."""
    numbers = [number(member) for member in items(value, what)]
    for member, found in zip(items(value, what), numbers, strict=True):
        if found is None or found != found // 1:
            raise Wrong(f"Expected {what}, but {shown(member)} is no whole number.")
    return [int(found) for found in numbers if found is not None]


def named_numbers(answer: Mapping[str, object], names: Iterable[str], what: str = "a number") -> dict[str, float]:
    """Return the numbers that stand under `names` in `answer`, or raise Wrong at the first that is not `what`."""
    found = {}
    for name in names:
        value = number(answer[name])
        if value is None:
            raise Wrong(f"{name!r} should be {what}, but is {shown(answer[name])}.")
        found[name] = value
    return found


def letters(value: object, allowed: str) -> set[str]:
    """Return a set of letters from a set, a list, or a string such as "A, C"."""
    if isinstance(value, str):
        found = {sign.upper() for sign in value if sign.isalpha()}
    elif isinstance(value, (set, frozenset, list, tuple)) and all(isinstance(sign, str) for sign in value):
        found = {sign.strip().upper() for sign in value}
    else:
        raise Wrong(f'Expected letters, such as {{"A", "B"}}, but got {shown(value)}.')
    if not found <= set(allowed):
        raise Wrong(f"The answers have the letters {', '.join(allowed)}; got {shown(sorted(found))}.")
    return found


def judge_statements(value: object, statements: Mapping[str, tuple[bool, str]]) -> None:
    """Raise Wrong, with a hint, at the first statement that was chosen though false, or left out though true.

    `statements` maps a letter to whether the statement is true, and to the hint.
    """
    chosen = letters(value, "".join(statements))
    if not chosen:
        raise Wrong("At least one of the letters belongs into the answer.")
    for letter, (true, hint) in statements.items():
        if (letter in chosen) != true:
            raise Wrong(f"Think again about {letter}: {hint}")
