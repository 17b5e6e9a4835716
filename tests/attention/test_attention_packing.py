"""Weights as bytes: how far off they are, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from hf_tutorial.attention import Attention
from hf_tutorial.attention.labels import plain_labels
from hf_tutorial.attention.packing import ERROR, STEPS, pack, quantise, unpack
from hf_tutorial.errors import InputError


def attention(weights):
    layers, heads, queries, keys = weights.shape
    return Attention(
        weights,
        plain_labels(["q"] * queries),
        plain_labels(["k"] * keys),
        "cross",
        tuple(range(layers)),
        tuple(range(heads)),
    )


@given(arrays(np.float32, array_shapes(min_dims=4, max_dims=4, max_side=5), elements=st.floats(0, 1, width=32)))
def test_what_is_unpacked_is_off_by_half_a_step_at_most(weights):
    read = unpack(pack(quantise(attention(weights)))).reshape(weights.shape) / STEPS
    assert ERROR == 1 / 510
    assert np.abs(read - weights).max() <= ERROR + 1e-7


def test_a_sum_that_exceeds_1_by_rounding_counts_as_1():
    assert quantise(attention(np.full((1, 1, 1, 1), 1.0005, np.float32))).item() == 255


@pytest.mark.parametrize("wrong", [np.nan, -0.5, 1.5, np.inf])
def test_what_is_no_weight_is_named(wrong):
    weights = np.full((2, 3, 4, 5), 0.2, np.float32)
    weights[1, 2, 3, 4] = wrong
    with pytest.raises(InputError, match=f"layer 1, head 2, query 3, key 4 has {wrong}"):
        quantise(attention(weights))


def test_diffuse_weights_take_less_than_three_bits_each():
    scores = np.random.default_rng(0).normal(size=(4, 4, 128, 128))
    weights = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    assert len(pack(quantise(attention(weights.astype(np.float32))))) * 6 / weights.size < 3.7
