"""Checks of lesson 02, second part: a model that has the checkpoint's weights, and one that only looks like it."""

from typing import TYPE_CHECKING, Any

from hf_tutorial.checks.models import lost_weights, read_model, trained_body
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

if TYPE_CHECKING:
    from transformers import PreTrainedModel


@exercise("02.2", expects="the model `body`")
def kept_weights(answer: object, checkpoint: Any) -> str:
    model = read_model(answer)
    body = trained_body(checkpoint)
    total = len(list(body.parameters()))
    _judge_class(model, body)
    if lost := lost_weights(model, body):
        raise Wrong(_why_lost(model, body, lost, total))
    if model.base_model is not model:
        raise Wrong(
            f"The body has all its {total} weights, but this {type(model).__name__} has a head besides, and nobody has said "
            "what it is for. Which Auto class returns the body alone?"
        )
    return f"All {total} weight tensors of the body come from the checkpoint, and none is missing."


def _judge_class(model: "PreTrainedModel", body: "PreTrainedModel") -> None:
    architecture, wanted = type(model.config).model_type, type(body.config).model_type
    if architecture != wanted:
        raise Wrong(
            f"{type(model).__name__} is a class of the architecture {architecture!r}, and the checkpoint says {wanted!r}. Their weights "
            f"have other names, so that {_count_of(lost_weights(model, body), body)} of the checkpoint were thrown away, and "
            "random ones took their place. No switch mends that: take a class of the right architecture, or let an Auto class choose."
        )


def _count_of(lost: list[str], body: "PreTrainedModel") -> str:
    total = len(list(body.parameters()))
    return f"all {total} weight tensors" if len(lost) == total else f"{len(lost)} of the {total} weight tensors"


def _why_lost(model: "PreTrainedModel", body: "PreTrainedModel", lost: list[str], total: int) -> str:
    has = dict(model.base_model.named_parameters())
    dtype = next(iter(has.values())).dtype
    if missing := [name for name in lost if name not in has]:
        return (
            f"The architecture is right, but {len(missing)} weights of the checkpoint have no place in this model, such as "
            f"`{missing[0]}`. Was the configuration changed, or does the model have fewer layers?"
        )
    if wrong := [name for name in lost if has[name].shape != body.get_parameter(name).shape]:
        return (
            f"The architecture is right, but `{wrong[0]}` has the shape {tuple(has[wrong[0]].shape)}, and in the checkpoint "
            f"{tuple(body.get_parameter(wrong[0]).shape)}. This model was not built from the checkpoint's configuration."
        )
    if str(dtype) != "torch.float32":
        return f"The weights are those of the checkpoint, but rounded to {dtype}: leave out `dtype`."
    if len(lost) > 0.9 * sum(weight.ndim > 1 for weight in has.values()):
        return (
            f"The class is right, the weights are not: {len(lost)} of {total} differ from the checkpoint's. A model that is "
            "made from a configuration has the right shapes and random numbers. Only `from_pretrained` reads the weights."
        )
    return (
        f"{len(lost)} of {total} weights differ from the checkpoint's, the first is `{lost[0]}`. Was the model changed or "
        "trained after loading? Load it afresh."
    )
