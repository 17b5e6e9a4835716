"""`Verdict`: what a check found, as two lines of text and as HTML."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from hf_tutorial.errors import InputError
from hf_tutorial.page import escape

Outcome = Literal["right", "wrong", "not done yet"]

_BORDERS: dict[str, str] = {"right": "solid #1b7f4d", "wrong": "dashed #b3402a", "not done yet": "dotted #767676"}


class Wrong(Exception):  # noqa: N818 (a finding, not an error)
    """The answer is wrong; the message is the diagnosis.

    `credit`, from 0 to less than 1, is what `hf-tutorial grade` gives for a part that is right. `check` does not show it.
    """

    def __init__(self, message: str = "", credit: float = 0.0) -> None:
        super().__init__(message)
        if not 0 <= credit < 1:
            raise InputError(f"credit is {credit}; a wrong answer can have from 0 to less than 1.")
        self.credit = float(credit)


@contextmanager
def part_is_right(credit: float) -> Iterator[None]:
    """Give this credit, at least, for a part that is right when the rest, which the block judges, is wrong."""
    try:
        yield
    except Wrong as reason:
        reason.credit = max(reason.credit, credit)
        raise


class NotDone(Exception):  # noqa: N818
    """There is no answer yet; the message says what is missing."""


@dataclass(frozen=True, repr=False)
class Verdict:
    """The result of a check: `outcome` is "right", "wrong" or "not done yet", `message` says why in a sentence or two.

    `credit` is 1 for what is right, and otherwise what the check has found right in part, 0 as a rule.
    """

    exercise: str
    outcome: Outcome
    message: str
    credit: float = 0.0

    def __post_init__(self) -> None:
        if self.outcome == "right":
            object.__setattr__(self, "credit", 1.0)

    def __repr__(self) -> str:
        return f"{self._heading}\n{self.message}"

    def _repr_html_(self) -> str:
        style = (
            f"border-left: 4px {_BORDERS[self.outcome]}; padding: 0.25em 0.75em; max-width: 50em; white-space: pre-wrap"
        )
        message = re.sub("`([^`]+)`", r"<code>\1</code>", escape(self.message))
        return f'<div style="{style}"><strong>{escape(self._heading)}</strong><br>{message}</div>'

    @property
    def _heading(self) -> str:
        return f"Exercise {self.exercise} · {self.outcome.capitalize()}"
