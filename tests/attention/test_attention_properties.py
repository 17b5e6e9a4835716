"""What holds for attention over any tokens: words, special tokens and texts in whatever order a model may have them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from hf_tutorial.attention import Attention, Label, Word, alt_text, attention_from_outputs
from hf_tutorial.attention.packing import ERROR, STEPS, pack, quantise, unpack
from hf_tutorial.errors import InputError
from tests.odd_texts import TEXTS
from tests.tokens.tiny_tokenizers import FAMILIES

# For each token: is it a special one, does it begin a word, does a new text begin before it.
TOKENS = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans(), TEXTS), min_size=1, max_size=8)


def labels(tokens):
    """Return labels of tokens of which special ones may stand anywhere, with up to two texts."""
    made, word, sequence = [], None, 0
    for special, begins, turns, text in tokens:
        sequence = max(sequence, int(turns))
        if not special and (begins or word is None or made[-1].special):
            word = Word(len(made), text)
        made.append(Label(text, text, special, sequence, None if special else word))
    return tuple(made)


def made(queries, keys, seed, kind="cross"):
    weights = np.random.default_rng(seed).dirichlet(np.full(len(keys), 0.3), size=(2, 3, len(queries)))
    return Attention(weights.astype(np.float32), queries, keys, kind, (0, 1), (0, 1, 2))


ATTENTIONS = st.builds(made, TOKENS.map(labels), TOKENS.map(labels), st.integers(0, 999))


@given(ATTENTIONS)
@settings(deadline=None)
def test_merging_words_moves_weight_and_loses_none(attention):
    merged = attention.merge_words()
    np.testing.assert_allclose(merged.weights.sum(axis=-1), 1, atol=1e-5)
    assert merged.weights.dtype == np.float32
    assert merged.weights.min() >= 0
    groups = [_groups(axis) for axis in (attention.queries, attention.keys)]
    assert [len(axis) for axis in (merged.queries, merged.keys)] == [len(found) for found in groups]
    for q, queries in enumerate(groups[0]):
        for k, keys in enumerate(groups[1]):
            block = attention.weights[:, :, queries][:, :, :, keys]
            expected = block.sum(axis=-1).mean(axis=-1)
            np.testing.assert_allclose(merged.weights[:, :, q, k], expected, atol=1e-6)


def _groups(axis):
    """Return the places of each word and of each special token, in order."""
    found = []
    for place, label in enumerate(axis):
        if found and label.word is not None and axis[found[-1][-1]].word == label.word:
            found[-1].append(place)
        else:
            found.append([place])
    return found


@given(ATTENTIONS)
@settings(deadline=None)
def test_words_are_named_by_the_text_and_special_tokens_by_themselves(attention):
    merged = attention.merge_words()
    for before, after in ((attention.queries, merged.queries), (attention.keys, merged.keys)):
        named = [(before[places[0]], label) for places, label in zip(_groups(before), after, strict=True)]
        assert [label.text for _, label in named] == [
            old.text if old.word is None else old.word.text for old, _ in named
        ]
        assert [(label.special, label.sequence) for _, label in named] == [
            (old.special, old.sequence) for old, _ in named
        ]


@given(ATTENTIONS)
@settings(deadline=None)
def test_without_special_tokens_the_rest_is_as_it_was(attention):
    places = [[n for n, label in enumerate(axis) if not label.special] for axis in (attention.queries, attention.keys)]
    if not all(places):
        with pytest.raises(InputError, match="every token is a special one: nothing would be left"):
            attention.without_special()
        return
    _same_part(attention.without_special(), attention, *places)


@given(ATTENTIONS, st.integers(0, 1), st.integers(0, 1))
@settings(deadline=None)
def test_between_two_texts_stands_what_stood_there(attention, first, second):
    queries, keys = (
        [n for n, label in enumerate(axis) if label.sequence == number and not label.special]
        for axis, number in ((attention.queries, first), (attention.keys, second))
    )
    if not queries or not keys:
        with pytest.raises(InputError, match=f"there are no tokens for sequence {first} or {second}"):
            attention.between(first, second)
        return
    _same_part(attention.between(first, second), attention, queries, keys)


def _same_part(part, whole, queries, keys):
    np.testing.assert_array_equal(part.weights, whole.weights[np.ix_([0, 1], [0, 1, 2], queries, keys)])
    assert part.queries == tuple(whole.queries[n] for n in queries)
    assert part.keys == tuple(whole.keys[n] for n in keys)
    assert part.whole == (len(keys) == len(whole.keys))
    assert (part.layers, part.heads, part.kind) == (whole.layers, whole.heads, whole.kind)


@given(ATTENTIONS)
@settings(deadline=None)
def test_every_statistic_is_a_share_or_bits(attention):
    table = attention.statistics()
    assert all(values.shape == (2, 3) for values in table.values())
    for name, values in table.items():
        most = np.log2(len(attention.keys)) if name == "entropy" else 1
        assert values.min() >= -1e-6, name
        assert values.max() <= most + 1e-5, name
    assert alt_text(attention)
    assert len(attention.to_pandas()) == 6


@pytest.mark.parametrize("family", FAMILIES)
@given(text=TEXTS, pair=TEXTS)
@settings(max_examples=15, deadline=None)
def test_what_a_tokenizer_makes_of_any_text_is_merged(family, text, pair):
    tokenizer = FAMILIES[family]
    encoding = tokenizer(text, pair)
    count = len(encoding["input_ids"])
    if not count:
        return
    even = np.full((1, 1, count, count), 1 / count, np.float32)
    attention = attention_from_outputs(even, encoding, tokenizer=tokenizer)
    merged = attention.merge_words()
    np.testing.assert_allclose(merged.weights.sum(axis=-1), 1, atol=1e-4)
    assert merged.weights.sum() == pytest.approx(len(merged.queries), abs=1e-3)
    assert [label for label in merged.keys if label.special] == [label for label in attention.keys if label.special]
    assert alt_text(merged)


def one_head(weights):
    axis = tuple(Label("q", "q") for _ in range(weights.shape[0]))
    keys = tuple(Label("k", "k") for _ in range(weights.shape[1]))
    return Attention(weights[None, None], axis, keys, "cross", (0,), (0,))


SHARES = arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(0, 1, width=32))


@given(SHARES)
def test_quantised_weights_keep_their_order_their_ends_and_their_value(weights):
    steps = quantise(one_head(weights))[0, 0]
    assert steps.dtype == np.uint8
    assert np.abs(steps / STEPS - weights).max() <= ERROR + 1e-7
    order = weights.ravel().argsort()
    assert (np.diff(steps.ravel()[order].astype(int)) >= 0).all()
    assert (steps[weights == 0] == 0).all()
    assert (steps[weights == 1] == STEPS).all()


@pytest.mark.parametrize("step", range(STEPS + 1))
def test_each_step_is_the_middle_of_what_becomes_it(step):
    at = np.float32(step / STEPS)
    weights = np.clip(np.array([[at - 0.49 / STEPS, at, at + 0.49 / STEPS]], np.float32), 0, 1)
    assert quantise(one_head(weights)).ravel().tolist() == [step] * 3


@given(st.binary(max_size=300) | st.integers(0, 5000).map(lambda count: bytes(count)))
def test_packed_bytes_come_back_one_by_one(data):
    text = pack(np.frombuffer(data, np.uint8))
    assert text.isascii()
    assert unpack(text).tobytes() == data


@given(SHARES, st.sampled_from([-0.01, 1.01, np.nan, -np.inf]), st.data())
def test_what_is_no_share_is_never_rounded_to_one(weights, wrong, data):
    place = data.draw(st.tuples(*(st.integers(0, side - 1) for side in weights.shape)))
    odd = weights.copy()
    odd[place] = wrong
    with pytest.raises(InputError, match=f"query {place[0]}, key {place[1]} has"):
        quantise(replace(one_head(weights), weights=odd[None, None]))
