"""Checks of lesson 10, fourth part: reading an alignment."""

from collections.abc import Callable
from typing import Any

from hf_tutorial.checks.answers import items, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

Pairs = list[tuple[str, str]]

# Heads that look at different places may come to the same mean.
_TIE = 1e-5
_EXPECTED = 'a list of pairs such as `("22", "22")`'


@exercise("10.4", expects="the function `looked_at`")
def reading_an_alignment(answer: object, attention: Any) -> str:
    _require_three(attention)
    _judge(answer, attention)
    try:
        _judge(answer, invented())
    except Wrong as reason:
        raise Wrong(
            "For your own attention the answer is right, but not for that of another model, with more layers and other "
            f"tokens: {reason}"
        ) from reason
    return "Last layer, heads averaged, each row named by the token that is written: for any encoder-decoder."


def _require_three(attention: Any) -> None:
    from hf_tutorial.attention.weights import EncoderDecoderAttention

    if not isinstance(attention, EncoderDecoderAttention):
        raise Wrong(f"Pass what `capture_attention` returns for an encoder-decoder, as it is; got {shown(attention)}.")


def invented() -> Any:
    """Return attention of a model with three layers, with weights drawn at random, so that no two ways of reading agree."""
    import numpy as np

    from hf_tutorial.attention.labels import plain_labels
    from hf_tutorial.attention.weights import Attention, EncoderDecoderAttention

    dice = np.random.default_rng(10)
    source, begun = [*"abcdefghi", "</s>"], ["<s>", *"uvwxy"]
    read, done = plain_labels(source), plain_labels([*begun[1:], "</s>"])
    before = plain_labels(begun)

    def draw(queries: Any, keys: Any, kind: Any) -> Attention:
        raw = dice.exponential(size=(3, 4, len(queries), len(keys))) ** 3
        weights = (raw / raw.sum(axis=-1, keepdims=True)).astype(np.float32)
        return Attention(weights, queries, keys, kind, (0, 1, 2), (0, 1, 2, 3))

    return EncoderDecoderAttention(
        draw(read, read, "self"), draw(before, before, "causal"), draw(before, read, "cross"), done
    )


def _judge(function: object, attention: Any) -> None:
    found, tokens = _read(function, attention), attention.alignment.query_tokens
    weights = attention.cross.weights[-1].mean(axis=0)
    if _agree(found, weights, attention):
        return
    for reason, guess in _mistakes(attention).items():
        if found == guess():
            raise Wrong(reason)
    if len(found) != len(tokens):
        raise Wrong(
            f"{len(tokens)} tokens are written, so there should be {len(tokens)} pairs, but there are {len(found)}."
        )
    right = pairs_of(weights, tokens, attention)
    for number, (pair, wanted) in enumerate(zip(found, right, strict=True)):
        if pair != wanted:
            raise Wrong(f"Pair {number} should be {wanted}, but is {pair}.")


def _agree(found: Pairs, weights: Any, attention: Any) -> bool:
    """Say whether `found` names for each row a token with the largest weight, of which there may be several."""
    tokens, source = attention.alignment.query_tokens, attention.cross.key_tokens
    if [token for token, _ in found] != list(tokens):
        return False
    largest = [[source[place] for place in (row > row.max() - _TIE).nonzero()[0]] for row in weights]
    return all(read in most for (_, read), most in zip(found, largest, strict=True))


def pairs_of(weights: Any, tokens: Any, attention: Any) -> Pairs:
    """Return each of `tokens` with the source token that has most of its row in `weights` (rows, source tokens)."""
    source = attention.cross.key_tokens
    return [(token, source[place]) for token, place in zip(tokens, weights.argmax(axis=-1), strict=False)]


def _read(function: object, attention: Any) -> Pairs:
    try:
        value = call(function, attention, given="attention")
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    if isinstance(value, dict):
        raise Wrong("A dictionary has each key once; a token can be written twice. Return a list of pairs.")
    pairs: Pairs = []
    for pair in items(value, _EXPECTED):
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise Wrong(f"Expected {_EXPECTED}, but found {shown(pair)} in it.")
        if not all(isinstance(token, str) for token in pair):
            raise Wrong(
                f"Both members of a pair are tokens, but one is {shown(pair)}. `.query_tokens` and `.key_tokens` turn places "
                "into tokens."
            )
        pairs.append((pair[0], pair[1]))
    return pairs


def _why_failed(error: BaseException) -> str:
    if "is not there" in str(error):
        return " Layers and heads differ from model to model: `.layers[-1]` is the last layer, and `.mean_heads()` has one head."
    if isinstance(error, IndexError):
        return " Does the place belong to the tokens that are indexed? Rows are written, columns are source tokens."
    return ""


def _mistakes(attention: Any) -> dict[str, Callable[[], Pairs]]:
    cross, names = attention.cross, attention.alignment.query_tokens

    def last(weights: Any, tokens: Any = names) -> Pairs:
        return pairs_of(weights, tokens, attention)

    def by_source() -> Pairs:
        places = cross.weights[-1].mean(axis=0).argmax(axis=0)
        return [(names[place], token) for place, token in zip(places, cross.key_tokens, strict=True)]

    def down() -> Pairs:
        source, places = cross.key_tokens, cross.weights[-1].mean(axis=0).argmax(axis=0)
        return [(token, source[place]) for token, place in zip(names, places, strict=False) if place < len(source)]

    mean = cross.weights.mean(axis=1)
    earlier = {
        f"This is layer {number}. The last one is {cross.layers[-1]}; `.layers[-1]` says so for any model.": lambda layer=layer: (
            last(layer)
        )
        for number, layer in zip(cross.layers[:-1], mean, strict=False)
    }
    return earlier | {
        "The rows are named by the token that the decoder *reads* there, so that each name is one too early. "
        "`.alignment` names them by the token that is written.": lambda: last(mean[-1], cross.query_tokens),
        "`argmax` ran down the columns: it found a row for each source token. Asked is a column for each row.": down,
        "This is the mean over all layers. Only the last one is asked for.": lambda: last(mean.mean(axis=0)),
        "This is the first head of the last layer alone. Average the heads first: `.mean_heads()`.": lambda: last(
            cross.weights[-1, 0]
        ),
        "This is the last head of the last layer alone. Average the heads first: `.mean_heads()`.": lambda: last(
            cross.weights[-1, -1]
        ),
        "This takes the strongest weight of any head. Average the heads first: `.mean_heads()`.": lambda: last(
            cross.weights[-1].max(axis=0)
        ),
        "The pairs are turned round: first the token that is written, then the one that is looked at.": lambda: [
            (read, token) for token, read in last(mean[-1])
        ],
        "For each *source* token this finds the row that looks at it most. Asked is the other direction: for each row, the "
        "column with the largest weight.": by_source,
    }
