"""Attention weights from outputs that are there already: whose they are is checked, never guessed.

What a model returns is a tuple with one tensor per layer, (batch, heads, queries, keys). The usual mistakes — an empty
tuple from an sdpa model, hidden states instead of attentions, tokens of another text — get an error that names the axis
or the setting.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hf_tutorial.attention.labels import Label, labels_of, plain_labels
from hf_tutorial.attention.weights import Attention, EncoderDecoderAttention, Kind
from hf_tutorial.errors import InputError
from hf_tutorial.tokens.spans import Row, rows_of

NO_WEIGHTS = (
    'the outputs hold no attention weights. They are there only if the model runs with attn_implementation="eager" and '
    'is asked: model.set_attn_implementation("eager"), then model(**inputs, output_attentions=True). '
    "capture_attention(model, tokenizer, text) does both."
)
FROM_GENERATE = (
    "these are the attentions of generate(): a tuple for each step, not one for each layer. Run the model once over what "
    "it wrote, or let capture_attention(model, tokenizer, text) do it."
)

Tokens = Sequence[str] | Mapping[str, Any]
# The labels of an axis, and the places of the weights that they stand for: those that are no padding.
Axis = tuple[tuple[Label, ...], list[int]]
# 0.5 % for float32 and float16; bfloat16 keeps eight bits of a weight.
_FAR_FROM_ONE = 0.02


def attention_from_outputs(
    outputs: Any,
    tokens: Tokens,
    decoder_tokens: Tokens | None = None,
    *,
    tokenizer: Any = None,
    batch: int | None = None,
) -> Attention | EncoderDecoderAttention:
    """Return the attention that stands in the outputs of a model.

    `outputs` is what the model returned with `output_attentions=True`, or the tuple of its attentions, or an array of
    shape (layers, heads, queries, keys). `tokens` is a list of strings, or the encoding that the model was given,
    together with its `tokenizer`: then words, special tokens and padding are known, and padding is left out. For an
    encoder-decoder `decoder_tokens` are those that the decoder read. `batch` says which row of a batch is meant.

        attention_from_outputs(outputs, tokenizer.convert_ids_to_tokens(inputs["input_ids"][0]))
        attention_from_outputs(outputs, inputs, tokenizer=tokenizer, batch=2)
    """
    get = outputs.get if isinstance(outputs, Mapping) else lambda name: getattr(outputs, name, None)
    encoder = get("encoder_attentions")
    if encoder is None:
        own = get("attentions")
        layers = stacked(own if own is not None else outputs, batch)
        labels = axis(tokens, tokenizer, batch, layers.shape[-1])
        check_axis(layers, -2, layers.shape[-1], "query", "the key axis")
        return one_stack(layers, labels)
    if decoder_tokens is None:
        raise InputError("these outputs have an encoder and a decoder: give the tokens that the decoder read, too.")
    return encoder_decoder(get, tokens, decoder_tokens, tokenizer, batch)


def encoder_decoder(
    get: Any, tokens: Tokens, decoder_tokens: Tokens, tokenizer: Any, batch: int | None
) -> EncoderDecoderAttention:
    """Return the three attentions of an encoder-decoder whose outputs `get` reads by name.

    What the decoder writes is known for all rows but the last, which is named "?".
    """
    encoder, decoder, cross = (stacked(get(f"{name}_attentions"), batch) for name in ("encoder", "decoder", "cross"))
    sources = axis(tokens, tokenizer, batch, encoder.shape[-1])
    targets = axis(decoder_tokens, tokenizer, batch, decoder.shape[-1])
    check_axis(cross, -2, decoder.shape[-1], "query", "the decoder's own attention")
    check_axis(cross, -1, encoder.shape[-1], "key", "the encoder's attention")
    return both_stacks((encoder, decoder, cross), sources, targets, (*targets[0][1:], Label("?", "?")))


def one_stack(weights: np.ndarray, tokens: Axis, model: str = "") -> Attention:
    """Return the attention of an encoder or a decoder: which of the two, the weights tell."""
    _, kept = tokens
    kind: Kind = "causal" if is_causal(weights[:, :, kept][:, :, :, kept]) else "self"
    return _attention(weights, tokens, tokens, kind, model)


def both_stacks(
    weights: tuple[np.ndarray, np.ndarray, np.ndarray],
    sources: Axis,
    targets: Axis,
    written: tuple[Label, ...],
    model: str = "",
) -> EncoderDecoderAttention:
    """Return the attentions of an encoder-decoder from the `weights` of encoder, decoder and across."""
    encoder, decoder, cross = weights
    return EncoderDecoderAttention(
        _attention(encoder, sources, sources, "self", model),
        _attention(decoder, targets, targets, "causal", model),
        _attention(cross, targets, sources, "cross", model),
        written,
    )


def _attention(weights: np.ndarray, queries: Axis, keys: Axis, kind: Kind, model: str) -> Attention:
    """Return all layers and heads of `weights` without padding, after checking that the rows are shares."""
    (query_labels, read), (key_labels, kept) = queries, keys
    weights = weights[:, :, read][:, :, :, kept]
    check_rows(weights)
    layers, heads = weights.shape[:2]
    return Attention(weights, query_labels, key_labels, kind, tuple(range(layers)), tuple(range(heads)), model)


def stacked(values: Any, batch: int | None) -> np.ndarray:
    """Return what a model gives for one kind of attention as one array (layers, heads, queries, keys), in float32."""
    if values is None or (isinstance(values, (tuple, list)) and not values):
        raise InputError(NO_WEIGHTS)
    if isinstance(values, (tuple, list)) and isinstance(values[0], (tuple, list)):
        raise InputError(FROM_GENERATE)
    if isinstance(values, (tuple, list)):
        layers = [_layer(value, number, batch) for number, value in enumerate(values)]
        if len({layer.shape for layer in layers}) > 1:
            raise InputError(f"the layers have different shapes: {sorted({layer.shape for layer in layers})}.")
        return np.stack(layers)
    array = _numpy(values)
    if array.ndim != 4:
        raise InputError(
            f"an array of attention weights must have the axes (layers, heads, queries, keys), but has {_shape(array)}."
            + _looks_like_hidden_states(array)
        )
    return array


def _layer(value: Any, number: int, batch: int | None) -> np.ndarray:
    array = _numpy(value)
    if array.ndim == 3 and array.shape[1] != array.shape[2]:
        raise InputError(
            f"layer {number} must have the axes (batch, heads, queries, keys), but has {_shape(array)}."
            + _looks_like_hidden_states(array)
        )
    if array.ndim == 3:
        return array
    if array.ndim != 4:
        raise InputError(f"layer {number} must have the axes (batch, heads, queries, keys), but has {_shape(array)}.")
    return array[_row(batch, len(array))]


def _row(batch: int | None, size: int) -> int:
    if batch is None and size == 1:
        return 0
    if batch is None:
        raise InputError(f"the outputs hold a batch of {size} texts: say which one you mean, batch=0 to {size - 1}.")
    if not 0 <= batch < size:
        raise InputError(f"batch={batch} is out of range: the outputs hold a batch of {size}, 0 to {size - 1}.")
    return batch


def _numpy(value: Any) -> np.ndarray:
    """Return a tensor of any dtype and device, or an array, in float32."""
    if hasattr(value, "detach"):
        value = value.detach().float().cpu().numpy()
    try:
        return np.asarray(value, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"attention weights must be tensors or arrays, but here is {type(value).__name__}. Pass what the model "
            "returned, or its .attentions."
        ) from error


def _shape(array: np.ndarray) -> str:
    return f"{array.ndim} axes of {' × '.join(map(str, array.shape))}"


def _looks_like_hidden_states(array: np.ndarray) -> str:
    if array.ndim != 3:
        return ""
    return " This looks like hidden states (batch, tokens, width): pass outputs.attentions."


def axis(tokens: Tokens, tokenizer: Any, batch: int | None, size: int) -> Axis:
    """Return the labels of an axis that has `size` places."""
    if not isinstance(tokens, Mapping):
        labels = plain_labels([str(token) for token in tokens])
        _check_count(len(labels), size)
        return labels, list(range(size))
    if tokenizer is None:
        raise InputError("tokens is an encoding: give the tokenizer that made it, too (tokenizer=…).")
    rows = rows_of(tokenizer, tokens, ())
    row = rows[_row(batch, len(rows))]
    _check_count(len(row.tokens), size)
    return axis_of(tokenizer, row)


def axis_of(tokenizer: Any, row: Row) -> Axis:
    """Return the labels of a row of an encoding, without its padding."""
    kept = [n for n, token in enumerate(row.tokens) if token.attended]
    labels = labels_of(tokenizer, row)
    return tuple(labels[n] for n in kept), kept


def _check_count(count: int, size: int) -> None:
    if count != size:
        raise InputError(
            f"there are {count} tokens, but the key axis of the weights has {size}. Pass the tokens of the very input "
            "that the model read: special tokens and padding belong to it."
        )


def check_axis(weights: np.ndarray, number: int, size: int, name: str, what: str) -> None:
    """Raise an error unless axis `number` has as many places as `what` has, which is `size`."""
    if weights.shape[number] != size:
        raise InputError(f"the {name} axis of the weights has {weights.shape[number]} places, but {what} has {size}.")


def check_rows(weights: np.ndarray) -> None:
    """Raise an error unless every row of every head is a share of 1."""
    if not np.isfinite(weights).all():
        layer, head = np.argwhere(~np.isfinite(weights))[0][:2]
        raise InputError(
            f"layer {layer}, head {head} holds weights that are no numbers (NaN or infinite). Half precision may have "
            "overflowed: run the model in float32, and see whether its parameters are finite."
        )
    sums = weights.sum(axis=-1)
    if weights.min() < -1e-6 or np.abs(sums - 1).max() > _FAR_FROM_ONE:
        layer, head, query = np.unravel_index(np.abs(sums - 1).argmax(), sums.shape)
        raise InputError(
            f"these are no attention weights: row {query} of layer {layer}, head {head} sums to {sums[layer, head, query]:.3f}, "
            "not to 1. Dropout does that: call model.eval() before you run the model. So do scores before the softmax, "
            "and hidden states."
        )


def is_causal(weights: np.ndarray) -> bool:
    """Return whether no token looks at a later one. With one token there is nothing to tell: False."""
    queries, keys = weights.shape[-2:]
    return queries == keys > 1 and not np.triu(weights, k=1).any()
