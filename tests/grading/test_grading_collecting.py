"""What counts in a folder of submissions, and for which lesson."""

import json
import os

import pytest
from assignment import NUMBERS, PAIR, SOLUTION, TOTAL, WRONG, write

from hf_tutorial.errors import InputError
from hf_tutorial.grading.collecting import collect, copies
from hf_tutorial.grading.notebook import NotebookError, read
from hf_tutorial.grading.roster import Roster, Student

ADA, BO = Student("s1", "Ada Lovelace", frozenset({"s1"})), Student("s2", "Bo Byron", frozenset({"s2"}))


@pytest.fixture
def solutions(tmp_path):
    other = ['check("B1.1", 1)']
    return {
        "00_first": read(write(tmp_path / "solutions" / "00_first.ipynb", SOLUTION)),
        "01_second": read(write(tmp_path / "solutions" / "01_second.ipynb", other)),
    }


def found(tmp_path, solutions, roster=None):
    return collect(tmp_path / "in", solutions, roster or Roster((ADA, BO)))


def test_the_exercises_name_the_lesson_else_the_file_does(tmp_path, solutions):
    write(tmp_path / "in" / "s1.ipynb", WRONG)
    write(tmp_path / "in" / "s2_01_second.ipynb", ["1 + 1"])
    write(tmp_path / "in" / "nobody.ipynb", ["1 + 1"])
    found_here = {one.place: one.lesson for one in found(tmp_path, solutions).counting}
    assert found_here == {"s1.ipynb": "00_first", "s2_01_second.ipynb": "01_second", "nobody.ipynb": None}


def test_the_newest_of_several_counts(tmp_path, solutions):
    for number, name in enumerate(("late", "new", "old")):
        os.utime(
            write(tmp_path / "in" / "s1" / f"{name}.ipynb", SOLUTION), (2_000 - number, 1_000 + abs(number - 1) * -100)
        )
    collection = found(tmp_path, solutions)
    assert [one.place for one in collection.counting] == ["s1/new.ipynb"]
    assert {one.place for one in collection.replaced[collection.counting[0].path]} == {"s1/late.ipynb", "s1/old.ipynb"}


def test_canvas_counts_resubmissions_itself(tmp_path, solutions):
    for name, time in (
        ("byronbo_2_1_x.ipynb", 3_000),
        ("byronbo_2_1_x-2.ipynb", 1_000),
        ("byronbo_2_1_x-10.ipynb", 500),
    ):
        os.utime(write(tmp_path / "in" / name, SOLUTION), (time, time))
    assert [one.place for one in found(tmp_path, solutions).counting] == ["byronbo_2_1_x-10.ipynb"]


def test_one_student_may_submit_several_lessons(tmp_path, solutions):
    write(tmp_path / "in" / "s1" / "a.ipynb", SOLUTION)
    write(tmp_path / "in" / "s1" / "b.ipynb", ['check("B1.1", 1)'])
    assert len(found(tmp_path, solutions).counting) == 2


def test_junk_is_skipped_and_archives_are_named(tmp_path, solutions):
    write(tmp_path / "in" / "__MACOSX" / "s1.ipynb", SOLUTION)
    write(tmp_path / "in" / "._s1.ipynb", SOLUTION)
    write(tmp_path / "in" / ".ipynb_checkpoints" / "s1.ipynb", SOLUTION)
    (tmp_path / "in" / "s1.zip").write_bytes(b"PK")
    collection = found(tmp_path, solutions)
    assert (collection.counting, collection.archives) == ([], ["s1.zip"])


def test_links_and_broken_files_are_named_and_not_followed(tmp_path, solutions):
    outside = write(tmp_path / "secret.ipynb", SOLUTION)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "s1.ipynb").symlink_to(outside)
    (tmp_path / "in" / "s2.ipynb").write_text('{"cells": 3}', encoding="utf-8")
    problems = {one.student.id: one.problem for one in found(tmp_path, solutions).counting}
    assert problems == {
        "s1": "the file is a link, which is not followed",
        "s2": "the file cannot be read as a notebook (TypeError)",
    }


def test_answers_that_read_the_same_are_found_whatever_their_layout(tmp_path, solutions):
    write(tmp_path / "in" / "s1.ipynb", [NUMBERS, TOTAL, PAIR])
    write(tmp_path / "in" / "s2.ipynb", [NUMBERS, TOTAL.replace("12", "( 12 )  # mine"), PAIR])
    write(tmp_path / "in" / "s3.ipynb", WRONG)
    groups = copies(found(tmp_path, solutions).counting)
    assert [[one.place for one in group] for group in groups] == [["s1.ipynb", "s2.ipynb"]]


def test_a_folder_that_is_none_is_named(tmp_path, solutions):
    with pytest.raises(InputError, match="is no folder"):
        found(tmp_path, solutions)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"cells": [{}]}', '{"cells": {"a": 1}}', "[" * 100_000])
def test_what_is_no_notebook_is_refused(tmp_path, content):
    path = tmp_path / "x.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(NotebookError, match="cannot be read as a notebook"):
        read(path)


def test_context_that_comes_from_a_solution_is_known(tmp_path):
    cells = [
        "base = 3",
        "# BEGIN SOLUTION\ndef make(x):\n    base = x\n    return base\n\n\n# END SOLUTION\nmade = make(base)",
        'check("X.1", make, base=base)\ncheck("X.2", made, made=made, base=base)',
    ]
    assert read(write(tmp_path / "x.ipynb", cells)).own_context() == {"X.1": [], "X.2": ["made"]}


def test_cells_that_only_explain_a_solution_are_not_shared(tmp_path):
    path = write(tmp_path / "x.ipynb", ["1", "2"])
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"][1]["metadata"]["tags"] = ["solution"]
    path.write_text(json.dumps(content), encoding="utf-8")
    notebook = read(path)
    assert (len(notebook.cells), notebook.shared[1:]) == (3, ("2",))
