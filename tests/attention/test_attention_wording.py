"""What attention says of itself, word by word: its text form, its alternative text, and each error with its cure."""

import copy
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from tiny_families import fresh, tokenizer

from hf_tutorial.attention import (
    Attention,
    EncoderDecoderAttention,
    Label,
    alt_text,
    attention_from_outputs,
    capture_attention,
    explore_attention,
)
from hf_tutorial.attention.labels import plain_labels
from hf_tutorial.attention.statistics import rollout, shifted_share, special_share
from hf_tutorial.errors import InputError


def made(queries, keys=None, kind="self", layers=2, model="Tiny"):
    queries = plain_labels(queries)
    keys = queries if keys is None else plain_labels(keys)
    weights = np.full((layers, 3, len(queries), len(keys)), 1 / len(keys), np.float32)
    return Attention(weights, queries, keys, kind, tuple(range(layers)), (0, 1, 2), model)


def said(act):
    with pytest.raises(InputError) as caught:
        act()
    return str(caught.value)


def test_the_text_form_of_one_text():
    assert repr(made("ab")) == (
        "self-attention of Tiny\n"
        "2 layers × 3 heads × 2 query tokens × 2 key tokens; each row sums to 1\n"
        "tokens: a b"
    )  # fmt: skip


def test_the_text_form_of_two_texts_and_of_a_part():
    assert repr(made("ab", "xyz", "cross").between(0, 0)) == (
        "cross-attention of Tiny\n"
        "2 layers × 3 heads × 2 query tokens × 3 key tokens; each row sums to 1\n"
        "query tokens: a b\n"
        "key tokens: x y z"
    )
    special = (Label("[CLS]", "[CLS]", special=True), *plain_labels("a"))
    part = Attention(np.full((1, 1, 2, 2), 0.5, np.float32), special, special, "self", (0,), (0,)).without_special()
    assert repr(part) == (
        "self-attention\n"
        "1 layer × 1 head × 1 query token × 1 key token; some keys are left out, so rows sum to less than 1\n"
        "tokens: a"
    )  # fmt: skip
    assert part.whole is False


@pytest.mark.parametrize(("count", "more"), [(20, ""), (21, " … and 1 more"), (25, " … and 5 more")])
def test_the_text_form_lists_twenty_tokens(count, more):
    last = repr(made(["t"] * count)).splitlines()[-1]
    assert last == "tokens: " + " ".join(["t"] * 20) + more


def test_the_text_form_of_an_encoder_decoder():
    parts = made("ab"), made("xyz", kind="causal"), made("xyz", "ab", "cross")
    assert repr(EncoderDecoderAttention(*parts, plain_labels("yzw"))) == (
        ".encoder: self-attention of Tiny\n"
        "    2 layers × 3 heads × 2 query tokens × 2 key tokens; each row sums to 1\n"
        "    tokens: a b\n"
        ".decoder: causal self-attention of Tiny\n"
        "    2 layers × 3 heads × 3 query tokens × 3 key tokens; each row sums to 1\n"
        "    tokens: x y z\n"
        ".cross: cross-attention of Tiny\n"
        "    2 layers × 3 heads × 3 query tokens × 2 key tokens; each row sums to 1\n"
        "    query tokens: x y z\n"
        "    key tokens: a b"
    )


def test_alternative_text_names_eight_rows():
    even = made("a")
    assert alt_text(even, [1], [2]) == (
        "Layer 1, head 2: self-attention of Tiny, a heat map of 1 × 1: a row is a query token, a column a key token. "
        "Largest weights: a to a (1.00)."
    )
    eight = ", ".join(f"{letter} to a (0.12)" for letter in "abcdefgh")
    assert alt_text(made("abcdefgh"), [0], [0]).endswith(f"Largest weights: {eight}.")
    eight = eight.replace("0.12", "0.11")
    assert alt_text(made("abcdefghi"), [0], [0]).endswith(f"Largest weights: {eight}, and 1 more rows.")


NOTHING_SPECIAL = "every token is a special one: nothing would be left."


