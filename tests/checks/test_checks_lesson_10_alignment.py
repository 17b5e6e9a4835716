import numpy as np
import pytest
import small_translator

from hf_tutorial import check
from hf_tutorial.checks.lesson_10_alignment import invented


def looked_at(attention, tokens=None, weights=None):
    """A right solution of 10.4, unless it is told otherwise."""
    alignment = attention.alignment.mean_heads()
    weights = alignment.matrix(alignment.layers[-1], "mean") if weights is None else weights(attention.cross.weights)
    tokens = alignment.query_tokens if tokens is None else tokens(attention)
    return [(token, alignment.key_tokens[place]) for token, place in zip(tokens, weights.argmax(axis=-1), strict=True)]


def with_weights(weights):
    return lambda attention: looked_at(attention, weights=weights)


def check_reading(function):
    return check("10.4", function, attention=small_translator.attention())


def by_source(attention):
    places = attention.cross.weights[-1].mean(axis=0).argmax(axis=0)
    return list(zip([attention.alignment.query_tokens[n] for n in places], attention.cross.key_tokens, strict=True))


def down_the_columns(attention):
    alignment = attention.alignment
    places = attention.cross.weights[-1].mean(axis=0).argmax(axis=0)
    return [(token, alignment.key_tokens[place]) for token, place in zip(alignment.query_tokens, places, strict=False)]


def test_right_readings():
    assert check_reading(looked_at).outcome == "right"
    assert check_reading(lambda attention: [list(pair) for pair in looked_at(attention)]).outcome == "right"


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (lambda a: looked_at(a, tokens=lambda a: a.cross.query_tokens), "each name is one too early"),
        (with_weights(lambda w: w[0].mean(axis=0)), "This is layer 0. The last one is 1"),
        (with_weights(lambda w: w[1].mean(axis=0)), "other tokens: This is layer 1. The last one is 2"),
        (with_weights(lambda w: w.mean(axis=(0, 1))), "the mean over all layers"),
        (with_weights(lambda w: w[-1, 0]), "the first head of the last layer"),
        (with_weights(lambda w: w[-1, -1]), "the last head of the last layer"),
        (with_weights(lambda w: w[-1].max(axis=0)), "the strongest weight of any head"),
        (lambda a: [pair[::-1] for pair in looked_at(a)], "The pairs are turned round"),
        (by_source, "For each *source* token"),
        (lambda a: looked_at(a)[:-1], "there should be"),
        (lambda a: dict(looked_at(a)), "Return a list of pairs"),
        (lambda a: [token for token, _ in looked_at(a)], "found"),
        (lambda a: [(n, 0) for n in range(3)], "Both members of a pair are tokens"),
        (lambda a: a.cross.matrix(1, "mean"), "`.layers[-1]` is the last layer"),
        (lambda a: looked_at(small_translator.attention()), "not for that of another model"),
        (lambda a: [("x", "y"), *looked_at(a)[1:]], "Pair 0 should be"),
        (lambda a: a.cross.key_tokens[99], "Rows are written, columns are source tokens"),
    ],
)
def test_wrong_readings(function, diagnosis):
    verdict = check_reading(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_the_other_direction_is_noticed_where_more_is_read_than_written():
    assert "`argmax` ran down the columns" in check("10.4", down_the_columns, attention=invented()).message


def test_the_invented_attention_tells_all_ways_of_reading_apart():
    weights = invented().cross.weights
    ways = [
        weights[-1].mean(axis=0),
        weights[0].mean(axis=0),
        weights.mean(axis=(0, 1)),
        weights[-1, 0],
        weights[-1, -1],
    ]
    read = {tuple(way.argmax(axis=-1)) for way in [*ways, weights[-1].max(axis=0)]}
    assert len(read) == 6
    np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-6)


def test_of_two_places_with_the_same_weight_either_is_right():
    attention = invented()
    attention.cross.weights[-1, :, 0, :2] = 0.5
    attention.cross.weights[-1, :, 0, 2:] = 0
    from hf_tutorial.checks.lesson_10_alignment import _judge

    first = looked_at(attention)
    for place in (0, 1):
        _judge(lambda a, place=place: [(first[0][0], a.cross.key_tokens[place]), *first[1:]], attention)


def test_attention_of_another_kind_is_explained():
    verdict = check("10.4", looked_at, attention=small_translator.attention().cross)
    assert verdict.outcome == "wrong"
    assert "for an encoder-decoder, as it is" in verdict.message
