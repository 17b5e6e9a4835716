"""Checks of lesson 03, second part: an evaluation that says the same thing every time it is asked."""

from typing import TYPE_CHECKING, Any

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.means import judge_mean
from hf_tutorial.checks.models import tiny
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong
from hf_tutorial.checks.watching import Calls, watched_calls

if TYPE_CHECKING:
    from transformers import PreTrainedModel

Batches = list[dict[str, Any]]
_CLOSE = 1e-4
_SIZES = (4, 1)
_KEYS = ("input_ids", "attention_mask", "label")


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
        for name in ("loss", "accuracy"):
            judge_mean(name, found[name], right, where)
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
    """Return for each text, batch by batch, its loss, whether it is answered rightly, and its loss if softmax comes twice."""
    import torch
    from torch.nn.functional import cross_entropy

    model.eval()
    losses, hits, squeezed = [], [], []
    with torch.no_grad():
        for batch in batches:
            logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits.float()
            losses.append(cross_entropy(logits, batch["label"], reduction="none").tolist())
            squeezed.append(cross_entropy(logits.softmax(dim=-1), batch["label"], reduction="none").tolist())
            hits.append((logits.argmax(dim=-1) == batch["label"]).float().tolist())
    return {"loss": losses, "accuracy": hits, "loss of probabilities": squeezed}


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
    if isinstance(error, RuntimeError) and "must match the size" in message:
        return " Along which dimension does `argmax` run? The labels of a text are the last."
    if isinstance(error, AttributeError) and "'dict'" in message:
        return " Is a batch passed as a whole? `model(**batch)` passes each entry by its name."
    if isinstance(error, TypeError) and "context manager" in message:
        return " `torch.no_grad()` is a call: it needs its brackets."
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


def _judge_second(function: object, model: Any, batches: Batches, found: dict[str, float], where: str) -> None:
    if any(set(batch) > set(_KEYS) for batch in batches):
        raise Wrong(
            f"{where}The function puts something into the batches. Leave them as they are; make a copy if you need one."
        )
    if any(set(batch) != set(_KEYS) for batch in batches):
        raise Wrong(
            f"{where}Right, but only once: the function takes the labels out of the batches (`pop`), and whoever evaluates "
            "again finds none. Leave the batches as they are."
        )
    again = _read(_run(function, model, batches, where), where)
    if any(abs(again[name] - found[name]) > _CLOSE for name in found):
        raise Wrong(
            f"{where}A second run gives another result: something is left over from the first. Start from zero."
        )
