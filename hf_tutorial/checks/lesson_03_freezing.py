"""Checks of lesson 03, fourth part: a body that is frozen, and a head that is not."""

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.models import tiny
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

if TYPE_CHECKING:
    from transformers import PreTrainedModel


@exercise("03.4", expects="the function `freeze_body`")
def freezing(answer: object, model: Any) -> str:
    _judge(answer, deepcopy(model), f"For your {type(model).__name__}")
    for name in ("BertForSequenceClassification", "GPT2ForSequenceClassification", "T5ForSequenceClassification"):
        _judge(answer, tiny(name), f"For a {name}")
    half_frozen = tiny("BertForSequenceClassification")
    half_frozen.requires_grad_(False)
    _judge(answer, half_frozen, "For a model that comes frozen altogether")
    return "Only the head can learn, in four architectures, and the number is that of its parameters."


def _judge(function: object, model: "PreTrainedModel", where: str) -> None:
    model.zero_grad()
    vars(model.base_model).pop("requires_grad", None)  # the exercise's own wrong function leaves it behind
    before = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    try:
        value = call(function, model, given="model")
    except Raised as raised:
        raise Wrong(f"{where}: {raised}.{_why_failed(raised.error)}") from raised
    if any(
        weight.shape != before[name].shape or bool((weight != before[name]).any())
        for name, weight in model.named_parameters()
    ):
        raise Wrong(
            f"{where}: the weights are no longer the same. Freezing changes no number, it only stops later changes."
        )
    _judge_frozen(model, where)
    _judge_count(value, model, where)


def _why_failed(error: BaseException) -> str:
    if isinstance(error, AttributeError):
        return " Families name their parts differently. `model.base_model` is the body of each of them."
    return ""


def _judge_frozen(model: "PreTrainedModel", where: str) -> None:
    body = {id(weight) for weight in model.base_model.parameters()}
    table = {id(weight) for weight in model.get_input_embeddings().parameters()}
    loose = [name for name, weight in model.named_parameters() if weight.requires_grad and id(weight) in body]
    stuck = [name for name, weight in model.named_parameters() if not weight.requires_grad and id(weight) not in body]
    if len(loose) == len(body):
        raise Wrong(f"{where}: {_why_all_loose(model)}")
    if loose and all(id(model.get_parameter(name)) in table for name in loose):
        raise Wrong(f"{where}: the embedding table can still be trained. It belongs to the body.")
    if loose:
        raise Wrong(
            f"{where}: {len(loose)} of the body's {len(body)} tensors can still be trained, such as `{loose[0]}`. Do names "
            "decide which are frozen? They differ between architectures."
        )
    if stuck:
        raise Wrong(
            f"{where}: of the head, `{stuck[0]}` is frozen too, and would stay random. What is not in the body has to be trainable, "
            "whatever its name is, and also if it was frozen before."
        )


def _why_all_loose(model: "PreTrainedModel") -> str:
    if "requires_grad" in vars(model.base_model):
        return (
            "the body can still be trained. `base_model.requires_grad = False` sets an attribute of that name on the module, and "
            "no parameter notices. There is a method for it, `requires_grad_`, with an underscore at the end."
        )
    if not model.base_model.training and model.training:
        return "the body was put into eval mode, which switches off dropout. Its parameters can still be trained."
    return (
        "every parameter of the body can still be trained. Which attribute of a parameter says that it gets a gradient?"
    )


def _judge_count(value: object, model: "PreTrainedModel", where: str) -> None:
    found = number(value)
    if found is None:
        raise Wrong(
            f"{where}: the body is frozen. Return the number of parameters that are left, and not {shown(value)}."
        )
    head = [weight for weight in model.parameters() if weight.requires_grad]
    body = [weight for weight in model.parameters() if not weight.requires_grad]
    right = sum(weight.numel() for weight in head)
    if found == right:
        return
    mistakes = {
        "this is how many tensors are left. `numel()` says how many numbers a tensor holds.": len(head),
        "this adds up first dimensions. `len` of a tensor is not the number of its entries: `numel()` is.": sum(
            map(len, head)
        ),
        "this is the number of frozen parameters. How many are left to train?": sum(weight.numel() for weight in body),
        "this is the number of all parameters, frozen or not.": sum(weight.numel() for weight in (*head, *body)),
        "this is a share. How many are they, as a whole number?": right
        / sum(weight.numel() for weight in (*head, *body)),
    }
    for reason, count in mistakes.items():
        if abs(found - count) < 1e-9:
            raise Wrong(f"{where}: the body is frozen, but {reason}")
    raise Wrong(f"{where}: the body is frozen, but {right:,} parameters are left to train, and not {found:,.0f}.")
