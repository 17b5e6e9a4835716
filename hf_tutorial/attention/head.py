"""One head as a heat map: a row for each query, a column for each key, the tokens along both axes."""

from typing import TYPE_CHECKING

import numpy as np

from hf_tutorial.attention.lettering import every, lettering, width
from hf_tutorial.attention.weights import NAMES, Attention

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.image import AxesImage

# Inches: a square with and without a number in it, and the least and the most that the heat map measures.
SQUARE, WITH_VALUE, LEAST, MOST = 0.5, 0.55, 2.6, 8.0


def new_axes(attention: Attention, values: bool) -> "Axes":
    """Return the axes of a new figure that fits the tokens."""
    from matplotlib import pyplot, rcParams

    _, _, queries, keys = attention.weights.shape
    square = WITH_VALUE if values else min(SQUARE, MOST / max(queries, keys))
    square = max(square, LEAST / max(queries, keys))
    dpi, size = rcParams["figure.dpi"], rcParams["xtick.labelsize"]
    labels = max(width(lettering(text), size, dpi) for text in attention.query_tokens) / dpi
    figure, axes = pyplot.subplots(
        figsize=(keys * square + labels + 2.2, queries * square + labels + 1.9), layout="compressed"
    )
    # Without pyplot's hand on it a notebook shows the figure once: as the value of the cell.
    pyplot.close(figure)
    return axes


def draw_head(axes: "Axes", attention: Attention, values: bool, colorbar: bool) -> None:
    """Draw the one head of `attention` on `axes`."""
    weights = attention.weights[0, 0]
    image = axes.imshow(weights, vmin=0, vmax=1, cmap="viridis", interpolation="none", aspect="equal")
    box = axes.get_window_extent()
    _label(axes.yaxis, attention.query_tokens, box.height, flat=True)
    _label(axes.xaxis, attention.key_tokens, box.width, flat=False)
    query = "query" if attention.queries_are == "read" else f"query ({attention.unit} being written)"
    axes.set_ylabel(f"{query}{axes.get_ylabel()}")
    axes.set_xlabel(f"key{axes.get_xlabel()}")
    axes.spines[:].set_visible(False)
    title = f"Layer {attention.layers[0]}, head {attention.heads[0]}\n{NAMES[attention.kind]}"
    axes.set_title(title, parse_math=False)
    if values:
        _write_values(axes, image, weights)
    if colorbar:
        bar = axes.figure.colorbar(image, ax=axes, label="weight")
        bar.set_ticks([0, 0.5, 1], labels=["0", "0.5", "1"])
        bar.outline.set_visible(False)


def _label(axis: "Axis", tokens: tuple[str, ...], extent: float, flat: bool) -> None:
    """Name the tokens along an axis, each or every second, third … as there is room; the axis then says so."""
    labels = [lettering(token) for token in tokens]
    size, dpi = axis.get_ticklabels()[0].get_fontsize(), axis.axes.figure.dpi
    step = every(labels, extent / len(labels), float(size) * dpi / 72)
    axis.set_ticks(range(0, len(labels), step), labels[::step], rotation=0 if flat else 90, parse_math=False)
    axis.set_tick_params(length=0)
    axis.set_label_text("" if step == 1 else f" (one token in {step} is named)")


def _write_values(axes: "Axes", image: "AxesImage", weights: np.ndarray) -> None:
    """Write each weight into its square, in white where the square is dark."""
    for (row, column), weight in np.ndenumerate(weights):
        dark = np.dot(image.to_rgba(weight)[:3], (0.2126, 0.7152, 0.0722)) < 0.5
        axes.text(column, row, f"{weight:.2f}", ha="center", va="center", size=10, color="white" if dark else "black")
