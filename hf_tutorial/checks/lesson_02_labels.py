"""Checks of lesson 02, fourth part: a classifier with labels of its own, and which of its weights are new."""

from typing import TYPE_CHECKING, Any

from hf_tutorial.checks.answers import items, shown
from hf_tutorial.checks.models import loading_info, lost_weights, read_model, trained_body
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong, part_is_right

if TYPE_CHECKING:
    from transformers import PreTrainedModel


@exercise("02.4", expects="the model `classifier`")
def five_labels(answer: object, new_weights: Any, labels: list[str], checkpoint: Any) -> str:
    model = read_model(answer)
    _judge_head(model, len(labels))
    _judge_names(model.config, labels)
    body = trained_body(checkpoint)
    if lost := lost_weights(model, body):
        raise Wrong(
            f"The head is right, but {len(lost)} of the body's {len(list(body.parameters()))} weights are not those of the "
            "checkpoint. Was the model made from a configuration? Then use `from_pretrained`, which also takes the labels."
        )
    with part_is_right(0.5):
        new = _judge_new(new_weights, model, checkpoint, len(labels))
    return (
        f"A trained body, five names, and {len(new)} new weights in the head. Until they are trained, what it answers is "
        "chance."
    )


def _judge_head(model: "PreTrainedModel", labels: int) -> None:
    import torch

    with torch.no_grad():
        logits = getattr(model(input_ids=torch.tensor([[1, 2, 3]], device=model.device)), "logits", None)
    if logits is None:
        raise Wrong(
            f"{type(model).__name__} is a body without a head: it returns no logits. Which Auto class adds one?"
        )
    if logits.ndim != 2:
        raise Wrong(f"{type(model).__name__} scores every token. To sort whole texts, which Auto class does one take?")
    if logits.shape[1] == labels:
        return
    given = f"{logits.shape[1]} logit{'' if logits.shape[1] == 1 else 's'}"
    if model.config.num_labels == labels:
        raise Wrong(
            f"The configuration speaks of {labels} labels, but the head returns {given}: it was built before "
            "the configuration was changed. Say it when the model is made, in the call of `from_pretrained`."
        )
    raise Wrong(
        f"The head returns {given}, and there are {labels} labels. Two is what one gets without asking; "
        "`num_labels`, or the names themselves, ask for more."
    )


def _judge_names(config: Any, labels: list[str]) -> None:
    names, numbers = config.id2label, config.label2id
    right = dict(enumerate(labels))
    if names != right:
        raise Wrong(_why_not_names(names, right))
    if numbers == {label: number for number, label in right.items()}:
        return
    if numbers == names:
        raise Wrong("`label2id` is the same as `id2label`. It goes the other way: from the name to the number.")
    if any(str(label).startswith("LABEL_") for label in numbers):
        raise Wrong(
            f"`id2label` is right, but `label2id` still is {shown(numbers)}: transformers does not turn one into the other. "
            "Pass both."
        )
    raise Wrong(f"`id2label` is right, but `label2id` does not lead back: it is {shown(numbers)}.")


def _why_not_names(names: Any, right: dict[int, str]) -> str:
    if not isinstance(names, dict):
        return f"`id2label` should be a dictionary from numbers to names, but is {shown(names)}. `dict(enumerate(…))` makes one."
    if all(str(label).startswith("LABEL_") for label in names.values()):
        return "The labels have no names yet: they are called LABEL_0, LABEL_1 and so on. `id2label` gives them names."
    if {str(number): label for number, label in right.items()} == names:
        return "The keys of `id2label` are strings. A prediction is a whole number, and would not be found: leave out the marks."
    if names == {label: number for number, label in right.items()}:
        return "`id2label` goes from names to numbers. That is `label2id`: the two have been exchanged."
    if set(names) == {number + 1 for number in right}:
        return "The first label has number 1. Columns are counted from 0."
    if sorted(map(str, names.values())) == sorted(right.values()):
        return f"The names are right, their order is not: column 0 should be {right[0]!r}."
    return f"`id2label` should be {shown(right)}, but is {shown(names)}."


def _judge_new(found: object, model: "PreTrainedModel", checkpoint: Any, labels: int) -> set[str]:
    if isinstance(found, dict):
        raise Wrong("The whole report was handed in. Which of its entries lists the weights that the checkpoint lacks?")
    names = set(items(sorted(found) if isinstance(found, (set, frozenset)) else found, "a list of names of weights"))
    info = loading_info(type(model), checkpoint, num_labels=labels, ignore_mismatched_sizes=True)
    right = set(info["missing_keys"]) | {mismatch[0] for mismatch in info["mismatched_keys"]}
    if names == right:
        return right
    if not names:
        raise Wrong("The model is right. But are no weights new? The checkpoint has never heard of your five labels.")
    if strange := [name for name in names if name not in model.state_dict()]:
        raise Wrong(
            f"The model is right. But {shown(sorted(strange, key=str)[0])} is not the name of one of its weights."
        )
    if extra := sorted(names - right):
        raise Wrong(f"The model is right. But `{extra[0]}` is no new weight: the checkpoint has it.")
    missed = sorted(right - names)
    raise Wrong(
        f"The model is right. But {len(missed)} of the {len(right)} new weights are not in the list, such as `{missed[0]}`. "
        "`output_loading_info=True` returns them all."
    )