def test_what_cannot_be_left_out_or_set_apart():
    special = (Label("[CLS]", "[CLS]", special=True),)
    alone = Attention(np.ones((1, 1, 1, 1), np.float32), special, special, "self", (0,), (0,))
    assert said(alone.without_special) == NOTHING_SPECIAL
    assert said(lambda: made("ab").between(0, 1)) == (
        "there are no tokens for sequence 0 or 1: this attention has [0]. "
        "Capture a pair: capture_attention(model, tokenizer, text, pair)."
    )


def test_plain_tokens_keep_what_they_are():
    labels = plain_labels(["a b", "", "\u200b"])
    assert [(label.text, label.piece) for label in labels] == [("a b", "a b"), ("∅", ""), ("⟨U+200B⟩", "\u200b")]


def test_weights_that_are_none_are_shown_with_their_place():
    odd = made("ab")
    odd.weights[1, 2, 0, 1] = 1.5
    assert said(lambda: explore_attention(odd)) == (
        "a weight lies between 0 and 1, but layer 1, head 2, query 0, key 1 has 1.5. Pass attention weights, after the "
        "softmax; nan means that the model's numbers overflowed: load it with dtype=torch.float32."
    )


def test_layers_and_heads_are_chosen_by_one_number_or_several():
    attention = made("ab")
    np.testing.assert_array_equal(attention.select(1, 2).weights, attention.weights[1:, 2:])
    assert attention.mean_heads().select(heads="mean").heads == ("mean",)
    heads = " ".join(map(str, range(40)))
    for count, more in ((40, ""), (41, " … and 1 more")):
        labels = plain_labels("a")
        wide = Attention(np.ones((1, count, 1, 1), np.float32), labels, labels, "self", (0,), tuple(range(count)))
        expected = f"head 99 is not there: this attention has heads {heads}{more}."
        assert said(lambda wide=wide: wide.select(heads=[99])) == expected


def test_a_list_of_texts_is_checked_before_anything_runs():
    one = "text must be a string, a list of strings, or an encoding."
    assert said(lambda: capture_attention(fresh("BERT"), tokenizer(), ["cat", 3])) == one
    same = "text is a list: pair must be a list of the same length, or be left out."
    assert said(lambda: capture_attention(fresh("BERT"), tokenizer(), ["cat"], "dog")) == same


@pytest.mark.parametrize("size", [1, 2, 3])
def test_causal_is_what_looks_at_no_later_token(size):
    weights = np.tril(np.ones((1, 1, size, size)))
    weights /= weights.sum(axis=-1, keepdims=True)
    attention = attention_from_outputs(weights, [*"abc"[:size]])
    assert attention.kind == ("causal" if size > 1 else "self"), "with one token there is nothing to tell"
    assert attention.model == ""


def test_what_is_too_long_names_the_model_and_the_memory(monkeypatch):
    assert said(lambda: capture_attention(fresh("BERT"), tokenizer(), "cat " * 63)) == (
        "the text has 65 tokens, but BertModel reads 64 at most. Cut it yourself and pass the encoding: "
        "capture_attention(model, tokenizer, tokenizer(text, truncation=True, max_length=64))."
    )
    assert said(lambda: capture_attention(fresh("T5"), tokenizer(), "cat " * 12_000)) == (
        "the weights of 12,002 tokens would take 4.3 GiB. Pass a shorter text, or an encoding made with truncation=True, "
        "max_length=…."
    )
    # Two layers of four heads, five tokens, four bytes each.
    monkeypatch.setattr("hf_tutorial.attention.capture.MOST_BYTES", 2 * 4 * 5 * 5 * 4)
    assert capture_attention(fresh("BERT"), tokenizer(), "the cat sat").model == "BertModel"
    assert said(lambda: capture_attention(fresh("BERT"), tokenizer(), "the cat sat .")).startswith("the weights of 6 ")


def test_outputs_are_read_from_anything_that_has_them():
    even = (np.full((1, 1, 2, 2), 0.5),)
    assert attention_from_outputs(SimpleNamespace(attentions=even), ["a", "b"]).weights.shape == (1, 1, 2, 2)


