"""`explore_attention` without a browser: what it holds, how large it is, what it refuses."""

import base64
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from hf_tutorial.attention import Attention, EncoderDecoderAttention, Label
from hf_tutorial.attention import explorer as module
from hf_tutorial.attention.explorer import explore_attention
from hf_tutorial.attention.labels import plain_labels
from hf_tutorial.attention.packing import ERROR, STEPS, unpack
from hf_tutorial.errors import InputError

ATTACK = "</script><img src=x onerror=alert(1)>\"'<!--"


def diffuse(layers, heads, queries, keys=None, kind="self", seed=0):
    keys = keys or queries
    scores = np.exp(np.random.default_rng(seed).normal(size=(layers, heads, queries, keys)))
    if kind == "causal":
        scores = np.tril(scores)
    weights = (scores / scores.sum(-1, keepdims=True)).astype(np.float32)
    labels = plain_labels([f"k{n}" for n in range(keys)])
    return Attention(weights, labels[:queries], labels, kind, tuple(range(layers)), tuple(range(heads)), "a model")


class Elements(HTMLParser):
    """The start tags of a document, with their attributes."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))


def data_of(explorer):
    tags = Elements(explorer._repr_html_()).tags
    return json.loads(next(attributes["data-attention"] for _, attributes in tags if "data-attention" in attributes))


def test_the_page_holds_the_weights_in_steps():
    attention = diffuse(2, 3, 5)
    data = data_of(explore_attention(attention))
    read = unpack(data["packs"][0]).reshape(2, 3, 5, 5) / STEPS
    assert np.abs(read - attention.weights).max() <= ERROR + 1e-7
    (part,) = data["parts"]
    assert [label[0] for label in part["queries"]] == list(attention.query_tokens)
    assert part["keys"] is None
    assert np.allclose(part["statistics"]["entropy"], attention.statistics()["entropy"].ravel(), atol=1e-4)


def test_an_encoder_decoder_brings_four_views_and_three_arrays():
    cross = diffuse(2, 2, 3, 4, kind="cross")
    both = EncoderDecoderAttention(
        diffuse(3, 2, 4), diffuse(2, 2, 3, kind="causal"), cross, plain_labels(["x", "y", "z"])
    )
    explorer = explore_attention(both)
    data = data_of(explorer)
    assert [part["name"] for part in data["parts"]] == ["encoder", "decoder", "cross", "alignment"]
    assert [part["pack"] for part in data["parts"]] == [0, 1, 2, 2]
    assert len(data["packs"]) == 3
    assert [label[0] for label in data["parts"][3]["queries"]] == ["x", "y", "z"]
    assert explorer._repr_html_().count("<img ") == 3
    assert ".cross: cross-attention of a model" in repr(explorer)


def test_same_attention_same_bytes(tmp_path):
    first, second = explore_attention(diffuse(1, 2, 4)), explore_attention(diffuse(1, 2, 4))
    assert first._repr_html_() == second._repr_html_()
    assert first.save(tmp_path / "1.html").read_bytes() == second.save(tmp_path / "2.html").read_bytes()
    assert explore_attention(diffuse(1, 2, 4, seed=1))._mark != first._mark


def test_the_text_form_is_the_attention_s():
    attention = diffuse(2, 3, 4)
    text = repr(explore_attention(attention))
    assert text.splitlines()[0] == "AttentionExplorer: interactive in a notebook; .save(path) writes it as a page"
    assert text.splitlines()[1:] == [f"  {line}" for line in repr(attention).splitlines()]


def test_nothing_is_displayed_until_it_is_asked_for(capsys):
    explore_attention(diffuse(1, 1, 2))
    assert capsys.readouterr() == ("", "")


def test_a_token_cannot_leave_its_attribute():
    attention = replace(
        diffuse(1, 1, 2), queries=plain_labels([ATTACK, "b"]), keys=plain_labels([ATTACK, "b"]), model=ATTACK
    )
    text = explore_attention(attention)._repr_html_()
    assert [tag for tag, _ in Elements(text).tags] == ["style", "div", "figure", "img", "figcaption", "script"]
    assert text.count("</script") == 1
    assert data_of(explore_attention(attention))["parts"][0]["queries"][0][0] == ATTACK


def test_no_address_is_named(tmp_path):
    text = explore_attention(diffuse(2, 2, 4)).save(tmp_path / "page.html").read_text("utf-8")
    assert not re.search(
        r"https?:|//[a-z]|@import|\bimport\b|\brequire\b|url\(", re.sub(r"^\s*//.*$", "", text, flags=re.M)
    )
    assert {attributes["src"][:22] for _, attributes in Elements(text).tags if "src" in attributes} == {
        "data:image/png;base64,"
    }
    assert "script-src 'sha256-" in text


@pytest.mark.parametrize(("tokens", "most"), [(16, 130_000), (64, 500_000), (128, 1_300_000)])
def test_size_of_a_page_of_144_diffuse_heads(tmp_path, tokens, most):
    assert explore_attention(diffuse(12, 12, tokens)).save(tmp_path / "page.html").stat().st_size <= most


def test_the_still_picture_keeps_a_diagonal_that_is_thinner_than_a_pixel():
    attention = replace(
        diffuse(12, 12, 256), weights=np.broadcast_to(np.eye(256, dtype=np.float32), (12, 12, 256, 256))
    )
    png = base64.b64decode(explore_attention(attention)._repr_mimebundle_()[0]["image/png"])
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGBA")).astype(int)
    tile = picture[:36, :36]
    bright = (tile[..., 0] > 200) & (tile[..., 1] > 200)
    assert bright.diagonal().all()
    assert bright.sum() == 36
    assert (picture[:, 37, 3] == 0).all(), "the gap between heads is clear"


def test_the_still_picture_leaves_the_future_clear():
    png = base64.b64decode(explore_attention(diffuse(1, 1, 4, kind="causal"))._repr_mimebundle_()[0]["image/png"])
    clear = np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))[50::110, 50::110, 3] == 0
    assert (clear == np.triu(np.ones((4, 4), bool), 1)).all()


def test_three_forms_for_three_readers():
    explorer = explore_attention(diffuse(1, 2, 3))
    forms, metadata = explorer._repr_mimebundle_()
    assert forms["text/plain"] == repr(explorer)
    assert forms["text/html"] == explorer._repr_html_()
    assert base64.b64decode(forms["image/png"]).startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"].startswith("self-attention of a model: 1 × 2 small squares")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (np.ones((1, 1, 2, 2)), "must be what capture_attention.* but is ndarray"),
        (None, "but is NoneType"),
        ([diffuse(1, 1, 2)] * 2, r"explore_attention\(attentions\[0\]\): this list has 2"),
    ],
)
def test_what_is_no_attention_is_refused(given, message):
    with pytest.raises(InputError, match=message):
        explore_attention(given)


def test_a_page_too_large_says_how_to_make_it_smaller(monkeypatch):
    monkeypatch.setattr(module, "MOST_WEIGHTS", 15)
    with pytest.raises(InputError, match=r"Take fewer layers, such as explore_attention\(attention.select\(layers"):
        explore_attention(diffuse(1, 1, 4))
    monkeypatch.setattr(module, "MOST_WEIGHTS", 16)
    assert explore_attention(diffuse(1, 1, 4))
    monkeypatch.setattr(module, "MOST_BYTES", 1_000)
    with pytest.raises(InputError, match="more than the 0 MB that a browser handles well"):
        explore_attention(diffuse(1, 1, 4))


def test_odd_attentions_are_explored():
    attention = diffuse(2, 3, 4)
    special = Label("[CLS]", "[CLS]", special=True)
    for one in (
        diffuse(1, 1, 1),
        attention.mean_heads(),
        attention.rollout(),
        attention.select(layers=[1], heads=[2]),
        replace(attention, queries=(special,) * 4, keys=(special,) * 4),
        diffuse(1, 1, 1, 7, kind="cross"),
    ):
        assert explore_attention(one)._repr_html_()
