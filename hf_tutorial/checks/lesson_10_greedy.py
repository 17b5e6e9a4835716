"""Checks of lesson 10, third part: greedy decoding by hand, for any encoder-decoder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hf_tutorial.checks.answers import items, shown, whole_numbers
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.models import tiny
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong

_EXPECTED = "a list of ids, such as `[0, 573, 481, 1]`"
# Each with the most tokens that may be written; some of the texts need more.
_CASES = (
    ("translate English to German: Sunday, November 22, 2026", 16),
    ("translate English to French: May 5, 2026", 16),
    ("translate English to Romanian: Nov 22, 2026", 3),
    ("November", 5),
)


@exercise("10.3", expects="the function `greedy`")
def greedy_by_hand(answer: object, model: Any, tokenizer: Any) -> str:
    if model.training:
        raise Wrong("The model is in training mode, so its answers may be random. `model.eval()` brings it back.")
    for text, most in _CASES:
        _judge(answer, model, tokenizer, text, most)
    small = small_model(tokenizer)
    try:
        for text, most in _CASES:
            _judge(answer, small, tokenizer, text, most)
    except Wrong as reason:
        raise Wrong(
            f"For your own model the answer is right, but not for another one, which begins with another token. Of its answer: {reason}"
        ) from reason
    return "The ids of `generate`, for your model and for one that begins with another token."


def small_model(tokenizer: Any) -> Any:
    """Return a small random T5 with this tokenizer's vocabulary that does not begin with padding."""
    ids = {"pad_token_id": tokenizer.pad_token_id, "eos_token_id": tokenizer.eos_token_id}
    return tiny(
        "T5ForConditionalGeneration",
        vocab_size=len(tokenizer),
        decoder_start_token_id=len(tokenizer) - 1,
        initializer_factor=3.0,
        **ids,
    )


def written(model: Any, tokenizer: Any, text: str, most: int, **slips: Any) -> list[int]:
    """Return what `model` writes greedily, with the start token; `slips` makes a usual mistake on purpose.

    `start` is another first token, `read` what the decoder reads of the ids so far, `place` the place whose logits are
    taken, `stops` whether the end token ends it, and `score` what is looked for among the logits of that place.
    """
    import torch

    ids = [slips.get("start", model.config.decoder_start_token_id)]
    inputs = tokenizer(text, return_tensors="pt").to(model.device)
    with torch.no_grad():
        encoded = model.get_encoder()(**inputs)
        for _ in range(most):
            read = torch.tensor([slips.get("read", list)(ids)], device=model.device)
            logits = model(
                encoder_outputs=encoded, attention_mask=inputs["attention_mask"], decoder_input_ids=read
            ).logits
            ids.append(int(slips.get("score", _highest)(logits[0, slips.get("place", -1)])))
            if ids[-1] == tokenizer.eos_token_id and slips.get("stops", True):
                break
    return ids


def _highest(logits: Any) -> Any:
    return logits.argmax()


def _judge(function: object, model: Any, tokenizer: Any, text: str, most: int) -> None:
    found = _read(function, model, tokenizer, text, most)
    if found == written(model, tokenizer, text, most):
        return
    for reason, guess in _mistakes(model, tokenizer, text, most).items():
        if found == guess():
            raise Wrong(reason)
    right = written(model, tokenizer, text, most)
    source = tokenizer(text)["input_ids"]
    if found[: len(source)] == source:
        raise Wrong(
            "The list begins with the source. That is what the encoder reads; the decoder begins with its own token."
        )
    if len(found) > most + 1:
        raise Wrong(f"With `most={most}`, {len(found) - 1} tokens were written. Does the loop count them?")
    raise Wrong(f"For {text!r}, with `most={most}`, the ids should be {right}, but are {shown(found)}.")


def _read(function: object, model: Any, tokenizer: Any, text: str, most: int) -> list[int]:
    given = f"model, tokenizer, {text!r}, {most}"
    with _without_generate(model) as used:
        try:
            value = call(function, model, tokenizer, text, most, given=given)
        except Raised as raised:
            if used:
                raise Wrong("That is `generate` itself. It is right, of course; write the loop this once.") from raised
            raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    if isinstance(value, str):
        raise Wrong("Return the ids, not the text: the start and end tokens are part of the answer.")
    if is_tensor(value):
        value = value.reshape(-1).tolist()
    return whole_numbers(items(value, _EXPECTED), _EXPECTED)


@contextmanager
def _without_generate(model: Any) -> Iterator[list[bool]]:
    """Let `model.generate` raise inside the block, and yield a list that is empty until it is called."""
    used: list[bool] = []

    def refuse(*arguments: Any, **named: Any) -> None:
        used.append(True)
        raise RuntimeError("generate")

    model.generate = refuse
    try:
        yield used
    finally:
        del model.generate


def _why_failed(error: BaseException) -> str:
    message = str(error)
    if "input_ids or inputs_embeds" in message or "decoder_input_ids" in message:
        return " The decoder has nothing to read: pass `decoder_input_ids` as well."
    if isinstance(error, TypeError) and "argument" in message:
        return " It gets a model, a tokenizer, a text and the most tokens that it may write."
    if isinstance(error, IndexError) or "not enough values to unpack" in message:
        return " `decoder_input_ids` has two dimensions, texts and places: `torch.tensor([ids])`."
    return ""


def _mistakes(model: Any, tokenizer: Any, text: str, most: int) -> dict[str, Callable[[], list[int]]]:
    def write(most: int = most, **slips: Any) -> list[int]:
        return written(model, tokenizer, text, most, **slips)

    pad, end = tokenizer.pad_token_id, tokenizer.eos_token_id
    return {
        "The tokens are right, but the start token is missing in front, which `generate` returns as well.": lambda: (
            write()[1:]
        ),
        "The tokens are right, but the end token is missing.": lambda: [id for id in write() if id != end],
        "The logits are those of the first place, so the same token comes again and again. What is to be written next is "
        "told by the *last* place.": lambda: write(place=0),
        "It does not stop at the end token.": lambda: write(stops=False),
        "At each step the decoder reads the last token alone. Without a cache it has forgotten what came before: hand over all that "
        "is written.": lambda: write(read=lambda ids: ids[-1:]),
        "It begins with padding. Not every model does: `model.config.decoder_start_token_id` says which token is right.": lambda: (
            write(start=pad)
        ),
        "It begins with the end token. Which one is right, `model.config.decoder_start_token_id` says.": lambda: write(
            start=end
        ),
        "It begins with the end token, and so it ends at once. Which one is right, `model.config.decoder_start_token_id` says.": lambda: (
            [end]
        ),
        "It takes the least likely token at each step.": lambda: write(score=lambda logits: logits.argmin()),
        "It stops one token too early: `most` counts the tokens that are written, without the start token.": lambda: (
            write(most - 1)
        ),
        "It stops one token too late: `most` counts the tokens that are written, without the start token.": lambda: (
            write(most + 1)
        ),
        "The first step is right. After it the loop ends.": lambda: write(1),
    }
