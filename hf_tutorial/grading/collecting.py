"""Finding the submissions in a folder: whose they are, for which lesson, and which of several counts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hf_tutorial.errors import InputError
from hf_tutorial.grading.names import Sender, plain, sender_of
from hf_tutorial.grading.notebook import Notebook, NotebookError, read
from hf_tutorial.grading.roster import Roster, Student

_JUNK = {"__MACOSX", ".ipynb_checkpoints", ".git", ".venv"}
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz")


@dataclass(frozen=True)
class Submission:
    """One file. `problem` says why it cannot be graded; then there is no notebook or no lesson."""

    path: Path
    place: str
    sender: Sender
    student: Student
    known: bool
    notebook: Notebook | None = None
    lesson: str | None = None
    problem: str = ""

    @property
    def age(self) -> tuple[int, float]:
        """The later of two submissions has the greater age rank: by the platform's count, else by the clock."""
        return self.sender.version, self.path.stat().st_mtime


@dataclass
class Collection:
    """What a folder holds: what counts, what was replaced by something newer, and what was passed over."""

    counting: list[Submission] = field(default_factory=list)
    replaced: dict[Path, list[Submission]] = field(default_factory=dict)
    archives: list[str] = field(default_factory=list)

    @property
    def unmatched(self) -> list[Submission]:
        return [one for one in self.counting if not one.known]


def collect(folder: Path, solutions: Mapping[str, Notebook], roster: Roster) -> Collection:
    """Return the submissions below `folder`. `solutions` maps a lesson's name to its solution."""
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder. Name the folder that holds the submitted notebooks.")
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not _is_junk(path.relative_to(folder))]
    collection = Collection(archives=[_place(path, folder) for path in files if path.suffix.lower() in _ARCHIVES])
    found = [_submission(path, folder, solutions, roster) for path in files if path.suffix == ".ipynb"]
    groups: dict[tuple[str, str], list[Submission]] = {}
    for one in found:
        groups.setdefault((one.student.id, one.lesson or one.place), []).append(one)
    for group in groups.values():
        *older, newest = sorted(group, key=lambda one: (one.age, one.place))
        collection.counting.append(newest)
        collection.replaced[newest.path] = older
    collection.counting.sort(key=lambda one: one.place)
    return collection


def _is_junk(path: Path) -> bool:
    return any(part in _JUNK or part.startswith("._") for part in path.parts)


def _place(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _submission(path: Path, folder: Path, solutions: Mapping[str, Notebook], roster: Roster) -> Submission:
    place = _place(path, folder)
    sender = sender_of(path.relative_to(folder))
    student = roster.find(sender)
    whose = student or Student(sender.number or sender.name, sender.name)
    found = (path, place, sender, whose, student is not None)
    if path.is_symlink():
        return Submission(*found, problem="the file is a link, which is not followed")
    try:
        notebook = read(path)
    except NotebookError as error:
        return Submission(*found, problem=str(error))
    lesson = lesson_of(notebook, sender, solutions)
    if lesson is None:
        return Submission(*found, notebook, problem="it checks no exercise of a known lesson")
    return Submission(*found, notebook, lesson)


def lesson_of(notebook: Notebook, sender: Sender, solutions: Mapping[str, Notebook]) -> str | None:
    """Return the lesson of a submission: the one with most of its exercises, else the one that its name names."""
    shared = {name: len({*one.exercises} & {*notebook.exercises}) for name, one in solutions.items()}
    best = max(shared, key=lambda name: shared[name], default=None)
    if best is not None and shared[best]:
        return best
    for name in solutions:
        number = re.match(r"\d\d", name)
        if plain(name) in plain(sender.file) or (number and re.match(rf"{number[0]}(?!\d)", sender.file)):
            return name
    return None


def copies(submissions: list[Submission]) -> list[list[Submission]]:
    """Return the groups of submissions of different students whose answers read the same."""
    groups: dict[tuple[str, str], list[Submission]] = {}
    for one in submissions:
        if one.notebook is not None and one.lesson is not None:
            groups.setdefault((one.lesson, one.notebook.answers()), []).append(one)
    return [group for group in groups.values() if len({one.student.id for one in group}) > 1]
