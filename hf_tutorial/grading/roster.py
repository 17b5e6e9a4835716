"""The roster: who is in the course, from a CSV file as Canvas, Moodle or a spreadsheet writes it."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from hf_tutorial.errors import InputError
from hf_tutorial.grading.names import Sender, forms, plain

# In the order in which they are preferred as the id of a student.
_ID_COLUMNS = (
    *("studentid", "sisuserid", "idnumber", "orgdefinedid", "matriculationnumber", "studentnumber"),
    *("username", "sisloginid", "id", "email", "emailaddress"),
)
_NAME_COLUMNS = ("name", "student", "fullname", "studentname")
_GIVEN_COLUMNS = ("firstname", "givenname", "forename")
_FAMILY_COLUMNS = ("lastname", "surname", "familyname")
_NO_STUDENTS = ("points possible", "student, test")
_SHORTEST_NAME = 5


@dataclass(frozen=True)
class Student:
    """One student; `ids` are all ids by which a file may name them."""

    id: str
    name: str
    ids: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True)
class Roster:
    """All students of a course. An empty roster knows nobody, and takes everybody by the name of the file."""

    students: tuple[Student, ...] = ()

    def find(self, sender: Sender) -> Student | None:
        """Return the one student who can have sent a file, or None."""
        tests = (
            [sender.number],
            [sender.name],
            _parts(sender.name),
            _parts(sender.file),
        )
        for candidates in tests:
            wanted = {plain(text) for text in candidates} - {""}
            if found := self._only(student for student in self.students if student.ids & wanted):
                return found
        return self._by_name(plain(sender.name)) or self._by_name(plain(sender.file))

    def _by_name(self, text: str) -> Student | None:
        exact = [student for student in self.students if text in forms(student.name)]
        return self._only(exact) if exact else self._only(self._contained(text))

    def _contained(self, text: str) -> list[Student]:
        """Return the students whose name is part of a text."""
        names = {
            student: {form for form in forms(student.name) if len(form) >= _SHORTEST_NAME} for student in self.students
        }
        return [student for student, written in names.items() if any(form in text for form in written)]

    @staticmethod
    def _only(students: Iterable[Student]) -> Student | None:
        found = list(students)
        return found[0] if len(found) == 1 else None


def _parts(text: str) -> list[str]:
    return text.replace("-", "_").replace(" ", "_").split("_")


def read_roster(path: Path) -> Roster:
    """Read the roster, or raise InputError that says which columns it takes."""
    rows = read_table(path, "the roster")
    columns = {plain(column): column for column in (rows[0] if rows else {})}
    ids = [columns[name] for name in _ID_COLUMNS if name in columns]
    if not rows or not (ids or _name_columns(columns)):
        raise InputError(
            f"the roster {path} has no column for an id or a name: it has {', '.join(columns.values()) or 'no rows'}. "
            "Expected Student ID, SIS User ID, ID or Email, and Name, Student, or First name and Surname."
        )
    students = [student for row in rows if (student := _student(row, ids, _name_columns(columns)))]
    twice = sorted({one.id for one in students if sum(one.id == other.id for other in students) > 1})
    if twice:
        raise InputError(
            f"the roster {path} has {', '.join(twice)} more than once; every student needs an id of their own."
        )
    return Roster(tuple(students))


def _name_columns(columns: dict[str, str]) -> list[str]:
    """Return the column of the whole name, or those of its two parts."""
    whole = [columns[name] for name in _NAME_COLUMNS if name in columns]
    parts = [columns[name] for names in (_GIVEN_COLUMNS, _FAMILY_COLUMNS) for name in names if name in columns]
    return whole[:1] or parts


def _student(row: dict[str, str], ids: list[str], names: list[str]) -> Student | None:
    name = " ".join(row[column] for column in names if row[column])
    found = [row[column] for column in ids if row[column]]
    if name.casefold().startswith(_NO_STUDENTS) or not (found or name):
        return None
    written = {plain(text) for text in found} | {plain(text.partition("@")[0]) for text in found if "@" in text}
    return Student((found or [name])[0], name, frozenset(written - {""}))


def read_table(path: Path, what: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file with commas, semicolons or tabs; a byte order mark makes no difference."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{what} {path} is not in UTF-8: save it again as “CSV UTF-8”.") from error
    except OSError as error:
        raise InputError(f"{what} {path} cannot be read ({error.strerror}).") from error
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [{(key or "").strip(): _text(value) for key, value in row.items()} for row in reader]


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def read_points(path: Path) -> dict[str, float]:
    """Read how many points each exercise is worth, from a CSV file with the columns `exercise` and `points`."""
    points = {}
    for row in read_table(path, "the table of points"):
        found = {plain(key): value for key, value in row.items()}
        try:
            points[found["exercise"]] = float(found["points"].replace(",", "."))
        except (KeyError, ValueError) as error:
            raise InputError(
                f"the table of points {path} needs the columns exercise and points, with a number in each row; got {row}."
            ) from error
        if not 0 <= points[found["exercise"]] < 1e6:
            raise InputError(f"{path} gives {found['exercise']} {found['points']} points; expected 0 or more.")
    return points
