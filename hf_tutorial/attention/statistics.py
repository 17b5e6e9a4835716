"""Numbers about heads. Each is an array of shape (layers, heads), a mean over the query tokens.

They describe where weight goes. None says what the model would answer without it: for that, change the input or the
weights and measure.
"""

from dataclasses import replace

import numpy as np

from hf_tutorial.attention.weights import Attention
from hf_tutorial.errors import InputError


def entropy(attention: Attention) -> np.ndarray:
    """Return the mean entropy of the rows, in bits: 0 if one key has all the weight, log2(keys) if all have the same.

    Longer texts allow more of it, and in causal attention the first rows have few keys: compare heads on one text, not
    texts with each other.
    """
    weights = attention.weights.astype(np.float64)
    logs = np.log2(weights, out=np.zeros_like(weights), where=weights > 0)
    return np.maximum(0.0, -(weights * logs).sum(axis=-1)).mean(axis=-1)


def special_share(attention: Attention, token: str | None = None) -> np.ndarray:
    """Return the share of weight on special tokens, or on one of them such as "[SEP]".

    Much weight on a special token often means that the head found nothing to look for: what it reads there may change
    little. It is no sign that the token matters.
    """
    keys = [label.special and (token is None or label.piece == token) for label in attention.keys]
    if token is not None and not any(keys):
        specials = sorted({label.piece for label in attention.keys if label.special})
        raise InputError(f"{token!r} is no special token here. There are {', '.join(specials) or 'none'}.")
    return attention.weights[..., keys].sum(axis=-1).mean(axis=-1)


def shifted_share(attention: Attention, shift: int) -> np.ndarray:
    """Return the share of weight that a token gives to the one `shift` places after it: -1 is the token before, 0 itself.

    The mean is over those tokens that have such a neighbour; a text without any gives 0.
    """
    if attention.kind == "cross":
        raise InputError("in cross-attention query and key are different texts: there is no neighbour to share with.")
    diagonal = np.diagonal(attention.weights, offset=shift, axis1=-2, axis2=-1)
    return diagonal.mean(axis=-1) if diagonal.shape[-1] else np.zeros(diagonal.shape[:2])


def statistics(attention: Attention) -> dict[str, np.ndarray]:
    """Return all of the above by name; in cross-attention without those that need one text."""
    table = {"entropy": entropy(attention), "special": special_share(attention)}
    if attention.kind != "cross" and attention.query_tokens == attention.key_tokens:
        table |= {name: shifted_share(attention, shift) for name, shift in (("previous", -1), ("same", 0), ("next", 1))}
    return table


def rollout(attention: Attention) -> Attention:
    """Return attention rollout: how much of each input token may have arrived at each place, up to each layer.

    The heads of a layer are averaged, half of the identity is added for the residual connection, and the layers are
    multiplied (Abnar and Zuidema 2020, "Quantifying Attention Flow in Transformers", section 3). It treats the model as
    if values passed through unchanged: no head is weighted by what it writes, and feed-forward layers do not exist. Read
    it as a bound on where information could have come from, not as where it did.
    """
    if attention.kind == "cross":
        raise InputError("rollout follows one text through the layers: pass the encoder's or the decoder's attention.")
    if attention.layers != tuple(range(len(attention.layers))) or not attention.whole:
        raise InputError(
            "rollout needs all layers from 0 on and all tokens: call it on the attention as it was captured."
        )
    reached = np.eye(len(attention.keys))
    steps = []
    for layer in attention.weights.astype(np.float64).mean(axis=1):
        reached = (0.5 * layer + 0.5 * np.eye(len(layer))) @ reached
        steps.append(reached)
    return replace(attention, weights=np.stack(steps)[:, None].astype(np.float32), heads=("rollout",))
