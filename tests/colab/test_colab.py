"""The set-up cell as it stands in the notebooks, on a machine that looks like Colab; then lessons to their end.

`make test-colab` runs the same on Python 3.13, with an index for pip, and more lessons.
"""

import json
import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from colab_machine import base_python, build
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

from tools.hub_guard import HubGuard
from tools.links import is_setup, setup_source
from tools.notebooks import Project, read

pytestmark = [
    pytest.mark.colab,
    pytest.mark.standins,
    pytest.mark.skipif(os.name != "posix", reason="the machine is made of links"),
]

PROJECT = Project()
FULL = "HF_TUTORIAL_COLAB_MACHINE" in os.environ
# What the course's own models, a script and an optional package ask of the installed package.
MORE_LESSONS = ("10_encoder_decoder", "13_instruction_tuning", "14_scaling_up")
MOST_SECONDS = 60

# CPU time of the kernel and of what it has waited for: other work on the machine does not count.
_CLOCK = "import os\nsetup_seconds = sum(os.times()[:4])"
_PROBE = """
import json, os, sys
from pathlib import Path
from huggingface_hub.utils import is_google_colab
from google.colab import userdata
import hf_tutorial
from hf_tutorial import hub_or_local
os.environ["HF_TUTORIAL_CACHE"] = "from_nothing"
own = [Path(hub_or_local(f"hf-tutorial/{name}")) for name in ("t5-dates", "t5-dates-early", "appointments")]
json.dump({
    "package": hf_tutorial.__file__,
    "script": (Path(hf_tutorial.__file__).parent / "scripts" / "train_reviews.py").is_file(),
    "is_colab": is_google_colab(),
    "secrets": userdata.asked,
    "own": [len(list(folder.glob("*.safetensors"))) for folder in own],
    "uses_hub": session.uses_hub,
    "setup_seconds": setup_seconds,
    "all_seconds": sum(os.times()[:4]),
}, open("found.json", "w"))
"""


def texts(cell):
    return "\n".join(
        output.get("text", "") + "\n".join(output.get("traceback", [])) + output.get("data", {}).get("text/plain", "")
        for output in cell.outputs
    )


def seconds(cell):
    """Return how long a cell took, by the kernel's own messages."""
    times = cell.metadata.execution
    busy, idle = (datetime.fromisoformat(times[f"iopub.status.{state}"]) for state in ("busy", "idle"))
    return (idle - busy).total_seconds()


def copy_of(machine, lesson):
    """Return lesson's notebook, copied into the machine's folder as Colab does, without outputs."""
    notebook = read(Path(shutil.copy(PROJECT.notebooks / f"{lesson}.ipynb", machine.content)))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


