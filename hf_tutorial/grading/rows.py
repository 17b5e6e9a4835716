"""From submissions and what came of them to one row for each student."""

from collections.abc import Mapping
from pathlib import Path

from hf_tutorial.grading.collecting import Collection, Submission, copies
from hf_tutorial.grading.execution import Execution
from hf_tutorial.grading.results import Grades, Row
from hf_tutorial.grading.roster import Roster

_NAMED = 3


def rows_of(collection: Collection, roster: Roster, executed: Mapping[Path, Execution]) -> list[Row]:
    """Return a row for everybody on the roster, in its order, then one for each sender who is not on it."""
    rows = {student.id: Row(student) for student in roster.students}
    for one in collection.counting:
        row = rows.setdefault(one.student.id if one.known else f"\0{one.student.id}", Row(one.student))
        _add(row, one, collection.replaced[one.path], executed.get(one.path))
    return list(rows.values())


def _add(row: Row, one: Submission, replaced: list[Submission], execution: Execution | None) -> None:
    row.places.append(one.place)
    if one.sender.late:
        row.remarks.append(f"{one.place} was late")
    row.remarks += [f"{older.place} was replaced by {one.place}, which is newer" for older in replaced]
    if one.problem:
        row.remarks.append(f"{one.place}: {one.problem}")
    if one.notebook is not None and (found := one.notebook.suspicious()):
        row.private.append(f"{one.place} mentions {', '.join(found)}")
    if execution is None:
        return
    row.findings.update(execution.findings)
    row.failed += [f"{one.place}, code cell {place + 1}: {error}" for place, error in sorted(execution.failed.items())]
    row.remarks += [f"{one.place}: {remark}" for remark in execution.remarks]
    row.flags += execution.flags
    row.seconds += execution.seconds


def add_remarks(grades: Grades, collection: Collection, verified: bool) -> None:
    """Say what concerns more than one student, and what belongs to nobody."""
    grades.notes += [f"{place} is an archive, which was not unpacked" for place in collection.archives]
    grades.notes += [f"{name} has points, but was not graded" for name in grades.points if name not in grades.exercises]
    if verified:
        grades.notes += [f"{one.place} matches nobody on the roster" for one in collection.unmatched]
    by_place = {place: row for row in grades.rows for place in row.places}
    for group in copies(collection.counting):
        rows = [by_place[one.place] for one in group]
        # Nobody copies what is not done.
        if any(finding.credit for finding in rows[0].findings.values()):
            for one, row in zip(group, rows, strict=True):
                others = [other.place for other in group if other.student.id != one.student.id]
                row.private.append(f"{one.place} has the same answers as {_listed(others)}")


def _listed(places: list[str]) -> str:
    more = f" and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
    return ", ".join(places[:_NAMED]) + more
