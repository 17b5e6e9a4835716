"""The glossary holds every term that the lessons set in bold, and says of none what its lesson does not."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tools.notebooks import Project, read

COURSE = Project()
PAGE = COURSE.root / "docs" / "course" / "glossary.md"
NOT_TERMS = COURSE.root / "docs" / "course" / "not_terms.txt"
LESSONS = {path.name: path for path in sorted(COURSE.notebooks.glob("*.ipynb"))}

FENCE = re.compile(r"^```\{glossary\}\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROLE = re.compile(r"\{term\}`(?:[^`<]*<)?([^`>]+)>?`")
SHOWN = re.compile(r"\{term\}`([^`<]*?)(?: <[^`]*)?`")
LINK = re.compile(r"\[lesson (\d\d)\]\(\.\./\.\./notebooks/(\d\d)(_\w+\.ipynb)\)")
SOURCE = re.compile(r" (?:Defined in|See) (?=\[lesson)[^.]*(?:\.\./\.\./notebooks/\w+\.ipynb\)[^.]*)+\.$")


@dataclass(frozen=True)
class Entry:
    """What a reader finds under one or more terms: a definition, and links to the lessons that explain it."""

    terms: tuple[str, ...]
    text: str

    @property
    def names(self) -> set[str]:
        return {name(term) for term in self.terms}

    @property
    def lessons(self) -> list[str]:
        return [number + rest for _, number, rest in LINK.findall(self.text)]

    @property
    def definition(self) -> str:
        return SHOWN.sub(r"\1", SOURCE.sub("", self.text))


def name(phrase: str) -> str:
    """Fold what makes no other term: capitals, code ticks, a mark behind it, and one plural s."""
    return phrase.replace("`", "").strip().rstrip(".:").casefold().removesuffix("s")


def dictionary_order(term: str) -> str:
    """Return what a term is sorted by: its letters and digits alone."""
    return "".join(filter(str.isalnum, term.casefold()))


def parse(page: str) -> list[Entry]:
    """Return the entries of the one glossary directive: lines of terms, then one indented line."""
    [block] = FENCE.findall(page)
    entries: list[Entry] = []
    terms: list[str] = []
    for line in filter(str.strip, block.splitlines()):
        if line.startswith(" "):
            entries.append(Entry(tuple(terms), line.strip()))
            terms = []
        else:
            terms.append(line)
    assert not terms, f"{terms}: a term without a definition"
    return entries


def bold_phrases(source: str) -> list[str]:
    """Return what a page of Markdown sets in bold, as a reader sees it; the line of a fold-out is a heading."""
    phrases: list[str] = []
    for token in MarkdownIt("commonmark").parse(source):
        if token.type == "html_block":
            outside = re.sub(r"<summary>.*?</summary>", "", token.content, flags=re.DOTALL)
            phrases += re.findall(r"<b>(.*?)</b>", outside, flags=re.DOTALL)
        phrases += _bold_in_line(token.children or [])
    return phrases


def _bold_in_line(tokens: list[Token]) -> list[str]:
    phrases: list[str] = []
    inside = False
    for token in tokens:
        match token.type, token.content:
            case ("strong_open", _) | ("html_inline", "<b>"):
                inside = True
                phrases.append("")
            case ("strong_close", _) | ("html_inline", "</b>"):
                inside = False
            case (kind, content) if inside:
                phrases[-1] += f"`{content}`" if kind == "code_inline" else content
    return phrases


@cache
def prose(lesson: str) -> str:
    """Return the text of a lesson without code cells, emphasis and line breaks, in small letters."""
    cells = [cell.source for cell in read(LESSONS[lesson]).cells if cell.cell_type == "markdown"]
    return " ".join("\n\n".join(cells).replace("*", "").replace("`", "").casefold().split())


@cache
def bold(lesson: str) -> frozenset[str]:
    cells = [cell.source for cell in read(LESSONS[lesson]).cells if cell.cell_type == "markdown"]
    return frozenset(phrase for source in cells for phrase in bold_phrases(source))


def occurs(entry: Entry, lesson: str) -> bool:
    stems = "|".join(re.escape(stem) for stem in entry.names)
    return re.search(rf"(?<!\w)(?:{stems})s?(?!\w)", prose(lesson)) is not None


ENTRIES = parse(PAGE.read_text(encoding="utf-8"))
NAMES = {each for entry in ENTRIES for each in entry.names}
OTHERS = NOT_TERMS.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_bold_phrase_is_a_term_or_known_not_to_be_one(lesson):
    missing = sorted(phrase for phrase in bold(lesson) if name(phrase) not in NAMES and phrase not in OTHERS)
    assert not missing, f"{missing}: add each to {PAGE.name}, or to {NOT_TERMS.name} if it is no term"


def test_what_is_listed_as_no_term_still_stands_in_a_lesson():
    written = {phrase for lesson in LESSONS for phrase in bold(lesson)}
    stale = [line for line in OTHERS if line not in written or name(line) in NAMES]
    assert not stale, f"{stale}: no bold phrase of a lesson, or a term after all; take them out of {NOT_TERMS.name}"
    assert len(set(OTHERS)) == len(OTHERS)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.terms[0])
def test_an_entry_defines_its_term_and_names_a_lesson_that_has_it(entry):
    assert SOURCE.search(entry.text), "end with: Defined in [lesson NN](../../notebooks/NN_topic.ipynb)."
    assert all(shown == number for shown, number, _ in LINK.findall(entry.text))
    assert 8 <= len(entry.definition.split()) <= 70
    assert set(entry.lessons) <= set(LESSONS)
    for lesson in entry.lessons:
        assert occurs(entry, lesson), f"{entry.terms[0]} does not occur in {lesson}"
    defining = {lesson for lesson in LESSONS if entry.names & set(map(name, bold(lesson)))}
    assert not defining or defining & set(entry.lessons), f"name one of {sorted(defining)}, where it stands in bold"


def test_entries_are_sorted_and_no_term_has_two():
    order = [entry.terms[0] for entry in ENTRIES]
    assert order == sorted(order, key=dictionary_order)
    counts = Counter(name(term) for entry in ENTRIES for term in entry.terms)
    assert [each for each, count in counts.items() if count > 1] == []


def test_every_reference_leads_to_an_entry():
    terms = {term for entry in ENTRIES for term in entry.terms}
    lost = {target for entry in ENTRIES for target in ROLE.findall(entry.text)} - terms
    assert not lost, f"{sorted(lost)}: no such term; write {{term}}`shown <term>` for another form"


def test_bold_is_read_as_a_reader_sees_it():
    source = (
        "A **body** and `**no bold**`, <b>old</b> style.\n\n| a | **in `map`** |\n|---|---|\n\n<p><b>block</b></p>\n\n"
        "<details><summary><b>Q: Why?</b></summary>\n\nSo **there**, [**linked**](a.md), *not this*.\n\n</details>\n"
    )
    assert bold_phrases(source) == ["body", "old", "in `map`", "block", "there", "linked"]
