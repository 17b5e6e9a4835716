"""What is drawn on one panel of a matplotlib figure, each thing as a series of places and values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.patches import StepPatch

from tools.site.drawn_panel import Panel, crosses, name_of, one_line

# The column of what is written at a mark.
TEXT = "written there"
# A mark that stands by itself: its place, its one or two values, and what is written at it.
Alone = tuple[float, list[float], str]


@dataclass
class Series:
    """Things drawn in a row: their name in the legend, their places along the axis, and what stands there."""

    name: str
    places: list[float | str]
    columns: dict[str, list[float | str | None]] = field(default_factory=dict)


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
        if id(line) not in seen and not crosses(axes, line):
            yield from _line(panel, line)
    for collection in axes.collections:
        if isinstance(collection, PathCollection):
            points = np.ma.filled(collection.get_offsets(), np.nan)
            yield _points(panel, name_of(collection), points), ""
        elif isinstance(collection, PolyCollection) and not isinstance(collection, LineCollection):
            yield _band(panel, collection), ""
    for patch in axes.patches:
        if isinstance(patch, StepPatch):
            values, edges, _ = patch.get_data()
            yield Series(name_of(patch), edges[1:].tolist(), {"": np.asarray(values, float).tolist()}), ""


def _points(panel: Panel, name: str, points: np.ndarray) -> Series:
    places, values = (points[:, 0], points[:, 1]) if panel.along == "x" else (points[:, 1], points[:, 0])
    return Series(name, places.astype(float).tolist(), {"": values.astype(float).tolist()})


def _line(panel: Panel, line: Any) -> Iterator[tuple[Series, str]]:
    points = np.column_stack([np.asarray(values, float) for values in line.get_data(orig=False)])
    if not len(points):
        return
    series = _points(panel, name_of(line), points)
    if len(points) == 2 and not series.name and series.places[0] != series.places[1]:
        return  # a leader, a bracket, an arrow
    texts = [text for text in panel.axes.texts if hasattr(text, "xy") and np.allclose(text.xy, points[0])]
    yield series, one_line(texts[0].get_text()) if texts else ""


def _error_bars(panel: Panel, container: Any) -> Series:
    series = _points(panel, name_of(container), np.column_stack(container[0].get_data(orig=False)).astype(float))
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
        name_of(collection) or _line_of_colour(panel, collection),
        list(places),
        {"from": [a for a, _ in ends], "to": [b for _, b in ends]},
    )


def _line_of_colour(panel: Panel, collection: Any) -> str:
    from matplotlib.colors import to_rgb

    colour = tuple(collection.get_facecolor()[0][:3])
    lines = [line for line in panel.axes.lines if name_of(line) and not crosses(panel.axes, line)]
    return next((name_of(line) for line in lines if np.allclose(to_rgb(line.get_color()), colour)), "")


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
    yield Series(name_of(container), places, columns), one_line(inside[0].get_text()) if inside else ""
