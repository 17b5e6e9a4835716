"""Attention as data: slicing, merging, statistics and rollout, over arbitrary weights and words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_tutorial.attention import Attention, Label, Word
from hf_tutorial.attention.labels import plain_labels
from hf_tutorial.attention.statistics import entropy, rollout, shifted_share, special_share
from hf_tutorial.errors import InputError


def softmaxed(shape, seed, causal=False):
    scores = np.random.default_rng(seed).normal(scale=2, size=shape)
    if causal:
        scores[..., np.triu(np.ones(shape[-2:], bool), k=1)] = -np.inf
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return (weights / weights.sum(axis=-1, keepdims=True)).astype(np.float32)


def labels_with_words(lengths):
    """Return [CLS], then words of so many tokens, then [SEP]."""
    words = [Word(number, f"word{number}") for number in range(len(lengths))]
    pieces = [Label("p", "p", word=word) for word, length in zip(words, lengths, strict=True) for _ in range(length)]
    return (Label("[CLS]", "[CLS]", special=True), *pieces, Label("[SEP]", "[SEP]", special=True))


def made(queries, keys=None, *, layers=2, heads=3, seed=0, kind="self"):
    keys = queries if keys is None else keys
    weights = softmaxed((layers, heads, len(queries), len(keys)), seed, causal=kind == "causal")
    return Attention(weights, queries, keys, kind, tuple(range(layers)), tuple(range(heads)))


TEXT = plain_labels(["a", "b", "c", "d"])
LENGTHS = st.lists(st.integers(1, 4), min_size=1, max_size=6)


@given(LENGTHS, LENGTHS, st.integers(0, 99))
def test_merged_rows_still_sum_to_one(query_lengths, key_lengths, seed):
    attention = made(labels_with_words(query_lengths), labels_with_words(key_lengths), seed=seed, kind="cross")
    merged = attention.merge_words()
    assert merged.weights.shape[2:] == (len(query_lengths) + 2, len(key_lengths) + 2)
    np.testing.assert_allclose(merged.weights.sum(axis=-1), 1, atol=1e-5)
    assert merged.query_tokens == ("[CLS]", *(f"word{n}" for n in range(len(query_lengths))), "[SEP]")
    assert merged.unit == "word"


def test_rows_are_averaged_and_columns_summed():
    attention = made(labels_with_words([2, 1]))
    by_hand = attention.weights[0, 0]
    merged = attention.merge_words().weights[0, 0]
    assert merged[0, 1] == pytest.approx(by_hand[0, 1] + by_hand[0, 2], abs=1e-6)
    assert merged[1, 2] == pytest.approx((by_hand[1, 3] + by_hand[2, 3]) / 2, abs=1e-6)


@given(LENGTHS)
def test_merging_twice_is_merging_once(lengths):
    merged = made(labels_with_words(lengths)).merge_words()
    again = merged.merge_words()
    np.testing.assert_allclose(again.weights, merged.weights, atol=1e-6)
    assert again.keys == merged.keys


def test_equal_words_in_different_places_stay_apart():
    words = (Label("a", "a", word=Word(0, "the")), Label("b", "b", word=Word(1, "the")))
    assert made(words).merge_words().key_tokens == ("the", "the")


def test_slicing_is_by_position_and_keeps_the_numbers():
    attention = made(TEXT, layers=4)
    part = attention[1:3, [0, 2]]
    assert (part.layers, part.heads) == ((1, 2), (0, 2))
    np.testing.assert_array_equal(part.weights, attention.weights[1:3][:, [0, 2]])
    assert attention[-1].layers == (3,)
    assert part[0, 1].weights.shape == (1, 1, 4, 4)
    np.testing.assert_array_equal(part.matrix(2, 2), attention.weights[2, 2])
    np.testing.assert_array_equal(attention.select(layers=[3, 0]).weights, attention.weights[[3, 0]])


@pytest.mark.parametrize("place", range(-4, 4))
def test_one_layer_is_chosen_from_either_end(place):
    attention = made(TEXT, layers=4)
    np.testing.assert_array_equal(attention[place].weights, attention.weights[[place]])
    assert attention[place].layers == (range(4)[place],)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda a: a[2], "layer 2 is out of range: there are 2 layers, 0 to 1"),
        (lambda a: a[0, 3], "head 3 is out of range: there are 3 heads, 0 to 2"),
        (lambda a: a[-3], "layer -3 is out of range"),
        (lambda a: a[5:], "^no layer is chosen: there are 2 layers, 0 to 1.$"),
        (lambda a: a[0, []], "^no head is chosen: there are 3 heads, 0 to 2.$"),
        (lambda a: a.matrix(7, 0), "layer 7 is not there"),
        (lambda a: a[:, 1:].matrix(0, 0), "head 0 is not there: this attention has heads 1 2"),
        (lambda a: a.between(0, 1), "capture_attention"),
        (lambda a: a[1:].rollout(), "all layers from 0"),
        (lambda a: special_share(a, "[SEP]"), "no special token here"),
    ],
)
def test_what_is_not_there_is_named(act, message):
    with pytest.raises(InputError, match=message):
        act(made(TEXT))


def test_shape_and_labels_must_agree():
    with pytest.raises(InputError, match=r"\(1, 2, 4, 4\), but have \(1, 2, 3, 4\)"):
        Attention(softmaxed((1, 2, 3, 4), 0), TEXT, TEXT, "self", (0,), (0, 1))


def test_leaving_keys_out_is_said():
    attention = made(labels_with_words([1, 2]))
    bare = attention.without_special()
    assert len(bare.keys) == 3
    np.testing.assert_array_equal(bare.weights, attention.weights[:, :, 1:-1, 1:-1])
    assert not bare.whole
    assert "sum to less than 1" in repr(bare)
    assert "each row sums to 1" in repr(attention)
    with pytest.raises(InputError, match="all tokens"):
        bare.rollout()


def test_the_mean_of_heads():
    attention = made(TEXT)
    assert attention.mean_heads().heads == ("mean",)
    np.testing.assert_allclose(attention.mean_heads().weights[:, 0], attention.weights.mean(axis=1))


def test_nothing_changes_the_attention_it_is_called_on():
    attention = made(labels_with_words([1, 2]))
    before = attention.weights.copy()
    for act in ("merge_words", "mean_heads", "without_special", "rollout", "statistics", "to_pandas"):
        getattr(attention, act)()
    np.testing.assert_array_equal(attention.weights, before)


def one_head(matrix, kind="self", labels=TEXT):
    return Attention(np.array(matrix, np.float32)[None, None], labels, labels, kind, (0,), (0,))


def test_entropy_in_bits():
    assert entropy(one_head(np.eye(4))).tolist() == [[0.0]]
    assert entropy(one_head(np.full((4, 4), 0.25))).tolist() == [[2.0]]


def test_shares_of_neighbours():
    previous = np.eye(4, k=-1)
    previous[0, 0] = 1
    table = one_head(previous, "causal").statistics()
    assert table["previous"].tolist() == [[1.0]]
    assert table["same"].tolist() == [[0.25]]
    assert table["next"].tolist() == [[0.0]]
    assert shifted_share(one_head([[1.0]], labels=TEXT[:1]), -1).tolist() == [[0.0]]


def test_the_three_places_of_a_head_that_looks_ahead():
    ahead = one_head(0.5 * np.eye(4) + 0.3 * np.eye(4, k=1) + 0.2 * np.eye(4, k=2))
    table = {name: values.item() for name, values in ahead.statistics().items()}
    assert (table["previous"], table["same"], table["next"]) == pytest.approx((0, 0.5, 0.3))
    assert shifted_share(ahead, 2).item() == pytest.approx(0.2)


def test_share_on_special_tokens():
    labels = labels_with_words([1])
    matrix = [[0.5, 0.25, 0.25]] * 3
    assert special_share(one_head(matrix, labels=labels)).tolist() == [[0.75]]
    assert special_share(one_head(matrix, labels=labels), "[SEP]").tolist() == [[0.25]]


def test_the_table_has_a_line_for_each_head():
    table = made(TEXT)[1:, 1:].to_pandas()
    assert table[["layer", "head"]].values.tolist() == [[1, 1], [1, 2]]
    assert {"entropy", "special", "previous", "same", "next"} < set(table.columns)
    cross = made(TEXT, plain_labels("xyz"), kind="cross").to_pandas()
    assert {"previous", "same", "next"}.isdisjoint(cross.columns)


@given(st.integers(1, 5), st.integers(0, 99), st.sampled_from(["self", "causal"]))
def test_rollout_is_a_share_and_keeps_the_mask(layers, seed, kind):
    attention = made(TEXT, layers=layers, seed=seed, kind=kind)
    rolled = rollout(attention)
    np.testing.assert_allclose(rolled.weights.sum(axis=-1), 1, atol=1e-5)
    if kind == "causal":
        assert not np.triu(rolled.weights, k=1).any()


def test_rollout_multiplies_from_the_right_side():
    attention = made(TEXT)
    first, second = (0.5 * layer + 0.5 * np.eye(4) for layer in attention.weights.mean(axis=1))
    np.testing.assert_allclose(rollout(attention).weights[1, 0], second @ first, atol=1e-6)


def test_rollout_follows_one_text():
    with pytest.raises(InputError, match="one text"):
        rollout(made(TEXT, plain_labels("xyz"), kind="cross"))
