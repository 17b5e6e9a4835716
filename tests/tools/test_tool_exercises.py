import ast
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_course import code, markdown, solution_cells

from tools import exercises
from tools.stubs import stub, without_solution


def block(*lines, indent=""):
    return textwrap.indent("\n".join(["# BEGIN SOLUTION", *lines, "# END SOLUTION"]), indent)


@pytest.mark.parametrize(
    ("solution", "left"),
    [
        ("x = 3", "x = ...  # your answer"),
        ("x: int = 3", "x: int = ...  # your answer"),
        ("x, (y, *z) = f()", "x = ...  # your answer\ny = ...  # your answer\nz = ...  # your answer"),
        ("x = 1\nx = x + 1", "x = ...  # your answer"),
        ("row['x'] = 1", "# your code here"),
        ("for i in range(3):\n    print(i)", "# your code here"),
        ("", "# your code here"),
        ("# only a comment", "# your code here"),
        ("print(1)\nx = 2\nprint(x)", "x = ...  # your answer"),
        ("def f(a, b=2):\n    return a", "def f(a, b=2):\n    ...  # your answer"),
        ("def f(a): return a", "def f(a):\n    ...  # your answer"),
        (
            '@cache\ndef f(\n    a: int,  # a number\n) -> int:\n    """Say ä.\n\n    Twice.\n    """\n    # now\n    return a',
            '@cache\ndef f(\n    a: int,  # a number\n) -> int:\n    """Say ä.\n\n    Twice.\n    """\n    ...  # your answer',
        ),
        ("def f(a):\n    # a comment that tells the answer\n    return a", "def f(a):\n    ...  # your answer"),
    ],
)
def test_a_block_becomes_its_stub(solution, left):
    assert stub(solution) == left


def test_the_rest_of_the_cell_stays_as_it_is():
    source = f"import os\n{block('x = 1')}\n\nprint(x)  # shows it"
    assert without_solution(source) == "import os\nx = ...  # your answer\n\nprint(x)  # shows it"


def test_a_block_inside_a_function_leaves_a_body():
    source = f'def f(x):\n    """Double x."""\n{block("return 2 * x", indent="    ")}'
    assert without_solution(source).endswith('x."""\n    ...  # your code here')
    source = f"def f(x):\n{block('y = 2 * x', indent='    ')}\n    return y"
    assert without_solution(source) == "def f(x):\n    y = ...  # your answer\n    return y"


@given(st.lists(st.sampled_from(["x = 1", "def f(a):\n    '''Say.'''\n    return a", "print(1)", "", "a, b = 1, 2"])))
def test_what_is_left_is_python_and_runs(statements):
    left = without_solution(block(*"\n".join(statements).split("\n")))
    exec(compile(ast.parse(left), "cell", "exec"), {})
    assert "SOLUTION" not in left
    assert "return" not in left
    assert "print" not in left


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("# BEGIN SOLUTION\nx = 1", "comes without “# END SOLUTION”"),
        ("x = 1\n# END SOLUTION", "comes without “# BEGIN SOLUTION”"),
        ("# BEGIN SOLUTION\n# BEGIN SOLUTION\n# END SOLUTION", "a second"),
        (block("x ="), "no Python by itself"),
    ],
)
def test_broken_markers_are_explained(source, complaint):
    with pytest.raises(ValueError, match=complaint):
        without_solution(source)


def test_exercises_are_written_from_solutions(course):
    course.put(course.solutions, solution_cells())
    assert exercises.main([], course.project) == 0
    notebook = course.read(course.exercises)
    assert notebook.cells[0].source.startswith("# 00 · Quick start: Exercises\n\n[![Open in Colab]")
    assert "exercises/00_quickstart_exercises.ipynb) · [The lesson]" in notebook.cells[0].source
    assert notebook.cells[4].source == "double = ...  # your answer\nprint(double)"
    assert "It doubles." not in [cell.source for cell in notebook.cells]
    assert not any(cell.outputs for cell in notebook.cells if cell.cell_type == "code")
    assert course.read(course.solutions).cells[4].source.startswith("# BEGIN SOLUTION")


def test_exercises_are_formatted(course):
    source = "# BEGIN SOLUTION\ndef f(a):\n    return a\n\n\n# END SOLUTION\nf(2)"
    course.put(course.solutions, [markdown("# 00 · Solutions"), markdown("## Set-up"), code(source)])
    exercises.main([], course.project)
    cells = course.read(course.exercises).cells
    assert cells[3].source == "def f(a): ...  # your answer\n\n\nf(2)"
    assert cells[2].source == course.read(course.solutions).cells[2].source


def test_check_compares_sources_and_not_outputs(course, capsys):
    course.put(course.solutions, solution_cells())
    assert exercises.main(["--check"], course.project) == 1
    assert not course.exercises.exists()
    exercises.main([], course.project)
    cells = course.read(course.exercises).cells
    cells[4].outputs = code("", printed="Ellipsis\n").outputs
    course.put(course.exercises, cells)
    assert exercises.main(["--check"], course.project) == 0
    cells[4].source += "\nprint('more')"
    course.put(course.exercises, cells)
    assert exercises.main(["--check"], course.project) == 1
    assert "notebooks/exercises/00_quickstart_exercises.ipynb: out of step" in capsys.readouterr().out


def test_exercises_without_solutions_are_found(course, capsys):
    course.put(course.exercises, solution_cells())
    assert exercises.main([], course.project) == 1
    assert "no solution notebook makes it" in capsys.readouterr().out


def test_a_broken_cell_is_named(course, capsys):
    broken = code("if True:\n# BEGIN SOLUTION\n    x = 1\n# END SOLUTION")
    course.put(course.solutions, [markdown("# 00 · Solutions"), markdown("## Set-up"), broken])
    assert exercises.main([], course.project) == 1
    message = capsys.readouterr().err
    assert message.startswith("notebooks/solutions/00_quickstart_solutions.ipynb: cell 4: without its solution")
