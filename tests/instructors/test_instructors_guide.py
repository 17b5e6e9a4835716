"""The instructor's guide names cells, polls, exercises, messages, options and files: each is looked up where it should be."""

import argparse
import json
import re
import tomllib
from pathlib import Path

import pytest

from hf_tutorial.checks import check, registry
from hf_tutorial.grading.options import add_arguments
from tools.notebooks import Project, read
from tools.rules import names

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "course" / "instructors"
PAGES = sorted(GUIDE.glob("*.md"))
LESSONS = {path.name[:2]: path for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}


def page(name):
    return (GUIDE / f"{name}.md").read_text(encoding="utf-8")


def rows(text):
    """Yield the cells of each row of the Markdown tables in `text`."""
    for line in text.splitlines():
        if line.startswith("|") and not line.startswith("|-"):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def headings(lesson):
    cells = [cell for cell in read(LESSONS[lesson]).cells if cell.cell_type == "markdown"]
    return {line.lstrip("#").strip() for cell in cells for line in cell.source.splitlines() if line.startswith("##")}


def printed_below(lesson, heading):
    """Return what the code cells under a heading have printed, one text for each."""
    found, here = [], ""
    for cell in read(LESSONS[lesson]).cells:
        if cell.cell_type == "markdown":
            here = next((line.lstrip("#").strip() for line in cell.source.splitlines() if line.startswith("#")), here)
        elif here == heading:
            texts = (output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)
            found.append("".join(texts))
    return found


def live_cells():
    for row in rows(page("lecture")):
        if len(row) == 3 and (link := re.match(r"\[(\d\d)\]", row[0])):
            yield link[1], row[1].strip("*"), row[2].strip("`")


def test_the_lecture_says_rightly_how_many_cells_and_polls():
    assert len(list(live_cells())) == 20
    assert "Twenty cells are run live, and there are five polls" in page("lecture")
    assert page("lecture").lower().count("**poll**") == 5


@pytest.mark.parametrize(("lesson", "heading", "text"), list(live_cells()))
def test_each_live_cell_stands_there_and_prints_that(lesson, heading, text):
    assert any(text in printed for printed in printed_below(lesson, heading))


def test_the_lecture_s_clock_runs_forward():
    minutes = [int(row[0]) for row in rows(page("lecture")) if len(row) == 4 and row[0].isdigit()]
    assert minutes[0] == 0
    assert minutes == sorted(set(minutes))
    assert minutes[-1] < 50


def polls(lesson):
    text = (ROOT / "notebooks" / "polls" / f"{LESSONS[lesson].stem}.toml").read_text(encoding="utf-8")
    return {poll["after"] for poll in tomllib.loads(text)["poll"]}


def test_polls_are_where_the_plans_say():
    named = []
    for row in rows(page("lecture")):
        if len(row) == 4 and (after := re.search(r"\*\*poll\*\* after \*(.+?)\*(?:[,.]| ?$)", row[2], re.I)):
            named.append((row[1], after[1]))
    for row in rows(page("unit")):
        if len(row) == 6 and (lesson := re.match(r"\[(\d\d)\]", row[1])):
            named.append((lesson[1], row[3].strip("*")))
    assert len(named) == 5 + 9
    for lesson, after in named:
        assert after in polls(lesson)


def sections_named(text):
    """Yield (lesson, section) for each section in italics that follows a link to a lesson on its line."""
    for line in text.splitlines():
        lesson = None
        for link, section in re.findall(r"\[(\d\d)\]\([^)]*notebooks/|(?<![*\w])\*([^*]+)\*(?!\*)", line):
            lesson = link or lesson
            if section and lesson:
                yield lesson, section


@pytest.mark.parametrize("name", ["questions", "lecture", "unit"])
def test_sections_that_are_named_are_there(name):
    found = list(sections_named(page(name)))
    assert len(found) > 8
    assert [(lesson, section) for lesson, section in found if section not in headings(lesson)] == []


def minutes_of_exercises():
    found = {}
    for path in (ROOT / "notebooks" / "exercises").glob("*.ipynb"):
        text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
        pattern = r"## Exercise (\d\d\.\d).*?\*\*Difficulty:\*\* (\S+) · \*\*Minutes:\*\* (\d+)"
        found |= {number: (dots, int(minutes)) for number, dots, minutes in re.findall(pattern, text, re.S)}
    return found


def test_homework_takes_the_minutes_that_its_exercises_state():
    minutes, total = minutes_of_exercises(), 40
    for row in rows(page("unit")):
        if len(row) == 6 and re.match(r"\d\d\.\d", row[4]):
            assert sum(minutes[number][1] for number in row[4].split(", ")) == int(row[5])
            total += int(row[5])
    assert f"That is {total} minutes of homework" in page("unit")


