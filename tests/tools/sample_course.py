"""A checkout in miniature: pyproject.toml, one small valid lesson, and its solutions."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.links import write_links
from tools.normalise import normalise
from tools.notebooks import Project, write, write_text

PYPROJECT = """\
[tool.hf-tutorial]
owner = "someone"
repository = "a-course"
branch = "main"

[tool.ruff]
line-length = 120
"""
PROSE = "A sentence of eight words for the lesson. " * 200

BOX = "> **Here / on the Hub.** The stand-in is smaller, so its scores differ."


def markdown(text, slide=None, **metadata):
    slide = slide or ("slide" if text.startswith("#") else "-")
    return new_markdown_cell(text, metadata={"slideshow": {"slide_type": slide}, **metadata})


def code(source, *tags, printed=None, **metadata):
    cell = new_code_cell(source, metadata={"slideshow": {"slide_type": "fragment"}, "tags": list(tags), **metadata})
    if printed is not None:
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=printed)]
    return cell


def lesson_cells():
    return [
        markdown("# 00 · Quick start\n\nOne sentence on what this is."),
        markdown("## What you will learn\n\n- to add two numbers\n- to read a sum"),
        markdown("## Before you start\n\n**Time:** 25 minutes. You need to know nothing."),
        markdown("## Set-up"),
        markdown("## Adding\n\n" + PROSE),
        markdown(BOX),
        code("total = 1 + 2\nprint(total)", printed="3\n"),
        code("print(total + 1)", printed="4\n"),
        code("print(total + 2)", printed="5\n"),
        code("print(total + 3)", printed="6\n"),
        markdown("## Exercises\n\nThey are in [their own notebook](exercises/00_quickstart_exercises.ipynb)."),
        markdown("## Recap\n\nYou can add."),
        markdown("## Where next\n\nAnother day, another lesson."),
    ]


def solution_cells():
    cells = [markdown("# 00 · Quick start: Solutions"), markdown("## Set-up")]
    for number in (1, 2, 3):
        cells += [
            markdown(
                f"## Exercise 00.{number} · Double it\n\n**Difficulty:** ●○○ · **Minutes:** 5\n\nDouble {number}.\n\n"
                "<details><summary>Hint</summary>\n\nTwice.\n\n</details>"
            ),
            code(f"# BEGIN SOLUTION\ndouble = 2 * {number}\n# END SOLUTION\nprint(double)", printed=f"{2 * number}\n"),
            markdown("It doubles.", tags=["solution"]),
        ]
    return [*cells, code("print(1)", printed="1\n")]


def setup_output(notebook):
    for cell in notebook.cells:
        if "setup" in cell.metadata.get("tags", []):
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="Ready.\n")]


class Course:
    """A project in a temporary folder, with short ways to put notebooks into it."""

    def __init__(self, root: Path) -> None:
        self.project = Project(root)
        self.lesson = root / "notebooks" / "00_quickstart.ipynb"
        self.solutions = root / "notebooks" / "solutions" / "00_quickstart_solutions.ipynb"
        self.exercises = root / "notebooks" / "exercises" / "00_quickstart_exercises.ipynb"

    @classmethod
    def begin(cls, root: Path) -> "Course":
        write_text(root / "pyproject.toml", PYPROJECT)
        (root / "notebooks").mkdir()
        return cls(root)

    def put(self, path, cells, *, finished=True):
        """Write a notebook; a finished one has badge, set-up cell and normal metadata."""
        notebook = new_notebook(cells=cells)
        if finished:
            write_links(self.project, path, notebook)
            setup_output(notebook)
            normalise(notebook, self.project.root)
        write(path, notebook)
        return path

    def read(self, path):
        return nbformat.read(path, as_version=4)
