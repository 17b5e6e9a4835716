"""Checks of lesson 02, first part: the class that an Auto class picks, and the shape of what comes out."""

from typing import Any

from hf_tutorial.checks.answers import shown, whole_numbers
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

REFUSED = "refused"


@exercise("02.1", expects="a dictionary from each Auto class to its class and shape, or to 'refused'")
def classes_and_shapes(answer: object, config: Any, encoding: Any, calls: dict[str, dict[str, int]]) -> str:
    if not isinstance(answer, dict) or not set(calls) <= set(answer):
        raise Wrong(f"Expected a dictionary with the keys {', '.join(map(repr, calls))}, but got {shown(answer)}.")
    for auto, settings in calls.items():
        _judge(auto, answer[auto], config, encoding, settings)
    return "The checkpoint names the architecture, the Auto class names the head, and the head decides on the shape."


def _judge(auto: str, found: Any, config: Any, encoding: Any, settings: dict[str, int]) -> None:
    name = picked_class(auto, config)
    refused = isinstance(found, str) and found.strip().lower() == REFUSED
    if not refused and (not isinstance(found, (tuple, list)) or len(found) != 2):
        raise Wrong(f'{auto}: expected a pair such as ("BertModel", (2, 5)), or "refused", but got {shown(found)}.')
    if refused or name == REFUSED:
        if not refused or name != REFUSED:
            raise Wrong(f"{auto}: {_why_not_refused(name, config)}")
        return
    label, shape = found
    given = getattr(label, "__name__", label)
    if given != name:
        raise Wrong(f"{auto}: {_why_not_class(given, name, auto, config)}")
    numbers = tuple(whole_numbers(shape, "a tuple of whole numbers, such as `(5, 7)`"))
    right = output_shape(auto, config, encoding, settings)
    if numbers != right:
        raise Wrong(f"{auto}: the class is right. {_why_not_shape(numbers, right, config, settings)}")


def picked_class(auto: str, config: Any) -> str:
    """Return the name of the class that `auto` picks for the configuration, or "refused"; no weights are made."""
    import torch
    import transformers

    try:
        with torch.device("meta"):
            return type(getattr(transformers, auto).from_config(config)).__name__
    except ValueError:
        return REFUSED


def output_shape(auto: str, config: Any, encoding: Any, settings: dict[str, int]) -> tuple[int, ...]:
    """Return the shape of the logits, or of the last hidden state where there is no head."""
    batch, tokens = encoding["input_ids"].shape
    if auto.endswith("ForSequenceClassification"):
        return (batch, settings["num_labels"])
    if auto.endswith("ForTokenClassification"):
        return (batch, tokens, settings["num_labels"])
    return (batch, tokens, config.vocab_size if auto.endswith("ForMaskedLM") else config.hidden_size)


def _why_not_refused(name: str, config: Any) -> str:
    if name == REFUSED:
        return f"such a model has an encoder and a decoder. Which of them does {config.model_type} lack?"
    return "this one loads: the architecture has such a class. A head whose weights are missing is no reason to refuse."


def _why_not_class(found: object, name: str, auto: str, config: Any) -> str:
    if not isinstance(found, str):
        return f"the first of the pair should be the name of a class, but is {shown(found)}."
    if found.startswith("Auto"):
        return (
            "no model is an Auto class: it reads the configuration, and picks a class of the checkpoint's architecture."
        )
    if found.lower() == name.lower():
        return f"{shown(found)} is right but for its capitals. Names of classes must be written exactly."
    if found.replace("ModelFor", "For") == name:
        return f"nearly: in {shown(found)} the word Model is too much. Only a body has it in its name."
    head = auto.removeprefix("AutoModel") or "Model"
    if found.endswith(head):
        return f"the head is right, the architecture is not. What is `config.model_type`? Here it is {config.model_type!r}."
    if found.startswith(name.removesuffix(head)):
        return f"the architecture is right, the head is not. Does {shown(found)} do what {auto} says?"
    return (
        f"got {shown(found)}. The name of a class is that of its architecture, then Model or the task, as in BertModel or "
        "BertForMaskedLM."
    )


def _why_not_shape(found: tuple[int, ...], right: tuple[int, ...], config: Any, settings: dict[str, int]) -> str:
    labels, batch, tokens = settings.get("num_labels"), right[0], right[1]
    if sorted(found) == sorted(right):
        return "So are the numbers of the shape, but not their order: the batch comes first, what is scored comes last."
    if found == right[1:] or found == (1, *right[1:]):
        return f"The shape is that of a single text, and there are {batch} in the batch."
    if len(right) == 2 and len(found) == 3:
        return "Three dimensions would be scores for every token. This head scores each text as a whole."
    if len(right) == 3 and len(found) == 2:
        return "Two dimensions would be one row for each text. Here every token has a row of its own."
    if len(found) == len(right) and found[-1] != right[-1]:
        return _why_not_last(found[-1], right[-1], config, labels)
    if len(found) == 3 == len(right) and found[0] == batch:
        return (
            f"The number of tokens is not {found[1]}: a batch is a rectangle, as wide as its longest text with [CLS] and "
            f"[SEP]. Look at the shape of `input_ids`, {(batch, tokens)}."
        )
    return f"The shape has {len(right)} dimensions, and the batch of {batch} texts comes first."


def _why_not_last(last: int, right: int, config: Any, labels: int | None) -> str:
    if labels is not None:
        return f"The last dimension of its shape counts the labels. How many does the call ask for? Not {last}."
    if right == config.hidden_size:
        return f"Its last dimension is the width of this body, `config.hidden_size`, and not {last}."
    return f"This head scores every entry of the vocabulary, `config.vocab_size`, for each token, and these are not {last}."
