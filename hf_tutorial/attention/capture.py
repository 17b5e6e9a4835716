"""`capture_attention`: run a model the way that yields its attention weights, and leave it as it was."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from hf_tutorial.attention import reading
from hf_tutorial.attention.weights import EncoderDecoderAttention
from hf_tutorial.errors import InputError
from hf_tutorial.tokens.inspection import refuse_half_characters, usable
from hf_tutorial.tokens.spans import Row, encode, rows_of, untouched

Tensors = dict[str, Any]

# How many tokens a model may write when no decoder_text is given.
MOST_WRITTEN = 64
# More weights than this are refused before the model runs: they would fill a laptop's memory.
MOST_BYTES = 4 * 1024**3


def capture_attention(model: Any, tokenizer: Any, text: Any, pair: Any = None, decoder_text: str | None = None) -> Any:
    """Run `model` on `text` and return its attention weights, with their tokens.

    An encoder or a decoder gives an `Attention`, an encoder-decoder an `EncoderDecoderAttention`. A list of texts gives
    a list. An encoding that is there already can be given in place of the text: its padding is left out of the result,
    and several rows give a list. An encoder-decoder reads `decoder_text` in its decoder as in training; without it the
    model writes greedily, at most 64 tokens, and those are shown.

    The weights are what the model computes in evaluation mode, without gradients, with "eager" attention, which is the
    only implementation that has them. The model comes back with the attention implementation and the mode that it had.
    A text longer than the model can read is refused, never cut.

        capture_attention(model, tokenizer, "The cat sat on the mat.")
        capture_attention(model, tokenizer, "Who sat?", "The cat sat on the mat.")
        capture_attention(model, tokenizer, tokenizer(review, truncation=True, max_length=64))
        capture_attention(t5, tokenizer, "translate English to German: May 1, 2026").cross
    """
    tokenizer = usable(tokenizer)
    _check_model(model, decoder_text)
    if isinstance(text, (list, tuple)):
        texts = _paired(text, pair, decoder_text)
        return [capture_attention(model, tokenizer, *one) for one in texts]
    encoding, rows = _encoded(tokenizer, text, pair)
    inputs = _tensors(model, encoding)
    with _as_eager(model):
        captured = [
            _capture(model, tokenizer, row, {name: values[n : n + 1] for name, values in inputs.items()}, decoder_text)
            for n, row in enumerate(rows)
        ]
    return captured[0] if len(captured) == 1 else captured


def _check_model(model: Any, decoder_text: Any) -> None:
    if not (callable(model) and hasattr(model, "set_attn_implementation") and hasattr(model, "config")):
        raise InputError(
            f"model must be a Transformers model, such as AutoModel.from_pretrained(…) returns, but is {type(model).__name__}."
        )
    if decoder_text is None:
        return
    if not model.config.is_encoder_decoder:
        raise InputError(f"{type(model).__name__} has no second stack to read decoder_text: leave it out.")
    if not isinstance(decoder_text, str):
        raise InputError(f"decoder_text must be a string, but is {type(decoder_text).__name__}.")
    refuse_half_characters(decoder_text, "decoder_text")


def _paired(texts: Sequence[Any], pair: Any, decoder_text: str | None) -> list[tuple[Any, Any, str | None]]:
    pairs = [None] * len(texts) if pair is None else pair
    if isinstance(pairs, str) or len(pairs) != len(texts):
        raise InputError("text is a list: pair must be a list of the same length, or be left out.")
    if any(not isinstance(text, str) for text in texts):
        raise InputError("text must be a string, a list of strings, or an encoding.")
    return [(text, other, decoder_text) for text, other in zip(texts, pairs, strict=True)]


def _encoded(tokenizer: Any, text: Any, pair: Any) -> tuple[Mapping[str, Any], tuple[Row, ...]]:
    """Return the encoding of `text`, with one fact sheet for each of its rows."""
    if isinstance(text, Mapping):
        if pair is not None or "input_ids" not in text:
            raise InputError("an encoding is read as it is: it needs input_ids, and pair goes together with a text.")
        return text, rows_of(tokenizer, text, ())
    texts = tuple(one for one in (text, pair) if one is not None)
    for name, one in zip(("text", "pair"), texts, strict=False):
        if not isinstance(one, str):
            raise InputError(
                f"{name} must be a string, a list of strings, or an encoding, but is {type(one).__name__}."
            )
        if not one.strip():
            raise InputError(f"{name} is empty: there is nothing to attend to. Give it at least one word.")
        refuse_half_characters(one, name)
    encoding = encode(tokenizer, text, pair, {})
    return encoding, rows_of(tokenizer, encoding, [texts])


def _tensors(model: Any, encoding: Mapping[str, Any]) -> Tensors:
    """Return those parts of `encoding` that the model takes, as tensors of shape (rows, tokens) on its device."""
    import torch

    accepted = inspect.signature(model.forward).parameters
    tensors = {}
    for name, values in encoding.items():
        # A wrapper such as peft's may name nothing: then everything that models know is passed on.
        wanted = (
            name in accepted if "input_ids" in accepted else name in ("input_ids", "attention_mask", "token_type_ids")
        )
        if wanted and values is not None:
            try:
                tensor = torch.as_tensor(values)
            except ValueError as error:
                raise InputError(
                    f"the rows of {name} differ in length: make the encoding with padding=True."
                ) from error
            tensors[name] = torch.atleast_2d(tensor).to(model.device)
    return tensors


@contextmanager
def _as_eager(model: Any) -> Iterator[None]:
    """Run the model in evaluation mode with eager attention, without gradients; put everything back as it was."""
    import torch

    modes = [(module, module.training) for module in model.modules()]
    configs = {id(module.config): module.config for module in model.modules() if hasattr(module, "config")}.values()
    before = [(config, config._attn_implementation) for config in configs]
    try:
        model.set_attn_implementation("eager")
        model.eval()
        with torch.no_grad():
            yield
    finally:
        for config, implementation in before:
            config._attn_implementation = implementation
        for module, mode in modes:
            module.training = mode


def _capture(model: Any, tokenizer: Any, row: Row, inputs: Tensors, decoder_text: str | None) -> Any:
    _check_length(model, tokenizer, len(row.tokens))
    tokens = reading.axis_of(tokenizer, row)
    if model.config.is_encoder_decoder:
        return _capture_both_stacks(model, tokenizer, inputs, tokens, decoder_text)
    weights = reading.stacked(_run(model, inputs).attentions, None)
    return reading.one_stack(weights, tokens, type(model).__name__)


def _capture_both_stacks(
    model: Any, tokenizer: Any, inputs: Tensors, sources: reading.Axis, decoder_text: str | None
) -> EncoderDecoderAttention:
    read, written = _generated(model, inputs) if decoder_text is None else _given(model, tokenizer, decoder_text)
    _check_length(model, tokenizer, read.shape[1])
    outputs = _run(model, inputs | {"decoder_input_ids": read})
    parts = (outputs.encoder_attentions, outputs.decoder_attentions, outputs.cross_attentions)
    encoder, decoder, cross = (reading.stacked(part, None) for part in parts)
    targets, (next_tokens, _) = _axis(tokenizer, read), _axis(tokenizer, written)
    return reading.both_stacks((encoder, decoder, cross), sources, targets, next_tokens, type(model).__name__)


def _run(model: Any, inputs: Tensors) -> Any:
    extra = {"use_cache": False} if "use_cache" in inspect.signature(model.forward).parameters else {}
    return model(**inputs, **extra, output_attentions=True, return_dict=True)


def _generated(model: Any, inputs: Tensors) -> tuple[Any, Any]:
    """Return the ids that the decoder reads while the model writes greedily, and the ids that it writes."""
    if not model.can_generate():
        raise InputError(
            f"{type(model).__name__} has no head that writes. Give decoder_text, or load the model with "
            "AutoModelForSeq2SeqLM."
        )
    # Without the cache: Transformers makes it as deep as the encoder, which fails where a T5's decoder is deeper.
    how = {"do_sample": False, "num_beams": 1, "use_cache": False, "max_new_tokens": MOST_WRITTEN}
    sequence = model.generate(**inputs, **how)
    return sequence[:, :-1], sequence[:, 1:]


def _given(model: Any, tokenizer: Any, decoder_text: str) -> tuple[Any, Any]:
    """Return the ids that the decoder reads while it is taught `decoder_text`, and the ids that it should write."""
    import torch

    with untouched(tokenizer):
        ids = tokenizer(text_target=decoder_text)["input_ids"]
    if not ids:
        raise InputError("decoder_text is empty: there is nothing for the decoder to read.")
    written = torch.tensor([ids], device=model.device)
    if hasattr(model, "prepare_decoder_input_ids_from_labels"):
        return model.prepare_decoder_input_ids_from_labels(labels=written), written
    start = model.config.decoder_start_token_id
    if start is None:
        raise InputError(
            "the model's configuration has no decoder_start_token_id: set model.config.decoder_start_token_id."
        )
    return torch.cat([torch.full_like(written[:, :1], start), written[:, :-1]], dim=1), written


def _axis(tokenizer: Any, ids: Any) -> reading.Axis:
    return reading.axis_of(tokenizer, rows_of(tokenizer, {"input_ids": ids}, ())[0])


def _check_length(model: Any, tokenizer: Any, count: int) -> None:
    """Raise an error for a text that the model cannot read, or whose weights would not fit into memory."""
    limit = min(_positions(model), tokenizer.model_max_length)
    if count > limit:
        raise InputError(
            f"the text has {count:,} tokens, but {type(model).__name__} reads {limit:,} at most. Cut it yourself and pass "
            f"the encoding: capture_attention(model, tokenizer, tokenizer(text, truncation=True, max_length={limit}))."
        )
    config = model.config
    size = 4 * config.num_hidden_layers * config.num_attention_heads * count**2
    if size > MOST_BYTES:
        raise InputError(
            f"the weights of {count:,} tokens would take {size / 1024**3:.1f} GiB. Pass a shorter text, or an encoding made "
            "with truncation=True, max_length=…."
        )


def _positions(model: Any) -> int:
    """Return how many positions the model has learned, or was trained on."""
    limit = getattr(model.config, "max_position_embeddings", None) or 10**9
    for name, module in model.named_modules():
        # RoBERTa numbers its positions from behind the padding id, so as many rows of the table are out of use.
        if name.endswith("position_embeddings") and getattr(module, "padding_idx", None) is not None:
            return min(limit, module.num_embeddings - module.padding_idx - 1)
    return limit