def test_exercises_with_three_dots_are_named_as_such():
    named = re.search(r"Those with three dots \(([^)]+)\)", page("unit"))[1].split(", ")
    taught = {lesson for lesson in LESSONS if lesson <= "07" or lesson == "09"}
    assert named == sorted(
        number for number, (dots, _) in minutes_of_exercises().items() if dots == "●●●" and number[:2] in taught
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_exercise_that_is_named_exists(path):
    known = set(minutes_of_exercises())
    assert (
        set(re.findall(r"(?<![\d.:])(?:0\d|1[0-4])\.\d(?![\d.])(?! ?(?:seconds|%))", path.read_text("utf-8"))) <= known
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (path.parent / target).exists()


def test_the_overview_leads_to_every_page():
    inside = re.search(r"```\{toctree\}\n:hidden:\n\n(.*?)\n```", page("index"), re.S)[1].split()
    assert sorted([*inside, "index"]) == [path.stem for path in PAGES]


def test_every_removed_name_stands_on_the_page_about_assistants():
    text = page("assistants")
    for name in (*names.IMPORTS, *names.METHODS, *names.ARGUMENTS, *names.TASKS):
        assert name in text, name
    for name in ("eval_strategy", "processing_class", "torch.optim.AdamW", "warmup_steps", "use_cpu"):
        assert name in text, name


def test_two_questions_for_each_lesson():
    asked = {row[0][1:3]: row[1] for row in rows(page("assistants")) if re.match(r"\[\d\d\]", row[0])}
    assert sorted(asked) == sorted(LESSONS)
    assert all(text.count("“") == 2 and " · " in text for text in asked.values())


MESSAGES = {
    "Makefile": ["hf-tutorial needs Python 3.11 or newer"],
    "tools/environment.py": [
        "cannot make environments: its venv module is not installed",
        "GB are free on the disk of",
    ],
    "tools/bundle.py": ["was made for"],
    "hf_tutorial/sources/wheels.py": ["pip could not download"],
    "hf_tutorial/sources/resolve.py": [
        "has no local stand-in, and",
        "These ids have one:",
    ],
    "hf_tutorial/sources/faults.py": [
        "did not answer within",
        "asks for a pause",
    ],
    "hf_tutorial/stale.py": ["This session has imported", "was installed since"],
    "hf_tutorial/session.py": ["local stand-ins, since"],
    "hf_tutorial/checks/registry.py": [
        "Replace `...` with your answer, and run this cell again.",
        "The answer is None, which is what `print(…)` and a function without `return` give.",
        "is not there yet: finish the step that makes it, then run this cell again.",
    ],
    "hf_tutorial/doctor.py": ["Everything is in order."],
}


@pytest.mark.parametrize(("source", "fragment"), [(path, text) for path, texts in MESSAGES.items() for text in texts])
def test_messages_read_as_they_are_quoted(source, fragment):
    assert fragment in (ROOT / source).read_text(encoding="utf-8")
    assert fragment in page("room") + page("index")


def test_every_notebook_takes_less_than_the_room_is_told():
    assert max(json.loads(Project().timings.read_text(encoding="utf-8")).values()) < 80
    assert "less than 80 seconds of processor time" in page("room")


def test_options_of_grade_are_all_described_and_no_others():
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    known = {option for action in parser._actions for option in action.option_strings if option.startswith("--")}
    table = {option for row in rows(page("grading")) if len(row) == 3 for option in re.findall(r"--[a-z-]+", row[0])}
    assert table == known - {"--help"}
    for limit in (parser.get_default("time"), parser.get_default("cell_time"), parser.get_default("memory")):
        assert f" {limit} " in page("grading")


def test_the_line_for_a_container_is_the_one_in_help():
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    (line,) = re.findall(r"```sh\n(docker run.*?)```", page("grading"), re.S)
    assert line.split() in [
        parser.epilog[match.start() :].split()[: len(line.split())] for match in re.finditer("docker", parser.epilog)
    ]


def test_the_hidden_checks_on_the_page_about_grading_work(monkeypatch):
    monkeypatch.setattr(registry, "_EXERCISES", dict(registry.all_exercises()))
    (source,) = re.findall(r"```python\n(\"\"\"checks/b1.py.*?)```", page("grading"), re.S)
    exec(compile(source, "b1.py", "exec"), {})

    def tokenizer(texts):
        return {"input_ids": [[101, *map(len, text.split()), 102] for text in texts]}

    assert check("B1.1", [3, 9], tokenizer=tokenizer).outcome == "right"
    assert check("B1.1", [1, 7], tokenizer=tokenizer).credit == 0.5
    assert check("B1.1", [2, 2], tokenizer=tokenizer).credit == 0
    from hf_tutorial.checks import seed_for

    assert check("B1.2", seed_for("s1", "B1.2") % 97, student="s1").outcome == "right"
    assert check("B1.2", seed_for("s2", "B1.2") % 97, student="s1").outcome == "wrong"