def test_two_stacks_are_named_by_their_model_and_leave_the_tokenizer_alone():
    own = copy.deepcopy(tokenizer())
    own.backend_tokenizer.enable_truncation(3)
    before = own.backend_tokenizer.to_str()
    both = capture_attention(fresh("BART"), own, "the cat sat", decoder_text="a dog sat on the mat")
    assert own.backend_tokenizer.to_str() == before
    names = {part.model for part in (both.encoder, both.decoder, both.cross)}
    assert names == {"BartForConditionalGeneration"}
    assert attention_from_outputs(two_stacks(), [*"abcd"], [*"xyz"]).cross.model == ""


def test_cross_attention_has_no_neighbours():
    assert said(lambda: shifted_share(made("ab", "xyz", "cross"), 1)) == (
        "in cross-attention query and key are different texts: there is no neighbour to share with."
    )


def test_special_tokens_are_listed():
    labels = [Label(text, text, special=True) for text in ("[SEP]", "[CLS]", "[SEP]")]
    attention = Attention(np.full((1, 1, 3, 3), 1 / 3, np.float32), tuple(labels), tuple(labels), "self", (0,), (0,))
    assert said(lambda: special_share(attention, "x")) == "'x' is no special token here. There are [CLS], [SEP]."
    assert said(lambda: special_share(made("ab"), "x")) == "'x' is no special token here. There are none."


def test_rollout_says_what_it_needs_and_stays_in_float32():
    assert said(lambda: rollout(made("ab", "xyz", "cross"))) == (
        "rollout follows one text through the layers: pass the encoder's or the decoder's attention."
    )
    whole = "rollout needs all layers from 0 on and all tokens: call it on the attention as it was captured."
    assert said(lambda: rollout(made("ab")[1:])) == whole
    rolled = rollout(made("ab"))
    assert (rolled.weights.dtype, rolled.heads) == (np.float32, ("rollout",))


OUTPUTS = {
    "axes": (
        np.ones((2, 2)),
        "an array of attention weights must have the axes (layers, heads, queries, keys), but has 2 axes of 2 × 2.",
    ),
    "hidden states": (
        np.ones((1, 2, 5)),
        "an array of attention weights must have the axes (layers, heads, queries, keys), but has 3 axes of 1 × 2 × 5."
        " This looks like hidden states (batch, tokens, width): pass outputs.attentions.",
    ),
    "layer": (
        [np.ones((2, 2))],
        "layer 0 must have the axes (batch, heads, queries, keys), but has 2 axes of 2 × 2.",
    ),
    "layers": (
        [np.ones((1, 2, 2, 2)), np.ones((1, 1, 2, 2))],
        "the layers have different shapes: [(1, 2, 2), (2, 2, 2)].",
    ),
    "queries": (
        np.full((1, 1, 3, 2), 0.5),
        "the query axis of the weights has 3 places, but the key axis has 2.",
    ),
    "tokens": (
        np.full((1, 1, 3, 3), 1 / 3),
        "there are 2 tokens, but the key axis of the weights has 3. Pass the tokens of the very input that the model "
        "read: special tokens and padding belong to it.",
    ),
}


@pytest.mark.parametrize("wrong", OUTPUTS)
def test_outputs_of_another_shape_are_named(wrong):
    weights, expected = OUTPUTS[wrong]
    assert said(lambda: attention_from_outputs(weights, ["a", "b"])) == expected


def test_what_is_missing_is_asked_for():
    even = np.full((1, 1, 2, 2), 0.5)
    assert said(lambda: attention_from_outputs(even, {"input_ids": [3, 1]})) == (
        "tokens is an encoding: give the tokenizer that made it, too (tokenizer=…)."
    )
    assert said(lambda: attention_from_outputs({"encoder_attentions": (even,)}, ["a"])) == (
        "these outputs have an encoder and a decoder: give the tokens that the decoder read, too."
    )
    assert said(lambda: explore_attention(3)) == (
        "attention must be what capture_attention(model, tokenizer, text) returns, but is int. "
        "For a model's own outputs: attention_from_outputs(outputs, tokens)."
    )


def two_stacks(encoder=(4, 4), decoder=(3, 3), cross=(3, 4)):
    shapes = {"encoder": encoder, "decoder": decoder, "cross": cross}
    return {f"{name}_attentions": (np.full((1, 2, *s), 1 / s[1]),) for name, s in shapes.items()}


