"""The figure style of the course, for lessons (`use_style`) and for our own plots (`figure_style`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STYLE_FILE = files("hf_tutorial") / "hf_tutorial.mplstyle"


def use_style() -> None:
    """Give every figure from here on the style of the course."""
    from matplotlib import style

    with as_file(_STYLE_FILE) as path:
        style.use(path)


@contextmanager
def figure_style() -> Iterator[None]:
    """Give the figures made inside the `with` block the style of the course, and leave others as they are."""
    from matplotlib import style

    with as_file(_STYLE_FILE) as path, style.context(path):
        yield


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
