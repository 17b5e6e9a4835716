"""What a matplotlib figure draws, as tables of plain data: lines, points, bars, intervals, bands and small grids.

A panel whose value axis has no ticks is a drawing: there is nothing to read off. Neither is there in a picture, and a
large grid would be no easier to read as a table.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from tools.site.drawn_artists import TEXT, Series, series_of
from tools.site.drawn_panel import LARGEST_GRID, Panel, grid


def tables_of(figure: Any) -> list[dict[str, Any]]:
    """Return the tables of a figure, panel by panel: each a caption, the names of its columns and its rows."""
    figure.draw_without_rendering()  # ticks get their places and labels when they are drawn
    panels = [Panel(axes) for axes in figure.axes if axes.axison and not hasattr(axes, "_colorbar")]
    return [table for panel in panels for table in _tables(panel)]


def _tables(panel: Panel) -> Iterator[dict[str, Any]]:
    if (cells := grid(panel.axes)) is not None:
        yield from _grid_table(panel, cells)
    elif panel.has_scale:
        groups: dict[tuple[Any, ...], list[Series]] = {}
        for series in series_of(panel):
            groups.setdefault(tuple(panel.place(at) for at in series.places), []).append(series)
        for number, (places, group) in enumerate(groups.items()):
            yield _table(panel, list(places), group, first=number == 0)


def _grid_table(panel: Panel, cells: np.ndarray) -> Iterator[dict[str, Any]]:
    """A grid of few cells, whose rows and columns have names, can be read as a table."""
    across, down = panel.names("x"), panel.names("y")
    if cells.size > LARGEST_GRID or len(across) != cells.shape[1] or len(down) != cells.shape[0]:
        return
    truth = cells.dtype == bool
    rows = [
        [name, *(_yes(value) if truth else float(value) for value in row)]
        for name, row in zip(down, cells, strict=True)
    ]
    yield {"caption": panel.caption, "columns": [panel.label("y") or "row", *across], "rows": rows}


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _table(panel: Panel, places: list[Any], group: Sequence[Series], *, first: bool) -> dict[str, Any]:
    """One table: a row for each place, the columns of all series that share these places."""
    columns = [panel.label(panel.along) or ("name" if isinstance(places[0], str) else "place")]
    cells: list[Sequence[float | str | None]] = [places]
    names = [series.name for series in group]
    for series in sorted(group, key=lambda one: names.index(one.name)):  # a band beside its line
        name = series.name or panel.label(panel.across) or "value"
        for part, values in series.columns.items():
            columns.append(part if part == TEXT else f"{name}: {part}" if part else name)
            cells.append(values)
    rows = [[_plain(cell) for cell in row] for row in zip(*cells, strict=True)]
    named = [series.name for series in group if series.name]
    caption = panel.caption if first or not named else f"{panel.caption}: {', '.join(named)}".lstrip(": ")
    return {
        "caption": _sentences(caption, *(panel.reference_lines if first else ())),
        "columns": _distinct(columns),
        "rows": rows,
    }


def _sentences(*parts: str) -> str:
    said = [part for part in parts if part]
    return " ".join(part if part[-1] in ".?!…" or len(said) == 1 else f"{part}." for part in said)


def _plain(cell: Any) -> float | str | None:
    return cell if cell is None or isinstance(cell, str) else float(cell)


def _distinct(names: Sequence[str]) -> list[str]:
    """Number the names that occur more than once."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
    counts: dict[str, int] = {}
    result = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        result.append(f"{name} ({counts[name]})" if seen[name] > 1 else name)
    return result
