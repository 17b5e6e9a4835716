"""Lessons in `hub` mode against the loopback Hub: two of the course, and one that must fail for each reason there is.

`python -m tools.loopback_hub` runs all of them.
"""

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from hf_tutorial.sources.resolve import MODES
from tools.loopback_hub import stand_in_repositories
from tools.loopback_hub.__main__ import line, summary
from tools.loopback_hub.neighbours import neighbours
from tools.loopback_hub.running import Outcome, Pass, environment, run_notebook, run_pass, stand_ins_pass
from tools.loopback_hub.server import LoopbackHub
from tools.notebooks import Project, write
from tools.outputs import NOT_COMPARED_PARTS


@pytest.mark.standins
def test_two_lessons_against_the_stand_ins(tmp_path):
    """Lesson 00 searches the Hub; lesson 01 loads tokenizers, models and a dataset from it."""
    project = Project()
    paths = [project.notebooks / name for name in ("00_quickstart.ipynb", "01_tokenizers.ipynb")]
    one_pass = stand_ins_pass([*stand_in_repositories(), *neighbours()])
    for outcome in run_pass(one_pass, project, paths, tmp_path):
        assert outcome.problems == (), "\n".join(outcome.problems)
        assert outcome.named
        assert outcome.requests > 20
    assert list(tmp_path.iterdir()) == [tmp_path / "notebooks"]  # what was downloaded is gone


def code(source, printed, cell_id):
    outputs = [new_output("stream", name="stdout", text=printed)] if printed else []
    return new_code_cell(source, execution_count=1, outputs=outputs, id=cell_id)


def test_a_lesson_that_is_wrong_in_every_way(tmp_path, repositories):
    notebook = new_notebook(
        cells=[
            code("print('as it was')", "as it was\n", "one"),
            code("print('changed')", "as it was\n", "two"),
            code("import huggingface_hub\nfound = huggingface_hub.HfApi().repo_exists('someone/else')", "", "three"),
            code(
                "hub_or_local = str\nprint(hub_or_local('someone/model'))\nfound = huggingface_hub.model_info('someone/model')",
                "someone/model\n",
                "four",
            ),
            code(
                "import os\nprint(os.environ['HF_TUTORIAL_SOURCE'], os.environ.get('HF_TOKEN'))", "hub None\n", "five"
            ),
        ]
    )
    project = Project(tmp_path / "course")
    path = project.notebooks / "00_wrong.ipynb"
    write(path, notebook)
    strictly = Pass("test", repositories, lambda notebook, name: None, NOT_COMPARED_PARTS, strict=True)
    outcome = run_notebook(strictly, project, path, tmp_path)

    said, *others = outcome.problems
    assert "1 failed, 4 passed" in said
    assert "Cell 1: Cell outputs differ" in said
    assert others == [
        "the Hub was not asked for a file of someone/model",
        "asked for a repository that is not served: GET /api/models/someone/else",
    ]


def test_the_environment_of_a_run(repositories, tmp_path, monkeypatch):
    for name in ("HF_TOKEN", "HF_HUB_CACHE", "HF_DATASETS_CACHE", "TRANSFORMERS_CACHE", "https_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "mine")
    with LoopbackHub(repositories) as hub:
        found = environment(hub, tmp_path)
    ours = {name: value for name, value in found.items() if name.startswith("HF_")}
    cache = {"HF_TUTORIAL_CACHE": str(tmp_path / "cache")}
    assert ours == {**cache, "HF_ENDPOINT": hub.address, "HF_TUTORIAL_SOURCE": "hub", "HF_HOME": str(tmp_path)}
    assert ours["HF_TUTORIAL_SOURCE"] in MODES
    assert not {"TRANSFORMERS_CACHE", "https_proxy", "HTTP_PROXY"} & set(found)


def test_the_summary():
    right = Outcome("00.ipynb", ("a/b",), 12, 3.0, ())
    wrong = Outcome("01.ipynb", ("c/d", "a/b"), 7, 4.0, ("1 failed", "the Hub was not asked for a file of c/d"))
    assert line(right).startswith("green 00.ipynb")
    assert line(wrong).split() == ["red", "01.ipynb", "4", "s,", "7", "requests:", "c/d,", "a/b"]
    assert summary("test", [right, wrong]).splitlines() == [
        "test: 1 of 2 green",
        "2 ids loaded from the Hub: a/b, c/d",
        "red: 01.ipynb",
    ]
