"""Code-along twins: the lesson with blanks, from one source."""

import ast
import re

import pytest
from IPython.core.inputtransformer2 import TransformerManager
from sample_course import code, lesson_cells, markdown

from tools import code_along, links
from tools.blanks import FEWEST, LONGEST, MOST, blanked, to_blank
from tools.code_along import TAG, twin_path
from tools.notebooks import Project, kind, read, tags

LESSONS = [path for path in Project().all() if kind(path) == "lesson"]
QUESTION = "*Before you run: what do you expect?*"


def is_blank(cell):
    return TAG in tags(cell)


def run(course, *arguments):
    return code_along.main(arguments, course.project)


@pytest.fixture
def twin(course):
    """Write the sample lesson, with two questions in it, and return its twin."""
    cells = lesson_cells()
    cells[5:7] = [
        cells[5],
        markdown(
            "See [lesson 01](01_tokenizers.ipynb), [above](#adding), [the Hub](https://huggingface.co).\n\n" + QUESTION
        ),
        code("import math\n\n# round it\ntotal = math.floor(3.5)\nprint(total)", "nbval-check-output", printed="3\n"),
        markdown("Three.\n\n" + QUESTION),
        code("total / 0", "raises-exception"),
        markdown("For whoever speaks.", slide="notes"),
    ]
    course.put(course.lesson, cells)
    assert run(course) == 0
    return course.read(twin_path(course.lesson))


def test_a_blank_keeps_imports_and_says_what_to_type(twin):
    (cell,) = [cell for cell in twin.cells if cell.source.startswith("import math")]
    assert cell.source == ("import math\n\n# Type along, 2 lines: math.floor\n# round it\ntotal = ...  # type along")
    assert is_blank(cell)


def test_what_is_meant_to_fail_stays(twin):
    (cell,) = [cell for cell in twin.cells if "raises-exception" in tags(cell)]
    assert cell.source == "total / 0"


def test_the_twin_has_no_outputs_and_nothing_for_the_speaker(twin):
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in twin.cells)
    assert not any("whoever speaks" in cell.source for cell in twin.cells)
    assert "nbval" not in "".join(tag for cell in twin.cells if not links.is_setup(cell) for tag in tags(cell))


def test_badge_note_and_links_are_those_of_the_twin(course, twin):
    first = twin.cells[0].source
    assert first.startswith("# 00 · Quick start (code along)\n\n[![Open in Colab]")
    assert "notebooks/code_along/00_quickstart_code_along.ipynb) · [The lesson](../00_quickstart.ipynb)" in first
    assert '<details class="colab">' in first
    assert "The finished code is in [the lesson](../00_quickstart.ipynb)." in first
    (cell,) = [cell for cell in twin.cells if "above" in cell.source]
    assert "(../01_tokenizers.ipynb), [above](#adding), [the Hub](https://huggingface.co)" in cell.source
    assert links.main(["--check"], course.project) == 0


def test_twins_are_not_executed(course, twin):
    assert twin_path(course.lesson) not in course.project.all()


def test_check_finds_a_lesson_that_has_moved_on(course, twin, capsys):
    assert run(course, "--check") == 0
    lesson = course.read(course.lesson)
    lesson.cells[-1].source = "## Where next\n\nElsewhere."
    course.put(course.lesson, lesson.cells)
    before = twin_path(course.lesson).read_bytes()
    assert run(course, "--check") == 1
    assert "00_quickstart_code_along.ipynb: out of step; run python -m tools.code_along" in capsys.readouterr().out
    assert twin_path(course.lesson).read_bytes() == before
    assert run(course) == 0
    assert run(course, "--check") == 0


def test_a_twin_without_a_lesson_is_found(course, twin, capsys):
    course.lesson.unlink()
    assert run(course) == 1
    assert "no lesson makes it; delete it" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("print(x)", "# Type along, 1 line: print"),
        ("x", "# Type along, 1 line"),
        (
            'text = "A."\npair = [text]\nprint(text)',
            'text = "A."\n\n# Type along, 2 lines: print\npair = ...  # type along',
        ),
        ("_, y = f()\ny.sum().item()", "# Type along, 2 lines: f, y.sum, .item\ny = ...  # type along"),
        (
            'def f(a):\n    """Say."""\n    return g(a)',
            '# Type along, 3 lines: g\ndef f(a):\n    """Say."""\n    ...  # type along',
        ),
        ("for x in (-1, 2):\n    show(x)  # each", "# Type along, 2 lines: show"),
    ],
)
def test_what_is_left_of_a_cell(source, left):
    assert blanked(source) == left


def test_a_long_list_of_names_ends_where_the_line_ends():
    first = blanked("\n".join(f"a_function_with_a_long_name_{number}()" for number in range(9))).split("\n")[0]
    assert first.endswith(", …")
    assert len(first) <= 100


def numbered(cells):
    for number, cell in enumerate(cells):
        cell["id"] = str(number)
    return cells


def test_cells_behind_a_question_are_typed_and_no_long_ones():
    long = "\n".join(["f()"] * (LONGEST + 1))
    cells = [part for source in (*["f()"] * FEWEST, long) for part in (markdown(QUESTION), code(source))]
    cells += [markdown("No question."), code("g()"), code("%run x"), code("import os"), code("plt.show()")]
    assert to_blank(numbered(cells)) == {str(2 * number + 1) for number in range(FEWEST)}


def test_too_many_are_cut_to_the_shortest_and_too_few_are_filled_up():
    sources = ["f()\nf()", *["f()"] * MOST]
    cells = numbered([part for source in sources for part in (markdown(QUESTION), code(source))])
    assert len(to_blank(cells)) == MOST
    assert "1" not in to_blank(cells)
    assert len(to_blank(numbered([code("f()") for _ in range(3 * FEWEST)]))) == FEWEST


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_the_twin_of_a_lesson_is_python_with_enough_to_type(lesson):
    twin, original = read(twin_path(lesson)), {cell.id: cell for cell in read(lesson).cells}
    blanks = [cell for cell in twin.cells if is_blank(cell)]
    assert FEWEST <= len(blanks) <= MOST
    assert not any(cell.get("outputs") for cell in twin.cells)
    for cell in twin.cells:
        if cell.cell_type != "code":
            continue
        ast.parse(TransformerManager().transform_cell(cell.source))
        if not is_blank(cell):
            assert cell.source == original[cell.id].source
        else:
            assert original[cell.id].source.strip() not in cell.source


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_typing_the_lessons_code_into_the_blanks_gives_the_lesson(lesson):
    twin, original = read(twin_path(lesson)), read(lesson)
    sources = {cell.id: cell.source for cell in original.cells}
    typed = [sources[cell.id] if is_blank(cell) else cell.source for cell in twin.cells if cell.cell_type == "code"]
    assert typed == [cell.source for cell in original.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_links_of_a_twin_lead_somewhere(lesson):
    folder = twin_path(lesson).parent
    prose = "\n".join(cell.source for cell in read(twin_path(lesson)).cells if cell.cell_type == "markdown")
    local = [target for target in re.findall(r"\]\(([^)#\s]+)", prose) if not re.match(r"[a-z]+:", target)]
    assert local
    assert [target for target in local if not (folder / target).exists()] == []
