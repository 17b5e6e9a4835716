"""The figure style of the course, for lessons (`use_style`) and for our own plots (`figure_style`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files

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
