"""The figure style of the course, for lessons (`use_style`) and for our own plots (`figure_style`).

`HF_TUTORIAL_FIGURES=projection` draws for slides instead: larger letters, thicker lines.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from hf_tutorial.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Each style is laid over the one before it.
_STYLES = {"": ["hf_tutorial.mplstyle"], "projection": ["hf_tutorial.mplstyle", "projection.mplstyle"]}


def use_style() -> None:
    """Give every figure from here on the style of the course."""
    from matplotlib import style

    with _style_files() as paths:
        style.use(paths)


@contextmanager
def figure_style() -> Iterator[None]:
    """Give the figures made inside the `with` block the style of the course, and leave others as they are."""
    from matplotlib import style

    with _style_files() as paths, style.context(paths):
        yield


@contextmanager
def _style_files() -> Iterator[list[Path]]:
    chosen = os.environ.get("HF_TUTORIAL_FIGURES", "")
    if chosen not in _STYLES:
        raise InputError(f"HF_TUTORIAL_FIGURES is {chosen!r}; it can be 'projection', or be left out.")
    with ExitStack() as stack:
        yield [stack.enter_context(as_file(files("hf_tutorial") / name)) for name in _STYLES[chosen]]


def empty_figure() -> "Figure":
    """Return a figure that pyplot does not keep: a notebook shows it once, as the value of its cell, and not twice.

    It is made outside the course's style. A notebook's first figure sets up how all of them are shown, and the end of a
    style would undo that.
    """
    from matplotlib import pyplot, rcParams

    with figure_style():
        look = {"dpi": rcParams["figure.dpi"], "facecolor": rcParams["figure.facecolor"]}
    figure = pyplot.figure(**look, layout="none")
    pyplot.close(figure)
    return figure
