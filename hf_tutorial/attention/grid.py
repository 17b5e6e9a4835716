"""The figure of all heads: layers down, heads across, one image, one colour bar, the tokens named once.

Everything is placed by hand, in pixels. matplotlib's own layouts draw a figure several times; and where an image does not
fall on whole pixels, some weights would be wider than others or missing. The colour bar is a second, small image and the
numbers are plain texts: a bar with axes of its own and ticks would cost as much as the grid itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hf_tutorial.attention.lettering import FONT, cut, in_order, lettering, lines, step, width
from hf_tutorial.attention.mosaic import Tile, fit, mosaic
from hf_tutorial.attention.weights import NAMES, Attention

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Inches: the height and width that the heads share, the largest head, the least share of the height, enough for 64
# tokens however many layers there are, and the least width, which the notes need.
PAGE, LARGEST, SMALLEST, LEAST = (12.0, 9.0), 3.2, 0.62, 7.5
# Points.
TITLE, SUBTITLE, NUMBER, NOTE = 17, 13, 14, 13
SPACING = 1.3
MOST_TOKENS = 100


@dataclass(frozen=True)
class Plan:
    """Where things go, in pixels: the height and width of the image, and the margins around it."""

    height: int
    width: int
    left: int
    top: int
    right: int
    bottom: int
    dpi: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the figure."""
        return self.left + self.width + self.right, self.top + self.height + self.bottom

    def pixels(self, points: float) -> float:
        """Return the pixels in so many points."""
        return points * self.dpi / 72


