"""nbgrader's own work is not tested here; what it is given is."""

import ast
import re

import pytest

from hf_tutorial.checks.registry import all_exercises
from tools import nbgrader_cells
from tools.notebooks import Project, read

SOLUTIONS = sorted((Project().notebooks / "solutions").glob("*.ipynb"))


def graded(notebook):
    return [cell for cell in notebook.cells if "nbgrader" in cell.metadata]


def test_every_exercise_becomes_one_test_worth_a_point():
    tests = []
    for path in SOLUTIONS:
        cells = graded(nbgrader_cells.source_notebook(read(path)))
        names = [cell.metadata["nbgrader"]["grade_id"] for cell in cells]
        assert len(set(names)) == len(names)
        tests += [cell for cell in cells if cell.metadata["nbgrader"]["grade"]]
    assert {cell.metadata["nbgrader"]["points"] for cell in tests} == {1}
    assert all(cell.metadata["nbgrader"]["locked"] for cell in tests)
    assert sorted(re.search(r'check\("([^"]+)"', cell.source)[1] for cell in tests) == list(all_exercises())


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_what_is_left_without_the_blocks_is_python(path):
    for cell in graded(nbgrader_cells.source_notebook(read(path))):
        ast.parse(re.sub(r"^ *# BEGIN SOLUTION\n.*?^ *# END SOLUTION", "", cell.source, flags=re.M | re.S))


def test_a_cell_is_cut_between_answer_and_check(tmp_path, capsys):
    target = tmp_path / "source" / "l00.ipynb"
    assert nbgrader_cells.main([str(SOLUTIONS[0]), str(target)]) == 0
    answer, check = graded(read(target))[:2]
    assert answer.source == "shape = ...  # your answer\n\n# BEGIN SOLUTION\nshape = (3, 2)\n# END SOLUTION"
    assert check.source.startswith('verdict = check("00.1", shape, model=model)\nassert verdict.credit')
    assert "solution" not in {tag for cell in read(target).cells for tag in cell.metadata.get("tags", [])}
    assert not any(cell.get("outputs") for cell in read(target).cells)


def test_private_checks_are_imported_where_students_do_not_see_it(tmp_path):
    target = tmp_path / "l00.ipynb"
    assert nbgrader_cells.main([str(SOLUTIONS[0]), str(target), "--checks", "a1"]) == 0
    check = graded(read(target))[1]
    assert check.source.startswith("### BEGIN HIDDEN TESTS\nimport a1\n### END HIDDEN TESTS\nverdict = check(")


def test_a_notebook_that_cannot_be_read_is_named(tmp_path, capsys):
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    assert nbgrader_cells.main([str(tmp_path / "broken.ipynb"), str(tmp_path / "out.ipynb")]) == 1
    assert "cannot be read as a notebook" in capsys.readouterr().err
