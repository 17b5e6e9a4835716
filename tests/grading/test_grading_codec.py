"""Answers survive the way through bytes exactly, and nothing that could act comes through."""

import contextlib
import json
import math

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_tutorial.grading.codec import ARRAY_BYTES, CodecError, Opaque, decode, encode, is_data

SCALARS = (
    st.none()
    | st.just(...)
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.binary()
    | st.characters(categories=["Cs"])
)
HASHABLE = st.recursive(SCALARS, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.sets(HASHABLE) | st.dictionaries(HASHABLE, inner),
    max_leaves=20,
)


def through_bytes(value):
    return decode(json.loads(json.dumps(encode(value))))


@given(VALUES)
@settings(max_examples=60, deadline=None)
def test_plain_values_come_back_as_they_were(value):
    back = through_bytes(value)
    assert type(back) is type(value)
    assert repr(encode(back)) == repr(encode(value))
    assert is_data(value)


@pytest.mark.parametrize(
    "value", [math.nan, -0.0, math.inf, 10**300, -(2**63), "\udc80", "", b"\0", [[]], {(1, 2): {3}}]
)
def test_edges_come_back_as_they_were(value):
    assert repr(through_bytes(value)) == repr(value)


@pytest.mark.parametrize(
    "array",
    [
        numpy.arange(6).reshape(2, 3),
        numpy.zeros((0, 4), dtype="float16"),
        numpy.array(2.5),
        numpy.array([True, False]),
        numpy.arange(12, dtype=">i4").reshape(3, 4).T,
    ],
)
def test_arrays_keep_their_numbers_shape_and_format(array):
    back = through_bytes(array)
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert (back == array).all()
    back.fill(0)


@pytest.mark.parametrize("form", [torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.bool])
def test_tensors_keep_their_numbers_shape_and_format(form):
    tensor = torch.tensor([[0, 1, 2], [3, 4, 5]]).to(form).T
    back = through_bytes(tensor)
    assert back.dtype is form
    assert torch.equal(back, tensor)


def test_a_tensor_within_a_graph_comes_back_without_it():
    weight = torch.nn.Parameter(torch.ones(2))
    assert torch.equal(through_bytes({"loss": (weight * 2).sum()})["loss"], torch.tensor(4.0))


def test_numpy_numbers_and_sizes_keep_their_types():
    back = through_bytes([numpy.float32(1.5), torch.Size([2, 3])])
    assert type(back[0]) is numpy.float32
    assert back[1] == torch.Size([2, 3])


def refuse(*_):
    raise AssertionError("code of the answer has run")


class Sly(int):
    __hash__ = int.__hash__
    __eq__ = __repr__ = __str__ = __reduce__ = __len__ = __iter__ = refuse


OBJECTS = [Sly(3), [Sly(3)], {"a": Sly(3)}, lambda: 1, object(), int, numpy.array([object()])]


@pytest.mark.parametrize("value", OBJECTS, ids=list("abcdefg"))
def test_objects_arrive_as_nothing_but_the_name_of_their_kind(value):
    assert not is_data(value)
    back = through_bytes(value)
    inner = back[0] if isinstance(back, list) else back["a"] if isinstance(back, dict) else back
    assert isinstance(inner, Opaque)


def test_the_name_of_an_object_shows_in_a_message():
    from hf_tutorial.checks.answers import shown

    assert shown(through_bytes(lambda: 1)) == "a function"


def test_what_is_too_large_or_too_deep_is_left_out():
    deep: list = []
    for _ in range(50):
        deep = [deep]
    for value in (deep, torch.zeros(ARRAY_BYTES), "x" * 3_000_000, list(range(300_000)), 1 << 10_000):
        assert not is_data(value)


def test_a_list_that_holds_itself_comes_to_an_end():
    ring: list = []
    ring.append(ring)
    assert not is_data(ring)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["dict", "array", "set"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(JSON)
@settings(max_examples=60, deadline=None)
def test_whatever_arrives_is_decoded_or_refused(message):
    with contextlib.suppress(CodecError):
        decode(message)


@pytest.mark.parametrize(
    "message",
    [
        ["array", "|O", [1], "AAAAAAAAAAA="],
        ["array", "<f8", [1_000_000_000], "AAAA"],
        ["array", "<f8", [-1, -1], "AAAAAAAAAAA="],
        ["int", "not a number"],
        ["dict", [[["list", []], ["int", "0x1"]]]],
        ["str", "%"],
        ["pickle", "gASVAA=="],
    ],
)
def test_dangerous_or_senseless_messages_are_refused(message):
    with pytest.raises(CodecError):
        decode(message)
