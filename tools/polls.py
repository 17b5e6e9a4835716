"""`python -m tools.polls [LESSON …]`: hold the poll questions to their form; one line for each finding, exit 1 if there is any.

Each lesson has three, in notebooks/polls/NN_topic.toml. The slides show them, and the speaker notes hold the answers.

    [[poll]]
    after = "Calling the tokenizer"   # the heading of the section that it follows, as the lesson writes it
    question = "…"                    # Markdown, one or two sentences
    options = ["…", "…", "…"]         # three or four, without their letters
    answer = "B"
    why = "…"                         # for the notes: why it is right, and what each wrong option misunderstands
"""

import argparse
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.notebooks import Project, ToolError, kind, topic
from tools.rules.sheet import Sheet

POLLS_PER_LESSON = 3
LETTERS = "ABCD"
_TEXTS = ("after", "question", "answer", "why")


@dataclass(frozen=True)
class Poll:
    """A multiple-choice question and the heading of the section after which it is asked; `answer` is a letter."""

    after: str
    question: str
    options: tuple[str, ...]
    answer: str
    why: str

    @property
    def lettered(self) -> list[tuple[str, str]]:
        return list(zip(LETTERS, self.options, strict=False))


def place_of(project: Project, lesson: Path) -> Path:
    return project.notebooks / "polls" / f"{topic(lesson)}.toml"


def polls_of(project: Project, lesson: Path) -> list[Poll]:
    """Return the polls of a lesson; none if it has no file. Raises ToolError with every fault of the file."""
    path = place_of(project, lesson)
    if not path.is_file():
        return []
    entries = _entries(project, path)
    if faults := list(_faults(entries, _headings(project, lesson))):
        raise ToolError("\n".join(f"{project.shown(path)}: {fault}" for fault in faults))
    return [Poll(**{**entry, "options": tuple(entry["options"])}) for entry in entries]


def findings(project: Project, lessons: Sequence[Path]) -> Iterator[str]:
    """Yield a line for everything that is wrong with the polls of these lessons."""
    for lesson in lessons:
        path = place_of(project, lesson)
        try:
            count = len(polls_of(project, lesson))
        except ToolError as error:
            yield str(error)
            continue
        if not path.is_file():
            yield f"{project.shown(path)}: is missing; write the {POLLS_PER_LESSON} polls of {project.shown(lesson)}"
        elif count != POLLS_PER_LESSON:
            yield f"{project.shown(path)}: has {count} polls, and a lesson has {POLLS_PER_LESSON}: one [[poll]] for each"


def strays(project: Project) -> Iterator[str]:
    """Yield a line for every file of polls that belongs to no lesson."""
    known = {place_of(project, path) for path in _lessons(project)}
    for path in sorted((project.notebooks / "polls").glob("*")):
        if path not in known:
            yield f"{project.shown(path)}: belongs to no lesson; name it as the lesson is named, NN_topic.toml"


def _lessons(project: Project) -> list[Path]:
    return [path for path in project.all() if kind(path) == "lesson"]


def _headings(project: Project, lesson: Path) -> Counter[str]:
    return Counter(heading.text for heading in Sheet(project, lesson).headings if heading.level in (2, 3))


def _entries(project: Project, path: Path) -> list[Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ToolError(f"{project.shown(path)}: cannot be read as TOML ({error}); mend that place") from error
    entries = content.get("poll")
    if set(content) != {"poll"} or not isinstance(entries, list):
        raise ToolError(f"{project.shown(path)}: must hold polls and nothing else, each below its own line [[poll]]")
    return entries


def _faults(entries: Sequence[Any], headings: Counter[str]) -> Iterator[str]:
    for number, entry in enumerate(entries, start=1):
        faults = list(_shape_faults(entry)) or list(_content_faults(entry, headings))
        yield from (f"poll {number}: {fault}" for fault in faults)


def _shape_faults(entry: Any) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield "must be a table; begin it with a line [[poll]]"
        return
    wanted = {*_TEXTS, "options"}
    for name in sorted(wanted - set(entry)):
        yield f"has no “{name}”; add a line {name} = …"
    for name in sorted(set(entry) - wanted):
        yield f"has an unknown entry “{name}”; the entries are {', '.join([*_TEXTS, 'options'])}"
    for name in _TEXTS:
        if name in entry and not _is_text(entry[name]):
            yield f"“{name}” must be a text in quotes that is not empty"
    options = entry.get("options", [])
    if not isinstance(options, list) or not all(map(_is_text, options)):
        yield '“options” must be a list of texts: options = ["…", "…", "…"]'


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _content_faults(entry: dict[str, Any], headings: Counter[str]) -> Iterator[str]:
    match headings[entry["after"]]:
        case 0:
            known = ", ".join(f"“{heading}”" for heading in headings)
            yield f"follows “{entry['after']}”, and the lesson has no such heading (## or ###). It has {known}"
        case count if count > 1:
            yield f"follows “{entry['after']}”, and the lesson has {count} such headings; choose another"
    options = entry["options"]
    if len(options) not in (3, 4):
        yield f"has {len(options)} options; write three or four"
    if len(set(options)) < len(options):
        yield "has the same option twice; write another"
    letters = LETTERS[: len(options)]
    if entry["answer"] not in tuple(letters):
        yield f"has the answer “{entry['answer']}”; it must be one of {', '.join(letters)}"


def main(arguments: Sequence[str] | None = None, project: Project | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.polls", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="what it does anyway: nothing is ever written")
    parser.add_argument("lessons", nargs="*", help="default: all, and files of polls that belong to none")
    options = parser.parse_args(arguments)
    project = project or Project()
    try:
        lessons = [path for path in project.chosen(options.lessons) if kind(path) == "lesson"]
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    lines = [*findings(project, lessons), *([] if options.lessons else strays(project))]
    print("\n".join([*lines, f"{len(lessons)} lessons, {len(lines)} findings"]))
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
