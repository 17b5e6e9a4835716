"""Calling a student's function: what it prints stays unseen, what it raises becomes a diagnosis."""

import contextlib
import io
from collections.abc import Callable
from copy import copy
from textwrap import shorten
from types import FunctionType
from typing import Any

from hf_tutorial.checks.answers import holds_ellipsis, shown
from hf_tutorial.checks.verdict import NotDone, Wrong


def _empty() -> None: ...


def _documented() -> None:
    """Only a docstring."""
    ...


_STUBS = {_empty.__code__.co_code, _documented.__code__.co_code}


def is_stub(function: object) -> bool:
    """Say whether `function` has nothing in its body but a docstring and `...` (or `pass`)."""
    return isinstance(function, FunctionType) and function.__code__.co_code in _STUBS and not _returns_value(function)


def _returns_value(function: FunctionType) -> bool:
    return any(constant not in (None, ..., function.__doc__) for constant in function.__code__.co_consts)


class Raised(Wrong):
    """The student's function raised `error`; the message says so in general words."""

    def __init__(self, name: str, given: str, error: BaseException) -> None:
        self.error = error
        text = shorten(str(error), 160, placeholder=" …").removesuffix(".")
        super().__init__(f"`{name}({given})` raises {type(error).__name__}{f': {text}' if text else ''}")


def call(function: object, *arguments: Any, given: str | None = None, none_is_answer: bool = False) -> Any:
    """Return what `function(*arguments)` returns. Lists are passed as copies, so that they stay as they are.

    `given` shows the arguments in a message. Raises `Raised` if the function raises, `Wrong` if it is no function or
    returns None (unless `none_is_answer`), and `NotDone` if it returns `...`.
    """
    if not callable(function):
        raise Wrong(f"Hand over the function itself, without calling it; got {shown(function)}.")
    name, given = _name(function), given or ", ".join(shown(argument) for argument in arguments)
    value = _silently(function, [copy(one) if type(one) is list else one for one in arguments], name, given)
    if holds_ellipsis(value):
        raise NotDone(f"`{name}` still returns `...`: write its body, and run this cell again.")
    if value is None and not none_is_answer:
        raise Wrong(f"`{name}` returns None: its last line should `return` the answer, not print it.")
    return value


def _silently(function: Callable[..., Any], arguments: list[Any], name: str, given: str) -> Any:
    unseen = io.StringIO()
    try:
        with contextlib.redirect_stdout(unseen), contextlib.redirect_stderr(unseen):
            return function(*arguments)
    except KeyboardInterrupt:
        raise
    except NotImplementedError as error:
        raise NotDone(f"`{name}` raises NotImplementedError: write its body, and run this cell again.") from error
    except BaseException as error:  # a student's function may end in SystemExit or in a panic of Rust's
        raise Raised(name, given, error) from error


def _name(function: object) -> str:
    name = getattr(function, "__name__", None)
    return name if isinstance(name, str) else "your function"
