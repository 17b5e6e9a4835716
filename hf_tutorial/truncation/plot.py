"""The figure of a truncation report: the length of every text with what is lost of it, and the accuracies beside it."""

from typing import TYPE_CHECKING

import numpy as np

from hf_tutorial.style import empty_figure, figure_style
from hf_tutorial.tokens.describe import plural
from hf_tutorial.truncation.describe import NAMES, limit, percent, points
from hf_tutorial.truncation.verdicts import UNCUT, Accuracy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hf_tutorial.truncation.report import TruncationReport

_KEPT, _LOST, _INK = "#0072B2", "#E69F00", "#222222"


def draw(report: "TruncationReport") -> "Figure":
    """Return a new figure of `report`."""
    figure = empty_figure()
    with figure_style():
        figure.set_layout_engine("constrained", w_pad=0.12, h_pad=0.1)
        if not report.accuracies:
            figure.set_size_inches(10, 5)
            _lengths(figure.add_subplot(), report)
            return figure
        figure.set_size_inches(14, 5.4)
        left, right = figure.subplots(1, 2, width_ratios=(3, 2))
        _lengths(left, report)
        _accuracies(right, report.accuracies)
    return figure


def _lengths(axes: "Axes", report: "TruncationReport") -> None:
    """Draw each text as high as it is long, from the shortest to the longest: areas are numbers of words or tokens."""
    lengths = np.sort(report.lengths)
    edges = np.linspace(0, 100, len(lengths) + 1)
    lost = report.share_lost
    kept = np.minimum(lengths, report.n)
    axes.stairs(kept, edges, fill=True, color=_KEPT, label=f"kept: {percent(1 - lost)} of the {report.unit}")
    axes.stairs(
        np.maximum(lengths, report.n),
        edges,
        baseline=report.n,
        fill=True,
        color=_LOST,
        label=f"lost: {percent(lost)} of the {report.unit}",
    )
    axes.axhline(report.n, color=_INK, linewidth=2, linestyle="--", label=f"cut after {limit(report)}")
    axes.set(xlim=(0, 100), ylim=(0, _top(lengths, report.n)))
    axes.set_xlabel(f"{plural(len(lengths), 'text')}, from the shortest to the longest (%)")
    axes.set_ylabel(f"length ({report.unit})")
    axes.set_title(f"Cut to {limit(report)}: {percent(report.cut / len(report))} of the texts lose something")
    axes.legend(loc="upper left")


def _top(lengths: "np.ndarray", n: int) -> float:
    """Return how high the axis reaches: few very long texts must not flatten all others, and the legend needs room."""
    middle, long, longest = np.percentile(lengths, [50, 98, 100])
    return float(max(1.5 * n, 1.5 * middle, 1.1 * min(longest, 1.25 * long)))


def _accuracies(axes: "Axes", accuracies: tuple[Accuracy, ...]) -> None:
    """Draw each accuracy as a point on its 95 % interval, the uncut texts at the top."""
    places = np.arange(len(accuracies))[::-1]
    for place, one in zip(places, accuracies, strict=True):
        colour = _INK if one.kept == UNCUT else _KEPT
        axes.plot(
            [100 * one.low, 100 * one.high],
            [place, place],
            color=colour,
            linewidth=5,
            solid_capstyle="butt",
            alpha=0.45,
        )
        axes.plot(100 * one.accuracy, place, "o", color=colour, markersize=12)
        said = percent(one.accuracy) + ("" if one.kept == UNCUT else f" ({points(one.change)})")
        axes.annotate(
            said, (100 * one.accuracy, place), xytext=(0, 13), textcoords="offset points", ha="center", size=15
        )
    axes.plot([100 * accuracies[0].accuracy] * 2, [places[0], -0.5], color=_INK, linewidth=1.5, linestyle=":")
    axes.set_yticks(places, [NAMES[one.kept] for one in accuracies])
    axes.set(ylim=(-0.5, len(accuracies) - 0.3), xlabel="right verdicts (%), with 95 % interval")
    axes.margins(x=0.2)  # what is written above the outermost points needs room
    axes.locator_params(axis="x", integer=True, nbins=6)
    axes.set_title("What it costs")