CROSS = {
    "queries": ((2, 4), "the query axis of the weights has 2 places, but the decoder's own attention has 3."),
    "keys": ((3, 5), "the key axis of the weights has 5 places, but the encoder's attention has 4."),
}


@pytest.mark.parametrize("axis", CROSS)
def test_cross_attention_of_another_shape_is_named(axis):
    shape, expected = CROSS[axis]
    assert said(lambda: attention_from_outputs(two_stacks(cross=shape), [*"abcd"], [*"xyz"])) == expected


def test_two_stacks_of_a_batch_are_read_by_their_encodings():
    encodings = [tokenizer()(texts, padding=True) for texts in (["the cat sat .", "cat"], ["a dog", "a dog sat"])]
    batch = {}
    for name, (queries, keys) in {"encoder": (0, 0), "decoder": (1, 1), "cross": (1, 0)}.items():
        masks = [np.array(encodings[place]["attention_mask"]) for place in (queries, keys)]
        shares = np.broadcast_to(masks[1][:, None, None, :], (2, 1, masks[0].shape[1], masks[1].shape[1])) * 1.0
        batch[f"{name}_attentions"] = (shares / shares.sum(axis=-1, keepdims=True),)
    first = attention_from_outputs(batch, *encodings, tokenizer=tokenizer(), batch=0)
    assert first.cross.query_tokens == ("<s>", "a", "dog", "</s>")
    assert first.cross.key_tokens == ("<s>", "the", "cat", "sat", ".", "</s>")
    second = attention_from_outputs(batch, *encodings, tokenizer=tokenizer(), batch=1)
    assert second.cross.query_tokens == ("<s>", "a", "dog", "sat", "</s>")
    assert second.cross.key_tokens == ("<s>", "cat", "</s>")
    assert [(label.text, label.piece) for label in second.written][-2:] == [("</s>", "</s>"), ("?", "?")]


class Shifting(torch.nn.Module):
    """A model that has no `prepare_decoder_input_ids_from_labels`, as some classes have none."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def __getattr__(self, name):
        if name == "prepare_decoder_input_ids_from_labels":
            raise AttributeError(name)
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(super().__getattr__("model"), name)

    def forward(self, input_ids=None, attention_mask=None, decoder_input_ids=None, use_cache=None, **more):
        return self.model(input_ids, attention_mask, decoder_input_ids, use_cache=use_cache, **more)


def test_a_model_that_cannot_shift_its_labels_is_helped():
    model = fresh("BART")
    own = capture_attention(model, tokenizer(), "the cat sat", decoder_text="a dog sat")
    helped = capture_attention(Shifting(model), tokenizer(), "the cat sat", decoder_text="a dog sat")
    np.testing.assert_array_equal(helped.cross.weights, own.cross.weights)
    assert helped.decoder.query_tokens == own.decoder.query_tokens == ("</s>", "<s>", "a", "dog", "sat")
    model.config.decoder_start_token_id = None
    assert said(lambda: capture_attention(Shifting(model), tokenizer(), "cat", decoder_text="a")) == (
        "the model's configuration has no decoder_start_token_id: set model.config.decoder_start_token_id."
    )


def test_a_decoder_text_of_no_tokens_is_refused():
    bare = copy.deepcopy(tokenizer())
    bare.backend_tokenizer.post_processor = None
    message = said(lambda: capture_attention(fresh("BART"), bare, "the cat", decoder_text=""))
    assert message == "decoder_text is empty: there is nothing for the decoder to read."


def test_a_page_is_titled_by_what_it_shows(tmp_path):
    def title(attention):
        page = explore_attention(attention).save(tmp_path / "page.html").read_text(encoding="utf-8")
        assert page.count(".hft-explorer") > 10, "the style belongs to the page"
        return page.partition("<title>")[2].partition("</title>")[0]

    parts = made("ab"), made("xyz", kind="causal"), made("xyz", "ab", "cross")
    assert title(parts[0]) == "self-attention of Tiny"
    assert title(EncoderDecoderAttention(*parts, plain_labels("yzw"))) == "attention of Tiny"
