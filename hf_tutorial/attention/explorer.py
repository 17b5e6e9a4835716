"""`explore_attention`: attention heads as a page to look around in, complete in itself.

The weights travel as one byte each in an attribute of the page's one element; its script, joined from the files in
`explorer_page`, unpacks and draws them. Where no script runs, a still picture of all heads is left.
"""

import base64
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from hf_tutorial.attention.labels import Label
from hf_tutorial.attention.packing import pack, quantise
from hf_tutorial.attention.still import COLOURS, palette, still_picture
from hf_tutorial.attention.weights import Attention, EncoderDecoderAttention
from hf_tutorial.errors import InputError
from hf_tutorial.page import asset, escape, page, write_page

# What a browser still moves smoothly, and what can still be sent to somebody.
MOST_WEIGHTS, MOST_BYTES = 64_000_000, 25_000_000

# In the order in which the page's one script holds them: later files use what earlier ones define.
SCRIPTS = ("decode", "paint", "overview", "lines", "heat", "reading", "table", "controls", "save", "main")


@dataclass(frozen=True, repr=False)
class AttentionExplorer:
    """The page that `explore_attention` makes. A notebook shows it as the last value of a cell."""

    attention: Attention | EncoderDecoderAttention

    def __repr__(self) -> str:
        said = repr(self.attention).replace("\n", "\n  ")
        return f"AttentionExplorer: interactive in a notebook; .save(path) writes it as a page\n  {said}"

    def _repr_html_(self) -> str:
        return f"<style>\n{_style()}</style>\n{self._body}\n<script>{self._script}</script>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the three forms of the explorer; what shows no HTML gets the picture, with its text, or the text form."""
        alternative, picture = self._stills[0]
        png = base64.b64encode(picture).decode()
        forms = {"text/plain": repr(self), "text/html": self._repr_html_(), "image/png": png}
        return forms, {"image/png": {"alt": alternative}}

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a page that needs nothing but itself, and return its path."""
        title = self._parts[0][1].title if len(self._parts) == 1 else f"attention of {self._parts[0][1].model}"
        return write_page(path, page(title, self._body, css=_style(), script=self._script))

    @cached_property
    def _parts(self) -> list[tuple[str, Attention]]:
        """The attentions to choose from, each with its name."""
        if isinstance(self.attention, Attention):
            return [("", self.attention)]
        return [(name, getattr(self.attention, name)) for name in ("encoder", "decoder", "cross", "alignment")]

    @cached_property
    def _steps(self) -> dict[int, np.ndarray]:
        """The quantised weights by the identity of their array: cross and alignment share theirs."""
        arrays = {id(part.weights): part for _, part in self._parts}
        return {key: quantise(part) for key, part in arrays.items()}

    @cached_property
    def _stills(self) -> list[tuple[str, bytes]]:
        """A still picture of each array of weights, with its alternative text."""
        shown = {id(part.weights): (name, part) for name, part in reversed(self._parts)}
        return [
            (_alternative(part), still_picture(self._steps[id(part.weights)], _masked(part)))
            for _, part in reversed(shown.values())
        ]

    @cached_property
    def _data(self) -> str:
        packs = {key: pack(steps) for key, steps in self._steps.items()}
        places = {key: number for number, key in enumerate(packs)}
        parts = [_described(name, part, places[id(part.weights)]) for name, part in self._parts]
        colours = base64.b64encode(palette()).decode()
        data = json.dumps({"colours": colours, "parts": parts, "packs": list(packs.values())}, separators=(",", ":"))
        return _bounded(data)

    @cached_property
    def _mark(self) -> str:
        """What this explorer's element and script know each other by: explorers of other content never meet."""
        return hashlib.sha256((self._data + _code()).encode()).hexdigest()[:16]

    @property
    def _body(self) -> str:
        # MathJax must leave dollar signs alone, and JupyterLab its shortcuts while the focus is in here.
        stills = "\n".join(_figure(alternative, picture) for alternative, picture in self._stills)
        return (
            '<div class="hft-explorer tex2jax_ignore mathjax_ignore" translate="no" data-lm-suppress-shortcuts="true" '
            f'data-explorer="{self._mark}" data-attention="{escape(self._data)}">\n{stills}\n</div>'
        )

    @property
    def _script(self) -> str:
        return f'(() => {{\n"use strict";\n{_code()}startAll("{self._mark}");\n}})();\n'


