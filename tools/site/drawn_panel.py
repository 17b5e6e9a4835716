"""One panel of a matplotlib figure in words: its axes, the names of its ticks, its caption, and whether it is a grid."""

import re
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from matplotlib.collections import QuadMesh
from matplotlib.container import BarContainer

LARGEST_GRID = 120
_NUMBER = re.compile(r"[-−+]?[\d.,]+([eE][-−+]?\d+)?\s*[%kM]?|\$.*\$|")

Direction = Literal["x", "y"]


class Panel:
    """One axes, in words. Places lie along one direction; values are read off the other."""

    def __init__(self, axes: Any) -> None:
        self.axes = axes

    @cached_property
    def along(self) -> Direction:
        bars = [one for one in self.axes.containers if isinstance(one, BarContainer)]
        if bars:
            return "y" if bars[0].orientation == "horizontal" else "x"
        return "y" if self.names("y") and not self.names("x") else "x"

    @property
    def across(self) -> Direction:
        return "x" if self.along == "y" else "y"

    @property
    def has_scale(self) -> bool:
        return len(self._axis(self.across).get_majorticklocs()) > 0

    @cached_property
    def stacked(self) -> bool:
        """Say whether bars begin at different places, so that where they begin matters."""
        bars = [bar for one in self.axes.containers if isinstance(one, BarContainer) for bar in one]
        return len({round(float(bar.get_y() if self.along == "x" else bar.get_x()), 9) for bar in bars}) > 1

    def _axis(self, direction: Direction, axes: Any = None) -> Any:
        return getattr(axes or self.axes, f"{direction}axis")

    def _ticks(self, direction: Direction) -> list[tuple[float, str]]:
        """Return places and labels of the ticks; of panels that share an axis, only the outermost may have labels."""
        for axes in [self.axes, *self._beside(direction)]:
            axis = self._axis(direction, axes)
            labels = [label.get_text() for label in axis.get_majorticklabels()]
            if any(labels):
                return list(zip(map(float, axis.get_majorticklocs()), labels, strict=False))
        return []

    def names(self, direction: Direction) -> list[str]:
        """Return the tick labels if they are words; numbers are no names."""
        labels = [label for _, label in self._ticks(direction)]
        return labels if any(not _NUMBER.fullmatch(label) for label in labels) else []

    def place(self, at: float | str) -> float | str:
        """Return the name that stands at a place, or the place itself."""
        if isinstance(at, str) or not self.names(self.along):
            return at
        ticks = self._ticks(self.along)
        apart = min((abs(b - a) for (a, _), (b, _) in pairwise(ticks)), default=1.0)
        near = min(ticks, key=lambda tick: abs(tick[0] - at))
        return near[1] if abs(near[0] - at) < apart / 2 else at

    def label(self, direction: Direction) -> str:
        """Return the label of an axis, or of one that shares its scale, or of the whole figure."""
        labels = [getattr(axes, f"get_{direction}label")() for axes in [self.axes, *self._beside(direction)]]
        whole = getattr(self.axes.figure, f"get_sup{direction}label")()
        return one_line(next((label for label in [*labels, whole] if label), ""))

    def _beside(self, direction: Direction) -> list[Any]:
        """Return the panels that share an axis with this one and stand in its column (x) or in its row (y)."""
        shared = self.axes.get_shared_x_axes() if direction == "x" else self.axes.get_shared_y_axes()
        mine = _span(self.axes, direction)
        return [axes for axes in shared.get_siblings(self.axes) if mine is not None and _span(axes, direction) == mine]

    @property
    def caption(self) -> str:
        titles = [self.axes.get_title(loc) for loc in ("left", "center", "right")]
        return one_line(next((title for title in titles if title), self.axes.figure.get_suptitle()))

    @property
    def reference_lines(self) -> list[str]:
        """Say where the lines stand that cross the whole panel and have a name."""
        said = []
        for line in self.axes.lines:
            if (name := name_of(line)) and crosses(self.axes, line):
                values = line.get_xdata() if line.get_xdata()[0] == line.get_xdata()[-1] else line.get_ydata()
                said.append(f"Line “{name}”: {float(values[0]):,.4g}")
        return said


def _span(axes: Any, direction: Direction) -> range | None:
    """Return which columns (x) or rows (y) of the figure's grid a panel takes."""
    place = axes.get_subplotspec()
    return None if place is None else place.colspan if direction == "x" else place.rowspan


def one_line(text: str) -> str:
    return " ".join(text.split())


def name_of(artist: Any) -> str:
    """Return an artist's name in the legend; matplotlib's own names begin with an underscore."""
    name = str(artist.get_label() or "")
    return "" if name.startswith("_") else one_line(name)


def crosses(axes: Any, line: Any) -> bool:
    return line.get_transform() != axes.transData


def grid(axes: Any) -> np.ndarray | None:
    """Return the cells of a panel that shows a grid, shape (rows, columns)."""
    for mesh in axes.collections:
        if isinstance(mesh, QuadMesh):
            cells = np.ma.filled(mesh.get_array(), np.nan)
            return cells.reshape(mesh.get_coordinates().shape[0] - 1, -1)
    return np.ma.filled(axes.images[0].get_array(), np.nan) if axes.images else None
