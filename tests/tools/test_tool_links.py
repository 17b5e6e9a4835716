import pytest
from sample_course import code, lesson_cells, markdown, solution_cells

from tools import links


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
    assert title.source.endswith("One sentence on what this is.")
    assert cells[3].source == "## Set-up"
    assert "git+https://github.com/someone/a-course@main" in cells[4].source
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
