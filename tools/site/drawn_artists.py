"""Reading one panel of a matplotlib figure: its axes in words, and each thing drawn on it as a series."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from matplotlib.collections import LineCollection, PathCollection, PolyCollection, QuadMesh
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.patches import StepPatch

LARGEST_GRID = 120
# The column of what is written at a mark.
TEXT = "written there"
# A mark that stands by itself: its place, its one or two values, and what is written at it.
Alone = tuple[float, list[float], str]
_NUMBER = re.compile(r"[-−+]?[\d.,]+([eE][-−+]?\d+)?\s*[%kM]?|\$.*\$|")

Direction = Literal["x", "y"]


@dataclass
class Series:
    """Things drawn in a row: their name in the legend, their places along the axis, and what stands there."""

    name: str
    places: list[float | str]
    columns: dict[str, list[float | str | None]] = field(default_factory=dict)


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
        return _one_line(next((label for label in [*labels, whole] if label), ""))

    def _beside(self, direction: Direction) -> list[Any]:
        """Return the panels that share an axis with this one and stand in its column (x) or in its row (y)."""
        shared = self.axes.get_shared_x_axes() if direction == "x" else self.axes.get_shared_y_axes()
        mine = _span(self.axes, direction)
        return [axes for axes in shared.get_siblings(self.axes) if mine is not None and _span(axes, direction) == mine]

    @property
    def caption(self) -> str:
        titles = [self.axes.get_title(loc) for loc in ("left", "center", "right")]
        return _one_line(next((title for title in titles if title), self.axes.figure.get_suptitle()))

    @property
    def reference_lines(self) -> list[str]:
        """Say where the lines stand that cross the whole panel and have a name."""
        said = []
        for line in self.axes.lines:
            if (name := _name(line)) and _crosses(self.axes, line):
                values = line.get_xdata() if line.get_xdata()[0] == line.get_xdata()[-1] else line.get_ydata()
                said.append(f"Line “{name}”: {float(values[0]):,.4g}")
        return said


def _span(axes: Any, direction: Direction) -> range | None:
    """Return which columns (x) or rows (y) of the figure's grid a panel takes."""
    place = axes.get_subplotspec()
    return None if place is None else place.colspan if direction == "x" else place.rowspan


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _name(artist: Any) -> str:
    """Return an artist's name in the legend; matplotlib's own names begin with an underscore."""
    name = str(artist.get_label() or "")
    return "" if name.startswith("_") else _one_line(name)


def _crosses(axes: Any, line: Any) -> bool:
    return line.get_transform() != axes.transData


def grid(axes: Any) -> np.ndarray | None:
    """Return the cells of a panel that shows a grid, shape (rows, columns)."""
    for mesh in axes.collections:
        if isinstance(mesh, QuadMesh):
            cells = np.ma.filled(mesh.get_array(), np.nan)
            return cells.reshape(mesh.get_coordinates().shape[0] - 1, -1)
    return np.ma.filled(axes.images[0].get_array(), np.nan) if axes.images else None


def series_of(panel: Panel) -> Iterator[Series]:
    """Yield everything that has values: what stands alone and has no name is collected at the end."""
    alone: list[Alone] = []
    for series, text in _all(panel):
        if series.name or len(set(series.places)) > 1:
            yield series
        else:
            values = [float(value) for column in series.columns.values() for value in column]
            alone += [(float(series.places[0]), sorted(set(values)), text)]
    if alone:
        yield from _together(alone)


def _together(alone: Sequence[Alone]) -> Iterator[Series]:
    """Single marks, as one series: their value, where each begins and ends, and what is written there."""
    rows = _merged(alone)
    columns: dict[str, list[Any]] = {}
    for name, cells in zip((TEXT, "", "from", "to"), zip(*(row[1:] for row in rows), strict=True), strict=True):
        if any(cell not in (None, "") for cell in cells):
            columns[name] = list(cells)
    yield Series("", [row[0] for row in rows], columns)


def _merged(alone: Sequence[Alone]) -> list[tuple[float, str, float | None, float | None, float | None]]:
    """Return rows of place, text, value, from and to: a point on its interval is one row, if that is all there is."""
    rows = [
        (place, text, values[0], None, None) if len(values) == 1 else (place, text, None, values[0], values[-1])
        for place, values, text in alone
    ]
    points = {row[0]: row for row in rows if row[2] is not None}
    spans = {row[0]: row for row in rows if row[2] is None}
    if points.keys() == spans.keys() and len(points) + len(spans) == len(rows):
        return [(at, point[1] or spans[at][1], point[2], *spans[at][3:]) for at, point in points.items()]
    return rows