def explore_attention(attention: Attention | EncoderDecoderAttention) -> AttentionExplorer:
    """Return an interactive page of all heads in `attention`, as `capture_attention` returns it.

    An overview of layers and heads, one of which is picked by mouse or arrow keys and shown as lines between tokens or
    as a heat map; filters for special tokens, weak weights and the texts of a pair; a sortable table of statistics. Of an
    encoder-decoder the page offers encoder, decoder, cross-attention and the cross-attention by the token written.

        explore_attention(capture_attention(model, tokenizer, "The cat sat."))
        explore_attention(attention).save("attention.html")

    The page shows weights in steps of 1/255: what it says is off by at most 1/510, about 0.002, and a weight below that
    is shown as 0. Nothing is fetched; the page works offline, from a file and in a notebook's cell, and falls back on a
    still picture where scripts do not run or the browser cannot unpack deflated data (before Chromium 80, Firefox 113 and
    Safari 16.4). Raises InputError for weights outside 0 to 1 and for more of them than a page can hold.
    """
    if not isinstance(attention, (Attention, EncoderDecoderAttention)):
        raise InputError(_what_else(attention))
    explorer = AttentionExplorer(attention)
    weights = sum(part.weights.size for name, part in explorer._parts if name != "alignment")
    if weights > MOST_WEIGHTS:
        raise InputError(_too_much(f"{weights / 1e6:,.0f} million weights", f"{MOST_WEIGHTS / 1e6:.0f} million"))
    # Made now, so that what is wrong with the weights is said here and not when the page is shown.
    explorer._data  # noqa: B018
    return explorer


def _what_else(value: Any) -> str:
    if isinstance(value, (list, tuple)) and any(isinstance(one, (Attention, EncoderDecoderAttention)) for one in value):
        return f"explore one attention at a time, such as explore_attention(attentions[0]): this list has {len(value)}."
    return (
        f"attention must be what capture_attention(model, tokenizer, text) returns, but is {type(value).__name__}. "
        "For a model's own outputs: attention_from_outputs(outputs, tokens)."
    )


def _bounded(data: str) -> str:
    if len(data) > MOST_BYTES:
        raise InputError(_too_much(f"{len(data) / 1e6:,.0f} MB", f"{MOST_BYTES / 1e6:.0f} MB"))
    return data


def _too_much(size: str, most: str) -> str:
    return (
        f"this page would hold {size}, more than the {most} that a browser handles well. Take fewer layers, such as "
        "explore_attention(attention.select(layers=[0, 1])), or a shorter text."
    )


def _described(name: str, part: Attention, pack: int) -> dict[str, Any]:
    """Return what the page needs to know of one attention besides its weights."""
    return {
        "name": name,
        "title": part.title,
        "kind": part.kind,
        "unit": part.unit,
        "whole": part.whole,
        "written": part.queries_are == "written",
        "layers": [int(layer) for layer in part.layers],
        "heads": [str(head) for head in part.heads],
        "queries": _labels(part.queries),
        "keys": None if _one_text(part) else _labels(part.keys),
        "statistics": {key: values.ravel().round(4).tolist() for key, values in part.statistics().items()},
        "pack": pack,
    }


def _labels(labels: Sequence[Label]) -> list[list[Any]]:
    return [[label.text, int(label.special), label.sequence] for label in labels]


def _one_text(part: Attention) -> bool:
    """Return whether both axes are the same tokens."""
    return part.kind != "cross" and part.queries == part.keys


def _masked(part: Attention) -> np.ndarray:
    """Return which weights a causal mask forbids, shape (queries, keys): keys after the query in the same text."""
    forbidden = np.triu(np.ones((len(part.queries), len(part.keys)), bool), 1)
    return forbidden if part.kind == "causal" and _one_text(part) else np.zeros_like(forbidden)


def _alternative(part: Attention) -> str:
    layers, heads, queries, keys = part.weights.shape
    return (
        f"{part.title}: {layers} × {heads} small squares, layers {_range(part.layers)} down and heads "
        f"{_range(part.heads)} across. In each, {queries} query {part.unit}s down and {keys} key {part.unit}s across; the "
        "brighter, the more weight, on one scale from 0 to 1."
    )


def _range(names: Sequence[int | str]) -> str:
    return str(names[0]) if len(names) == 1 else f"{names[0]} to {names[-1]}"


def _figure(alternative: str, picture: bytes) -> str:
    source = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    return (
        f'<figure class="hft-still"><img src="{source}" alt="{escape(alternative)}"><figcaption>{escape(alternative)} '
        f"This is a still picture in {COLOURS} colours; where scripts run, it becomes an explorer.</figcaption></figure>"
    )


def _style() -> str:
    return asset("hf_tutorial.attention", "explorer.css")


def _code() -> str:
    return "".join(asset("hf_tutorial.attention", f"explorer_page/{name}.js") for name in SCRIPTS)
