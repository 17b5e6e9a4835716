"""What a notebook should print against the Hub follows from what is stored in it, and from nothing else by accident."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tools.loopback_hub import expectations
from tools.loopback_hub.expectations import as_on_the_hub, loaded_ids, verdicts_only
from tools.notebooks import Project, ToolError, read


def cell(source, printed="", *tags, cell_id="one"):
    outputs = [new_output("stream", name="stdout", text=printed)] if printed else []
    return new_code_cell(source, outputs=outputs, metadata={"tags": list(tags)}, id=cell_id)


def printed(notebook):
    return ["".join(output.text for output in cell.outputs) for cell in notebook.cells]


def test_ids_that_are_loaded():
    notebook = new_notebook(
        cells=[
            cell('hub_or_local("a/b")'),
            cell("x = f(hub_or_local('c/d'))\nhub_or_local(\n    \"a/b\")\nhub_or_local(name)", cell_id="two"),
        ]
    )
    assert loaded_ids(notebook) == ["a/b", "c/d"]


def test_announcements_of_stand_ins_are_taken_out_and_nothing_else():
    notebook = new_notebook(
        cells=[
            cell("1", "before\na/b: a local stand-in, small.\nafter: a local stand-in, too\n"),
            cell("2", "a/b: a local stand-in, small.\n", cell_id="two"),
            cell("3", "hf-tutorial/c: a model of this course, small.\n", cell_id="three"),
        ]
    )
    as_on_the_hub(notebook, "unknown.ipynb")
    assert printed(notebook) == [
        "before\nafter: a local stand-in, too\n",
        "",
        "hf-tutorial/c: a model of this course, small.\n",
    ]
    assert notebook.cells[1].outputs == []


def test_a_branch_for_the_hub_needs_a_text(monkeypatch):
    notebook = new_notebook(cells=[cell("if session.uses_hub: print(1)", "0\n")])
    with pytest.raises(
        ToolError, match=r"x.ipynb: cell 1: has a branch for the Hub and no text in expected.toml \(one\)"
    ):
        as_on_the_hub(notebook, "x.ipynb")
    monkeypatch.setattr(expectations, "expected_texts", lambda: {"x.ipynb": {"one": "\n1\n"}})
    as_on_the_hub(notebook, "x.ipynb")
    assert printed(notebook) == ["1\n"]


def test_a_text_for_a_cell_that_is_gone(monkeypatch):
    monkeypatch.setattr(expectations, "expected_texts", lambda: {"x.ipynb": {"gone": "1"}})
    with pytest.raises(ToolError, match=r"expected.toml: x.ipynb has no cell gone"):
        as_on_the_hub(new_notebook(cells=[cell("1")]), "x.ipynb")


def test_in_the_second_pass_only_checks_are_compared():
    notebook = new_notebook(
        cells=[
            cell("print(1)", "1\n", "nbval-check-output", "solution"),
            cell('answer = 2\ncheck("00.1", answer)', cell_id="two"),
            cell("1 / 0", "", "raises-exception", cell_id="three"),
        ]
    )
    verdicts_only(notebook, "x.ipynb")
    assert [cell.metadata.tags for cell in notebook.cells] == [
        ["solution", "nbval-ignore-output"],
        ["nbval-check-output"],
        ["raises-exception", "nbval-ignore-output"],
    ]


def test_every_notebook_has_its_expectation():
    """The branches of the stored notebooks, and the texts for them, agree."""
    project = Project()
    for path in project.all():
        as_on_the_hub(read(path), project.key(path))
    assert set(expectations.expected_texts()) <= {project.key(path) for path in project.all()}
