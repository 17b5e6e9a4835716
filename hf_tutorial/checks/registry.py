"""`check`, and the exercises it knows by name."""

import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from hf_tutorial.checks.answers import holds_ellipsis, shown
from hf_tutorial.checks.calls import is_stub
from hf_tutorial.checks.verdict import NotDone, Outcome, Verdict, Wrong

CheckFunction = Callable[..., str]
_NOT_DONE = "Replace `...` with your answer, and run this cell again."


@dataclass(frozen=True)
class Exercise:
    """One check: `run(answer, **context)` returns what to say when the answer is right, or raises Wrong or NotDone.

    `expects` names the kind of answer, as in "a list of numbers".
    """

    name: str
    expects: str
    run: CheckFunction


_EXERCISES: dict[str, Exercise] = {}


def exercise(name: str, expects: str) -> Callable[[CheckFunction], CheckFunction]:
    """Register the decorated function as the check of the exercise `name`."""

    def register(run: CheckFunction) -> CheckFunction:
        _EXERCISES[name] = Exercise(name, expects, run)
        return run

    return register


def all_exercises() -> dict[str, Exercise]:
    """Return every exercise by name, in the order of the lessons."""
    package = import_module("hf_tutorial.checks")
    for module in pkgutil.iter_modules(package.__path__, "hf_tutorial.checks."):
        if "lesson_" in module.name:
            import_module(module.name)
    return dict(sorted(_EXERCISES.items()))


def _no_such_exercise(name: object) -> str:
    if type(name) is str and name[:1].isalpha():
        return (
            "The course has no exercise of this name. If it belongs to an assignment of your teacher's, it is checked after "
            "you have handed it in."
        )
    return f"There is no exercise of this name. There are: {', '.join(all_exercises())}."


def check(exercise: str, answer: object, **context: object) -> Verdict:
    """Say whether `answer` to `exercise`, such as "01.3", is right, wrong and why, or not done yet.

    `context` hands over what the check needs to work out the answer itself, such as `tokenizer=tokenizer`; the exercise's
    own cell names it. Prints nothing and raises nothing, whatever the answer is or does.

        check("00.1", shape, model=model)
    """
    try:
        found = all_exercises().get(exercise) if type(exercise) is str else None
        if found is None:
            return Verdict(shown(exercise), "not done yet", _no_such_exercise(exercise))
        return verdict_of(found, answer, context)
    except KeyboardInterrupt:
        raise
    except BaseException:  # an answer may raise anything: Rust's panics, for one, are no Exceptions
        return Verdict(shown(exercise), "wrong", "The check could not read this answer at all.")


def verdict_of(exercise: Exercise, answer: object, context: dict[str, object]) -> Verdict:
    """Return what the check of one exercise finds."""
    outcome, message, credit = _judge(exercise, answer, context)
    return Verdict(exercise.name, outcome, " ".join(message.splitlines()), credit)


def _judge(exercise: Exercise, answer: object, context: dict[str, object]) -> tuple[Outcome, str, float]:
    try:
        _require(exercise, answer, context)
        return "right", exercise.run(answer, **context), 1.0
    except NotDone as reason:
        return "not done yet", str(reason), 0.0
    except Wrong as reason:
        return "wrong", str(reason), reason.credit
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        message = (
            f"The answer should be {exercise.expects}, and is {shown(answer)}. The check stumbled over it or over what "
            f"was passed beside it ({type(error).__name__})."
        )
        return "wrong", message, 0.0


def _require(exercise: Exercise, answer: object, context: dict[str, object]) -> None:
    """Raise NotDone unless there is an answer, and everything that the check needs."""
    if holds_ellipsis(answer) or is_stub(answer):
        raise NotDone(_NOT_DONE)
    if answer is None:
        raise NotDone("The answer is None, which is what `print(…)` and a function without `return` give. " + _NOT_DONE)
    needed = list(inspect.signature(exercise.run).parameters)[1:]
    if set(needed) != set(context):
        call = ", ".join([f'"{exercise.name}"', "answer", *(f"{name}={name}" for name in needed)])
        raise NotDone(f"Call the check as `check({call})`.")
    for name, value in context.items():
        if holds_ellipsis(value) or value is None:
            raise NotDone(f"`{name}` is not there yet: finish the step that makes it, then run this cell again.")
