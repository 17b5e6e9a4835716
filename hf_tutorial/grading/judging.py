"""Judging one answer with checks that are loaded afresh, and with controls beside it.

The same code judges data in the reference's process and objects in a fork of the submission's. In the fork, the checks
come from our files (which no submission can write) and the hidden ones from the grader, in the message that asks for the
judgement: no cell of the submission has ever seen them.

A control is an answer that is certainly wrong. It is judged beside the real one: checks that call a control right, or
cannot call it wrong, have been tampered with.
"""

import sys
import types
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from hf_tutorial.grading.settings import MESSAGE_LENGTH

_CHECKS = "hf_tutorial.checks"
Outcome = dict[str, Any]


def _returns_object(*_: object, **__: object) -> object:
    return object()


def _returns_first(*arguments: object, **_: object) -> object:
    return arguments[0] if arguments else 0


class _Nothing:
    def __init__(self, *_: object, **__: object) -> None: ...


CONTROLS: dict[str, Callable[[], object]] = {
    "an object": object,
    "a function that returns an object": lambda: _returns_object,
    "a function that returns its argument": lambda: _returns_first,
    "a class without methods": lambda: _Nothing,
    "a text": lambda: "no answer at all",
}
ANSWER = "the answer"


def load_afresh() -> None:
    """Forget the check modules, so that the next import reads them from their files again."""
    for name in [name for name in sys.modules if name == _CHECKS or name.startswith(f"{_CHECKS}.")]:
        del sys.modules[name]


def find(exercise: str, hidden: Mapping[str, str]) -> Any:
    """Return the check of an exercise, hidden ones before public ones, or None. `hidden` maps file names to sources."""
    registry: Any = import_module(f"{_CHECKS}.registry")
    public = registry.all_exercises()
    for name, source in hidden.items():
        module = types.ModuleType(f"hidden_checks_{name.removesuffix('.py')}")
        exec(compile(source, name, "exec"), vars(module))
    return registry.all_exercises().get(exercise) or public.get(exercise)


def judge(found: Any, answer: object, context: Mapping[str, object], student: str | None) -> Outcome:
    """Return outcome, message and credit for one answer. `student` overrides what the notebook says about itself."""
    registry: Any = import_module(f"{_CHECKS}.registry")
    given = dict(context)
    if student is not None and "student" in given:
        given["student"] = student
    verdict = registry.verdict_of(found, answer, given)
    return {"outcome": verdict.outcome, "message": verdict.message[:MESSAGE_LENGTH], "credit": verdict.credit}


def judge_all(
    found: Any, order: Sequence[str], answer: object, context: Mapping[str, object], student: str | None
) -> list[Outcome]:
    """Judge the answer and the controls in the wanted order."""
    candidates = [answer if name == ANSWER else CONTROLS[name]() for name in order]
    return [judge(found, candidate, context, student) for candidate in candidates]
