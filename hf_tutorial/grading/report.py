"""The report for whoever grades, and the feedback for each student, as documents."""

from hf_tutorial.grading.document import Document, Section, Table
from hf_tutorial.grading.results import Grades, Row, number


def report_of(grades: Grades) -> Document:
    """Describe all grades: what wants an eye first, then the table, then each exercise."""
    sections = [_summary(grades), *_flagged(grades), *_notes(grades), _everybody(grades)]
    return Document("Grades", [*sections, *(_exercise(grades, name) for name in grades.exercises), _limits(grades)])


def _summary(grades: Grades) -> Section:
    present = [row for row in grades.rows if row.places]
    sentences = [
        f"{len(grades.rows)} students, of whom {len(present)} have submitted something. "
        f"{len(grades.exercises)} exercises, {number(grades.out_of)} points in all."
    ]
    if present:
        mean = sum(map(grades.total, present)) / len(present)
        sentences.append(f"Those who have submitted have {number(mean)} points on average.")
    return Section("Summary", sentences, points=[f"Could not be graded: {failure}" for failure in grades.failures])


def _flagged(grades: Grades) -> list[Section]:
    points = [f"{_whose(row)}: {flag}" for row in grades.rows for flag in row.flags]
    if not points:
        return []
    sentence = (
        "These want the eye of a person. A flag is no verdict: a harmless cell may raise it, and code beside a check can "
        "in the end do anything without raising one."
    )
    return [Section("To look at", [sentence], points=points)]


def _notes(grades: Grades) -> list[Section]:
    remarks = [f"{_whose(row)}: {text}" for row in grades.rows for text in (*row.remarks, *row.private)]
    points = [*grades.notes, *remarks]
    return [Section("Remarks", points=points)] if points else []


def _everybody(grades: Grades) -> Section:
    header = ["student", "name", *grades.exercises, "total"]
    rows = [
        [
            row.student.id,
            row.student.name,
            *(_mark(grades, row, name) for name in grades.exercises),
            _total(grades, row),
        ]
        for row in grades.rows
    ]
    return Section("Everybody", table=Table(header, rows, frozenset([*grades.exercises, "total"])))


def _mark(grades: Grades, row: Row, exercise: str) -> str:
    finding = row.finding(exercise)
    if finding.outcome in ("not submitted", "not done yet"):
        return "–"
    return number(grades.earned(row, exercise))


def _total(grades: Grades, row: Row) -> str:
    return number(grades.total(row)) if row.places else "–"


def _exercise(grades: Grades, name: str) -> Section:
    counts = grades.outcomes(name)
    order = [outcome for outcome in ("right", "wrong", "not done yet", "tampered", "not submitted") if counts[outcome]]
    sentence = ", ".join(f"{counts[outcome]} {outcome}" for outcome in order) + "."
    points = [f"{count} ×: {message}" for message, count in grades.diagnoses(name)]
    return Section(f"Exercise {name}", [sentence], points=points)


def _limits(grades: Grades) -> Section:
    limits = grades.limits
    kept = (
        "Each submission ran in namespaces of its own: no network but its own loopback, and of the files only Python, "
        "the libraries, the stand-ins and a private folder."
        if grades.isolated
        else "With --unsafe: submissions ran with the rights of whoever graded. Nothing kept them from files or network."
    )
    return Section(
        "How it was graded",
        [
            f"Limits of each submission: {limits.time} s in all, {limits.cell_time} s for each cell and each check, "
            f"{limits.memory} MB of memory. {kept}"
        ],
    )


def _whose(row: Row) -> str:
    return f"{row.student.name} ({row.student.id})" if row.student.name != row.student.id else row.student.name


def feedback_of(grades: Grades, row: Row) -> Document:
    """Describe one student's results for the student: no flags, and nothing about anybody else."""
    header = ["exercise", "outcome", "points", "what the check says"]
    rows = [
        [
            name,
            _outcome(row, name),
            f"{number(grades.earned(row, name))} of {number(grades.worth(name))}",
            row.finding(name).message,
        ]
        for name in grades.exercises
    ]
    total = f"{number(grades.total(row))} of {number(grades.out_of)} points."
    submitted = f"Graded: {', '.join(row.places)}." if row.places else "Nothing was submitted."
    sections = [Section("Result", [total, submitted], Table(header, rows), row.remarks)]
    if row.failed:
        sentence = "The cells ran one after the other, from the first to the last. These did not end well:"
        sections.append(Section("Cells that failed", [sentence], points=row.failed))
    return Document(f"Feedback for {_whose(row)}", sections)


def _outcome(row: Row, exercise: str) -> str:
    finding = row.finding(exercise)
    if finding.outcome == "wrong" and finding.credit:
        return "right in part"
    return "not judged" if finding.outcome == "tampered" else finding.outcome
