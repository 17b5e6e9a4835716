"""Measure one case in Python: CPU seconds to make the picture or the page, and its bytes.

python -m benchmarks.attention.python_side TOOL LAYERS TOKENS [PAGE]
"""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.attention.cases import HEADS, synthetic
from benchmarks.timing import cpu_time

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from hf_tutorial.attention.weights import Attention

Make = Callable[[], bytes]
PAGE = '<!DOCTYPE html>\n<html lang="en"><meta charset="utf-8"><title>{}</title><body>\n{}\n</body></html>\n'


def our_grid(attention: "Attention") -> Make:
    from hf_tutorial.attention.plots import plot_attention_grid

    return lambda: png(plot_attention_grid(attention))


def axes_per_head(attention: "Attention", *, ticks: bool = False) -> Make:
    """The recipe of the lecture and of most tutorials, at the size and resolution of our grid."""
    import matplotlib.pyplot as plt

    from hf_tutorial.attention.plots import plot_attention_grid

    ours = plot_attention_grid(attention)
    size, dpi = ours.get_size_inches(), ours.dpi
    plt.close(ours)
    layers, heads, tokens, _ = attention.weights.shape
    names = attention.key_tokens

    def make() -> bytes:
        figure, axes = plt.subplots(layers, heads, figsize=size, dpi=dpi, squeeze=False)
        for layer in range(layers):
            for head in range(heads):
                panel = axes[layer, head]
                panel.imshow(attention.weights[layer, head])
                panel.set_xticks(range(tokens) if ticks else [], names if ticks else [], rotation="vertical")
                panel.set_yticks(range(tokens) if ticks else [], names if ticks else [])
        return png(figure)

    return make


def axes_per_head_with_ticks(attention: "Attention") -> Make:
    return axes_per_head(attention, ticks=True)


def png(figure: "Figure") -> bytes:
    import matplotlib.pyplot as plt

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    plt.close(figure)
    return buffer.getvalue()


def our_explorer(attention: "Attention") -> Make:
    from hf_tutorial.attention.explorer import explore_attention

    folder = TemporaryDirectory()

    def make() -> bytes:
        return explore_attention(attention).save(Path(folder.name, "explorer.html")).read_bytes()

    return make


def bertviz(view: str) -> Callable[["Attention"], Make]:
    def prepare(attention: "Attention") -> Make:
        import bertviz
        import torch

        layers = [torch.from_numpy(layer[None]) for layer in attention.weights]
        draw, tokens = getattr(bertviz, view), list(attention.key_tokens)
        return lambda: page(view, draw(layers, tokens, html_action="return").data)

    return prepare


def inspectus(attention: "Attention") -> Make:
    """What inspectus would display: it returns nothing, so its `display` is listened to."""
    import inspectus
    import IPython.display

    shown: list[str] = []
    IPython.display.display = lambda *objects, **_: shown.extend(thing.data for thing in objects)
    tokens = list(attention.key_tokens)

    def make() -> bytes:
        shown.clear()
        inspectus.attention(attention.weights, tokens, tokens)
        return page("inspectus", "\n".join(shown))

    return make


def circuitsvis(attention: "Attention") -> Make:
    """All heads in one view, with the library in the page: what CircuitsVis shows where there is no network."""
    import circuitsvis

    tokens, heads = list(attention.key_tokens), attention.weights.reshape(-1, *attention.weights.shape[2:])
    draw = circuitsvis.attention.attention_heads
    return lambda: page("CircuitsVis", draw(heads, tokens, mask_upper_tri=False).local_src)


def page(title: str, fragment: str) -> bytes:
    return PAGE.format(title, fragment).encode()


TOOLS: dict[str, Callable[["Attention"], Make]] = {
    "plot_attention_grid": our_grid,
    "matplotlib, one axes per head, bare": axes_per_head,
    "matplotlib, one axes per head, token ticks": axes_per_head_with_ticks,
    "explore_attention": our_explorer,
    "inspectus": inspectus,
    "BertViz head_view": bertviz("head_view"),
    "BertViz model_view": bertviz("model_view"),
    "CircuitsVis": circuitsvis,
}


def main(tool: str, layers: str, tokens: str, path: str = "") -> dict[str, Any]:
    """Make the picture or page of one case; write it to `path` if there is one."""
    TOOLS[tool](synthetic(1, 2, 4))()  # imports, fonts and caches are warm from here on
    timing = cpu_time(TOOLS[tool](synthetic(int(layers), HEADS, int(tokens))))
    if path:
        Path(path).write_bytes(timing.result)
    return {"cpu_seconds": timing.seconds, "runs": timing.runs, "bytes": len(timing.result)}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
