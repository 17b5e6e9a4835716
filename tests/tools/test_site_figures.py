"""The numbers of a figure: read off what matplotlib draws, and shown as tables with sensible digits."""

import doctest

import matplotlib
import nbformat
import numpy as np
import pytest

matplotlib.use("Agg")
from matplotlib import pyplot as plt

from tools.notebooks import ToolError
from tools.site import docstrings, lessons, prose, tables
from tools.site.drawn import tables_of
from tools.site.figures import Pictures, numbers, with_figures
from tools.site.kernel import DRAWN, tables_if_figure
from tools.site.tables import Table, as_html, digits_for, thinned


@pytest.fixture
def axes():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def the_table(axes):
    (table,) = tables_of(axes.figure)
    return table


def test_lines_that_share_their_places_share_a_table_and_a_band_stands_beside_its_line(axes):
    axes.plot([1, 2, 4], [10, 20, 30], color="C0", label="fine-tuned")
    axes.plot([1, 2, 4], [5, 6, 7], color="C1", label="a bag of words")
    axes.fill_between([1, 2, 4], [9, 18, 27], [11, 22, 33], color="C0", alpha=0.2)
    axes.axhline(50, label="majority class")
    axes.axvline(3)
    axes.set(xlabel="reviews", ylabel="right, %", title="How it goes")
    assert the_table(axes) == {
        "caption": "How it goes. Line “majority class”: 50.",
        "columns": ["reviews", "fine-tuned", "fine-tuned: from", "fine-tuned: to", "a bag of words"],
        "rows": [[1, 10, 9, 11, 5], [2, 20, 18, 22, 6], [4, 30, 27, 33, 7]],
    }


def test_a_histogram_has_its_bins_and_bars_have_their_names(axes):
    axes.hist([1, 1, 2, 5], bins=[0, 2, 4, 6])
    axes.set(xlabel="tokens", ylabel="texts")
    assert the_table(axes)["rows"] == [["0 to 2", 2], ["2 to 4", 1], ["4 to 6", 1]]


def test_bars_that_begin_elsewhere_than_at_zero_are_read_at_their_ends(axes):
    axes.barh(["bad", "good"], [-0.3, 0.4], left=0.5)
    axes.set(xlabel="probability")
    assert the_table(axes)["rows"] == [["bad", pytest.approx(0.2)], ["good", pytest.approx(0.9)]]


def test_stacked_bars_say_where_they_begin_and_what_is_written_on_them(axes):
    for place, start, width, text in [(0, 0, 14, "weights"), (0, 14, 14, "gradients"), (1, 0, 3, "")]:
        axes.barh(place, width, left=start)
        axes.text(start + width / 2, place, text)
    axes.set(yticks=[0, 1], yticklabels=["16 bits", "LoRA"], xlabel="GB")
    assert the_table(axes) == {
        "caption": "",
        "columns": ["name", "written there", "GB: from", "GB: to"],
        "rows": [["16 bits", "weights", 0, 14], ["16 bits", "gradients", 14, 28], ["LoRA", "", 0, 3]],
    }


def test_error_bars_beside_each_other_belong_to_the_same_name(axes):
    axes.errorbar([-0.1, 0.9, 1.9], [5, 6, 7], [[1, 1, 1], [2, 3, 4]], fmt="o", capsize=3, label="ours")
    axes.errorbar([0.1, 1.1, 2.1], [7, 8, 9], [[1, 1, 1], [1, 1, 1]], fmt="o", capsize=3, label="theirs")
    axes.set(xticks=[0, 1, 2], xticklabels=["JSON", "day", "time"])
    rows = [["JSON", 5, 4, 7, 7, 6, 8], ["day", 6, 5, 9, 8, 7, 9], ["time", 7, 6, 11, 9, 8, 10]]
    assert the_table(axes)["rows"] == rows


