"""What grading has found, as plain data: one row for each student, and figures for each exercise."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hf_tutorial.grading.conversation import Finding
from hf_tutorial.grading.roster import Student
from hf_tutorial.grading.settings import Limits

ABSENT = Finding("not submitted", "")


@dataclass
class Row:
    """One student: the files that count, what was found for each exercise, and remarks.

    `private` remarks are for whoever grades, and stand in no feedback.
    """

    student: Student
    places: list[str] = field(default_factory=list)
    findings: dict[str, Finding] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def finding(self, exercise: str) -> Finding:
        return self.findings.get(exercise, ABSENT)

    def all_remarks(self) -> list[str]:
        return [*(f"LOOK: {flag}" for flag in self.flags), *self.remarks, *self.private]


@dataclass
class Grades:
    """Everything that the files are written from."""

    exercises: list[str]
    points: Mapping[str, float]
    limits: Limits
    isolated: bool
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def out_of(self) -> float:
        return sum(self.worth(exercise) for exercise in self.exercises)

    def worth(self, exercise: str) -> float:
        return self.points.get(exercise, 1.0)

    def earned(self, row: Row, exercise: str) -> float:
        return row.finding(exercise).credit * self.worth(exercise)

    def total(self, row: Row) -> float:
        return sum(self.earned(row, exercise) for exercise in self.exercises)

    def outcomes(self, exercise: str) -> Counter[str]:
        """Return how many students have which outcome."""
        return Counter(row.finding(exercise).outcome for row in self.rows)

    def diagnoses(self, exercise: str, most: int = 3) -> list[tuple[str, int]]:
        """Return the most frequent messages about wrong answers, the most frequent first."""
        messages = Counter(_wrong(row.finding(exercise) for row in self.rows))
        return sorted(messages.items(), key=lambda item: (-item[1], item[0]))[:most]


def _wrong(findings: Iterable[Finding]) -> list[str]:
    return [finding.message for finding in findings if finding.outcome == "wrong"]


def number(value: float) -> str:
    """Return points without needless zeros.

    >>> number(2.0), number(1 / 3)
    ('2', '0.33')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")
