"""Real tracebacks for lesson 15: raised by small programs that are compiled under the names of files.

So what is right is read from the exception itself, and not from the text that is printed of it.
"""

import linecache
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

OWN = "train.py"
_LIBRARY = "site-packages/library/train.py"

# The file's name, how many lines stand above at least, and the text. Each may call `below`, the `run` of the next.
Program = tuple[str, int, str]
_PASS_ON: Program = (OWN, 30, "def run():\n    return below()\n")
_LIBRARY_PASSES_ON: Program = (_LIBRARY, 90, "def run():\n    return below()\n")


def _raising(text: str, file: str = _LIBRARY, above: int = 200) -> Program:
    return file, above, f"def run():\n    {text}\n"


def _wrapping(new: str, file: str = OWN, above: int = 4) -> Program:
    return file, above, f"def run():\n    try:\n        below()\n    except Exception as error:\n        {new}\n"


PROGRAMS: dict[str, tuple[Program, ...]] = {
    "a plain traceback": (
        _PASS_ON,
        (OWN, 60, _PASS_ON[2]),
        (OWN, 8, _PASS_ON[2]),
        _LIBRARY_PASSES_ON,
        _raising("return [][5]"),
    ),
    "a message with a colon in it": (_PASS_ON, _raising("raise ValueError('wrong shape: expected: (2, 3)')")),
    "an exception without a message": (_PASS_ON, _raising("assert 1 > 2")),
    "an exception with the name of its module": (_PASS_ON, _raising("import json; json.loads('{')")),
    "a message of several lines": (
        _PASS_ON,
        _LIBRARY_PASSES_ON,
        _raising(r"raise RuntimeError('Error(s) in loading:\n\tsize mismatch for weight: (5, 8)\n\nHint: look at it')"),
    ),
    "a traceback without a frame of your own": (_LIBRARY_PASSES_ON, _raising("return {}['labels']")),
    "a chain with a direct cause": (
        (OWN, 60, _PASS_ON[2]),
        _wrapping("raise ValueError('These labels do not fit.') from error"),
        (OWN, 77, _PASS_ON[2]),
        _raising("return {}['labels']"),
    ),
    "a chain of three": (
        _wrapping("raise OSError('Nothing could be loaded.')"),
        _wrapping("raise ValueError('The file is damaged.') from error", _LIBRARY),
        (OWN, 40, _PASS_ON[2]),
        _raising("import json; json.loads('{')"),
    ),
}


@dataclass(frozen=True)
class Printed:
    """A traceback as text, and what should be read from it.

    `frames` are (file, line) of the last exception, `all_frames` those of all exceptions of the chain.
    """

    text: str
    right: dict[str, Any]
    frames: tuple[tuple[str, int], ...]
    all_frames: tuple[tuple[str, int], ...]


def printed(programs: tuple[Program, ...]) -> Printed:
    """Run the first program, which calls the others, and return what comes out of it."""
    with _sources(programs):
        try:
            _runner(programs)()
        except Exception as error:
            error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next  # without this frame
            text = "".join(traceback.format_exception(error))
            chain = list(_chain(error))
    frames = _frames(chain[-1])
    own = [line for file, line in frames if file == OWN]
    right = {
        "error": _full_name(chain[-1]),
        "message": str(chain[-1]),
        "line": own[-1] if own else None,
        "cause": _full_name(chain[0]) if len(chain) > 1 else None,
    }
    return Printed(text, right, frames, tuple(frame for one in chain for frame in _frames(one)))


def _runner(programs: tuple[Program, ...]) -> Any:
    below = None
    for place, (file, above, text) in reversed(list(enumerate(programs))):
        names: dict[str, Any] = {"below": below, "__name__": f"program_{place}"}
        exec(compile("\n" * (above + 20 * place) + text, file, "exec"), names)
        below = names["run"]
    return below


@contextmanager
def _sources(programs: tuple[Program, ...]) -> Iterator[None]:
    """Let tracebacks show the programs' lines, as they show those of a file."""
    before = {file: linecache.cache.get(file) for file, _, _ in programs}
    for file in before:
        lines = [""] * 1_000
        for place, (name, above, text) in enumerate(programs):
            if name == file:
                start = above + 20 * place
                lines[start : start + text.count("\n")] = text.splitlines(keepends=True)
        linecache.cache[file] = (1, None, lines, file)
    try:
        yield
    finally:
        for file, entry in before.items():
            linecache.cache.pop(file)
            if entry is not None:
                linecache.cache[file] = entry


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the exceptions of a chain in the order in which they are printed."""
    if earlier := error.__cause__ or error.__context__:
        yield from _chain(earlier)
    yield error


def _frames(error: BaseException) -> tuple[tuple[str, int], ...]:
    return tuple((frame.filename, frame.lineno or 0) for frame in traceback.extract_tb(error.__traceback__))


def _full_name(error: BaseException) -> str:
    return "".join(traceback.format_exception_only(error)).split("\n")[0].split(":")[0]
