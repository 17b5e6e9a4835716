"""The solution, executed once for a grading run: it judges data, and says what a submission's context should be.

Its process keeps the moment of every check (`serving`). The solution is executed twice, with two seeds: whatever differs
between the two is left to chance, such as the weights of a new head, and is not compared.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hf_tutorial.errors import HfTutorialError
from hf_tutorial.grading import frames
from hf_tutorial.grading.box import Box, Boxes, started
from hf_tutorial.grading.digests import Digests, different
from hf_tutorial.grading.judging import ANSWER, CONTROLS
from hf_tutorial.grading.notebook import Notebook

_OTHER_SEED = 4_711
_NOT_PRELOADED = ("__", "hf_tutorial.grading", "hidden_checks_")
_STUMBLED = {"outcome": "wrong", "message": "The check of this answer did not come to an end.", "credit": 0.0}


class SolutionError(HfTutorialError):
    """The solution does not run, or is not right by its own checks: nothing can be graded by it."""


@dataclass
class Exercise:
    """What the solution says about one exercise."""

    name: str
    is_data: bool
    expects: str = ""
    digests: Digests = field(default_factory=dict)
    varying: set[str] = field(default_factory=set)
    controls: list[str] = field(default_factory=list)


class Reference:
    """The running solution of one lesson."""

    def __init__(self, notebook: Notebook, hidden: Mapping[str, str], seconds: int) -> None:
        self.notebook = notebook
        self.hidden = dict(hidden)
        self.own = notebook.own_context()
        self.exercises: dict[str, Exercise] = {}
        # Cells that raise an error on purpose, to show it.
        self.failing: set[str] = set()
        # What the solution has imported by its end: a submission can have it from its beginning.
        self.modules: list[str] = []
        self._seconds = seconds
        self._moments: dict[str, socket.socket] = {}
        self._locks: dict[str, threading.Lock] = {}

    def data_exercises(self) -> list[str]:
        return [one.name for one in self.exercises.values() if one.is_data]

    def judge_data(self, exercise: str, encoded: Any, student: str | None) -> dict[str, Any]:
        """Return outcome, message and credit of an answer that a submission has sent."""
        question = {"type": "judge", "answer": encoded, "order": [ANSWER], "student": student}
        return self._ask(exercise, question).get("outcomes", [_STUMBLED])[0]

    def differences(self, exercise: str, found: Digests) -> set[str]:
        """Return where a submission's context differs from what the course's cells make."""
        known = self.exercises[exercise]
        return {path for path in different(found, known.digests) if path not in known.varying}

    def _ask(self, exercise: str, question: dict[str, Any]) -> dict[str, Any]:
        """Ask the moment of one check; an answer that stops the check gives an empty reply."""
        channel = self._moments[exercise]
        with self._locks[exercise]:
            frames.send(channel, {"hidden": self.hidden, **question})
            reply: dict[str, Any] = {}
            while (message := frames.receive(channel)) is not None:
                if message["type"] == "end":
                    return reply
                reply = message
        raise SolutionError(f"the solution's process for exercise {exercise} has ended")

    def _listen(self, box: Box) -> None:
        """Follow the run of the solution to its end, and keep the channel to every check."""
        box.channel.settimeout(self._seconds)
        errors: list[str] = []
        while (message := self._next(box)) is not None and message["type"] != "done":
            if message["type"] == "kept":
                self._keep(box.channel, message)
            elif message["type"] == "cell" and message["error"]:
                self.failing.add(self.notebook.shared[message["number"]])
                errors.append(f"code cell {message['number'] + 1}: {message['error']}")
        if message is not None:
            self.modules = [name for name in message["modules"] if not name.startswith(_NOT_PRELOADED)]
        missing = [name for name in self.notebook.exercises if name not in self.exercises]
        if message is None or missing:
            reason = "; ".join(errors) or box.last_errors() or "it has ended before its last cell"
            raise SolutionError(f"the solution {self.notebook.path} does not run to its end: {reason}")

    def _next(self, box: Box) -> dict[str, Any] | None:
        try:
            return frames.receive(box.channel)
        except TimeoutError:
            raise SolutionError(
                f"the solution {self.notebook.path} takes more than {self._seconds} s: raise --time"
            ) from None

    def _keep(self, channel: socket.socket, message: dict[str, Any]) -> None:
        name = message["exercise"]
        _, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
        with contextlib.suppress(KeyError):
            self._moments.pop(name).close()
        self._moments[name] = socket.socket(fileno=descriptors[0])
        self._locks[name] = threading.Lock()
        self.exercises[name] = Exercise(name, is_data=message["data"] and not self.own.get(name))

    def _describe(self, exercise: Exercise) -> None:
        described = self._ask(exercise.name, {"type": "describe"})
        if described.get("expects") is None:
            raise SolutionError(
                f"exercise {exercise.name} of {self.notebook.path} has no check: name the folder that has it, --checks"
            )
        exercise.expects, exercise.digests = described["expects"], described["digests"]

    def _calibrate(self, exercise: Exercise) -> None:
        """Make sure that the solution is right, and find the controls that its check calls wrong."""
        order = [ANSWER] if exercise.is_data else ["an object", ANSWER, *CONTROLS]
        question: dict[str, Any] = {"type": "judge", "order": order, "student": None}
        outcomes = self._ask(exercise.name, question).get("outcomes", [_STUMBLED] * len(order))
        own = outcomes[order.index(ANSWER)]
        if own["outcome"] != "right":
            raise SolutionError(
                f"the solution of exercise {exercise.name} in {self.notebook.path} is {own['outcome']} by its own check: "
                f"{own['message']}"
            )
        if not exercise.is_data:
            judged = dict(zip(order[2:], outcomes[2:], strict=True))
            exercise.controls = [name for name, outcome in judged.items() if outcome["outcome"] != "right"]
            if not exercise.controls:
                raise SolutionError(f"the check of exercise {exercise.name} calls everything right")

    def close(self) -> None:
        for channel in self._moments.values():
            channel.close()


@contextlib.contextmanager
def running(boxes: Boxes, notebook: Notebook, hidden: Mapping[str, str]) -> Iterator[Reference]:
    """Execute the solution and yield it as a `Reference`, which answers until the block ends."""
    with _executed(boxes, notebook, hidden, seed=None) as reference:
        exercises = reference.exercises.values()
        for exercise in exercises:
            reference._describe(exercise)
        if any(exercise.digests for exercise in exercises if not exercise.is_data):
            with _executed(boxes, notebook, hidden, seed=_OTHER_SEED) as other:
                for exercise in exercises:
                    other._describe(other.exercises[exercise.name])
                    exercise.varying = different(other.exercises[exercise.name].digests, exercise.digests)
        for exercise in exercises:
            reference._calibrate(exercise)
        yield reference


@contextlib.contextmanager
def _executed(boxes: Boxes, notebook: Notebook, hidden: Mapping[str, str], seed: int | None) -> Iterator[Reference]:
    reference = Reference(notebook, hidden, boxes.limits.time)
    job = {
        "role": "reference",
        "notebook": notebook.bare(),
        "cells": notebook.shared,
        "preload": notebook.modules,
        "own": reference.own,
        "data": [],
        "seed": seed,
    }
    with started(boxes, **job) as box:
        try:
            reference._listen(box)
            yield reference
        finally:
            reference.close()
