"""One head as a heat map: a row for each query, a column for each key, the tokens along both axes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from hf_tutorial.attention.lettering import FONT, cut, lettering, lines, step, width
from hf_tutorial.attention.weights import NAMES, Attention

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure, SubFigure
    from matplotlib.image import AxesImage

# Inches: a square, the least that a square with a number measures, the least and the most of the heat map, and the
# least width of the figure, which the title needs.
SQUARE, WITH_NUMBER, LEAST, MOST, TITLE = 0.62, 0.42, 2.4, 9.0, 4.6
# Points: tokens are written smaller, down to this, before some are left out.
SMALLEST = 10.0
# How bright a colour is to the eye, from its red, green and blue.
BRIGHTNESS = (0.2126, 0.7152, 0.0722)


@dataclass(frozen=True)
class Names:
    """How the tokens stand along an axis: their labels, each or every second, third …, in points and pixels."""

    labels: list[str]
    size: float
    apart: int
    turned: bool
    depth: float


def draw_head(figure: "Figure", attention: Attention, values: bool, colorbar: bool) -> None:
    """Draw the one head of `attention` on the empty `figure`, which becomes as large as its tokens need."""
    from matplotlib import rcParams

    dpi, size = figure.dpi, rcParams["xtick.labelsize"]
    queries, keys = attention.weights.shape[-2:]
    square = min(SQUARE, MOST / max(queries, keys))
    square = max(square, LEAST / max(queries, keys), WITH_NUMBER if values else 0)
    across, down = keys * square, queries * square
    rows = names("y", attention.query_tokens, down * dpi, size, dpi)
    columns = names("x", attention.key_tokens, across * dpi, size, dpi)
    left, bottom, top = rows.depth / dpi + 0.5, columns.depth / dpi + 0.45, 0.95
    right = max(1.15 if colorbar else 0.15, TITLE - left - across)
    total = left + across + right, bottom + down + top
    figure.set_size_inches(total)
    axes = figure.add_axes((left / total[0], bottom / total[1], across / total[0], down / total[1]))
    image = _heat_map(axes, attention, values)
    _title(axes, attention, (across + right - 0.1) * dpi)
    if colorbar:
        place = ((left + across + 0.2) / total[0], bottom / total[1], 0.2 / total[0], down / total[1])
        _colour_bar(figure, image, cax=figure.add_axes(place))


def draw_on(axes: "Axes", attention: Attention, values: bool, colorbar: bool) -> None:
    """Draw the one head of `attention` on `axes`, and the colour bar beside them."""
    image = _heat_map(axes, attention, values)
    _title(axes, attention, axes.get_window_extent().width)
    if colorbar:
        _colour_bar(axes.figure, image, ax=axes)


def _heat_map(axes: "Axes", attention: Attention, values: bool) -> "AxesImage":
    weights = attention.weights[0, 0]
    image = axes.imshow(
        weights, vmin=0, vmax=1, cmap="viridis", aspect="equal", interpolation="none", interpolation_stage="data"
    )
    box, unit = axes.get_window_extent(), attention.unit
    looks = [f"the {unit} that looks"] if attention.queries_are == "read" else [f"the {unit} being written", "written"]
    _name(axes.yaxis, "y", attention.query_tokens, box.height, "query", looks)
    _name(axes.xaxis, "x", attention.key_tokens, box.width, "key", [f"the {unit} looked at"])
    axes.spines[:].set_visible(False)
    if values:
        _write_values(axes, image, weights)
    return image


def _colour_bar(figure: "Figure | SubFigure", image: "AxesImage", **where: "Axes") -> None:
    bar = figure.colorbar(image, ticks=[0, 0.5, 1], format="%g", label="weight", **where)  # type: ignore[arg-type]
    bar.outline.set_visible(False)


def title_of(attention: Attention) -> str:
    """Return the name of the one head of `attention`. One that stands for several has a name in place of a number."""
    head = attention.heads[0]
    return f"Layer {attention.layers[0]}, {head if isinstance(head, str) else f'head {head}'}"


def names(axis: Literal["x", "y"], tokens: tuple[str, ...], extent: float, usual: float, dpi: float) -> Names:
    """Return how `tokens` are best written along `extent` pixels, in `usual` points or fewer."""
    labels = [lettering(token) for token in tokens]
    pitch = extent / len(labels)
    room = pitch * 72 / dpi
    size = usual if room < SMALLEST else min(usual, room)
    widest = max(width(label, size, dpi) for label in labels)
    turned = axis == "x" and widest + 8 > pitch
    high = size * dpi / 72
    return Names(labels, size, step(room, size), turned, widest if turned or axis == "y" else high)


def _name(
    axis: "Axis", of: Literal["x", "y"], tokens: tuple[str, ...], extent: float, name: str, meanings: list[str]
) -> None:
    """Name the tokens of an axis, and the axis by the first meaning that fits; it also says when some are not named."""
    dpi = axis.axes.figure.dpi
    found = names(of, tokens, extent, float(axis.get_ticklabels()[0].get_fontsize()), dpi)
    axis.set_ticks(
        range(0, len(tokens), found.apart),
        found.labels[:: found.apart],
        rotation=90 if found.turned else 0,
        size=found.size,
        family=FONT,
        parse_math=False,
    )
    axis.set_tick_params(length=0)
    thinned = [] if found.apart == 1 else [f"1 in {found.apart} named"]
    choices = [f"{name} ({'; '.join([meaning, *thinned])})" for meaning in meanings]
    size = float(axis.label.get_fontsize())
    fitting = [choice for choice in choices if width(choice, size, dpi) <= extent]
    axis.set_label_text([*fitting, f"{name} ({thinned[0]})" if thinned else name][0])


def _title(axes: "Axes", attention: Attention, most: float) -> None:
    """Write which head it is, and under it the kind of attention and the model, in `most` pixels."""
    size, dpi = 0.87 * float(axes.xaxis.label.get_fontsize()), axes.figure.dpi
    between = " between words" if attention.unit == "word" else ""
    of = f" of {lettering(attention.model, most=200)}" if attention.model else ""
    about = f"{NAMES[attention.kind]}{of}{between}".split(" ")
    under = [cut(line, size, dpi, most) for line in lines(about, size, dpi, most)]
    axes.annotate(
        "\n".join(under),
        (0, 1),
        xytext=(0, 8),
        xycoords="axes fraction",
        textcoords="offset points",
        size=size,
        family=FONT,
        color="#444444",
        parse_math=False,
    )
    axes.set_title(title_of(attention), loc="left", pad=12 + 1.25 * size * len(under))


def _write_values(axes: "Axes", image: "AxesImage", weights: np.ndarray) -> None:
    """Write each weight into its square, in white where the square is dark. 0 is exactly 0, 0.00 is only close to it."""
    box = axes.get_window_extent()
    room = min(box.width / weights.shape[1], box.height / weights.shape[0])
    size = min(13.0, 0.75 * room / width("0.00", 1, axes.figure.dpi))
    for (row, column), weight in np.ndenumerate(weights):
        dark = np.dot(image.to_rgba(weight)[:3], BRIGHTNESS) < 0.5
        text = f"{weight:.2f}" if 0 < weight < 1 else f"{weight:.0f}"
        axes.text(column, row, text, ha="center", va="center", size=size, color="white" if dark else "black")
