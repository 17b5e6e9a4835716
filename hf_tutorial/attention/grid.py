"""The figure of all heads: layers down, heads across, one image, one colour bar, the tokens named once.

Everything is placed by hand, in pixels: matplotlib's own layouts draw the figure several times, and an image that does
not fall on whole pixels would show some weights wider than others, or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hf_tutorial.attention.lettering import every, lettering, lines, width
from hf_tutorial.attention.mosaic import Tile, fit, mosaic
from hf_tutorial.attention.weights import NAMES, Attention

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

# Inches: the page that the heads share, the largest head on it, and the least width, which titles need.
PAGE, LARGEST, LEAST = (12.0, 9.0), 3.2, 8.0
# Points: title, what stands under it, names and numbers of the axes, the notes below.
TITLE, SUBTITLE, LABEL, NOTE = 17, 13, 14, 13
MOST_TOKENS = 100


@dataclass(frozen=True)
class Plan:
    """Where things go, in pixels from the top left corner."""

    left: float
    top: float
    height: int
    width: int
    notes: list[str]
    dpi: float

    @property
    def figure(self) -> tuple[float, float]:
        """Width and height of the figure."""
        across = max(self.left + self.width + _pixels(92, self.dpi), LEAST * self.dpi)
        down = max(self.height, 2 * self.dpi) + _pixels(24 + NOTE * 1.45 * len(self.notes), self.dpi)
        return int(across), int(self.top + down)


def draw_grid(attention: Attention, height: float | None) -> "Figure":
    """Return the figure of all heads of `attention`."""
    from matplotlib import pyplot, rcParams

    dpi = rcParams["figure.dpi"]
    queries, keys = attention.weights.shape[-2:]
    tile = fit(queries, keys, *_room(attention, height, dpi))
    gap = max(3, max(tile.size(queries, keys)) // 24)
    pixels = mosaic(attention.weights, tile, gap)
    plan = _plan(attention, tile, pixels.shape, dpi)
    # A hundredth of a pixel more, since matplotlib cuts off what rounding leaves below a whole one.
    figure = pyplot.figure(figsize=tuple((side + 0.01) / dpi for side in plan.figure), layout="none")
    # Without pyplot's hand on it a notebook shows the figure once: as the value of the cell.
    pyplot.close(figure)
    axes = _axes(figure, plan, plan.left, plan.top, plan.width, plan.height)
    image = axes.imshow(
        pixels,
        vmin=0,
        vmax=1,
        cmap="viridis",
        interpolation="none",
        aspect="auto",
        extent=(0, plan.width, plan.height, 0),
    )
    _number(axes, attention, plan, gap)
    _colour_bar(figure, image, plan)
    _write(figure, attention, plan)
    return figure


def _room(attention: Attention, height: float | None, dpi: float) -> tuple[float, float]:
    """Return the height and width in pixels that a head may take up."""
    layers, heads, queries, keys = attention.weights.shape
    if height is not None:
        return height * dpi, height * dpi * max(1.0, keys / queries)
    return min(PAGE[0] / layers, LARGEST) * dpi - 3, min(PAGE[1] / heads, LARGEST) * dpi - 3


def _plan(attention: Attention, tile: Tile, shape: tuple[int, ...], dpi: float) -> Plan:
    numbers = max(width(str(layer), LABEL, dpi) for layer in attention.layers)
    left = int(_pixels(LABEL * 1.6, dpi) + numbers + _pixels(8, dpi))
    top = int(_pixels(TITLE * 1.5 + SUBTITLE * 1.7 + LABEL * 3.1, dpi))
    across = max(left + shape[1], LEAST * dpi * 0.97)
    return Plan(left, top, shape[0], shape[1], _notes(attention, tile, across, dpi), dpi)


def _notes(attention: Attention, tile: Tile, most: float, dpi: float) -> list[str]:
    """Return the lines under the grid: how to read a square, the tokens, and whether the heads are pooled."""
    unit = attention.unit
    query = f"the {unit} that looks" if attention.queries_are == "read" else f"the {unit} being written"
    notes = [f"In each square: row = query ({query}), column = key (the {unit} looked at)."]
    if tile.pooled:
        blocks = " × ".join(map(str, tile.pool))
        notes.append(f"Pooled to fit: each cell shows the largest of {blocks} weights.")
    if attention.query_tokens == attention.key_tokens:
        notes += [_list(f"{unit}s, first to last:".capitalize(), attention.key_tokens)]
    else:
        notes += [_list("Rows:", attention.query_tokens), _list("Columns:", attention.key_tokens)]
    return [line for note in notes for line in lines(note.split(" "), NOTE, dpi, most)]


def _list(name: str, tokens: Sequence[str]) -> str:
    shown = [lettering(token, most=24) for token in tokens[:MOST_TOKENS]]
    more = f" … and {len(tokens) - MOST_TOKENS} more" if len(tokens) > MOST_TOKENS else ""
    return f"{name} {' '.join(shown)}{more}"


def _number(axes: "Axes", attention: Attention, plan: Plan, gap: int) -> None:
    """Number layers and heads, as many as there is room for."""
    across = (plan.width + gap) / len(attention.heads)
    down = (plan.height + gap) / len(attention.layers)
    heads = [str(head) for head in attention.heads]
    layers = [str(layer) for layer in attention.layers]
    step = every(heads, across, max(width(head, LABEL, plan.dpi) for head in heads) + 6)
    axes.set_xticks(_middles(len(heads), across, gap)[::step], heads[::step])
    step = every(layers, down, _pixels(LABEL, plan.dpi))
    axes.set_yticks(_middles(len(layers), down, gap)[::step], layers[::step])
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0, labelsize=LABEL, top=False, labeltop=True, bottom=False, labelbottom=False)
    axes.set_xlabel("head", fontsize=LABEL)
    axes.set_ylabel("layer", fontsize=LABEL)
    axes.spines[:].set_visible(False)


def _middles(count: int, pitch: float, gap: int) -> np.ndarray:
    return np.arange(count) * pitch + (pitch - gap) / 2


def _colour_bar(figure: "Figure", image: "AxesImage", plan: Plan) -> None:
    left = plan.left + plan.width + _pixels(16, plan.dpi)
    tall = int(min(max(plan.height, 1.6 * plan.dpi), 3 * plan.dpi))
    bar = figure.colorbar(image, cax=_axes(figure, plan, left, plan.top, _pixels(14, plan.dpi), tall))
    bar.set_ticks([0, 0.5, 1], labels=["0", "0.5", "1"])
    bar.set_label("weight", fontsize=LABEL)
    bar.outline.set_visible(False)


def _write(figure: "Figure", attention: Attention, plan: Plan) -> None:
    """Write the title and what stands under it above the grid, and the notes below."""
    at = _pixels(6, plan.dpi)
    down = plan.figure[1]

    def write(text: str, y: float, size: float, **style: Any) -> None:
        figure.text(at / plan.figure[0], 1 - y / down, text, size=size, va="top", **style)

    write(NAMES[attention.kind].capitalize(), at, TITLE, weight="bold")
    write(attention.model, at + _pixels(TITLE * 1.5, plan.dpi), SUBTITLE, color="#444444")
    notes = plan.top + max(plan.height, 2 * plan.dpi) + _pixels(14, plan.dpi)
    write("\n".join(plan.notes), notes, NOTE)


def _axes(figure: "Figure", plan: Plan, left: float, top: float, across: float, down: float) -> "Axes":
    total = figure.bbox.size
    return figure.add_axes((left / total[0], 1 - (top + down) / total[1], across / total[0], down / total[1]))


def _pixels(points: float, dpi: float) -> float:
    return points * dpi / 72
