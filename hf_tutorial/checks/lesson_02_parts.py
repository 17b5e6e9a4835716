"""Checks of lesson 02, third part: the parameters of a model, counted by part, each weight once."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.models import tiny
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong

if TYPE_CHECKING:
    from transformers import PreTrainedModel

Counts = dict[str, int]
PARTS = ("embeddings", "body", "head")


@exercise("02.3", expects="the function `parameters_by_part`")
def counting_by_part(answer: object, model: Any) -> str:
    for where, example in _models(model):
        found = _read(answer, example, where)
        right = parts_of(example)
        if found != right and example is not model and found == parts_of(model):
            raise Wrong(
                f"{where}: these are the numbers of another model. Does the function count the one that it is given?"
            )
        if found != right:
            raise Wrong(f"{where}: {_why_not(found, right, example)}")
    return "Right for five models of four architectures: each weight is counted once, wherever it is used."


def _models(model: Any) -> Iterator[tuple[str, "PreTrainedModel"]]:
    yield f"For your {type(model).__name__}", model
    yield "For a BertForSequenceClassification, whose head is tied to nothing", tiny("BertForSequenceClassification")
    frozen = tiny("BertForSequenceClassification")
    frozen.base_model.requires_grad_(False)
    yield "For a BERT with a frozen body", frozen
    yield "For a GPT2LMHeadModel, where nothing is called `embeddings`", tiny("GPT2LMHeadModel")
    yield "For a T5ForSequenceClassification", tiny("T5ForSequenceClassification")


def _size(weight: Any) -> int:
    return int(weight.numel())


def parts_of(model: "PreTrainedModel", size: Callable[[Any], int] = _size) -> Counts:
    """Return the number of parameters in the embedding table, in the rest of the body, and outside of the body."""
    table = {id(weight) for weight in model.get_input_embeddings().parameters()}
    body = {id(weight) for weight in model.base_model.parameters()}
    counts = dict.fromkeys(PARTS, 0)
    for weight in model.parameters():
        counts["embeddings" if id(weight) in table else "body" if id(weight) in body else "head"] += size(weight)
    return counts


def _read(function: object, model: "PreTrainedModel", where: str) -> Counts:
    try:
        value = call(function, model, given="model")
    except Raised as raised:
        raise Wrong(f"{where}: {raised}.{_why_failed(raised.error)}") from raised
    if not isinstance(value, dict) or not set(PARTS) <= set(value):
        raise Wrong(f"Expected a dictionary with the keys {', '.join(map(repr, PARTS))}, but got {shown(value)}.")
    counts = {part: number(value[part]) for part in PARTS}
    for part, count in counts.items():
        if count is None or is_tensor(value[part]):
            raise Wrong(f"{part!r} should be a plain whole number, but is {shown(value[part])}.")
    return {part: int(count) for part, count in counts.items() if count is not None and abs(count) < float("inf")}


def _why_failed(error: BaseException) -> str:
    message = str(error)
    if isinstance(error, AttributeError) and "'Embedding'" in message:
        return " What `get_input_embeddings()` returns is a module, and its `weight` is the parameter."
    if isinstance(error, RuntimeError) and ("must match the size" in message or "Boolean value" in message):
        return " `in` and `==` compare two tensors number by number. To ask whether they are the same tensor, compare `id(…)`."
    if isinstance(error, AttributeError):
        return (
            " Not every architecture has a part of that name. `model.base_model` and `model.get_input_embeddings()` work for all "
            "of them."
        )
    return ""


def _why_not(found: Counts, right: Counts, model: "PreTrainedModel") -> str:
    mistakes = {
        "these are numbers of tensors. How many numbers a tensor holds is `parameter.numel()`.": parts_of(
            model, lambda _: 1
        ),
        "these are lengths, and `len` of a tensor is only its first dimension. `numel()` counts all its numbers.": parts_of(
            model, len
        ),
        "only what can be trained is counted. A frozen parameter is still a parameter.": parts_of(
            model, lambda weight: weight.numel() * weight.requires_grad
        ),
    }
    for reason, wrong in mistakes.items():
        if found == wrong:
            return reason
    part = next(part for part in PARTS if found.get(part) != right[part])
    return _why_not_part(part, found.get(part, 0), right, model)


def _why_not_part(part: str, found: int, right: Counts, model: "PreTrainedModel") -> str:
    rows = next(model.get_input_embeddings().parameters()).shape[0]
    named = sum(weight.numel() for name, weight in model.named_parameters() if "embeddings." in name)
    reasons: dict[tuple[str, int], str] = {
        ("head", 0): "no parameter was found in the head. It is whatever lies outside of `model.base_model`.",
        ("head", right["head"] + right["embeddings"]): _TIED,
        ("head", sum(right.values())): (
            "the whole model is counted as the head. Is the body told by its name? Each architecture has its own; "
            "`model.base_model` is the body of each."
        ),
        ("head", sum(weight.numel() for weight in _decoder(model))): _TIED,
        ("body", sum(right.values())): "the body is the whole model. Take off the embeddings and the head.",
        (
            "body",
            right["body"] + right["head"],
        ): "the head is counted with the body. What lies outside of `base_model`?",
        ("body", right["embeddings"] + right["body"]): (
            "the embedding table lies inside `base_model`, so that it is counted twice: in the embeddings and in the body."
        ),
        ("embeddings", rows): "this is the number of rows in the embedding table. How long is each row?",
        ("embeddings", named): (
            "the vectors of positions, and the normalisation behind them, are counted with the embeddings. Here the token "
            "table alone is meant; the rest belongs to the body."
        ),
        ("embeddings", 0): (
            "no parameter was found in the embeddings. Each architecture has its own name for them: `get_input_embeddings()` finds "
            "them in all."
        ),
    }
    if found < 0:
        return f"{part!r} is less than nothing: more was taken off than had been counted. Are some parameters left out before?"
    return reasons.get((part, found), f"{part!r} should have {right[part]:,} parameters, but has {found:,}.")


_TIED = (
    "the head's large matrix is the embedding table itself, the very same tensor (tied weights), and it has been counted with the "
    "embeddings. `model.parameters()` yields it once; a state dict, or going through the modules, finds it again."
)


def _decoder(model: "PreTrainedModel") -> list[Any]:
    """Return the weights of the layer that shares its matrix with the embedding table, if there is one."""
    decoder = model.get_output_embeddings()
    shares = decoder is not None and decoder.weight is model.get_input_embeddings().weight
    return list(decoder.parameters()) if shares else []
