"""What stands in the place of `check` while the solution runs: it keeps each answer and its context as they are then.

At every check the process forks. The fork keeps the moment: it waits for questions of the grader, and has each answered by
a fork of its own, so that no answer of a submission can leave a trace that the next one meets.
"""

import os
import socket
from functools import partial
from typing import Any

from hf_tutorial.checks.verdict import Verdict
from hf_tutorial.grading import codec, digests, frames, judging
from hf_tutorial.grading.forks import in_fork, work_and_leave

_KEPT = "The answer and its context are kept."


class Keeper:
    """A `check` that keeps the moment of every check, and hands the grader a channel to it."""

    def __init__(self, channel: socket.socket, own: dict[str, list[str]], seconds: int) -> None:
        self._channel = channel
        self._own = own
        self._seconds = seconds

    def __call__(self, exercise: str, answer: object, **context: object) -> Verdict:
        ours, theirs = socket.socketpair()
        if os.fork() == 0:
            theirs.close()
            self._channel.close()
            work_and_leave(lambda: self._serve(ours, exercise, answer, context), 0)
        ours.close()
        frames.send(self._channel, {"type": "kept", "exercise": exercise, "data": codec.is_data(answer)})
        socket.send_fds(self._channel, [b"."], [theirs.fileno()])
        theirs.close()
        return Verdict(exercise, "not done yet", _KEPT)

    def _serve(self, channel: socket.socket, exercise: str, answer: object, context: dict[str, object]) -> None:
        """Answer questions until the grader closes the channel."""
        while (question := frames.receive(channel)) is not None:
            in_fork(partial(self._answer, channel, question, exercise, answer, context), self._seconds)
            frames.send(channel, {"type": "end"})

    def _answer(
        self,
        channel: socket.socket,
        question: dict[str, Any],
        exercise: str,
        answer: object,
        context: dict[str, object],
    ) -> None:
        found = judging.find(exercise, question["hidden"])
        if question["type"] == "describe":
            frames.send(channel, self._describe(found, exercise, context))
            return
        given = codec.decode(question["answer"]) if "answer" in question else _as_sent(answer)
        outcomes = judging.judge_all(found, question["order"], given, context, question["student"])
        frames.send(channel, {"type": "verdict", "outcomes": outcomes})

    def _describe(self, found: Any, exercise: str, context: dict[str, object]) -> dict[str, Any]:
        expects = None if found is None else found.expects
        return {
            "type": "description",
            "expects": expects,
            "digests": digests.digest(context, self._own.get(exercise, ())),
        }


def _as_sent(answer: object) -> object:
    """Return the solution's own answer as a submission's would arrive."""
    return codec.decode(codec.encode(answer)) if codec.is_data(answer) else answer
