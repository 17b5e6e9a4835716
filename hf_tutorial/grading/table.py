"""`grades.csv`: one row for each student, one column for each exercise."""

import csv
import io
from collections.abc import Iterable

from hf_tutorial.grading.results import Grades, number

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(grades: Grades) -> str:
    """Return the table. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    header = ["student id", "name", "submission", *grades.exercises, "total", "out of", "remarks"]
    writer.writerow(safe(header))
    for row in grades.rows:
        points = [number(grades.earned(row, exercise)) for exercise in grades.exercises]
        total = [number(grades.total(row)), number(grades.out_of)]
        whose = [row.student.id, row.student.name, "; ".join(row.places)]
        writer.writerow(safe([*whose, *points, *total, "; ".join(row.all_remarks())]))
    return text.getvalue()


def safe(cells: Iterable[str]) -> list[str]:
    """Return the cells on one line each, and so that none is taken for a formula.

    >>> safe(["=1+1", "Ada", "two\\nlines"])
    ["'=1+1", 'Ada', 'two lines']
    """
    plain = ["".join(sign if sign.isprintable() else " " for sign in cell) for cell in cells]
    return [f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell for cell in plain]
