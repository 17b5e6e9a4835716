"""Rules on the parts of a notebook: which there are, in which order, and what each must hold."""

import re
from collections.abc import Iterator

from tools.colab_note import note
from tools.links import BADGE_START, SETUP_TAGS, badge_line, is_setup, setup_source
from tools.notebooks import tags
from tools.rules.sheet import Finding, Heading, Sheet

FIRST_PARTS = ["What you will learn", "Before you start", "Set-up"]
LAST_PARTS = ["Exercises", "Recap", "Where next"]
BOX = "> **Here / on the Hub.**"
MOST_MINUTES = 40
FEWEST_EXERCISES = 3

_DIFFICULTY = re.compile(r"^\*\*Difficulty:\*\* (●○○|●●○|●●●) · \*\*Minutes:\*\* \d+\s*$", re.MULTILINE)
_HINT = re.compile(r"<details>\s*<summary>Hint", re.IGNORECASE)


def title(sheet: Sheet) -> Iterator[Finding]:
    """The first cell holds `# NN · Title`, and nothing else is a first-level heading."""
    top = [heading for heading in sheet.headings if heading.level == 1]
    wanted = {"lesson": "Title", "exercises": "Title: Exercises", "solutions": "Title: Solutions"}[sheet.kind]
    if not top or top[0].cell != 1 or not re.match(rf"{sheet.number} · .+{_ending(wanted)}$", top[0].text):
        yield 1, f"the first cell must begin with the title “# {sheet.number} · {wanted}”"
    for heading in top[1:]:
        yield heading.cell, f"“# {heading.text}” is a second title; begin sections with ##"


def _ending(wanted: str) -> str:
    return wanted.partition("Title")[2]


def badge(sheet: Sheet) -> Iterator[Finding]:
    """The first cell has the badge line that pyproject.toml asks for, and no other cell has one."""
    found = [
        (number, line) for number, text in sheet.markdown for line in text.split("\n") if line.startswith(BADGE_START)
    ]
    if found != [(1, badge_line(sheet.project, sheet.path))]:
        yield 1, "the badge is missing, doubled, or points elsewhere; run python -m tools.links"


def colab_note(sheet: Sheet) -> Iterator[Finding]:
    """The first cell tells a student in Colab what to do first."""
    if note(sheet.path) not in sheet.notebook.cells[0].source:
        yield 1, "has not the common note on Colab; run python -m tools.links"


def set_up(sheet: Sheet) -> Iterator[Finding]:
    """There is one set-up cell, it is the common one, and it follows the heading `## Set-up`."""
    places = [number for number, cell in sheet.code if is_setup(cell)]
    if len(places) != 1:
        yield None, f"has {len(places)} set-up cells and needs one; run python -m tools.links"
        return
    place = places[0]
    cell = sheet.notebook.cells[place - 1]
    if cell.source != setup_source(sheet.project) or tags(cell) != SETUP_TAGS:
        yield place, "is not the common set-up cell; run python -m tools.links"
    if sheet.code[0][0] != place:
        yield sheet.code[0][0], "comes before the set-up cell; set up first"
    headings = [heading for heading in sheet.headings if heading.cell < place]
    if not headings or headings[-1].text != "Set-up":
        yield place, "the set-up cell must stand below the heading “## Set-up”"


def parts(sheet: Sheet) -> Iterator[Finding]:
    """A lesson's `##` headings begin and end as the template says, with the lesson between."""
    found = [heading.text for heading in sheet.headings if heading.level == 2]
    if found[:3] != FIRST_PARTS:
        yield None, f"must begin with the parts {_listed(FIRST_PARTS)}; it begins with {_listed(found[:3])}"
    if found[-3:] != LAST_PARTS:
        yield None, f"must end with the parts {_listed(LAST_PARTS)}; it ends with {_listed(found[-3:])}"
    if len(found) <= len(FIRST_PARTS) + len(LAST_PARTS):
        yield None, "has no section of its own between “## Set-up” and “## Exercises”; write the lesson there"


def _listed(headings: list[str]) -> str:
    return ", ".join(f"“## {heading}”" for heading in headings) or "none"


def goals(sheet: Sheet) -> Iterator[Finding]:
    """“What you will learn” is a list: its first entry stands in the course's table of lessons."""
    for number, text in _section(sheet, "What you will learn"):
        if not re.search(r"^- \S", text, re.MULTILINE):
            yield number, "“What you will learn” needs a list: one line “- …” for each thing learned"


def minutes(sheet: Sheet) -> Iterator[Finding]:
    """“Before you start” says how many minutes the lesson takes, and they are not too many."""
    for number, text in _section(sheet, "Before you start"):
        stated = re.search(r"(\d+) minutes", text)
        if not stated:
            yield number, "“Before you start” must say how long the lesson takes, as “25 minutes”"
        elif int(stated[1]) > MOST_MINUTES:
            yield number, f"{stated[1]} minutes are too many; split a lesson of more than {MOST_MINUTES}"


def exercises_link(sheet: Sheet) -> Iterator[Finding]:
    """“Exercises” links the lesson's exercise notebook."""
    address = f"exercises/{sheet.topic}_exercises.ipynb"
    for number, text in _section(sheet, "Exercises"):
        if f"]({address})" not in text:
            yield number, f"“Exercises” must link its notebook: [their own notebook]({address})"


def _section(sheet: Sheet, heading: str) -> Iterator[tuple[int, str]]:
    """Yield the number of a section's first cell and the text of all of its markdown cells, if there is the section."""
    for part in sheet.headings:
        if part.level == 2 and part.text == heading:
            yield part.cell, _text(sheet, part)
            return


def _text(sheet: Sheet, part: Heading) -> str:
    ends = [other.cell for other in sheet.headings if other.cell > part.cell and other.level <= part.level]
    end = min(ends, default=len(sheet.cells) + 1)
    return "\n\n".join(text for number, text in sheet.markdown if part.cell <= number < end)


def box(sheet: Sheet) -> Iterator[Finding]:
    """A lesson has one box that says what differs between the stand-ins and the Hub's own models."""
    places = [number for number, text in sheet.markdown for line in text.split("\n") if line.startswith(BOX)]
    if not places:
        yield None, f"has no box on the stand-ins; add one markdown cell that begins “{BOX}”"
    for number in places[1:]:
        yield number, f"is a second box “{BOX}”; a lesson has one"


def exercise_sections(sheet: Sheet) -> Iterator[Finding]:
    """There are three exercises or more, numbered as in `check("00.1", …)`, each with difficulty, minutes and a hint."""
    found = [heading for heading in sheet.headings if heading.level == 2 and heading.text.startswith("Exercise ")]
    if len(found) < FEWEST_EXERCISES:
        yield (
            None,
            f"has {len(found)} exercises “## Exercise {sheet.number}.k · Title”; write {FEWEST_EXERCISES} or more",
        )
    for k, heading in enumerate(found, start=1):
        wanted, text = f"Exercise {sheet.number}.{k} · ", _text(sheet, heading)
        if not heading.text.startswith(wanted):
            yield heading.cell, f"“## {heading.text}” must begin “## {wanted}”"
        if not _DIFFICULTY.search(text):
            yield heading.cell, "needs a line “**Difficulty:** ●○○ · **Minutes:** 5”"
        if not _HINT.search(text):
            yield heading.cell, "needs a hint: <details><summary>Hint</summary> … </details>"
