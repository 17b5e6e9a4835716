"""What `plot_attention_head` draws: the weights of one head with its tokens, on a new figure or on the axes it is given."""

import io
import warnings
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from awkward import AWKWARD
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from nbclient import NotebookClient

from hf_tutorial.attention import Attention
from hf_tutorial.attention.labels import Label, Word, plain_labels
from hf_tutorial.attention.plots import plot_attention_head
from hf_tutorial.errors import InputError


def attention(queries=5, keys=5, tokens=None, **more):
    weights = np.random.default_rng(1).dirichlet(np.full(keys, 0.3), size=(2, 3, queries)).astype(np.float32)
    labels = [plain_labels(tokens or [f"token{n}" for n in range(count)]) for count in (queries, keys)]
    return Attention(weights, *labels, **{"kind": "self", "layers": (4, 5), "heads": (0, 1, 2), "model": "m", **more})


def ticks(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def drawn(figure):
    """Draw `figure` and return its pixels, red, green and blue."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3]


@pytest.mark.parametrize(("queries", "keys"), [(1, 1), (7, 7), (12, 20), (128, 128)])
def test_each_weight_stands_on_the_picture_in_its_own_colour(queries, keys):
    shown = attention(queries, keys, kind="cross")
    figure = plot_attention_head(shown, 5, 2)
    pixels = drawn(figure)
    for (query, key), weight in np.ndenumerate(shown.weights[1, 2]):
        x, y = figure.axes[0].transData.transform((key, query))
        colour = mpl.colormaps["viridis"](float(weight), bytes=True)[:3]
        assert tuple(pixels[int(len(pixels) - y), int(x)]) == tuple(map(int, colour))


def test_the_scale_is_0_to_1_with_one_colour_bar():
    figure = plot_attention_head(attention(), 4, 0)
    axes, bar = figure.axes
    (image,) = axes.images
    assert image.get_clim() == (0, 1)
    assert image.colorbar.ax is bar
    assert ticks(bar.yaxis) == ["0", "0.5", "1"]
    assert len(plot_attention_head(attention(), 4, 0, colorbar=False).axes) == 1


def test_rows_are_queries_and_columns_keys_and_the_title_says_which_head():
    axes = plot_attention_head(attention(2, 3, kind="causal"), 5, 1).axes[0]
    assert ticks(axes.yaxis) == ["token0", "token1"]
    assert ticks(axes.xaxis) == ["token0", "token1", "token2"]
    assert axes.get_ylim() == (1.5, -0.5)
    assert axes.get_title(loc="left") == "Layer 5, head 1"
    assert [text.get_text() for text in axes.texts] == ["causal self-attention of m"]
    assert axes.get_xlabel().startswith("key")
    wide = plot_attention_head(attention(9, 9, queries_are="written"), 5, 1).axes[0]
    assert wide.get_ylabel() == "query (the token being written)"
    assert wide.get_xlabel() == "key (the token looked at)"
    low = plot_attention_head(attention(5, 9, queries_are="written"), 5, 1).axes[0]
    assert low.get_ylabel() == "query (written)"
    mean = plot_attention_head(attention().mean_heads(), 5, "mean").axes[0]
    assert mean.get_title(loc="left") == "Layer 5, mean"


def test_words_are_named_as_words():
    word = Word(0, "jumping")
    labels = (Label("jump", "jump", word=word), Label("##ing", "##ing", word=word), Label(".", ".", word=Word(1, ".")))
    weights = np.full((1, 1, 3, 3), 1 / 3, dtype=np.float32)
    merged = Attention(weights, labels, labels, "self", (0,), (0,)).merge_words()
    axes = plot_attention_head(merged, 0, 0).axes[0]
    assert ticks(axes.xaxis) == ["jumping", "."]
    assert axes.texts[0].get_text() == "self-attention between words"


@pytest.mark.parametrize("tokens", [40, 64, 128, 400])
def test_labels_do_not_overlap_and_the_axis_says_how_many_are_named(tokens):
    figure = plot_attention_head(attention(tokens, tokens), 4, 0)
    renderer, axes = FigureCanvasAgg(figure).get_renderer(), figure.axes[0]
    named = [label for label in axes.yaxis.get_ticklabels() if label.get_text()]
    boxes = [label.get_window_extent(renderer) for label in named]
    # The line of a label is higher than its letters: a quarter of it may lie over the next.
    assert all(below.y1 - above.y0 < 0.25 * above.height for above, below in pairwise(boxes))
    assert min(label.get_fontsize() for label in named) >= 10
    apart = -(-tokens // len(named))
    assert axes.get_xlabel() == "key (the token looked at" + (f"; 1 in {apart} named)" if apart > 1 else ")")
    assert ticks(axes.xaxis) == [f"token{n}" for n in range(0, tokens, apart)]


def test_values_are_the_weights_and_readable_on_their_colour():
    weights = np.array([[[[1.0, 0.0, 0.004], [0.25, 0.7, 0.05], [0.1, 0.0, 0.9]]]], dtype=np.float32)
    labels = plain_labels("abc")
    figure = plot_attention_head(Attention(weights, labels, labels, "self", (0,), (0,)), 0, 0, values=True)
    numbers = {text.get_position(): text for text in figure.axes[0].texts[:-1]}
    said = [[numbers[key, query].get_text() for key in range(3)] for query in range(3)]
    assert said == [["1", "0", "0.00"], ["0.25", "0.70", "0.05"], ["0.10", "0", "0.90"]]
    assert numbers[0, 0].get_color() == numbers[2, 2].get_color() == "black"
    assert numbers[1, 0].get_color() == numbers[0, 1].get_color() == "white"


@pytest.mark.parametrize("tokens", [1, 9, 24])
@pytest.mark.parametrize("given", [False, True], ids=["new", "ax"])
def test_values_fit_into_their_squares(tokens, given):
    ax = Figure(figsize=(5, 4)).subplots() if given else None
    result = plot_attention_head(attention(tokens, tokens), 4, 0, values=True, ax=ax)
    axes = result if given else result.axes[0]
    renderer = FigureCanvasAgg(axes.figure).get_renderer()
    axes.apply_aspect()
    square = axes.get_window_extent().width / tokens
    assert all(text.get_window_extent(renderer).width < square for text in axes.texts[:-1])


def test_a_head_of_one_token_is_large_enough_to_see():
    figure = plot_attention_head(attention(1, 1), 4, 0)
    assert figure.axes[0].get_window_extent().width > 2 * figure.dpi


def test_values_that_nobody_could_read_are_refused():
    with pytest.raises(InputError, match=r"each of 25 × 7 squares, which nobody could read; up to 24 × 24"):
        plot_attention_head(attention(25, 7), 4, 0, values=True)


def test_it_draws_on_the_axes_it_is_given_and_on_no_others():
    figure, (left, right) = plt.subplots(1, 2)
    place, children = right.get_position().bounds, len(right.get_children())
    assert plot_attention_head(attention(), 4, 0, ax=left, colorbar=False) is left
    assert figure.axes == [left, right]
    assert right.get_position().bounds == place
    assert len(right.get_children()) == children
    assert not right.images
    assert ticks(left.xaxis) == [f"token{n}" for n in range(5)]
    place = left.get_position().bounds
    plot_attention_head(attention(), 4, 1, ax=right)
    assert left.get_position().bounds == place
    assert len(figure.axes) == 3
    assert len(right.images) == 1
    plt.close(figure)


def test_a_new_figure_is_returned_and_nothing_is_left_behind():
    before, open_before = dict(mpl.rcParams), plt.get_fignums()
    assert isinstance(plot_attention_head(attention(), 4, 0), Figure)
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == open_before


def test_a_notebook_shows_the_figure_once_and_others_as_before(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    here = Path(__file__).resolve().parent
    cells = [
        f"import sys\nsys.path[:0] = {[str(here), str(here.parents[1])]}\n"
        "from test_attention_plots_head import attention, plot_attention_head\nshown = attention()",
        "plot_attention_head(shown, 4, 0)",
        "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\nplot_attention_head(shown, 4, 0, ax=axes);",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120).execute()
    shown = [[(output.output_type, "image/png" in output.data) for output in cell.outputs] for cell in notebook.cells]
    assert shown == [[], [("execute_result", True)], [("display_data", True)]]


@pytest.mark.parametrize("given", [False, True], ids=["new", "ax"])
@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_odd_tokens_are_drawn_as_they_are_in_each_format(kind, given):
    ax = Figure().subplots() if given else None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = plot_attention_head(attention(10, 10, AWKWARD, model="$m$"), 4, 0, ax=ax)
        figure = result.figure if given else result
        file = io.BytesIO()
        figure.savefig(file, format=kind)
    assert file.getvalue().startswith({"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[kind])
    axes = figure.axes[0]
    assert ticks(axes.yaxis) == [
        "</script><img…", "$x$", "مرحبا", "שלום", "😀", "⟨U+1F999⟩", "⟨U+4E0D U+5BA…", "xxxxxxxxxxxxx…", "a\\nb", "e\u0301"
    ]  # fmt: skip
    assert not any(label.get_parse_math() for label in [*axes.get_xticklabels(), *axes.get_yticklabels(), *axes.texts])


@pytest.mark.parametrize(
    "shown",
    [attention(1, 1, model="a" * 200), attention(10, 10, AWKWARD), attention(64, 64), attention(20, 1, kind="cross")],
    ids=["one token", "odd tokens", "long", "one column"],
)
def test_nothing_written_leaves_the_figure(shown):
    figure = plot_attention_head(shown, 4, 0)
    FigureCanvasAgg(figure)
    box = figure.get_tightbbox(figure.canvas.get_renderer())
    assert box.x0 >= 0
    assert box.y0 >= 0
    assert box.x1 <= figure.get_figwidth()
    assert box.y1 <= figure.get_figheight()


def test_a_layer_or_head_that_is_not_there_is_named():
    with pytest.raises(InputError, match=r"layer 3 is not there: this attention has layers 4 5"):
        plot_attention_head(attention(), 3, 0)
    with pytest.raises(InputError, match=r"head mean is not there: this attention has heads 0 1 2"):
        plot_attention_head(attention(), 4, "mean")
