"""Running the cells of a notebook, one after the other, whatever they do: a cell that raises or loops ends alone."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from importlib import import_module
from typing import Any

from hf_tutorial.grading.settings import CELL_ERROR_LENGTH

Report = Callable[[int, str], None]
_NO_EFFECT = ("pip", "conda", "uv", "mamba", "matplotlib", "gui", "load_ext", "autosave")


class CellTimeout(BaseException):
    """A cell has run for as long as it may."""


def make_shell() -> Any:
    """Return an IPython shell that keeps no history, shows nothing, and installs nothing."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.DisplayFormatter.active_types = ["text/plain"]
    shell: Any = InteractiveShell.instance(config=config)
    # IPython 9 keeps all output of a cell in memory, be it a gigabyte; earlier versions do not know the name.
    shell._tee = lambda channel: nullcontext()
    for name in _NO_EFFECT:
        shell.register_magic_function(_no_effect, "line", name)
    return shell


def _no_effect(line: str) -> None:
    """Do nothing: there is no network to install from, and no screen to draw on."""


def preload(modules: Sequence[str]) -> None:
    """Import what the notebook will need, so that it can be remembered as it is before the first cell."""
    for name in modules:
        try:
            import_module(name)
        except Exception as error:
            # A module that is missing is missed by the cell that needs it, and by the reference first of all.
            print(f"{name} cannot be imported: {error}", file=sys.stderr)


def run_cells(shell: Any, cells: Sequence[str], seconds: int, report: Report) -> None:
    """Run every cell; `report(number, error)` is called after each, with an empty text if it ended well."""
    for number, source in enumerate(cells):
        report(number, _run_cell(shell, source, seconds))


def _run_cell(shell: Any, source: str, seconds: int) -> str:
    start_timer(seconds)
    try:
        result = shell.run_cell(source, store_history=False)
        error = result.error_before_exec or result.error_in_exec
    except BaseException as stray:  # the timer may ring outside of the cell's own code
        error = stray
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if isinstance(error, CellTimeout):
        return f"stopped after {seconds} s"
    return describe(error) if error is not None else ""


def start_timer(seconds: int) -> None:
    """Interrupt what runs after so many seconds, and again every second, in case that it goes on."""
    signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)


def _interrupt(*_: object) -> None:
    raise CellTimeout


def describe(error: BaseException) -> str:
    """Return the first line of an error, for the feedback."""
    try:
        text = str(error).strip().split("\n")[0]
    except BaseException:  # an error of the submission's own may raise when it is asked
        text = ""
    return f"{type(error).__name__}: {text}"[:CELL_ERROR_LENGTH]


def silence() -> None:
    """Send what is printed nowhere, also what is written to the file descriptors: nothing of it is ever read."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
