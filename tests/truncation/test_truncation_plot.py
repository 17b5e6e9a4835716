"""The figure of a report shows what the report says: read back from what is drawn."""

import io

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from hf_tutorial import truncation_report
from tests.tokens.tiny_tokenizers import word_piece

TEXTS = [" ".join(["hello"] * count) for count in (9, 2, 30, 12, 5, 4)]


def report(n=5, **more):
    return truncation_report({"text": TEXTS, "label": [0, 1, 1, 0, 1, 0]}, None, n, unit="words", **more)


def judged(n=5):
    return report(n, classifier=lambda texts: [int(len(text) > 40) for text in texts])


def area(stairs):
    values, edges, baseline = stairs.get_data()
    return float(np.sum((values - baseline) * np.diff(edges)))


def test_the_areas_are_the_words_kept_and_lost():
    (axes,) = report().plot().axes
    kept, lost = axes.patches
    assert area(lost) / (area(kept) + area(lost)) == pytest.approx(report().share_lost)
    values, edges, _ = kept.get_data()
    assert list(values) == [2, 4, 5, 5, 5, 5]
    assert list(lost.get_data()[0]) == [5, 5, 5, 9, 12, 30]
    assert (edges[0], edges[-1]) == (0, 100)
    (line,) = axes.lines
    assert set(line.get_ydata()) == {5}


def test_it_says_what_is_cut():
    (axes,) = report().plot().axes
    assert axes.get_title(loc="left") == "Cut to 5 words: 50.0 % of the texts lose something"
    assert axes.get_xlabel() == "6 texts, from the shortest to the longest (%)"
    named = [text.get_text() for text in axes.get_legend().get_texts()]
    assert named == ["kept: 41.9 % of the words", "lost: 58.1 % of the words", "cut after 5 words"]
    (axes,) = truncation_report(TEXTS, word_piece(), 8).plot().axes
    assert axes.get_ylabel() == "length (tokens)"


def test_the_accuracies_stand_on_their_intervals():
    shown = judged()
    _, axes = shown.plot().axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["uncut", "head", "tail", "both ends"]
    drawn = [(line.get_xdata(), line.get_ydata()) for line in axes.lines]
    points = {y[0]: x[0] for x, y in drawn if len(x) == 1}
    intervals = {y[0]: tuple(x) for x, y in drawn if len(x) == 2 and y[0] == y[1]}
    for place, one in zip(axes.get_yticks(), shown.accuracies, strict=True):
        assert points[place] == pytest.approx(100 * one.accuracy)
        assert intervals[place] == pytest.approx((100 * one.low, 100 * one.high))
    said = [text.get_text() for text in axes.texts]
    assert said == ["33.3 %", *["50.0 % (+16.7)"] * 3]


@pytest.mark.parametrize("n", [1, 5, 29, 1_000])
@pytest.mark.parametrize("same", [False, True])
def test_the_legend_hides_no_text(n, same):
    figure = (truncation_report(TEXTS[:1] * 20, None, n, unit="words") if same else judged(n)).plot()
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    axes = figure.axes[0]
    box = axes.get_legend().get_window_extent(renderer).transformed(axes.transData.inverted())
    _, lost = axes.patches
    edges = lost.get_data()[1][:-1]
    under = [value for value, edge in zip(lost.get_data()[0], edges, strict=True) if edge < box.x1]
    assert max([*under, n]) <= box.y0


def test_the_figure_is_shown_once_and_leaves_the_style_alone():
    before = dict(mpl.rcParams)
    figure = judged().plot()
    assert plt.get_fignums() == []
    assert dict(mpl.rcParams) == before
    assert all(label.get_fontsize() >= 14 for axes in figure.axes for label in axes.get_xticklabels())
    file = io.BytesIO()
    figure.savefig(file, format="png")
    assert file.tell() > 10_000


def test_few_very_long_texts_do_not_flatten_the_others():
    (axes,) = truncation_report(["a b c"] * 99 + ["a " * 5_000], None, 2, unit="words").plot().axes
    assert axes.get_ylim()[1] < 10
