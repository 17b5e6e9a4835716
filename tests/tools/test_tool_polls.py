import pytest
from sample_course import lesson_cells

from tools import polls as polls_tool
from tools.notebooks import ToolError, write_text

POLL = """\
[[poll]]
after = "{after}"
question = "What is one and two?"
options = ["three", "twelve", "`1 + 2`"]
answer = "{answer}"
why = "Twelve puts the digits side by side."
"""


@pytest.fixture
def lesson(course):
    return course.put(course.lesson, lesson_cells())


def write_polls(course, text, name="00_quickstart.toml"):
    write_text(course.project.notebooks / "polls" / name, text)


def found(course, capsys):
    code = polls_tool.main(["--check"], course.project)
    lines = capsys.readouterr().out.splitlines()
    assert code == int(len(lines) > 1)
    return lines[:-1]


def test_three_polls_are_read(course, lesson, capsys):
    write_polls(course, "".join(POLL.format(after=after, answer="A") for after in ("Adding", "Adding", "Recap")))
    assert found(course, capsys) == []
    first, _, last = polls_tool.polls_of(course.project, lesson)
    assert first.after == "Adding"
    assert last.after == "Recap"
    assert first.lettered == [("A", "three"), ("B", "twelve"), ("C", "`1 + 2`")]


def test_a_lesson_without_polls_is_found(course, lesson, capsys):
    assert found(course, capsys) == [
        "notebooks/polls/00_quickstart.toml: is missing; write the 3 polls of notebooks/00_quickstart.ipynb"
    ]
    assert polls_tool.polls_of(course.project, lesson) == []


def test_too_few_polls_are_found(course, lesson, capsys):
    write_polls(course, POLL.format(after="Adding", answer="A"))
    assert found(course, capsys) == [
        "notebooks/polls/00_quickstart.toml: has 1 polls, and a lesson has 3: one [[poll]] for each"
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("after = ", "behind = ", "poll 2: has no “after”; add a line after = …"),
        ('after = "Adding"', 'after = "Ading"', "poll 2: follows “Ading”, and the lesson has no such heading"),
        ('answer = "B"', 'answer = "D"', "poll 2: has the answer “D”; it must be one of A, B, C"),
        ('answer = "B"', 'answer = "AB"', "poll 2: has the answer “AB”; it must be one of A, B, C"),
        ('"three", "twelve", ', '"three", ', "poll 2: has 2 options; write three or four"),
        ('"twelve"', '"three"', "poll 2: has the same option twice; write another"),
        ('["three"', "[3", "poll 2: “options” must be a list of texts"),
        ('question = "What is one and two?"', 'question = " "', "poll 2: “question” must be a text in quotes"),
        ('why = "', 'hint = "?"\nwhy = "', "poll 2: has an unknown entry “hint”"),
        ("[[poll]]", "[[pol]]", "must hold polls and nothing else"),
        ('answer = "B"', "answer = B", "cannot be read as TOML"),
    ],
)
def test_each_fault_names_the_poll_and_what_to_do(course, lesson, capsys, old, new, fault):
    right, wrong = (POLL.format(after="Adding", answer="B") for _ in range(2))
    write_polls(course, right + wrong.replace(old, new) + right)
    lines = found(course, capsys)
    assert any(line.startswith(f"notebooks/polls/00_quickstart.toml: {fault}") for line in lines), lines
    with pytest.raises(ToolError, match="00_quickstart"):
        polls_tool.polls_of(course.project, lesson)


def test_polls_of_no_lesson_are_found(course, lesson, capsys):
    write_polls(course, POLL.format(after="Adding", answer="A") * 3)
    write_polls(course, POLL.format(after="Adding", answer="A"), "01_tokens.toml")
    assert found(course, capsys) == [
        "notebooks/polls/01_tokens.toml: belongs to no lesson; name it as the lesson is named, NN_topic.toml"
    ]
