import json

import pytest
from sample_course import code, markdown

from tools import refresh
from tools.normalise import without_places

START = [markdown("# 00 · Quick start")]


@pytest.fixture
def refreshed(course, capsys):
    """Return a function that refreshes a notebook of these cells: exit code, messages, notebook, whether it changed."""

    def run(*cells):
        course.put(course.lesson, [*START, *cells], finished=False)
        before = course.lesson.read_bytes()
        exit_code = refresh.main([], course.project)
        return exit_code, capsys.readouterr().err, course.read(course.lesson), course.lesson.read_bytes() != before

    return run


def test_a_stable_notebook_is_written_in_normal_form(course, refreshed):
    exit_code, _, notebook, changed = refreshed(
        code("x = 2", collapsed=True),
        code("import os, hf_tutorial\nos.environ['HF_TUTORIAL_SOURCE']"),
        code("1 / 0", "raises-exception"),
    )
    assert exit_code == 0
    assert changed
    cells = notebook.cells[1:]
    assert [cell.execution_count for cell in cells] == [1, 2, 3]
    assert cells[1].outputs[0].data == {"text/plain": "'local'"}
    assert cells[2].outputs[0].ename == "ZeroDivisionError"
    assert "collapsed" not in cells[0].metadata
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    timings = json.loads(course.project.timings.read_text())
    assert list(timings) == ["00_quickstart.ipynb"]
    assert 0 <= timings["00_quickstart.ipynb"] < 30


def test_outputs_that_depend_on_the_instruction_set_are_refused(refreshed):
    source = "import os\nprint('one')\nprint(os.environ['ATEN_CPU_CAPABILITY'])"
    exit_code, message, _, changed = refreshed(code(source))
    assert exit_code == 1
    assert not changed
    assert "notebooks/00_quickstart.ipynb: cell 2: prints something else" in message
    assert "-default\n+avx2" in message


def test_an_ignored_cell_may_differ_and_a_figure_gets_its_text(refreshed):
    png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    exit_code, _, notebook, _ = refreshed(
        code("import os\nprint(os.environ['ATEN_CPU_CAPABILITY'])", "nbval-ignore-output"),
        code(f"from IPython.display import Image\nimport base64\nImage(base64.b64decode('{png}'))", alt="One red dot"),
    )
    assert exit_code == 0
    assert notebook.cells[1].outputs[0].text == "avx2\n"
    assert notebook.cells[2].outputs[0].metadata == {"image/png": {"alt": "One red dot"}}


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("import sys\nprint('oh', file=sys.stderr)", "cell 2: writes to stderr; mend or silence the cause.\noh"),
        ("{}['key']", "cell 2: fails. Mend it, or tag it raises-exception if it is meant to fail.\nKeyError: 'key'"),
        (
            "from IPython.display import clear_output\nprint(1)\nclear_output()\nprint(2)",
            "cell 2: redraws its output (progress bar, Trainer's table)",
        ),
        (
            "import os, urllib.request, urllib.error\ntry:\n    urllib.request.urlopen(os.environ['HF_ENDPOINT'] + '/api/models/x')\n"
            "except urllib.error.HTTPError as error:\n    print(error.code)",
            "asked the Hub; pass ids through hub_or_local(…). Requests: GET /api/models/x",
        ),
    ],
)
def test_what_must_not_be_stored_is_refused(refreshed, source, complaint):
    exit_code, message, _, changed = refreshed(code(source))
    assert exit_code == 1
    assert not changed
    assert f"notebooks/00_quickstart.ipynb: {complaint}" in message


def test_tracebacks_do_not_name_the_machine(tmp_path):
    line = f"File {tmp_path}/hf_tutorial/errors.py:3, in f()"
    assert without_places(line, tmp_path) == "File …/hf_tutorial/errors.py:3, in f()"
