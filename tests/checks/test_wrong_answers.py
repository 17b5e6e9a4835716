"""Every exercise, answered wrongly in the three likeliest ways, in its own notebook: each gets a diagnosis that fits."""

import gc
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
import pytest
import solved_notebook
from wrong_answers import WrongAnswer, all_wrong_answers

from hf_tutorial.checks.registry import all_exercises
from hf_tutorial.checks.verdict import Verdict
from tools.notebooks import Project

SOLUTIONS = sorted((Project().notebooks / "solutions").glob("*.ipynb"))
WRONG = all_wrong_answers()


def test_every_exercise_has_at_least_three_wrong_answers_and_no_other_has_any():
    assert {name: len(answers) >= 3 for name, answers in WRONG.items()} == dict.fromkeys(all_exercises(), True)


@pytest.mark.standins
@pytest.mark.parametrize("notebook", SOLUTIONS, ids=lambda path: path.stem[:2])
def test_wrong_answers_get_a_fitting_diagnosis(notebook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with _surroundings():
        names, cells = solved_notebook.namespace_after_setup(), list(solved_notebook.cells(notebook))
        faults = [fault for cell in cells for fault in _faults(cell, names)]
        names.clear()
    gc.collect()
    asked = [cell.exercise for cell in cells if cell.exercise]
    assert asked == [name for name in all_exercises() if name.startswith(notebook.stem[:2])]
    assert not faults, "\n\n".join(faults)


@contextmanager
def _surroundings() -> Iterator[None]:
    """Draw without a window, and take back afterwards what notebooks set: figures, print options, logs."""
    import numpy
    import torch
    from matplotlib import pyplot
    from transformers.utils import logging

    backend, verbosity = matplotlib.get_backend(), logging.get_verbosity()
    pyplot.switch_backend("agg")
    try:
        with matplotlib.rc_context(), numpy.printoptions():
            yield
    finally:
        torch.set_printoptions(profile="default")
        logging.set_verbosity(verbosity)
        pyplot.close("all")
        pyplot.switch_backend(backend)


def _faults(cell: solved_notebook.Cell, names: dict[str, Any]) -> Iterator[str]:
    """Run the cell solved, then with each wrong answer in a copy of its names; yield what is amiss with the verdicts."""
    state, before = _random_state(), dict(names)
    solved = cell.run(names)
    if cell.exercise is None:
        return
    if not isinstance(solved, Verdict) or solved.outcome != "right":
        yield f"{cell.place}: the solution is not judged right: {solved!r}"
    after, verdicts = _random_state(), []
    for wrong in WRONG.get(cell.exercise, ()):
        _set_random_state(state)
        try:
            verdicts.append(cell.answered(wrong.write).run(dict(before)))
        except Exception as error:
            yield f"{cell.place}, {wrong.why}: it raises {error!r} before its check"
            continue
        yield from _why_not_fitting(cell, wrong, verdicts[-1])
    _set_random_state(after)
    for message, times in Counter(verdict.message for verdict in verdicts).items():
        if times > 1:
            yield f"{cell.place}: {times} wrong answers get the same diagnosis: {message}"


def _why_not_fitting(cell: solved_notebook.Cell, wrong: WrongAnswer, verdict: Verdict) -> Iterator[str]:
    if verdict.outcome != "wrong":
        yield f"{cell.place}, {wrong.why}: judged {verdict.outcome}: {verdict.message}"
    elif wrong.says not in verdict.message:
        yield f"{cell.place}, {wrong.why}: expected “{wrong.says}” in: {verdict.message}"


def _random_state() -> tuple[Any, ...]:
    import numpy
    import torch

    return random.getstate(), numpy.random.get_state(), torch.get_rng_state()


def _set_random_state(state: tuple[Any, ...]) -> None:
    import numpy
    import torch

    random.setstate(state[0])
    numpy.random.set_state(state[1])
    torch.set_rng_state(state[2])
