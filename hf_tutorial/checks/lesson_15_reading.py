"""Checks of lesson 15, second part: a function that reads a traceback."""

from collections.abc import Iterator
from typing import Any

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tracebacks import OWN, PROGRAMS, Printed, printed
from hf_tutorial.checks.verdict import Wrong

_KEYS = ("error", "message", "line", "cause")


@exercise("15.2", expects="the function `read_traceback`")
def reading(answer: object) -> str:
    faults: dict[str, str] = {}
    for name, programs in PROGRAMS.items():
        case = printed(programs)
        given = f"{name}, {OWN!r}"
        try:
            found = _entries(call(answer, case.text, OWN, given=given))
        except Raised as raised:
            raise Wrong(f"{raised}.") from raised
        for key, reason in _judged(found, case, name):
            faults.setdefault(key, reason)
    if faults:
        raise Wrong(next(faults[key] for key in _KEYS if key in faults), credit=1 - len(faults) / len(_KEYS))
    return f"The last line, the lowest frame of your own, and the cause: read from {len(PROGRAMS)} tracebacks."


def _entries(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Wrong(f"`read_traceback` should return a dictionary, but returns {shown(value)}.")
    if missing := [key for key in _KEYS if key not in value]:
        raise Wrong(f"The dictionary has no entry {missing[0]!r}. It needs {', '.join(map(repr, _KEYS))}.")
    return value


def _judged(found: dict[str, Any], case: Printed, name: str) -> Iterator[tuple[str, str]]:
    """Yield the keys that are wrong, each with a diagnosis."""
    whys = {"error": _why_error, "message": _why_message, "line": _why_line, "cause": _why_cause}
    for key in _KEYS:
        if found[key] != case.right[key]:
            yield (
                key,
                f"For {name}, {key!r} should be {_quoted(case.right[key])}, but is {_quoted(found[key])}. {whys[key](found[key], case)}",
            )


def _quoted(value: object) -> str:
    return shown(value.replace("\n", "⏎").replace("\t", "⇥")) if isinstance(value, str) else shown(value)


def _why_error(found: object, case: Printed) -> str:
    text = found if isinstance(found, str) else ""
    if case.right["error"].endswith(f".{text}"):
        return "Keep the name as it is printed, with its module: two libraries can have an error of the same name."
    if text.strip() == case.right["error"]:
        return "There are spaces or a line break around it."
    if text.startswith(f"{case.right['error']}:"):
        return "That is the message as well. The name ends at the first colon."
    if text and text in case.right["message"]:
        return "That is a piece of the message, which has several lines: the name stands in its first."
    if text == case.right["cause"]:
        return "That is the exception that it began with. What ended the program is printed last."
    return "It is the first line after the frames that is not indented."


def _why_message(found: object, case: Printed) -> str:
    text, right = found if isinstance(found, str) else "", case.right["message"]
    if text and text.strip() == right:
        return "There are spaces or a line break around it."
    if text.strip() and right.startswith(text.strip()) and "\n" in right:
        return "A message can have several lines: all that follows belongs to it."
    if text.strip() and right.endswith(text.strip()):
        return "Its beginning is lost: it starts after the *first* colon of its first line, and goes on to the end of the text."
    if not right:
        return "There is no message, so this should be an empty text."
    return "It is what follows the name and its colon, up to the end of the text."


def _why_line(found: object, case: Printed) -> str:
    own = [line for file, line in case.frames if file == OWN]
    if isinstance(found, str) and found.isdigit():
        return "A line is a whole number: `int(…)` makes one."
    line = number(found)
    if line is None:
        return f"The frames look as `  File {OWN!r}, line 12, in step`."
    if own and line == own[0] and len(own) > 1:
        return "That is the highest of your own frames. The lowest is nearest to the error."
    if own and line == max(own) != own[-1]:
        return "That is the largest number. The lowest frame is the last one that is printed, whatever its number is."
    if line in [line for _, line in case.frames if line not in own]:
        return (
            "That frame is not yours: the file has the same name, but lies in another folder."
            if _same_name(line, case)
            else "That frame is the library's."
        )
    if line in [line for file, line in case.all_frames if file == OWN]:
        return "That frame belongs to an earlier exception of the chain. Look only below the last `Traceback`."
    return "Is it the lowest frame of your own file, below the last `Traceback`?"


def _same_name(line: float, case: Printed) -> bool:
    return any(file.endswith(OWN) and file != OWN for file, at in case.frames if at == line)


def _why_cause(found: object, case: Printed) -> str:
    if case.right["cause"] is None:
        return "There is only one exception, so this should be None."
    if found is None:
        return (
            "There is a chain: a sentence between two tracebacks says that one exception came from another, in one of two "
            "wordings, *direct cause* and *during handling*."
        )
    if found == case.right["error"]:
        return "That is the last one. The cause is the exception that is printed first."
    if isinstance(found, str) and found.startswith(case.right["cause"]):
        return "The name alone, without the message."
    return "It is the name of the exception that is printed first, with its module."
