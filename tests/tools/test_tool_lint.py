"""The sample lesson has no finding; each rule, broken once, has the one that it should."""

import ast
import json
import shutil

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output
from sample_course import BOX, Course, code, lesson_cells, markdown, solution_cells

from tools import exercises, lint
from tools.notebooks import write, write_text
from tools.rules.cells import words


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A course without findings: lesson, solutions, exercises and timings."""
    course = Course.begin(tmp_path_factory.mktemp("sample"))
    course.put(course.lesson, lesson_cells())
    course.put(course.solutions, solution_cells())
    exercises.main([], course.project)
    cells = course.read(course.exercises).cells
    for unsolved in (cell for cell in cells if cell.cell_type == "code"):
        unsolved.outputs = code("", printed="Not done yet.\n").outputs
    course.put(course.exercises, cells)
    keys = ("00_quickstart", "exercises/00_quickstart_exercises", "solutions/00_quickstart_solutions")
    write_text(course.project.timings, json.dumps({f"{key}.ipynb": 3 for key in keys}))
    return course


@pytest.fixture
def course(sample, tmp_path):
    shutil.copytree(sample.project.root, tmp_path, dirs_exist_ok=True)
    return Course(tmp_path)


@pytest.fixture
def linted(course, capsys):
    """Return a function that changes a notebook, lints it, and returns the exit code and the findings."""

    def lint_it(change=lambda notebook: None, path=course.lesson):
        notebook = course.read(path)
        change(notebook)
        write(path, notebook)
        capsys.readouterr()
        exit_code = lint.main([str(path)], course.project)
        *lines, total = capsys.readouterr().out.splitlines()
        assert total == f"1 notebooks, {len(lines)} findings"
        return exit_code, lines

    return lint_it


def cell(notebook, start):
    """Return the first cell whose source begins with `start`."""
    return next(cell for cell in notebook.cells if cell.source.startswith(start))


def test_the_sample_course_has_no_finding(linted, course, capsys):
    linted()
    assert lint.main([], course.project) == 0
    assert capsys.readouterr().out.splitlines() == ["3 notebooks, 0 findings"]


def edit(start, **changes):
    """Return a change: set attributes of the cell that begins with `start`."""
    return lambda notebook: cell(notebook, start).update(changes)


def replace(start, old, new):
    def change(notebook):
        found = cell(notebook, start)
        assert old in found.source
        found.source = found.source.replace(old, new)

    return change


def add(*cells, at=7):
    return lambda notebook: notebook.cells.__setitem__(slice(at, at), cells)


def counted(change):
    """Put the execution counts right after a change."""

    def change_and_count(notebook):
        change(notebook)
        for count, later in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
            later.execution_count = count

    return change_and_count


def add_code(source, *tags):
    return counted(add(code(source, *tags)))


def show(start, *outputs):
    return edit(start, outputs=list(outputs))


def tag(start, *tags):
    return lambda notebook: cell(notebook, start).metadata.update(tags=list(tags))


def html(text):
    return new_output("display_data", data={"text/html": text})


def image(mime="image/png", **metadata):
    return new_output("display_data", data={mime: "aGVsbG8="}, metadata=metadata)


ERROR = new_output("error", ename="ValueError", evalue="no", traceback=["no"])

BROKEN = {
    "title": (replace("# 00", "# 00 · ", "# 01 · "), "cell 1: the first cell must begin with the title “# 00 · Title”"),
    "second title": (add(markdown("# Again")), "cell 8: “# Again” is a second title"),
    "badge": (replace("# 00", "blob/main", "blob/next"), "cell 1: the badge is missing, doubled, or points elsewhere"),
    "note on Colab": (replace("# 00", "Secrets", "a cell"), "cell 1: has not the common note on Colab"),
    "set-up cell": (replace("import importlib", "seed=42", "seed=1"), "cell 5: is not the common set-up cell"),
    "set-up tags": (tag("import importlib", "setup"), "cell 5: is not the common set-up cell"),
    "no set-up cell": (counted(lambda n: n.cells.pop(4)), "has 0 set-up cells"),
    "set-up comes first": (
        counted(lambda n: n.cells.insert(1, n.cells.pop(8))),
        "cell 2: comes before the set-up cell",
    ),
    "set-up heading": (add(markdown("## Late"), at=4), "cell 6: the set-up cell must stand below"),
    "first parts": (replace("## What you", "What you will", "What we"), "must begin with the parts “## What you will"),
    "last parts": (replace("## Recap", "Recap", "Summary"), "must end with the parts “## Exercises”, “## Recap”"),
    "own section": (replace("## Adding", "## Adding\n\n", ""), "has no section of its own"),
    "goals": (
        edit("## What you", source="## What you will learn\n\nTo add."),
        "cell 2: “What you will learn” needs a list",
    ),
    "minutes": (replace("## Before", "25 minutes", "not long"), "cell 3: “Before you start” must say how long"),
    "many minutes": (replace("## Before", "25", "50"), "cell 3: 50 minutes are too many"),
    "exercises": (edit("## Exercises", source="## Exercises\n\nNone."), "“Exercises” must link its notebook"),
    "box": (
        edit("> **Here", source="Nothing."),
        f"has no box on the stand-ins; add one markdown cell that begins “{BOX[:24]}",
    ),
    "second box": (add(markdown(BOX)), "cell 8: is a second box"),
    "slide type": (edit("print(total + 1)", metadata={}), "has no slide type"),
    "heading's slide": (add(markdown("### Deep", slide="-")), "cell 8: “Deep” is a heading; make its slide type slide"),
    "heading inside": (add(markdown("Text.\n\n### Deep", slide="slide")), "cell 8: “Deep” is a heading inside a cell"),
    "unknown tag": (tag("print(total + 1)", "nbval-skip"), "has the unknown tag nbval-skip"),
    "both tags": (add_code("1", "nbval-ignore-output", "nbval-check-output"), "is tagged both to be ignored and"),
    "comment marker": (
        replace("print(total + 1)", "print", "# NBVAL_IGNORE_OUTPUT\nprint"),
        "has the comment NBVAL_IGNORE_OUTPUT; use the tag nbval-ignore-output instead",
    ),
    "median size": (
        lambda n: [cell.update(source="pass\n" * 9) for cell in n.cells if cell.source.startswith("print")],
        "half of its code cells have more than 8 lines",
    ),
    "large cell": (
        replace("total = 1", "total = 1", "pass\n" * 90 + "total = 1"),
        "has 92 lines; a tenth of the code cells",
    ),
    "empty cell": (add(markdown("  ", slide="-")), "cell 8: is empty"),
    "little prose": (edit("## Adding", source="## Adding\n\nFew words."), "words of prose; write 1,500 to 3,000"),
    "much prose": (replace("## Adding", "## Adding\n\n", "## Adding\n\n" + "word " * 2000), "words of prose"),
    "image": (add(markdown("![](timings.json)")), "cell 8: the image timings.json has no alternative text"),
    "image tag": (
        add(markdown('<img src="no.png" alt="">')),
        'cell 8: <img src="no.png" alt=""> has no alternative text',
    ),
    "far image": (
        add(markdown("![A](https://a.example/b.png)")),
        "cell 8: the image https://a.example/b.png is loaded from",
    ),
    "link": (add(markdown("[next](01_more.ipynb#one)")), "cell 8: links 01_more.ipynb, which does not exist"),
    "shell": (add_code("!pip install x"), "cell 8: runs a shell command"),
    "counts": (edit("print(total + 1)", execution_count=7), "execution counts are not 1 … n"),
    "notebook metadata": (lambda n: n.metadata.update(widgets={}), "has the metadata widgets; run"),
    "cell metadata": (lambda n: n.cells[3].metadata.update(collapsed=True), "cell 4: has the metadata collapsed"),
    "stderr": (show("print(total + 1)", new_output("stream", name="stderr", text="oh")), "has stored stderr"),
    "widget": (
        show("print(total + 1)", new_output("display_data", {"application/vnd.jupyter.widget-view+json": {}})),
        "has stored a widget",
    ),
    "error": (show("print(total + 1)", ERROR), "has stored an error; mend it, or tag it raises-exception"),
    "no error": (tag("print(total + 1)", "raises-exception"), "is tagged raises-exception and does not fail"),
    "share": (tag("print(total + 1)", "nbval-ignore-output"), "compares 3 of its 5 cells with output; 80 % are needed"),
    "figure": (show("print(total + 1)", image()), "has a figure without alternative text"),
    "svg": (show("print(total + 1)", image("image/svg+xml")), "has an image/svg+xml output"),
    "place": (show("print(total + 1)", html("/home/ann/x")), "its output names a folder of one machine, /home/ann"),
    "place in a traceback": (
        lambda n: (
            tag("total", "raises-exception")(n),
            show("total", NotebookNode(ERROR | {"traceback": ["File /tmp/x.py"]}))(n),
        ),
        "its output names a folder of one machine, /tmp/x.py",
    ),
    "address": (show("print(total + 1)", html("at 0x7f3a5c2e")), "its output holds a memory address, 0x7f3a5c2e"),
    "far script": (
        show("print(total + 1)", html('<script src="//cdn.example/x.js">')),
        "its HTML output loads something",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_rule_finds_what_breaks_it(linted, name):
    change, complaint = BROKEN[name]
    exit_code, lines = linted(change)
    assert exit_code == 1
    assert len(lines) == 1, lines
    assert lines[0].startswith("notebooks/00_quickstart.ipynb: ")
    assert complaint in lines[0]


@pytest.mark.parametrize(
    "source",
    [
        "from transformers import AdamW",
        "import transformers\ntransformers.TFAutoModel",
        "from transformers import FlaxAutoModel",
        "TrainingArguments('out', evaluation_strategy='epoch')",
        "Trainer(model=None, tokenizer=None)",
        "TrainingArguments(warmup_ratio=0.1)",
        "AutoModel.from_pretrained(name, torch_dtype='auto')",
        "AutoTokenizer.from_pretrained(name, use_fast=True)",
        "tokenizer.encode_plus('a')",
        "tokenizer.prepare_seq2seq_batch(['a'])",
        "pipeline('summarization')",
        "pipeline(task='translation_en_to_de')",
        "%matplotlib inline\npipeline('question-answering')",
        "load_dataset('imdb')",
        "datasets.load_dataset(path='glue', name='mrpc')",
    ],
)
def test_removed_names_are_found_unless_they_are_the_subject(linted, source):
    assert any("or tag the cell shows-removed" in line for line in linted(add_code(source))[1])
    assert linted(lambda notebook: notebook.cells[7].metadata.update(tags=["shows-removed"])) == (0, [])


@pytest.mark.parametrize(
    "source",
    [
        "from torch.optim import AdamW",
        "pipeline('text-classification', tokenizer=None)",
        "load_dataset('csv', data_files='a.csv')",
        "load_dataset('stanfordnlp/imdb')",
        "load_dataset(hub_or_local('stanfordnlp/imdb'))",
        "'evaluation_strategy was removed'",
    ],
)
def test_living_names_are_not_found(linted, source):
    assert linted(add_code(source)) == (0, [])


def set_seconds(course, key, seconds):
    known = json.loads(course.project.timings.read_text())
    write_text(course.project.timings, json.dumps(known | {key: seconds}))


def test_time_limits_differ_by_kind(linted, course):
    set_seconds(course, "00_quickstart.ipynb", 60)
    assert linted() == (0, [])
    set_seconds(course, "00_quickstart.ipynb", 61)
    assert linted()[1] == [
        "notebooks/00_quickstart.ipynb: takes 61 CPU seconds; the limit is 60: use fewer examples or fewer steps"
    ]
    set_seconds(course, "solutions/00_quickstart_solutions.ipynb", 21)
    assert "the limit is 20" in linted(path=course.solutions)[1][0]
    course.project.timings.unlink()
    assert "has no entry in notebooks/timings.json" in linted()[1][0]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            replace("## Exercise 00.2", "00.2", "00.3"),
            "“## Exercise 00.3 · Double it” must begin “## Exercise 00.2 · ”",
        ),
        (replace("## Exercise 00.2", "●○○", "easy"), "needs a line “**Difficulty:** ●○○ · **Minutes:** 5”"),
        (replace("## Exercise 00.2", "<details>", "<div>"), "needs a hint"),
        (
            replace("# 00", ": Solutions", ""),
            "cell 1: the first cell must begin with the title “# 00 · Title: Solutions”",
        ),
        (
            replace("## Exercise 00.3", "## Exercise", "## Task"),
            "has 2 exercises “## Exercise 00.k · Title”; write 3 or more",
        ),
    ],
)
def test_exercises_have_their_own_rules(linted, course, change, complaint):
    exit_code, lines = linted(change, course.solutions)
    assert exit_code == 1
    assert len(lines) == 1, lines
    assert complaint in lines[0]


def test_words_are_what_a_reader_reads():
    text = "A *fine* [link](http://a.b/c d) — and\n\n```python\nnot code\n```\n<details><summary>Why</summary>Because.</details>"
    assert words(text) == 6


def test_the_samples_are_python():
    assert all(ast.parse(cell.source) for cell in lesson_cells() if cell.cell_type == "code")
