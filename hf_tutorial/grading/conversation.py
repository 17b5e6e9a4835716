"""What the grader believes of what a submission's process says: answers, and verdicts with the token of their question.

Every message is checked for its form; what has none is counted and otherwise passed over. Nothing that is printed or
stored in the notebook is ever looked at. A question that gets no verdict leaves the exercise wrong: its check did not
come to an end.
"""

import secrets
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Any

from hf_tutorial.grading.judging import ANSWER
from hf_tutorial.grading.reference import Reference
from hf_tutorial.grading.settings import CELL_ERROR_LENGTH, CHECKS_OF_ONE, MESSAGE_LENGTH

_OUTCOMES = ("right", "wrong", "not done yet")
_UNFINISHED = "The check of this answer did not come to an end: it takes too long, or ends its own process."
_TAMPERED = "What judges the answers has been changed by this notebook, so that the answer cannot be judged."


@dataclass
class Finding:
    """What was found for one exercise. `flags` are for the eye of whoever grades."""

    outcome: str
    message: str
    credit: float = 0.0


@dataclass
class Question:
    """A question that a fork of the submission has been asked, and what makes its reply valid."""

    exercise: str
    order: list[str]


@dataclass
class Conversation:
    """One submission's answers, as far as they have arrived."""

    reference: Reference
    student: str | None
    findings: dict[str, Finding] = field(default_factory=dict)
    answers: dict[str, tuple[Any, str | None]] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    done: bool = False
    ready: bool = False
    _questions: dict[str, Question] = field(default_factory=dict)
    _asked: dict[str, int] = field(default_factory=dict)
    _strays: int = 0

    def take(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """Take one message; return the reply that it asks for, if any."""
        try:
            return self._take(message)
        except (KeyError, TypeError, ValueError, AttributeError):
            self.stray()
            return None

    def stray(self) -> None:
        """Count what is no message of ours."""
        self._strays += 1
        if self._strays == 1:
            self.flag("its process wrote to the grader what our code does not write")

    def flag(self, text: str) -> None:
        if text not in self.flags:
            self.flags.append(text)

    def _take(self, message: dict[str, Any]) -> dict[str, Any] | None:
        match message["type"]:
            case "ready" if not self.ready:
                self.ready = True
            case "done":
                self.done = True
            case "cell":
                self._cell(message["number"], message["error"])
            case "answer":
                self._answer(message["exercise"], message["answer"], message["student"])
            case "judge":
                return self._judge(message["exercise"], message["nonce"])
            case "verdict":
                self._verdict(message)
            case _:
                self.stray()
        return None

    def _cell(self, number: int, error: str) -> None:
        if type(number) is not int or type(error) is not str:
            raise ValueError
        if error and len(self.failed) < 200:
            self.failed[number] = error[:CELL_ERROR_LENGTH]

    def _known(self, exercise: str) -> bool:
        if exercise in self.reference.exercises:
            return True
        if type(exercise) is str and len(self.unknown) < 20:
            self.unknown.add(exercise[:40])
        return False

    def _answer(self, exercise: str, encoded: Any, claimed: str | None) -> None:
        if type(encoded) is not list or (claimed is not None and type(claimed) is not str):
            raise ValueError
        if self._known(exercise) and self.reference.exercises[exercise].is_data:
            self.answers[exercise] = encoded, claimed
        elif self._known(exercise):
            raise ValueError

    def _judge(self, exercise: str, nonce: str) -> dict[str, Any] | None:
        refused: dict[str, Any] = {"nonce": nonce, "token": "", "order": [], "hidden": {}, "student": None}
        if not self._known(exercise) or self.reference.exercises[exercise].is_data:
            return refused
        self._asked[exercise] = self._asked.get(exercise, 0) + 1
        if self._asked[exercise] > CHECKS_OF_ONE:
            self.flag(f"it has {exercise} checked more than {CHECKS_OF_ONE} times; the rest was passed over")
            return refused
        order = _shuffled(self.reference.exercises[exercise].controls)
        token = secrets.token_hex(16)
        # One question at a time: an older one can no longer be answered.
        self._questions = {token: Question(exercise, order)}
        self.findings[exercise] = Finding("wrong", _UNFINISHED)
        hidden = self.reference.hidden
        return {"nonce": nonce, "token": token, "order": order, "hidden": hidden, "student": self.student}

    def _verdict(self, message: dict[str, Any]) -> None:
        outcomes, digests, patched = message["outcomes"], message["digests"], message["patched"]
        question = self._questions.pop(message["token"], None)
        if question is None or not _well_formed(outcomes, digests, patched, len(question.order)):
            raise ValueError
        exercise = question.exercise
        if patched:
            self.flag(f"before {exercise} it had changed {', '.join(map(str, patched))[:200]}, which was undone")
        judged = dict(zip(question.order, outcomes, strict=True))
        answer = judged.pop(ANSWER)
        tampered = any(control["outcome"] == "right" for control in judged.values())
        # With another context a control may well be right: what is wrong then is the context.
        changed = sorted({path.partition(".")[0] for path in self.reference.differences(exercise, digests)})
        if changed and answer["outcome"] != "not done yet":
            self.findings[exercise] = self._other_context(exercise, changed, answer)
        elif tampered:
            self.flag(f"tampered: the check of {exercise} calls an answer right that is certainly wrong")
            self.findings[exercise] = Finding("tampered", _TAMPERED)
        else:
            credit = 1.0 if answer["outcome"] == "right" else answer["credit"]
            self.findings[exercise] = Finding(answer["outcome"], answer["message"], credit)

    def _other_context(self, exercise: str, changed: list[str], answer: dict[str, Any]) -> Finding:
        """Flag a context that is not what the notebook's own cells make, and say so."""
        names = ", ".join(f"`{name}`" for name in changed)
        self.flag(f"{exercise} was checked with another {names} than the notebook's own cells make")
        return Finding(
            "wrong",
            f"The check got another {names} than the notebook's own cells make, so that the answer cannot be judged. Was "
            f"it changed or made anew? On its own the check said: {answer['outcome']}. {answer['message']}",
        )

    def end(self) -> None:
        """Have the data judged, now that all of it has arrived; what never arrived is not done."""
        for exercise, (encoded, claimed) in self.answers.items():
            judged = self.reference.judge_data(exercise, encoded, self.student or claimed)
            self.findings[exercise] = Finding(judged["outcome"], judged["message"], judged["credit"])
        for exercise in self.reference.exercises:
            self.findings.setdefault(exercise, Finding("not done yet", "The check of this exercise was never called."))


def _shuffled(controls: list[str]) -> list[str]:
    """Return the answer between two of the controls: what is changed before it and what it changes both show."""
    chance = SystemRandom()
    return [chance.choice(controls), ANSWER, chance.choice(controls)]


def _well_formed(outcomes: Any, digests: Any, patched: Any, count: int) -> bool:
    return (
        type(outcomes) is list
        and len(outcomes) == count
        and all(map(_is_outcome, outcomes))
        and type(digests) is dict
        and all(type(text) is str for text in digests.values())
        and type(patched) is list
    )


def _is_outcome(outcome: Any) -> bool:
    return (
        type(outcome) is dict
        and outcome.keys() == {"outcome", "message", "credit"}
        and outcome["outcome"] in _OUTCOMES
        and type(outcome["message"]) is str
        and len(outcome["message"]) <= MESSAGE_LENGTH
        and type(outcome["credit"]) in (int, float)
        and 0 <= outcome["credit"] <= 1
    )