class Lesson01:
    """The run of lesson 01 on a new machine: set-up cell, lesson, set-up cell once more, and a look around."""

    def __init__(self, folder, guard):
        self.machine = build(folder, base_python(), guard, online=FULL)
        self.before = self.machine.versions()
        notebook = copy_of(self.machine, "01_tokenizers")
        self.setup = next(cell for cell in notebook.cells if is_setup(cell))
        self.again = new_code_cell(self.setup.source)
        notebook.cells.insert(notebook.cells.index(self.setup) + 1, new_code_cell(_CLOCK))
        notebook.cells += [self.again, new_code_cell(_PROBE)]
        self.notebook = self.machine.run(notebook)
        self.asked = list(guard.asked)
        self.after = self.machine.versions()
        self.found = json.loads((self.machine.content / "found.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def guard():
    with HubGuard() as guard:
        yield guard


@pytest.fixture(scope="module")
def lesson_01(tmp_path_factory, guard):
    return Lesson01(tmp_path_factory.mktemp("colab"), guard)


def test_the_machine_looks_like_colab(lesson_01):
    assert "hf-tutorial" not in lesson_01.before
    assert {"torch", "transformers", "datasets", "peft", "scikit-learn"} <= set(lesson_01.before)
    assert lesson_01.found["is_colab"], "huggingface_hub takes it for Colab"
    assert lesson_01.found["secrets"] in ([], ["HF_TOKEN"]), "nothing but the library's own token is asked for"


def test_the_setup_cell_installs_the_package_and_changes_nothing_that_was_there(lesson_01):
    assert lesson_01.setup.source == setup_source(PROJECT), "the very cell"
    changed = {name: new for name, new in lesson_01.after.items() if lesson_01.before.get(name, new) != new}
    assert changed == {}
    new = set(lesson_01.after) - set(lesson_01.before)
    assert "hf-tutorial" in new
    assert new <= {"hf-tutorial", "gguf"}, "nothing else is needed beside what Colab has"
    assert lesson_01.found["package"].startswith(str(lesson_01.machine.python.parent.parent))


def test_the_setup_cell_says_what_it_found_and_asks_for_no_restart(lesson_01):
    said = texts(lesson_01.setup)
    assert said.splitlines()[-2].startswith("Ready: Python 3.")
    assert said.splitlines()[-1].startswith("Checkpoints and data come from local stand-ins, since ")
    assert "restart" not in said.lower()
    assert "error" not in said.lower()


def test_the_setup_cell_is_quick(lesson_01, capsys):
    first, second = seconds(lesson_01.setup), seconds(lesson_01.again)
    cpu, whole = lesson_01.found["setup_seconds"], lesson_01.found["all_seconds"]
    with capsys.disabled():
        print(f"\nset-up cell: {cpu:.1f} s of CPU time, here in {first:.1f} s; once more: {second:.1f} s")
        print(f"all of lesson 01: {whole:.1f} s of CPU time")
    assert cpu < MOST_SECONDS
    assert second < first / 5, "what is there is not installed again"
    assert texts(lesson_01.again).splitlines() == texts(lesson_01.setup).splitlines()[-2:]


def test_lesson_01_runs_to_its_end_on_the_stand_ins(lesson_01):
    code = [cell for cell in lesson_01.notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    assert not lesson_01.found["uses_hub"]
    announced = "distilbert/distilbert-base-uncased: a local stand-in"
    assert any(announced in texts(cell) for cell in code)
    repositories = [request for request in lesson_01.asked if "/models/" in request or "/datasets/" in request]
    assert repositories == ["GET /api/models/distilbert/distilbert-base-uncased?blobs=true"] * 2, (
        "“auto” asks once each time the set-up cell is run, and for nothing else"
    )
    assert not any("/resolve/" in request for request in lesson_01.asked), "no file is asked for"


def test_the_installed_package_is_complete(lesson_01):
    assert lesson_01.found["script"], "what lesson 14 starts"
    assert all(lesson_01.found["own"]), "the course's own models can be made from nothing"


only_in_full = pytest.mark.skipif(not FULL, reason="takes minutes, and an index for pip; make test-colab runs it")


@only_in_full
@pytest.mark.parametrize("lesson", MORE_LESSONS)
def test_a_lesson_that_asks_more_of_the_package_runs_to_its_end(lesson_01, lesson):
    notebook = lesson_01.machine.run(copy_of(lesson_01.machine, lesson))
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")


@only_in_full
@pytest.mark.parametrize("imported", [False, True])
def test_an_older_transformers_is_upgraded_and_a_restart_asked_for_only_where_it_was_imported(
    tmp_path, guard, imported
):
    machine = build(tmp_path, base_python(), guard, online=True)
    subprocess.run(
        [machine.python, "-m", "pip", "install", "-q", "transformers==4.57.1"], env=machine.environment, check=True
    )
    before = machine.versions()
    cells = [new_code_cell(source) for source in ("import transformers" if imported else "1", setup_source(PROJECT))]
    if imported:
        with pytest.raises(
            CellExecutionError, match=r"imported .*transformers 4\.57\.1, and 5\.\S+ was installed since"
        ):
            machine.run(new_notebook(cells=cells))
    else:
        assert "transformers 5." in texts(machine.run(new_notebook(cells=cells)).cells[1])
    after = machine.versions()
    assert {name: before[name] for name in ("torch", "numpy", "datasets", "peft")}.items() <= after.items()
