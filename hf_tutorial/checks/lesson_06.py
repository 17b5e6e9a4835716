"""Checks of lesson 06, first and last part: counting steps and rates, and reading loss curves."""

from collections.abc import Mapping
from typing import Any

from hf_tutorial.checks.answers import named_numbers, shown
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

_NAMES = ("steps", "last batch", "warm-up", "first rate", "rate")
_EXPECTED = f"a dictionary with the keys {', '.join(map(repr, _NAMES[:-1]))} and {_NAMES[-1]!r}"


@exercise("06.1", expects=_EXPECTED)
def steps_and_rates(answer: object, loader: Any, epochs: int, peak: float) -> str:
    found = _read(answer)
    rows, size = len(loader.dataset), loader.batch_size
    steps = epochs * len(loader)
    right = {
        "steps": steps,
        "last batch": rows - size * (len(loader) - 1),
        "warm-up": steps // 10,
        "first rate": 0.0,
        "rate": peak / 2,
    }
    reasons = {
        "steps": _of_steps(rows, size, epochs),
        "last batch": _of_last_batch(rows, size, epochs),
        "warm-up": _of_warm_up(steps),
        "first rate": {"the rate is highest at the end of the warm-up, and this is its beginning.": peak},
        "rate": _of_rate(peak, steps),
    }
    for name in _NAMES:
        _judge(name, found[name], right[name], reasons[name])
    return "The steps of all epochs, the smaller last batch, and a rate that begins at zero."


def _read(answer: object) -> dict[str, float]:
    if not isinstance(answer, dict) or not set(_NAMES) <= set(answer):
        raise Wrong(f"Expected {_EXPECTED}, but got {shown(answer)}.")
    return named_numbers(answer, _NAMES)


def _judge(name: str, found: float, right: float, reasons: Mapping[str, float]) -> None:
    close = 1e-6 * max(abs(right), 1e-3)
    if abs(found - right) <= close:
        return
    for reason, value in reasons.items():
        if abs(found - value) <= close:
            raise Wrong(f"{name!r}: {reason}")
    raise Wrong(f"{name!r}: {_GENERAL[name]} Got {found:g}.")


_GENERAL = {
    "steps": "how many batches has an epoch, the smaller last one included, and how many epochs are there?",
    "last batch": "how many reviews are left when all full batches of one epoch are taken?",
    "warm-up": "a tenth of all steps, rounded down.",
    "first rate": "where does the line of the schedule begin?",
    "rate": "the rate rises in a straight line from zero. Which part of the warm-up is over at this step?",
}


def _of_steps(rows: int, size: int, epochs: int) -> dict[str, float]:
    full = rows // size
    return {
        "these are the full batches alone. The reviews that are left make a smaller one, and it is a step too.": full
        * epochs,
        "this lets one epoch run into the next. Each epoch ends with a batch of its own, however small.": -(
            -rows * epochs // size
        ),
        "these are the steps of one epoch.": full + (rows % size > 0),
        "this is no whole number. Each epoch ends with a batch of its own, however small.": rows * epochs / size,
        "these are the reviews. A step takes a whole batch of them.": rows * epochs,
    }


def _of_last_batch(rows: int, size: int, epochs: int) -> dict[str, float]:
    return {
        "nothing is thrown away, unless you ask for it with `drop_last=True`. What is left over?": 0,
        "these are so many as in a full batch. Is there enough for another full one?": size,
        "this lets one epoch run into the next. Each epoch begins anew.": rows * epochs % size,
    }


def _of_warm_up(steps: int) -> dict[str, float]:
    return {
        "half a step is none: round down.": steps / 10,
        "rounded up. Here it is rounded down, as `//` does.": steps // 10 + 1,
        "this is a tenth as a share. How many steps are that?": 0.1,
        "these are all the steps.": steps,
    }


def _of_rate(peak: float, steps: int) -> dict[str, float]:
    warm, halfway = steps // 10, steps // 10 // 2
    return {
        "this is the highest rate, which is reached when the warm-up ends.": peak,
        "this is the rate of a schedule without warm-up. It first has to rise.": peak * (steps - halfway) / steps,
        "this is one step later. The first step, number 0, has the rate 0.": peak * (halfway + 1) / warm,
        "this is one step earlier. Steps are counted from 0, as in the lesson.": peak * (halfway - 1) / warm,
        "this rises as if the warm-up took all the steps.": peak * halfway / steps,
    }


_CAUSES = "ABCDE"
_RIGHT = {1: "C", 2: "E", 3: "A", 4: "D", 5: "B"}
_HINTS = {
    1: "its training loss falls to almost nothing, while its validation loss turns and rises above where it began.",
    2: "its training loss falls calmly, as in run 3, and its validation loss climbs by nearly the same amount in each "
    "epoch. Subtract from each of its numbers the one before, and compare with run 3.",
    3: "both losses fall, and the validation loss is still falling at the end.",
    4: "its training loss goes *up* first, far above ln 2, and its validation loss jumps from epoch to epoch.",
    5: "neither of its losses moves. Both stay where somebody is who knows nothing.",
}


@exercise("06.5", expects="a dictionary with a letter for each run, such as {1: 'A'}")
def reading_curves(answer: object) -> str:
    found = _read_causes(answer)
    for run, cause in found.items():
        if cause != _RIGHT[run]:
            raise Wrong(f"Run {run} is not {cause}: {_HINTS[run]}")
    return "Three of the five are bugs or wrong settings that you see in the first epochs, before you have waited."


def _read_causes(answer: object) -> dict[int, str]:
    if not isinstance(answer, dict) or set(answer) != set(_RIGHT):
        raise Wrong(f"Expected a dictionary with the keys 1 to 5 and a letter for each, but got {shown(answer)}.")
    found = {run: answer[run].strip().upper() if isinstance(answer[run], str) else "" for run in _RIGHT}
    for run, cause in found.items():
        if cause not in tuple(_CAUSES):
            raise Wrong(f"Run {run} needs one of the letters {', '.join(_CAUSES)}; got {shown(answer[run])}.")
    if len(set(found.values())) < len(found):
        raise Wrong("One letter stands twice: each of the five causes belongs to one run.")
    return found
