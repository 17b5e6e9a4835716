import linecache
import re

import pytest

from hf_tutorial import check
from hf_tutorial.checks.tracebacks import OWN, PROGRAMS, printed


def reading(
    *,
    block=-1,
    own=lambda name: f'File "{re.escape(name)}"',
    choose=lambda numbers: int(numbers[-1]),
    message=lambda text: text.strip(),
    error=lambda name: name,
    cause=0,
    frames_of=-1,
):
    """Return a `read_traceback`, right unless an argument makes it wrong."""

    def read_traceback(text, name):
        blocks = text.split("Traceback (most recent call last):\n")[1:]
        heads = [re.search(r"^(\S[^:\n]*):? ?(.*)", one, re.MULTILINE | re.DOTALL) for one in blocks]
        frames = blocks[frames_of][: heads[frames_of].start()]
        numbers = re.findall(rf"^  {own(name)}, line (\d+)", frames, re.MULTILINE)
        return {
            "error": error(heads[block][1]),
            "message": message(heads[block][2]),
            "line": choose(numbers) if numbers else None,
            "cause": heads[cause][1] if len(blocks) > 1 else None,
        }

    return read_traceback


def test_right_reading():
    verdict = check("15.2", reading())
    assert verdict.outcome == "right", verdict


@pytest.mark.parametrize(
    ("answer", "diagnosis", "credit"),
    [
        (reading(block=0), "is 'KeyError'. That is the exception that it began with", 0.5),
        (reading(error=lambda name: name.split(".")[-1]), "Keep the name as it is printed, with its module", 0.75),
        (reading(error=lambda name: name + ": "), "The name ends at the first colon", 0.75),
        (reading(error=lambda name: name + "\n"), "spaces or a line break", 0.75),
        (reading(error=lambda name: "Hint"), "It is the first line after the frames", 0.75),
        (reading(message=lambda text: text), "spaces or a line break", 0.75),
        (reading(message=lambda text: text.split("\n")[0]), "A message can have several lines", 0.75),
        (reading(message=lambda text: text.split(": ")[-1].strip()), "Its beginning is lost", 0.75),
        (reading(message=lambda text: text.strip() or None), "this should be an empty text", 0.75),
        (reading(message=lambda text: text.upper()), "It is what follows the name", 0.75),
        (reading(choose=lambda numbers: int(numbers[0])), "the highest of your own frames", 0.75),
        (reading(choose=lambda numbers: max(map(int, numbers))), "That is the largest number", 0.75),
        (reading(choose=lambda numbers: numbers[-1]), "`int(…)` makes one", 0.75),
        (reading(choose=lambda numbers: numbers), "The frames look as", 0.75),
        (reading(choose=lambda numbers: int(numbers[-1]) + 1), "Is it the lowest frame", 0.75),
        (reading(own=lambda name: rf'File "[^"]*{re.escape(name)}"'), "lies in another folder", 0.75),
        (reading(frames_of=0), "belongs to an earlier exception", 0.75),
        (reading(cause=-1), "That is the last one", 0.75),
        (reading(cause=-2), "It is the name of the exception that is printed first", 0.75),
        (lambda text, own: {"error": "x", "message": "x", "line": True, "cause": None}, "'error' should be", 0.0),
        (lambda text, own: ("IndexError", "", 1, None), "should return a dictionary", 0.0),
        (lambda text, own: {"error": "IndexError"}, "has no entry 'message'", 0.0),
        (lambda text, own: text[10_000], "raises IndexError", 0.0),
    ],
)
def test_wrong_reading(answer, diagnosis, credit):
    verdict = check("15.2", answer)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
    assert verdict.credit == credit


def without_chains(text, own):
    return reading()(text, own) | {"cause": None}


def with_a_cause_always(text, own):
    return reading(cause=0)(text, own) | {"cause": "KeyError"}


def with_the_causes_message(text, own):
    found = reading()(text, own)
    return found | {"cause": found["cause"] and found["cause"] + ": 'labels'"}


@pytest.mark.parametrize(
    ("answer", "diagnosis"),
    [
        (without_chains, "in one of two wordings"),
        (with_a_cause_always, "There is only one exception"),
        (with_the_causes_message, "The name alone, without the message"),
    ],
)
def test_wrong_causes(answer, diagnosis):
    assert diagnosis in check("15.2", answer).message


def test_tracebacks_look_as_python_prints_them_and_leave_nothing_behind():
    case = printed(PROGRAMS["a chain with a direct cause"])
    assert case.text.count("Traceback (most recent call last):") == 2
    assert "\nThe above exception was the direct cause of the following exception:\n" in case.text
    assert f'  File "{OWN}", line {case.right["line"]}, in run\n    raise ValueError(' in case.text
    assert "tracebacks.py" not in case.text
    assert OWN not in linecache.cache


def test_a_file_of_the_same_name_keeps_its_lines(monkeypatch):
    monkeypatch.setitem(linecache.cache, OWN, (1, None, ["own = True\n"], OWN))
    printed(PROGRAMS["a plain traceback"])
    assert linecache.getline(OWN, 1) == "own = True\n"


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_traceback_holds_what_should_be_read_from_it(name):
    case = printed(PROGRAMS[name])
    assert case.right["error"] in case.text
    assert case.text.rstrip().endswith(case.right["message"])
    assert case.right["line"] is None or f'"{OWN}", line {case.right["line"]},' in case.text
