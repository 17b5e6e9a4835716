"""Reports and feedback of the grader: what students wrote, wherever it ends up, is text there."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from hf_tutorial.grading.conversation import Finding
from hf_tutorial.grading.document import Document, Section, Table, as_html, as_text
from hf_tutorial.grading.report import feedback_of, report_of
from hf_tutorial.grading.results import Grades, Row
from hf_tutorial.grading.roster import Student
from hf_tutorial.grading.settings import Limits
from tests.markup.reading import PAGE, as_shown, read
from tests.odd_texts import MANY, MARKUP, TEXTS

EXPECTED = PAGE | {
    "h1": [],
    "h2": [],
    "section": [],
    "p": [],
    "ul": [],
    "li": [],
    "code": [],
    "div": ["class", "tabindex", "role", "aria-label"],
    "table": [],
    "thead": [],
    "tbody": [],
    "tr": [],
    "th": ["class", "scope"],
    "td": ["class"],
}
STRINGS = TEXTS | st.text(st.characters(), max_size=20)
ATTACK = " ".join(MARKUP)


def unmarked(text):
    """Return what a page shows of a text in which backticks mark code."""
    return re.sub("`([^`]+)`", r"\1", as_shown(text))


@given(title=STRINGS, heading=STRINGS, sentence=STRINGS, point=STRINGS, cells=st.lists(STRINGS, min_size=2, max_size=2))
@example(ATTACK, ATTACK, ATTACK, ATTACK, [ATTACK, ATTACK])
@settings(max_examples=MANY)
def test_a_document_says_all_that_it_was_given(title, heading, sentence, point, cells):
    table = Table(["a", heading], [cells], frozenset([heading]))
    document = Document(title, [Section(heading, [sentence], table, [point])])
    tree = read(as_html(document), EXPECTED)
    assert tree.one("title").text == tree.one("h1").text == as_shown(title)
    assert tree.one("h2").text == tree.one("div").attributes["aria-label"] == as_shown(heading)
    assert tree.one("p").text == unmarked(sentence)
    assert tree.one("li").text == unmarked(point)
    row = tree.one("tbody").one("tr")
    assert [row.one("th").text, row.one("td").text] == [unmarked(cell) for cell in cells]
    assert tree.one("thead").all("th")[1].text == as_shown(heading)


@given(student=STRINGS, name=STRINGS, said=STRINGS, place=STRINGS, exercise=STRINGS)
@example(ATTACK, ATTACK, ATTACK, ATTACK, ATTACK)
@settings(max_examples=MANY)
def test_nothing_of_a_submission_becomes_an_element(student, name, said, place, exercise):
    finding = Finding("wrong", said, 0.5)
    row = Row(Student(student, name), [place], {exercise: finding}, [said], [said], [said], [said])
    grades = Grades([exercise], {}, Limits(), True, [row], [said], [], [said])
    tree = read(as_html(report_of(grades)), EXPECTED)
    whose = name if name == student else f"{name} ({student})"
    assert f"{unmarked(f'{whose}: {said}')}" in [point.text for point in tree.all("li")]
    feedback = read(as_html(feedback_of(grades, row)), EXPECTED)
    assert feedback.one("h1").text == as_shown(f"Feedback for {whose}")
    assert feedback.one("tbody").all("td")[-1].text == unmarked(said)
    assert feedback.all("p")[1].text == unmarked(f"Graded: {place}.")
    assert feedback.all("li")[-1].text == unmarked(said)


@given(name=STRINGS, said=STRINGS)
@settings(max_examples=MANY)
def test_as_text_nothing_breaks_out_of_its_line(name, said):
    table = Table(["a", "b"], [[name, said]])
    text = as_text(Document("T", [Section("S", [], table), Section("End", [])]))
    lines = text.split("\n")
    assert all(line.isprintable() for line in lines)
    assert len(lines) == len(["T", "=", "", "S", "-", "a  b", "the row", "", "End", "---", ""])
    text.encode()