def draw_grid(figure: "Figure", attention: Attention, height: float | None) -> None:
    """Draw all heads of `attention` on the empty `figure`, each `height` inches high if that is given."""
    dpi = figure.dpi
    queries, keys = attention.weights.shape[-2:]
    tile = fit(queries, keys, *_room(attention, height, dpi))
    gap = max(3, max(tile.size(queries, keys)) // 24)
    image = mosaic(attention.weights, tile, gap)
    notes = _notes(attention, tile, max(image.shape[1] + 1.5 * dpi, (LEAST - 0.2) * dpi), dpi)
    plan = _plan(attention, image.shape, len(notes), dpi)
    figure.set_size_inches(plan.size[0] / dpi, plan.size[1] / dpi)
    axes = _axes(figure, plan)
    # A hundredth of a pixel less: matplotlib before 3.11 rounds up, and noise in a whole number would add a column.
    _show(axes, image, (0, plan.width - 0.01, plan.height - 0.01, 0))
    _number(axes, attention, plan, gap)
    _colour_bar(axes, plan)
    _write(axes, attention, plan, notes)


def _room(attention: Attention, height: float | None, dpi: float) -> tuple[float, float]:
    """Return the height and width in pixels that a head may take up; tokens of one text get as much of both."""
    layers, heads, queries, keys = attention.weights.shape
    if height is not None:
        return height * dpi, height * dpi * max(1.0, keys / queries)
    down = min(max(PAGE[0] / layers, SMALLEST), LARGEST) * dpi - 3
    across = min(PAGE[1] / heads, LARGEST) * dpi - 3
    return (down, across) if attention.kind == "cross" else (min(down, across), min(down, across))


def _notes(attention: Attention, tile: Tile, most: float, dpi: float) -> list[str]:
    """Return the lines under the grid: how to read a square, whether the heads are pooled, and the tokens."""
    unit = attention.unit
    query = f"the {unit} that looks" if attention.queries_are == "read" else f"the {unit} being written"
    notes = [f"Row = query ({query}), column = key (the {unit} looked at).".split(" ")]
    if tile.pooled:
        blocks = f"{tile.pool[0]} × {tile.pool[1]}"
        notes.append(f"Pooled to fit: each pixel shows the largest of {blocks} weights.".split(" "))
    if attention.query_tokens == attention.key_tokens:
        notes.append(["Rows", "and", "columns:", *_listed(attention.key_tokens)])
    else:
        notes += [["Rows:", *_listed(attention.query_tokens)], ["Columns:", *_listed(attention.key_tokens)]]
    return [line for note in notes for line in lines(note, NOTE, dpi, most)]


def _listed(tokens: Sequence[str]) -> list[str]:
    left = len(tokens) - MOST_TOKENS
    shown = [in_order(lettering(token, most=24)) for token in tokens[:MOST_TOKENS]]
    return [*shown, "…", "and", str(left), "more"] if left > 0 else shown


def _plan(attention: Attention, shape: tuple[int, ...], notes: int, dpi: float) -> Plan:
    down, across = shape
    numbers = max(width(str(layer), NUMBER, dpi) for layer in attention.layers)
    scale = dpi / 72
    left = int(numbers + 30 * scale)
    top = int((TITLE + SUBTITLE + 2 * NUMBER + 34) * scale)
    right = int(max(86 * scale, LEAST * dpi - left - across))
    bottom = int((14 + NOTE * SPACING * notes + 4) * scale)
    bar_sticks_out = max(0, int(1.2 * dpi) - down)
    return Plan(down, across, left, top, right, bottom + bar_sticks_out, dpi)


def _bar_height(plan: Plan) -> float:
    return min(max(plan.height, 1.2 * plan.dpi), 3 * plan.dpi)


def _axes(figure: "Figure", plan: Plan) -> "Axes":
    """Return axes where the image will be, which count in pixels from its top left corner."""
    across, down = figure.bbox.size
    bottom = 1 - (plan.top + plan.height) / down
    axes = figure.add_axes((plan.left / across, bottom, plan.width / across, plan.height / down))
    axes.set(xlim=(0, plan.width), ylim=(plan.height, 0), autoscale_on=False)
    axes.set_axis_off()
    return axes


def _show(axes: "Axes", weights: np.ndarray, extent: tuple[float, float, float, float]) -> None:
    """Show `weights` on the one scale. The colours are looked up last ("data"), so that none is mixed from two."""
    axes.imshow(
        weights,
        vmin=0,
        vmax=1,
        cmap="viridis",
        aspect="auto",
        extent=extent,
        interpolation="none",
        interpolation_stage="data",
        clip_on=False,
    )


def _number(axes: "Axes", attention: Attention, plan: Plan, gap: int) -> None:
    """Write the numbers of layers and heads, as many as there is room for, and what they number."""
    across = (plan.width + gap) / len(attention.heads)
    down = (plan.height + gap) / len(attention.layers)
    widest = max(width(str(head), NUMBER, plan.dpi) for head in attention.heads)
    near, far = plan.pixels(5), plan.pixels(NUMBER + 11)
    for n in range(0, len(attention.heads), step(across, widest + plan.pixels(4))):
        _text(axes, n * across + (across - gap) / 2, -near, str(attention.heads[n]), NUMBER, ha="center")
    for n in range(0, len(attention.layers), step(down, plan.pixels(NUMBER))):
        middle = n * down + (down - gap) / 2
        _text(axes, -near, middle, str(attention.layers[n]), NUMBER, ha="right", va="center_baseline")
    _text(axes, plan.width / 2, -far, "head", NUMBER, ha="center")
    _text(axes, plan.pixels(4) - plan.left, plan.height / 2, "layer", NUMBER, rotation=90, va="center")


def _colour_bar(axes: "Axes", plan: Plan) -> None:
    left, right, down = plan.width + plan.pixels(16), plan.width + plan.pixels(30), _bar_height(plan)
    _show(axes, np.linspace(1, 0, 256, dtype=np.float32)[:, np.newaxis], (left, right, down, 0))
    for weight in (0, 0.5, 1):
        at = (1 - weight) * down
        _text(axes, right + plan.pixels(5), at, f"{weight:g}", NUMBER, va="center_baseline")
    _text(axes, right + plan.pixels(38), down / 2, "weight", NUMBER, rotation=90, va="center", ha="center")


def _write(axes: "Axes", attention: Attention, plan: Plan, notes: list[str]) -> None:
    """Write the title above the grid and the notes below."""
    left, top = plan.pixels(4) - plan.left, plan.pixels(4) - plan.top
    between = " between words" if attention.unit == "word" else ""
    _text(axes, left, top, NAMES[attention.kind].capitalize() + between, TITLE, va="top", weight="bold")
    model = cut(lettering(attention.model, most=200), SUBTITLE, plan.dpi, plan.size[0] - plan.pixels(8))
    _text(axes, left, top + plan.pixels(TITLE * 1.5), model, SUBTITLE, va="top", color="#444444")
    below = max(plan.height, _bar_height(plan)) + plan.pixels(14)
    _text(axes, left, below, "\n".join(notes), NOTE, va="top", linespacing=SPACING)


def _text(axes: "Axes", x: float, y: float, text: str, size: float, **style: Any) -> None:
    axes.text(x, y, text, size=size, family=FONT, **style)
