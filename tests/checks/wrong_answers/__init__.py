"""The three most likely wrong answers to every exercise, as data: what a student writes, why, and what the check must say.

`lesson_NN.WRONG` maps the name of an exercise to its wrong answers. A wrong answer is written as source text in the place
of the solution block: either all of it (`instead`), or the solution with a slip in it (`slip`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from textwrap import dedent


@dataclass(frozen=True)
class WrongAnswer:
    """`write(solution)` is what stands in place of the solution; `says` is a phrase that the diagnosis must hold."""

    why: str
    says: str
    write: Callable[[str], str]


def instead(why: str, says: str, code: str) -> WrongAnswer:
    """Return a wrong answer that replaces the whole solution block."""
    text = dedent(code).strip("\n")
    return WrongAnswer(why, says, lambda _: text)


def slip(why: str, says: str, *edits: tuple[str, str]) -> WrongAnswer:
    """Return a wrong answer that is the solution with each `(old, new)` replaced, which must occur exactly once."""

    def write(solution: str) -> str:
        for old, new in edits:
            if solution.count(old) != 1:
                raise ValueError(f"{old!r} should occur once in the solution, but does {solution.count(old)} times")
            solution = solution.replace(old, new)
        return solution

    return WrongAnswer(why, says, write)


def all_wrong_answers() -> dict[str, tuple[WrongAnswer, ...]]:
    """Return the wrong answers of every exercise, lesson by lesson."""
    modules = sorted(path.stem for path in Path(__file__).parent.glob("lesson_*.py"))
    found: dict[str, tuple[WrongAnswer, ...]] = {}
    for module in modules:
        found |= import_module(f"{__name__}.{module}").WRONG
    return found