def _all(panel: Panel) -> Iterator[tuple[Series, str]]:
    """Yield each series, and the text that stands at it."""
    axes, seen = panel.axes, set()
    for container in axes.containers:
        if isinstance(container, BarContainer):
            yield from _bars(panel, container)
        elif isinstance(container, ErrorbarContainer):
            seen |= {id(container[0]), *map(id, container[1])}
            yield _error_bars(panel, container), ""
    for line in axes.lines:
        if id(line) not in seen and not _crosses(axes, line):
            yield from _line(panel, line)
    for collection in axes.collections:
        if isinstance(collection, PathCollection):
            points = np.ma.filled(collection.get_offsets(), np.nan)
            yield _points(panel, _name(collection), points), ""
        elif isinstance(collection, PolyCollection) and not isinstance(collection, LineCollection):
            yield _band(panel, collection), ""
    for patch in axes.patches:
        if isinstance(patch, StepPatch):
            values, edges, _ = patch.get_data()
            yield Series(_name(patch), edges[1:].tolist(), {"": np.asarray(values, float).tolist()}), ""


def _points(panel: Panel, name: str, points: np.ndarray) -> Series:
    places, values = (points[:, 0], points[:, 1]) if panel.along == "x" else (points[:, 1], points[:, 0])
    return Series(name, places.astype(float).tolist(), {"": values.astype(float).tolist()})


def _line(panel: Panel, line: Any) -> Iterator[tuple[Series, str]]:
    points = np.column_stack([np.asarray(values, float) for values in line.get_data(orig=False)])
    if not len(points):
        return
    series = _points(panel, _name(line), points)
    if len(points) == 2 and not series.name and series.places[0] != series.places[1]:
        return  # a leader, a bracket, an arrow
    texts = [text for text in panel.axes.texts if hasattr(text, "xy") and np.allclose(text.xy, points[0])]
    yield series, _one_line(texts[0].get_text()) if texts else ""


def _error_bars(panel: Panel, container: Any) -> Series:
    series = _points(panel, _name(container), np.column_stack(container[0].get_data(orig=False)).astype(float))
    column = 1 if panel.along == "x" else 0
    ends = [np.asarray(segment)[:, column] for segments in container[2] for segment in segments.get_segments()]
    if len(ends) == len(series.places):
        series.columns |= {"from": [float(end.min()) for end in ends], "to": [float(end.max()) for end in ends]}
    return series


def _band(panel: Panel, collection: Any) -> Series:
    """A filled band: its lower and upper edge at each place, named after the line of its colour."""
    points = np.concatenate([path.vertices for path in collection.get_paths()])
    along, across = (points[:, 0], points[:, 1]) if panel.along == "x" else (points[:, 1], points[:, 0])
    places = sorted(set(along.tolist()))
    ends = [(float(across[along == place].min()), float(across[along == place].max())) for place in places]
    return Series(
        _name(collection) or _line_of_colour(panel, collection),
        list(places),
        {"from": [a for a, _ in ends], "to": [b for _, b in ends]},
    )


def _line_of_colour(panel: Panel, collection: Any) -> str:
    from matplotlib.colors import to_rgb

    colour = tuple(collection.get_facecolor()[0][:3])
    lines = [line for line in panel.axes.lines if _name(line) and not _crosses(panel.axes, line)]
    return next((_name(line) for line in lines if np.allclose(to_rgb(line.get_color()), colour)), "")


def _bars(panel: Panel, container: Any) -> Iterator[tuple[Series, str]]:
    """Bars by their middles, or by their edges where they touch, as those of a histogram do."""
    upright = panel.along == "x"
    boxes = [patch.get_bbox() for patch in container]
    edges = [(box.x0, box.x1) if upright else (box.y0, box.y1) for box in boxes]
    ends = [(box.y0, box.y1) if upright else (box.x0, box.x1) for box in boxes]
    touch = len(edges) > 2 and all(abs(a[1] - b[0]) < 1e-9 * max(1, abs(a[1])) for a, b in pairwise(edges))
    places = [f"{low:,.4g} to {high:,.4g}" if touch else (low + high) / 2 for low, high in edges]
    if panel.stacked:
        columns = {"from": [start for start, _ in ends], "to": [end for _, end in ends]}
    else:
        columns = {"": [end for _, end in ends]}
    inside = [text for text in panel.axes.texts if boxes and boxes[0].contains(*text.get_position())]
    yield Series(_name(container), places, columns), _one_line(inside[0].get_text()) if inside else ""
