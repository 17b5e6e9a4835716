"""`plot_attention_grid` and `plot_attention_head`: attention as matplotlib figures, on one scale from 0 to 1.

The same colour is the same weight in every figure. A new figure is returned and not shown: a notebook displays it when
it is the last thing in a cell, a script saves it with `savefig`, as PNG, SVG or PDF.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

from hf_tutorial.attention.weights import Attention, EncoderDecoderAttention
from hf_tutorial.errors import InputError
from hf_tutorial.style import empty_figure, figure_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_attention_grid(
    attention: Attention,
    layers: Sequence[int] | None = None,
    heads: Sequence[int | str] | None = None,
    *,
    height: float | None = None,
) -> "Figure":
    """Return a figure of all heads, or of some: layers down, heads across, a square for each weight.

    `layers` and `heads` are the model's own numbers. `height` is the height of one head in inches; without it the heads
    share a page. A head with more tokens than pixels is max-pooled, which the figure then says: a larger `height`, or
    fewer layers and heads, show every weight.
    """
    from hf_tutorial.attention.grid import draw_grid

    chosen = one_attention(attention).select(layers, heads)
    if height is not None and not 0 < height <= 40:
        raise InputError(f"height is {height!r}; it is the height of one head in inches, above 0 and at most 40.")
    figure = empty_figure()
    with figure_style():
        draw_grid(figure, chosen, height)
    return figure


@overload
def plot_attention_head(
    attention: Attention, layer: int, head: int | str, *, values: bool = ..., colorbar: bool = ..., ax: None = ...
) -> "Figure": ...


@overload
def plot_attention_head(
    attention: Attention, layer: int, head: int | str, *, values: bool = ..., colorbar: bool = ..., ax: "Axes"
) -> "Axes": ...


def plot_attention_head(
    attention: Attention,
    layer: int,
    head: int | str,
    *,
    values: bool = False,
    colorbar: bool = True,
    ax: "Axes | None" = None,
) -> "Figure | Axes":
    """Draw one head with its tokens: a row for each query, a column for each key.

    `layer` and `head` are the model's own numbers. `values` writes the weights into the squares, for up to 24 tokens.
    For words in place of tokens pass `attention.merge_words()`.

    Returns a new figure, or, given `ax`, draws there in the style of that figure and returns `ax`.
    """
    from hf_tutorial.attention.head import draw_head, draw_on

    chosen = one_attention(attention).select([layer], [head])
    if values and max(chosen.weights.shape[-2:]) > 24:
        raise InputError(
            f"values=True writes a number into each of {' × '.join(map(str, chosen.weights.shape[-2:]))} squares, which "
            "nobody could read; up to 24 × 24 are possible. Leave values out, or pass a shorter text."
        )
    if ax is not None:
        draw_on(ax, chosen, values, colorbar)
        return ax
    figure = empty_figure()
    with figure_style():
        draw_head(figure, chosen, values, colorbar)
    return figure


def one_attention(attention: Any) -> Attention:
    """Return `attention` if there is one to draw."""
    if isinstance(attention, Attention):
        return attention
    if isinstance(attention, EncoderDecoderAttention):
        raise InputError(
            "an encoder-decoder has several attentions and a plot shows one: pass .encoder, .decoder, .cross or "
            ".alignment of it, for example plot_attention_grid(attention.cross)."
        )
    if (
        isinstance(attention, (list, tuple))
        and attention
        and isinstance(attention[0], (Attention, EncoderDecoderAttention))
    ):
        raise InputError(
            f"a plot shows the attention of one text, and this is a list of {len(attention)}: pass one of them."
        )
    raise InputError(
        f"a plot needs an Attention, but this is {type(attention).__name__}. capture_attention(model, tokenizer, text) "
        "makes one from a model, attention_from_outputs(outputs, tokens) from outputs that are there."
    )
