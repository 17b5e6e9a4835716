"""How a reference shows a signature: names, short types and defaults, without the modules that types come from."""

import inspect
import re
from collections.abc import Callable
from typing import Any

# A longer type says less than the docstring does.
LONGEST_TYPE = 44


def signature_of(function: Callable[..., Any], *, method: bool = False) -> str:
    """Return the signature as text.

    >>> def cut(text: str, n: int = 3) -> list[str]: ...
    >>> signature_of(cut)
    '(text: str, n: int = 3) -> list[str]'
    """
    signature = inspect.signature(function)
    parameters = list(signature.parameters.values())[1 if method else 0 :]
    shown = signature.replace(
        parameters=[one.replace(annotation=inspect.Parameter.empty, default=one.default) for one in parameters],
        return_annotation=inspect.Signature.empty,
    )
    parts = _with_types(str(shown), parameters)
    result = type_name(signature.return_annotation)
    return parts + (f" -> {result}" if result else "")


def _with_types(text: str, parameters: list[inspect.Parameter]) -> str:
    """Put the short types back in, where Python would write them."""
    parts = _split(text[1:-1])
    named = {one.name: type_name(one.annotation) for one in parameters}
    return f"({', '.join(_typed(part, named) for part in parts)})"


def _split(text: str) -> list[str]:
    """Split at the commas outside brackets and quotes."""
    parts, depth, quoted, start = [], 0, "", 0
    for place, sign in enumerate(text):
        if quoted:
            quoted = "" if sign == quoted else quoted
        elif sign in "'\"":
            quoted = sign
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif sign == "," and not depth:
            parts.append(text[start:place].strip())
            start = place + 1
    return [part for part in [*parts, text[start:].strip()] if part]


def _typed(part: str, types: dict[str, str]) -> str:
    name, equals, default = part.partition("=")
    kind = types.get(name.lstrip("*"), "")
    if not kind:
        return part
    return f"{name}: {kind}" + (f" = {default}" if equals else "")


def type_name(annotation: Any) -> str:
    """Return a type as people write it; empty for `Any`, for none and for what is too long to read."""
    if annotation in (inspect.Parameter.empty, Any, "Any"):
        return ""
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    text = re.sub(r"\b(?:[A-Za-z_]\w*\.)+(?=[A-Za-z_])", "", text).strip("'\"")
    return "" if len(text) > LONGEST_TYPE or text == "Any" else text.replace("'", '"')
