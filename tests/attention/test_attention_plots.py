"""What `plot_attention_grid` draws is what the weights say: most of it is read back from the pixels of a PNG."""

import io
import warnings
import xml.etree.ElementTree as ElementTree
from itertools import combinations

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from awkward import AWKWARD
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg

from hf_tutorial.attention import Attention, EncoderDecoderAttention
from hf_tutorial.attention.alt import alt_text
from hf_tutorial.attention.labels import Label, plain_labels
from hf_tutorial.attention.lettering import lettering, lines, width
from hf_tutorial.attention.mosaic import fit, max_pool, mosaic
from hf_tutorial.attention.plots import plot_attention_grid
from hf_tutorial.errors import InputError
from hf_tutorial.style import use_style


def attention(layers=2, heads=3, queries=5, keys=5, kind="self", **more):
    weights = np.random.default_rng(0).dirichlet(np.full(keys, 0.3), size=(layers, heads, queries)).astype(np.float32)
    return Attention(
        weights,
        plain_labels([f"q{n}" if kind == "cross" else f"t{n}" for n in range(queries)]),
        plain_labels([f"k{n}" if kind == "cross" else f"t{n}" for n in range(keys)]),
        kind,
        tuple(range(layers)),
        tuple(range(heads)),
        **{"model": "somebody/some-model", **more},
    )


def of_tokens(tokens):
    labels = plain_labels(tokens)
    weights = np.full((2, 2, len(labels), len(labels)), 1 / len(labels), dtype=np.float32)
    return Attention(weights, labels, labels, "self", (0, 1), (0, 1), "m")