def test_points_on_their_intervals_are_one_row_each_with_what_is_written_there(axes):
    for place, value in enumerate([80, 75]):
        axes.plot([value - 2, value + 3], [place, place])
        axes.plot(value, place, "o")
        axes.annotate(f"{value} %", (value, place))
    axes.set_yticks([0, 1], ["uncut", "head"])
    assert the_table(axes)["rows"] == [["uncut", "80 %", 80, 78, 83], ["head", "75 %", 75, 73, 78]]


def test_panels_that_share_an_axis_share_its_names_and_label():
    figure, grid = plt.subplots(2, 2, sharex=True, sharey=True)
    for axes in grid.flat:
        axes.barh([0, 1], [1, 2])
    for row, name in zip(grid, ("upper", "lower"), strict=True):
        row[0].set_ylabel(name)
    grid[0, 0].set_yticks([0, 1], ["Sunday", "Monday"])
    found = tables_of(figure)
    assert [table["columns"][0] for table in found] == ["upper", "upper", "lower", "lower"]
    assert all([row[0] for row in table["rows"]] == ["Sunday", "Monday"] for table in found)
    plt.close(figure)


def test_a_small_grid_with_names_is_a_table_and_a_large_one_or_a_picture_is_none(axes):
    axes.pcolormesh(np.array([[True, False], [True, True]]))
    axes.set_xticks([0.5, 1.5], ["a", "b"])
    axes.set_yticks([0.5, 1.5], ["p", "q"])
    assert the_table(axes)["rows"] == [["p", "yes", "no"], ["q", "yes", "yes"]]
    figure, other = plt.subplots(1, 2)
    other[0].imshow(np.zeros((20, 20)))
    other[1].imshow(np.zeros((2, 2)))
    assert tables_of(figure) == []
    plt.close(figure)


def test_a_drawing_without_a_scale_has_no_numbers(axes):
    axes.scatter([1, 2], [3, 4])
    axes.set(xticks=[], yticks=[])
    assert tables_of(axes.figure) == []
    axes.axis("off")
    assert tables_of(axes.figure) == []


def test_only_figures_are_read():
    assert tables_if_figure("text") is None


def test_a_figure_that_cannot_be_read_is_told_with_its_page(axes, monkeypatch, tmp_path):
    monkeypatch.setattr(type(axes.figure), "draw_without_rendering", lambda figure: 1 / 0)
    drawn = tables_if_figure(axes.figure)
    output = nbformat.v4.new_output("display_data", {"image/png": "aa==", DRAWN: drawn})
    with pytest.raises(ToolError, match=r"01_page: the numbers of a figure cannot be read \(ZeroDivisionError"):
        with_figures(output, "", Pictures(tmp_path), "01_page")


def test_long_tables_are_thinned_evenly_and_say_so():
    rows, step = thinned([[number] for number in range(100)], 40)
    assert (step, rows[:2], rows[-1], len(rows)) == (3, [[0], [3]], [99], 34)
    html = as_html(Table("Loss", ["step", "loss"], [[float(n), n / 7] for n in range(100)]))
    assert "<caption>Loss (one row in 3 of 100, and the last)</caption>" in html


def test_digits_follow_the_largest_of_a_column():
    assert [digits_for(values) for values in ([1.0, 2.0], [0.1234], [12.345, 1.5], [1234.5], ["a"])] == [0, 3, 1, 1, 0]


def test_what_a_figure_says_is_text():
    drawn = [{"caption": "<script>1</script>", "columns": ["<b>", "y"], "rows": [["<i>", 1.0]]}]
    html = numbers(drawn)
    assert "<summary>The numbers in this figure</summary>" in html
    assert "&lt;script&gt;" in html
    assert not any(tag in html for tag in ("<script>", "<b>", "<i>"))
    assert numbers([]) == ""


@pytest.mark.parametrize("module", [tables, prose, docstrings, lessons])
def test_examples_hold(module):
    assert doctest.testmod(module).failed == 0
