"""Checks of lesson 03, second part: an evaluation that says the same thing every time it is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.models import tiny
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong

if TYPE_CHECKING:
    from transformers import PreTrainedModel

Batches = list[dict[str, Any]]
_CLOSE = 1e-4
_SIZES = (4, 1)


@dataclass
class Calls:
    """How a model was called while a function ran."""

    count: int = 0
    in_training: bool = False
    with_graph: bool = False
    without_mask: bool = False


@exercise("03.2", expects="the function `evaluate`")
def evaluating(answer: object, model: Any) -> str:
    _judge(answer, _probe(), "")
    _judge(answer, model, "Right for a small model of ours, but not for yours. ")
    return "Dropout off, no graph, the loss there, and every text counts the same, whatever batch it is in."


def _probe() -> "PreTrainedModel":
    """A small classifier with much dropout and large weights, so that every mistake shows."""
    model = tiny("BertForSequenceClassification", hidden_dropout_prob=0.5, initializer_range=1.0)
    return model.train()


def _judge(function: object, model: Any, where: str) -> None:
    was_training = model.training
    try:
        batches = _batches(model)
        right = _evaluate(model, batches)
        model.train()
        with watched_calls(model) as calls:
            found = _read(_run(function, model, batches, where), where)
        _judge_calls(calls, where)
        _judge_numbers(found, right, where)
        _judge_second(function, model, batches, found, where)
    finally:
        model.train(was_training)


def _batches(model: Any) -> Batches:
    """Return five texts in batches of four and one, with a label in each batch that the model does not give."""
    import torch

    generator = torch.Generator().manual_seed(0)
    batches = []
    for size in _SIZES:
        ids = torch.randint(5, 50, (size, 6), generator=generator).to(model.device)
        mask = torch.ones_like(ids)
        mask[0, 4:] = 0
        batches.append({"input_ids": ids, "attention_mask": mask})
    model.eval()
    with torch.no_grad():
        answers = [model(**batch).logits.argmax(dim=-1) for batch in batches]
    labels = model.config.num_labels
    for batch, answer in zip(batches, answers, strict=True):
        batch["label"] = answer.clone()
        batch["label"][-1] = (answer[-1] + 1) % labels
    return batches


def _evaluate(model: Any, batches: Batches) -> dict[str, Any]:
    """Return loss and accuracy of each text, with dropout switched off."""
    import torch
    from torch.nn.functional import cross_entropy

    model.eval()
    losses, hits = [], []
    with torch.no_grad():
        for batch in batches:
            logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits.float()
            losses.append(cross_entropy(logits, batch["label"], reduction="none").tolist())
            hits.append((logits.argmax(dim=-1) == batch["label"]).float().tolist())
    return {"loss": losses, "accuracy": hits}


@contextmanager
def watched_calls(model: Any) -> Iterator[Calls]:
    """Yield a `Calls` that follows every call of `model` until the block ends."""
    import torch

    calls = Calls()

    def look(module: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        calls.count += 1
        calls.in_training |= module.training
        calls.with_graph |= torch.is_grad_enabled()
        calls.without_mask |= named.get("attention_mask") is None and len(arguments) < 2

    handle = model.register_forward_pre_hook(look, with_kwargs=True)
    try:
        yield calls
    finally:
        handle.remove()


def _run(function: object, model: Any, batches: Batches, where: str) -> object:
    try:
        return call(function, model, batches, given="model, batches")
    except Raised as raised:
        raise Wrong(f"{where}{raised}.{_why_failed(raised.error)}") from raised


def _why_failed(error: BaseException) -> str:
    message = str(error)
    if "NoneType" in message:
        return " Is that the loss? It is None when the model gets no `labels=`, and it does not know the name `label`."
    if isinstance(error, TypeError) and "multiple values" in message:
        return " The labels reach the model twice: once with the batch, and once by name."
    if isinstance(error, KeyError) and "labels" in message:
        return " The batches call them `label`, as datasets often do. The model wants `labels`."
    if isinstance(error, AttributeError) and "item" in message:
        return " A number that is plain already needs no `.item()`."
    return ""


def _read(value: object, where: str) -> dict[str, float]:
    if not isinstance(value, dict) or not {"loss", "accuracy"} <= set(value):
        raise Wrong(f"{where}Expected a dictionary with 'loss' and 'accuracy', but got {shown(value)}.")
    plain = {}
    for name in ("loss", "accuracy"):
        found = value[name]
        if is_tensor(found) and getattr(found, "requires_grad", False):
            raise Wrong(
                f"{where}{name!r} is a tensor that still holds on to the graphs of all batches. Compute it under "
                "`torch.no_grad()`, and take the number out with `.item()`."
            )
        single = number(found)
        if is_tensor(found) or single is None:
            raise Wrong(f"{where}{name!r} should be a plain number, but is {shown(found)}. `.item()` takes it out.")
        plain[name] = single
    return plain


def _judge_calls(calls: Calls, where: str) -> None:
    if not calls.count:
        raise Wrong(
            f"{where}The model that was handed in is never called. Does the function take another one from outside?"
        )
    if calls.in_training:
        raise Wrong(
            f"{where}The model was left in training mode, so that dropout throws away a part of its numbers, and each run gives "
            "another result. Which line switches it off? `no_grad()` does not."
        )
    if calls.with_graph:
        raise Wrong(
            f"{where}The model still records a graph for every batch, though nobody will call `backward()`. `eval()` does not "
            "stop that; which line does?"
        )
    if calls.without_mask:
        raise Wrong(f"{where}The model does not get the `attention_mask`, so that it reads the padding as text.")


def _judge_numbers(found: dict[str, float], right: dict[str, Any], where: str) -> None:
    for name in ("loss", "accuracy"):
        if reason := _why_not(name, found[name], right[name]):
            raise Wrong(f"{where}{reason}")


def _why_not(name: str, found: float, batches: list[list[float]]) -> str:
    """Return what is wrong with a mean over texts, or nothing."""
    texts = [value for batch in batches for value in batch]
    mean, means = sum(texts) / len(texts), [sum(batch) / len(batch) for batch in batches]
    if abs(found - mean) < _CLOSE * max(1.0, abs(mean)):
        return ""
    mistakes = {
        "the loss is 0. Did the model get the labels by the right name? It knows `labels`, and ignores `label`.": 0.0,
        "every batch counts the same, although the last one is smaller. Each text should: weigh by the size of the batch.": sum(
            means
        )
        / len(means),
        "this is the sum over the texts. Divide by how many there are.": sum(texts),
        "this is the sum over the batches, of their means. Weigh each by its size, and divide by the number of texts.": sum(
            means
        ),
        "the sum over the texts is divided by the number of batches.": sum(texts) / len(batches),
        "the sum of the batches' means is divided by the number of texts.": sum(means) / len(texts),
        "this is the result of the last batch alone.": means[-1],
        "this is the result of the first batch alone. Does the `return` stand inside the loop?": means[0],
        "this is in percent. It should lie between 0 and 1.": 100 * mean,
        "this is the share of wrong answers.": 1 - mean,
    }
    for reason, value in mistakes.items():
        zero, loss = value == 0.0, name == "loss"
        if abs(found - value) < _CLOSE and (loss or not zero) and (not loss or "wrong answers" not in reason):
            return f"{name!r}: {reason}"
    return f"{name!r} should be {mean:.3f} here, the mean over all texts, but is {found:.3f}."


def _judge_second(function: object, model: Any, batches: Batches, found: dict[str, float], where: str) -> None:
    if any("label" not in batch for batch in batches):
        raise Wrong(
            f"{where}Right, but only once: the function takes the labels out of the batches (`pop`), and whoever evaluates "
            "again finds none. Leave the batches as they are."
        )
    again = _read(_run(function, model, batches, where), where)
    if any(abs(again[name] - found[name]) > _CLOSE for name in found):
        raise Wrong(
            f"{where}A second run gives another result: something is left over from the first. Start from zero."
        )
