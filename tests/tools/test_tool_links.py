import ast
import shutil

import pytest
from IPython.core.inputtransformer2 import TransformerManager
from sample_course import code, lesson_cells, markdown, solution_cells

from tools import links
from tools.colab_note import note, without_note
from tools.notebooks import Project


def run(course, *arguments):
    return links.main(arguments, course.project)


def test_the_badge_and_the_setup_cell_name_the_repository(course):
    course.put(course.lesson, lesson_cells(), finished=False)
    assert run(course) == 0
    title, *_ = cells = course.read(course.lesson).cells
    assert title.source.splitlines()[2] == (
        "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]"
        "(https://colab.research.google.com/github/someone/a-course/blob/main/notebooks/00_quickstart.ipynb)"
    )
    assert title.source.endswith("</details>\n\nOne sentence on what this is.")
    assert cells[3].source == "## Set-up"
    assert '"hf-tutorial[standins] @ git+https://github.com/someone/a-course@main"' in cells[4].source
    assert cells[4].metadata.tags == ["setup", "nbval-ignore-output"]


def test_a_second_run_changes_nothing(course):
    course.put(course.lesson, lesson_cells(), finished=False)
    run(course)
    written = course.lesson.read_bytes()
    assert run(course, "--check") == 0
    assert run(course) == 0
    assert course.lesson.read_bytes() == written


def test_check_finds_another_branch_and_writes_nothing(course, capsys):
    course.put(course.lesson, lesson_cells())
    settings = course.project.root / "pyproject.toml"
    settings.write_text(settings.read_text().replace('"main"', '"next"'))
    course.project.__dict__.pop("settings")
    before = course.lesson.read_bytes()
    assert run(course, "--check") == 1
    assert "notebooks/00_quickstart.ipynb: out of step" in capsys.readouterr().out
    assert course.lesson.read_bytes() == before
    assert run(course) == 0
    assert "blob/next/notebooks" in course.read(course.lesson).cells[0].source


def test_exercises_and_solutions_link_to_each_other(course):
    course.put(course.solutions, solution_cells())
    line = course.read(course.solutions).cells[0].source.splitlines()[2]
    assert line.endswith(
        "notebooks/solutions/00_quickstart_solutions.ipynb) · [The lesson](../00_quickstart.ipynb)"
        " · [The exercises](../exercises/00_quickstart_exercises.ipynb)"
    )


@pytest.mark.parametrize(
    ("cells", "advice"),
    [
        ([markdown("# 00 · Quick start"), code("1")], "add a markdown cell “## Set-up”"),
        ([code("1")], "begin it with a markdown cell"),
    ],
)
def test_a_notebook_without_a_place_for_them_is_named(course, capsys, cells, advice):
    course.put(course.lesson, cells, finished=False)
    assert run(course) == 1
    message = capsys.readouterr().err
    assert message.startswith("notebooks/00_quickstart.ipynb: ")
    assert advice in message


def test_a_missing_notebook_is_named(course, capsys):
    assert run(course, "nowhere.ipynb") == 1
    assert "there is no such notebook" in capsys.readouterr().err


def test_the_setup_cell_is_python_and_pins_nothing(course):
    source = links.setup_source(course.project)
    ast.parse(TransformerManager().transform_cell(source))
    assert "==" not in source
    assert "--upgrade" not in source


def test_the_note_says_what_a_student_in_colab_must_know(course):
    course.put(course.lesson, lesson_cells(), finished=False)
    run(course)
    first = course.read(course.lesson).cells[0].source
    assert first.count('<details class="colab">') == 1
    for told in (
        "Save a copy in Drive",
        "CPU runtime",
        "vanish with the session",
        "Secrets",
        "`HF_TOKEN` is missing is harmless",
    ):
        assert told in first
    assert without_note(first).count("\n\n") == 2, "title, badge and sentence are left, and no gap"
    assert links.without_head(first) == "# 00 · Quick start\n\nOne sentence on what this is."


def test_the_note_is_renewed_and_not_doubled(course):
    cells = lesson_cells()
    cells[0].source = cells[0].source.replace(
        "\n\n", '\n\n<details class="colab"><summary>Old</summary>\n\n- old\n\n</details>\n\n'
    )
    course.put(course.lesson, cells, finished=False)
    run(course)
    first = course.read(course.lesson).cells[0].source
    assert "old" not in first
    assert first.count("</details>") == 1


def test_a_block_of_another_kind_stays():
    question = "<details><summary>Q: Why?</summary>\n\nBecause.\n\n</details>\n"
    assert without_note(question) == question


@pytest.mark.parametrize(
    ("name", "faster"),
    [
        ("01_tokenizers.ipynb", False),
        ("06_training_loop.ipynb", True),
        ("code_along/06_training_loop_code_along.ipynb", True),
        ("exercises/06_training_loop_exercises.ipynb", False),
    ],
)
def test_the_note_names_the_runtime(course, name, faster):
    text = note(course.project.notebooks / name)
    assert ("T4 GPU is faster" in text) is faster
    assert ("Change runtime type" in text) is faster


def test_a_fork_changes_everything_with_one_call(course, capsys):
    course.put(course.lesson, lesson_cells())
    course.put(course.solutions, solution_cells())
    example = course.put(
        course.project.root / "docs" / "example.ipynb", [markdown("# An example"), code("1", "setup")], finished=False
    )
    twin = course.project.notebooks / "code_along" / "00_quickstart_code_along.ipynb"
    twin.parent.mkdir()
    shutil.copy(course.lesson, twin)
    assert run(course, "--owner", "somebody-else", "--branch", "autumn/2026") == 0
    settings = Project(course.project.root).settings
    assert settings == {"owner": "somebody-else", "repository": "a-course", "branch": "autumn/2026"}
    assert "[tool.ruff]\nline-length = 120\n" in (course.project.root / "pyproject.toml").read_text()
    for path in (course.lesson, course.solutions, twin):
        title, *_, setup = course.read(path).cells[:5] if path != course.solutions else course.read(path).cells[:3]
        assert "github/somebody-else/a-course/blob/autumn/2026/notebooks/" in title.source
        assert "git+https://github.com/somebody-else/a-course@autumn/2026" in setup.source
    assert (
        "code_along/00_quickstart_code_along.ipynb) · [The lesson](../00_quickstart.ipynb)"
        in course.read(twin).cells[0].source
    )
    assert course.read(example).cells[0].source == "# An example", "no badge opens it"
    assert "somebody-else" in course.read(example).cells[1].source
    assert links.main(["--check"], Project(course.project.root)) == 0


@pytest.mark.parametrize("name", ['x" evil="', "a b", "$(id)", "../up", "", "x`y", "{owner}", "-x"])
def test_a_name_that_is_none_is_refused(course, capsys, name):
    before = (course.project.root / "pyproject.toml").read_bytes()
    assert run(course, f"--owner={name}") == 1
    assert (course.project.root / "pyproject.toml").read_bytes() == before
    assert "as it stands in the repository's address" in capsys.readouterr().err


def test_names_and_check_do_not_go_together(course, capsys):
    with pytest.raises(SystemExit):
        run(course, "--check", "--owner", "x")
    assert "leave --check out" in capsys.readouterr().err
