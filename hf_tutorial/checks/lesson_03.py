"""Checks of lesson 03, first and last part: the shapes of what comes out, and one difference instead of two logits."""

from typing import Any

from hf_tutorial.checks.answers import judge_statements, number, shown, whole_numbers
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

_SHAPES = ("logits", "layer", "loss")
_EXPECTED = "a dictionary with the keys 'logits', 'layers', 'layer' and 'loss'"


@exercise("03.1", expects=_EXPECTED)
def shapes_of_outputs(answer: object, model: Any, encoding: Any) -> str:
    if not isinstance(answer, dict) or not {"layers", *_SHAPES} <= set(answer):
        raise Wrong(f"Expected {_EXPECTED}, but got {shown(answer)}.")
    if not isinstance(answer["loss"], (tuple, list)):
        raise Wrong("'loss': a shape is always a tuple, such as `(5, 7)`, also that of a single number.")
    found = {name: tuple(whole_numbers(answer[name], f"a tuple of whole numbers for {name!r}")) for name in _SHAPES}
    right, layers = _run(model, encoding)
    if found["logits"] != right["logits"]:
        raise Wrong(f"'logits': {_why_not_logits(found['logits'], right['logits'])}")
    if number(answer["layers"]) != layers:
        raise Wrong(f"'layers': {_why_not_layers(answer['layers'], layers, model.config)}")
    if found["layer"] != right["layer"]:
        raise Wrong(f"'layer': {_why_not_layer(found['layer'], right['layer'], layers)}")
    if found["loss"] != right["loss"]:
        raise Wrong(f"'loss': {_why_not_loss(found['loss'], right['logits'])}")
    return "A row for each text, a vector for each token after each layer, and one number for the whole batch."


def _run(model: Any, encoding: Any) -> tuple[dict[str, tuple[int, ...]], int]:
    """Return the shapes that the student's model gives, and how many hidden states there are."""
    import torch

    labels = torch.zeros(len(encoding["input_ids"]), dtype=torch.long, device=model.device)
    with torch.no_grad():
        outputs = model(**encoding, output_hidden_states=True, labels=labels)
    tensors = {"logits": outputs.logits, "layer": outputs.hidden_states[1], "loss": outputs.loss}
    return {name: tuple(tensor.shape) for name, tensor in tensors.items()}, len(outputs.hidden_states)


def _why_not_logits(found: tuple[int, ...], right: tuple[int, ...]) -> str:
    texts, labels = right
    if found == (labels, texts):
        return "the right two numbers in the other order. The batch always comes first."
    if len(found) == 3:
        return "three dimensions would be scores for every token. This head scores each text as a whole."
    if len(found) == 1:
        return "one dimension is what `argmax` leaves. Before it, each text has a score for every label."
    return f"one row for each of the {texts} texts, one column for each label in `config.id2label`."


def _why_not_layers(found: object, right: int, config: Any) -> str:
    if number(found) == right - 1:
        return "this is the number of layers. The tuple also holds what goes into the first of them: the embeddings."
    if number(found) == config.num_attention_heads:
        return "this is the number of attention heads. The tuple has an entry after each layer."
    if isinstance(found, (tuple, list)):
        return "how many entries has the tuple? A plain number is asked for here."
    return f"one entry for each layer (`num_hidden_layers` in `config`), and one more; got {shown(found)}."


def _why_not_layer(found: tuple[int, ...], right: tuple[int, ...], layers: int) -> str:
    texts, tokens, width = right
    match found:
        case (first, *rest) if len(found) == 4 and first in (layers, layers - 1) and tuple(rest) == right:
            return (
                "the layers are no dimension of the tensor: they are the entries of the tuple, and you have picked one."
            )
        case (first, middle, last) if (
            first != texts and first in (layers, layers - 1) and (middle, last) == (tokens, width)
        ):
            return "the layers are no dimension of the tensor. Which dimension is missing in its place?"
        case (first, _, third, fourth) if (first, third, fourth) == (texts, tokens, tokens):
            return "these are attention weights, from each token to each. A hidden state is one vector for each token."
        case (_, _, _) if sorted(found) == sorted(right):
            return "the right three numbers in another order: text, then token, then the vector."
        case (1, middle, last) if (middle, last) == (tokens, width):
            return f"this is the shape for one text. All {texts} go through the model together."
        case (first, last) if (first, last) == (texts, width):
            return "that is one vector for each text. A hidden state still has one for every token."
        case (first, last) if (first, last) == (tokens, width):
            return "that is one text. The batch stays the first dimension, in every layer."
        case (first, middle, last) if first == texts and last == width and middle != tokens:
            return "the second number counts the tokens of the longest text, with special tokens; the others are padded to it."
        case (first, middle, last) if (first, middle) == (texts, tokens):
            return f"the last number is the length of a vector, `hidden_size` in `config`, and not {last}."
    return "a hidden state has three dimensions: text, token, and the numbers of its vector."


def _why_not_loss(found: tuple[int, ...], logits: tuple[int, ...]) -> str:
    if found == logits[:1]:
        return "each text has a loss of its own, but the model returns their mean, one number for all."
    if found == (1,):
        return "a tensor that holds one number need not have a dimension: the shape of a scalar is `()`."
    return "the loss is one number. What is the shape of a tensor without any dimension?"


_STATEMENTS = {
    "A": (
        False,
        "softmax divides by the sum of the powers, so that a factor which all of them share cancels. Try it with `+ 3`.",
    ),
    "B": (True, "divide e^b / (e^a + e^b) above and below by e^b. What is left is a function of b − a alone."),
    "C": (
        False,
        "sigmoid of a single logit compares it with 0, softmax with the other logit. Try logits 2 and 5: which says what?",
    ),
    "D": (True, "sigmoid of 0 is one half: the model prefers neither label."),
    "E": (
        False,
        "with `num_labels=1`, `labels=` gives the mean squared error: a regression, which learns the number and not the class.",
    ),
    "F": (
        True,
        "the label is the one with the larger logit, and that is decided by the sign of the difference.",
    ),
}


@exercise("03.5", expects='a set of letters, such as `{"A", "B"}`')
def two_logits(answer: object) -> str:
    judge_statements(answer, _STATEMENTS)
    return "Two logits carry one piece of information, their difference; what both have in common says nothing."