def written(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def picture(figure, **how):
    """Return the pixels of the PNG, red, green and blue."""
    file = io.BytesIO()
    figure.savefig(file, format="png", **how)
    file.seek(0)
    return (plt.imread(file)[..., :3] * 255).round().astype(np.uint8)


def grid_of(figure):
    """Return the part of the picture that the axes take up."""
    pixels, box = picture(figure), figure.axes[0].get_window_extent()
    top, left = round(len(pixels) - box.y1), round(box.x0)
    return pixels[top : top + round(box.height), left : left + round(box.width)]


def runs(white):
    """Return the slices between white lines."""
    edges = np.flatnonzero(np.diff(np.concatenate([[1], white.astype(int), [1]])))
    return [slice(start, stop) for start, stop in edges.reshape(-1, 2)]


def tiles(figure):
    """Return the pixels of each head, found by the white gaps between them, as rows of heads."""
    grid = grid_of(figure)
    white = (grid == 255).all(axis=-1)
    return [[grid[row, column] for column in runs(white.all(axis=0))] for row in runs(white.all(axis=1))]


def colours(weights):
    return np.asarray(mpl.colormaps["viridis"](weights, bytes=True))[..., :3]


@pytest.mark.parametrize(
    ("layers", "heads", "queries", "keys"),
    [(6, 12, 7, 7), (12, 12, 64, 64), (2, 4, 20, 12), (1, 1, 9, 9), (30, 9, 1, 1)],
)
def test_each_weight_stands_on_the_picture_in_its_own_colour(layers, heads, queries, keys):
    shown = attention(layers, heads, queries, keys, "self" if queries == keys else "cross")
    found = tiles(plot_attention_grid(shown))
    assert [len(row) for row in found] == [heads] * layers
    for row, weights_of_layer in zip(found, shown.weights, strict=True):
        for tile, weights in zip(row, weights_of_layer, strict=True):
            side = tile.shape[0] // queries
            assert tile.shape[:2] == (side * queries, side * keys)
            expected = colours(weights).repeat(side, axis=0).repeat(side, axis=1)
            np.testing.assert_array_equal(tile, expected)


def test_saved_as_notebooks_save_it_the_picture_loses_no_pixel():
    figure = plot_attention_grid(attention(3, 12, 64, 64))
    grid, tight = grid_of(figure), picture(figure, bbox_inches="tight")
    down, across = (np.array(tight.shape) - grid.shape)[:2]
    places = [
        (y, x) for y in range(down + 1) for x in range(across + 1) if (tight[y, x : x + 30] == grid[0, :30]).all()
    ]
    assert any((tight[y : y + len(grid), x : x + grid.shape[1]] == grid).all() for y, x in places)


def test_a_diagonal_of_one_pixel_survives_at_512_tokens():
    diagonal = np.broadcast_to(np.eye(512, k=-1, dtype=np.float32), (12, 12, 512, 512))
    labels = plain_labels(["t"] * 512)
    figure = plot_attention_grid(Attention(diagonal, labels, labels, "self", tuple(range(12)), tuple(range(12))))
    for row in tiles(figure):
        for tile in row:
            lit = (tile == colours(1.0)).all(axis=-1)
            assert lit.any(axis=1).all()
            assert lit.any(axis=0)[:-1].all()
            assert set(np.unique(tile.reshape(-1, 3), axis=0).ravel()) == {*colours(1.0), *colours(0.0)}
    assert any("each pixel shows the largest of 7 × 7 weights" in text for text in written(figure))


def test_only_pooled_heads_are_said_to_be_pooled():
    long = attention(12, 12, 128, 128)
    assert any("Pooled" in text for text in written(plot_attention_grid(long)))
    assert not any("Pooled" in text for text in written(plot_attention_grid(long, height=1.2)))
    assert not any("Pooled" in text for text in written(plot_attention_grid(long, layers=[0], heads=[0, 1])))
    assert not any("Pooled" in text for text in written(plot_attention_grid(attention(12, 12, 64, 64))))
    assert not any("Pooled" in text for text in written(plot_attention_grid(attention(48, 2, 64, 64))))


@pytest.mark.parametrize("largest", [1e-3, 0.4, 1.0])
def test_the_scale_is_the_same_whatever_the_weights(largest):
    faint = attention()
    faint = plot_attention_grid(
        Attention(faint.weights * largest, faint.queries, faint.keys, "self", faint.layers, faint.heads)
    )
    grid, bar = faint.axes[0].images
    assert grid.get_clim() == bar.get_clim() == (0, 1)
    assert grid.get_cmap() == bar.get_cmap()
    left, right, bottom, top = bar.get_extent()
    column, size = round((left + right) / 2), faint.axes[0].get_window_extent()
    pixels = picture(faint)
    strip = pixels[round(len(pixels) - size.y1) :, round(size.x0) + column][: round(bottom - top)]
    np.testing.assert_array_equal(strip[0], colours(1.0))
    np.testing.assert_array_equal(strip[-1], colours(0.0))
    assert [text for text in written(faint) if text in {"0.5", "weight"}] == ["0.5", "weight"]


@pytest.mark.parametrize("heads", [1, 12])
def test_all_heads_are_one_image_in_one_axes(heads):
    figure = plot_attention_grid(attention(12, heads))
    (axes,) = figure.axes
    _, bar = axes.images
    assert bar.get_array().shape == (256, 1)
    assert not [*axes.patches, *axes.collections, *axes.lines]


def test_layers_and_heads_have_the_numbers_of_the_model():
    texts = written(plot_attention_grid(attention(6, 12), layers=[5, 2], heads=[0, 11]))
    assert texts[:6] == ["0", "11", "5", "2", "head", "layer"]
    assert "rollout" in written(plot_attention_grid(attention().rollout()))


def test_numbers_that_have_no_room_are_left_out_and_never_overlap():
    figure = plot_attention_grid(attention(110, 64, 2, 2))
    renderer = FigureCanvasAgg(figure).get_renderer()
    numbers = [text.get_window_extent(renderer) for text in figure.axes[0].texts if text.get_text().isdigit()]
    assert 20 < len(numbers) < 110 + 64
    assert not any(one.overlaps(other) for one, other in combinations(numbers, 2))


def test_tokens_are_named_once_and_the_direction_is_said():
    texts = "\n".join(written(plot_attention_grid(attention(12, 12, 7, 7))))
    assert "Row = query (the token that looks), column = key (the token looked at)." in texts
    assert "Rows and columns: t0 t1 t2 t3 t4 t5 t6" in texts
    assert texts.count("t3") == 1
    cross = "\n".join(written(plot_attention_grid(attention(2, 2, 2, 3, "cross", queries_are="written"))))
    assert "row = query (the token being written)" in cross.lower()
    assert "Rows: q0 q1" in cross
    assert "Columns: k0 k1 k2" in cross


def test_the_title_says_kind_model_and_unit():
    assert written(plot_attention_grid(attention()))[-3:-1] == ["Self-attention", "somebody/some-model"]
    assert "Causal self-attention between words" in written(plot_attention_grid(attention(kind="causal").merge_words()))


def test_a_long_text_is_named_as_far_as_there_is_room():
    texts = "\n".join(written(plot_attention_grid(attention(1, 1, 130, 130))))
    assert "… and 30 more" in " ".join(texts.split())


@pytest.mark.parametrize(
    "shown",
    [
        attention(1, 1, 1, 1, model="a" * 200),
        attention(30, 9, 40, 40, "causal"),
        attention(2, 4, 20, 12, "cross"),
        attention(1, 1, 1, 300, "cross"),
        of_tokens([*AWKWARD, *["many more words than fit into a line"] * 5]),
    ],
    ids=["one token", "deep", "cross", "one row", "odd tokens"],
)
def test_nothing_written_leaves_the_figure(shown):
    figure = plot_attention_grid(shown)
    renderer = FigureCanvasAgg(figure).get_renderer()
    for text in figure.axes[0].texts:
        box = text.get_window_extent(renderer)
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= figure.bbox.x1, text.get_text()
        assert box.y1 <= figure.bbox.y1, text.get_text()


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_odd_tokens_are_drawn_as_they_are_in_each_format(kind):
    figure = plot_attention_grid(of_tokens(AWKWARD))
    notes = written(figure)[-1]
    for token in ("</script><img src=x onerr", "$x$", "مرحبا", "שלום", "😀", "⟨U+1F999⟩", "⟨U+4E0D U+5BA2 U+6C14⟩"):
        assert token[:23] in notes
    assert not any(text.get_parse_math() for text in figure.axes[0].texts)
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(file, format=kind)
    assert file.getvalue().startswith({"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[kind])


def test_tokens_from_right_to_left_keep_the_order_of_the_text():
    notes = written(plot_attention_grid(of_tokens(AWKWARD)))[-1]
    # The mark after each is invisible; without it the two would be drawn as one run, the second first.
    assert "مرحبا\u200e שלום\u200e 😀" in notes


def test_an_svg_holds_the_grid_as_one_image_and_its_text_as_text(tmp_path):
    with mpl.rc_context({"svg.fonttype": "none"}):
        plot_attention_grid(attention(6, 12)).savefig(tmp_path / "grid.svg", metadata={"Description": "what it shows"})
    tree = ElementTree.parse(tmp_path / "grid.svg")
    names = [element.tag.rpartition("}")[2] for element in tree.iter()]
    assert names.count("image") == 2
    assert "Rows and columns: t0 t1 t2 t3 t4" in "".join(tree.getroot().itertext())
    assert "what it shows" in "".join(tree.getroot().itertext())


def test_plotting_leaves_matplotlib_as_it_was():
    mine = plt.figure()
    before = dict(mpl.rcParams)
    plot_attention_grid(attention())
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == [mine.number]
    assert plt.gcf() is mine
    plt.close(mine)


def test_the_style_of_the_reader_changes_nothing():
    plain = picture(plot_attention_grid(attention()))
    with mpl.rc_context():
        use_style()
        mpl.rcParams["image.cmap"] = "gray"
        styled = picture(plot_attention_grid(attention()), bbox_inches=mpl.transforms.Bbox([[0, 0], [1, 1]]))
        again = plot_attention_grid(attention())
    assert styled.size
    np.testing.assert_array_equal(picture(again), plain)


def test_wrong_input_is_told_what_to_pass():
    part = attention()
    whole = EncoderDecoderAttention(part, part, part, part.queries)
    for plot in (plot_attention_grid, alt_text):
        with pytest.raises(InputError, match=r"pass \.encoder, \.decoder, \.cross or \.alignment"):
            plot(whole)
        with pytest.raises(InputError, match=r"a list of 2: pass one of them"):
            plot([part, part])
        with pytest.raises(InputError, match=r"this is ndarray\. capture_attention"):
            plot(part.weights)
        with pytest.raises(InputError, match=r"layer 9 is not there: this attention has layers 0 1"):
            plot(part, layers=[9])
        with pytest.raises(InputError, match=r"head 7 is not there: this attention has heads 0 1 2"):
            plot(part, heads=[7])
    with pytest.raises(InputError, match=r"height is 0; it is the height of one head in inches"):
        plot_attention_grid(part, height=0)


def test_alternative_text_says_what_is_drawn_and_what_stands_out():
    weights = np.zeros((1, 2, 3, 3), dtype=np.float32)
    weights[0, 0, :, 0] = 1
    weights[0, 1, [1, 2], [0, 1]], weights[0, 1, 0] = 1, 1 / 3
    labels = (Label("[CLS]", "[CLS]", special=True), Label("a", "a"), Label("b", "b"))
    shown = Attention(weights, labels, labels, "self", (4,), (0, 1), "m")
    assert alt_text(shown) == (
        "Grid of 1 × 2 heat maps, layers down and heads across: self-attention of m, each 3 × 3: a row is a query token, "
        "a column a key token. Of 2 heads, more than half of the weight is on special tokens in 1, on the token before in 1."
    )
    assert alt_text(shown, heads=[1]) == (
        "Layer 4, head 1: self-attention of m, a heat map of 3 × 3: a row is a query token, a column a key token. "
        "Largest weights: [CLS] to [CLS] (0.33), a to [CLS] (1.00), b to a (1.00)."
    )
    assert "and 92 more rows" in alt_text(attention(1, 1, 100, 100))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.floats(1, 60), st.floats(1, 60), st.integers(0, 4))
def test_a_head_fits_its_share_and_keeps_its_largest_weights(queries, keys, height, width, gap):
    weights = np.random.default_rng(queries * 41 + keys).random((2, 3, queries, keys), dtype=np.float32)
    tile = fit(queries, keys, height, width)
    down, across = tile.size(queries, keys)
    assert down <= height
    assert across <= width
    drawn = mosaic(weights, tile, gap)
    assert drawn.shape == (2 * down + gap, 3 * across + 2 * gap)
    for layer, head in np.ndindex(2, 3):
        y, x = layer * (down + gap), head * (across + gap)
        small = drawn[y : y + down : tile.side, x : x + across : tile.side]
        for query, key in np.ndindex(queries, keys):
            assert small[query // tile.pool[0], key // tile.pool[1]] >= weights[layer, head, query, key]
        assert np.isin(small, weights[layer, head]).all()
    assert np.isnan(drawn).sum() == drawn.size - 6 * down * across


def test_blocks_at_the_edge_may_be_smaller():
    np.testing.assert_array_equal(max_pool(np.arange(15.0).reshape(3, 5), 2, 2), [[6, 8, 9], [11, 13, 14]])


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_labels_are_short_and_lines_fit(words):
    labels = [lettering(word) for word in words]
    assert all(len(label) <= 14 for label in labels)
    for line in lines(labels, points=13, dpi=110, most=300):
        assert line in labels or width(line, 13, 110) <= 300
