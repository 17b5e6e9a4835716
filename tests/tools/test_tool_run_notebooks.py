"""The comparison itself, in processes of its own: small notebooks, no torch."""

import re
import subprocess

import pytest
from nbformat.v4 import new_notebook, new_output
from sample_course import code, markdown

from tools import reference_env, run_notebooks
from tools.notebooks import ROOT, write
from tools.outputs import difference

ASK = """\
import os, urllib.request
try:
    urllib.request.urlopen(os.environ["HF_ENDPOINT"] + "/api/models/x")
except OSError:
    print("no")
"""


SUM = "import os\nprint(1 + 2)\nprint(os.environ['HF_TUTORIAL_SOURCE'], os.environ['ATEN_CPU_CAPABILITY'])"


@pytest.fixture
def compare(course):
    """Return a function that stores notebooks of one cell each, compares them, and returns exit code and output."""

    def run(*cells, strict=True, workers=0):
        paths = [course.project.notebooks / f"0{number}_lesson.ipynb" for number in range(len(cells))]
        for path, cell in zip(paths, cells, strict=True):
            cell.execution_count = 1
            write(path, new_notebook(cells=[markdown("# A lesson"), cell]))
        command = [*run_notebooks.command(paths, strict=strict, workers=workers), "-rA"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    return run


def outcome(output, number):
    """Return what became of notebook `number`'s only cell."""
    return re.search(rf"(PASSED|FAILED) \S*0{number}_lesson.ipynb::Cell 0", output)[1]


def test_one_changed_number_fails(compare):
    exit_code, output = compare(code(SUM, printed="4\nlocal avx2\n"))
    assert exit_code == 1
    assert outcome(output, 0) == "FAILED"
    assert "Cell outputs differ" in output


EXPLORER = """\
import numpy as np
from hf_tutorial.attention import attention_from_outputs, explore_attention
weight = np.float32({weight})
explore_attention(attention_from_outputs(np.array([[[[1, 0], [weight, 1 - weight]]]]), {tokens}))"""


def explorer(weight, tokens, shown_weight, shown_tokens):
    """Return a cell that makes one explorer and has another one stored."""
    namespace = {}
    exec(EXPLORER.format(weight=shown_weight, tokens=shown_tokens).replace("\nexplore", "\nshown = explore"), namespace)
    shown = namespace["shown"]
    cell = code(EXPLORER.format(weight=weight, tokens=tokens))
    data = {"text/plain": repr(shown), "text/html": shown._repr_html_(), "image/png": "iVBO"}
    cell.outputs = [new_output("execute_result", data, execution_count=1)]
    return cell


def test_an_explorer_is_compared_by_its_text(compare):
    here, there = ["the", "cat"], ["the", "dog"]
    exit_code, output = compare(explorer(0.25, here, 0.5, here), explorer(0.25, here, 0.25, there))
    assert exit_code == 1
    assert (outcome(output, 0), outcome(output, 1)) == ("PASSED", "FAILED"), output
    assert "hft-explorer" not in output


def test_the_size_of_a_figure_is_not_compared():
    cells = [code("figure"), code("figure"), code("figure")]
    for cell, text in zip(cells, ("500x400 with 1 Axes>", "510x400 with 1 Axes>", "510x400 with 2 Axes>"), strict=True):
        cell.outputs = [new_output("execute_result", {"text/plain": f"<Figure size {text}"}, execution_count=1)]
    assert not difference(cells[0], cells[1], ("one", "other"))
    assert difference(cells[1], cells[2], ("one", "other"))


def test_elsewhere_only_tagged_cells_are_compared(compare):
    untagged, tagged = code("print(1 + 2)", printed="4\n"), code("print(1 + 2)", "nbval-check-output", printed="4\n")
    exit_code, output = compare(untagged, tagged, strict=False)
    assert exit_code == 1
    assert (outcome(output, 0), outcome(output, 1)) == ("PASSED", "FAILED"), output


def test_asking_the_hub_fails_although_every_output_is_right(compare):
    exit_code, output = compare(code(SUM, printed="3\nlocal avx2\n"), code(ASK, printed="no\n"), workers=1)
    assert exit_code == 1
    assert (outcome(output, 0), outcome(output, 1)) == ("PASSED", "PASSED"), output
    assert "A notebook asked the Hub" in output
    assert "GET /api/models/x" in output


def test_notebooks_stay_whole_in_two_workers(course):
    words = run_notebooks.command([course.lesson] * 3, strict=True)
    assert words[words.index("-n") + 1] == "2"
    assert words[words.index("--dist") + 1] == "loadfile"


def test_without_notebooks_nothing_passes_silently(course, capsys):
    assert run_notebooks.main([], course.project) == 1
    assert "There is no notebook" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lock", "why"),
    [
        ("torch=={torch}\ntransformers=={transformers}\ntokenizers=={tokenizers}\ndatasets=={datasets}\n", None),
        ("torch==0.1\n", "requirements.txt has 0.1"),
        ("numpy==1\n", "requirements.txt has none"),
    ],
)
def test_the_platform_is_compared_with_the_lock(course, monkeypatch, lock, why):
    monkeypatch.setattr(reference_env.platform, "system", lambda: "Linux")
    monkeypatch.setattr(reference_env.platform, "machine", lambda: "x86_64")
    installed = {name: reference_env._installed(name) for name in ("torch", "transformers", "tokenizers", "datasets")}
    path = course.project.root / "requirements.txt"
    path.write_text(lock.format(**installed))
    found = reference_env.platform_difference(path)
    assert found is None if why is None else why in found


def test_another_platform_is_named_in_the_mode_line(course, monkeypatch):
    monkeypatch.setattr(reference_env.platform, "system", lambda: "Darwin")
    monkeypatch.setattr(reference_env.platform, "machine", lambda: "arm64")
    why = reference_env.platform_difference(course.project.root / "requirements.txt")
    assert run_notebooks.mode_line(3, why) == (
        "3 notebooks executed, only cells tagged nbval-check-output compared: "
        "this is Darwin arm64, outputs were stored on Linux x86_64."
    )
