"""Checks of lesson 00: shapes, labels, probabilities, and a classifier of one's own."""

from copy import deepcopy
from typing import Any

from hf_tutorial.checks.answers import judge_statements, whole_numbers
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.predictions import Pairs, judge_labels, judge_probabilities, read_pairs
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong, part_is_right
from hf_tutorial.checks.watching import Seen, watched

_TEXTS = [
    "A film that I would gladly see again.",
    "Dull.",
    "The actors do what they can, but the story falls apart after an hour and never finds its way back.",
]


@exercise("00.1", expects="a tuple of whole numbers, such as `(5, 7)`")
def shape_of_logits(answer: object, model: Any) -> str:
    found = tuple(whole_numbers(answer, "a tuple of whole numbers, such as `(5, 7)`"))
    labels = model.config.num_labels
    if found == (3, labels):
        return "One row for each text, one column for each label. The length of the texts does not show in it."
    raise Wrong(_why_not_shape(found, labels))


def _why_not_shape(found: tuple[int, ...], labels: int) -> str:
    match found:
        case (rows, 3) if rows == labels:
            return "These are the right two numbers in the other order: the batch is always the first dimension."
        case (3,):
            return "One number for each text is what is left after `argmax`. Before it, how many scores has each text?"
        case (1, rows) | (rows,) if rows == labels:
            return "That is the shape for one text. Here three texts go through the model together."
        case (_, _, _):
            return (
                "Three dimensions would be scores for every token. This model reads the tokens and then scores each "
                "text as a whole."
            )
        case (3, _):
            return "The first number is right. The second counts the labels: look at `model.config.id2label`."
        case (_, second) if second == labels:
            return "The second number is right. The first is the size of the batch: how many texts are in it?"
    return "Expected two numbers: how many texts are in the batch, and how many scores has each of them?"


@exercise("00.2", expects="the function `read_logits`")
def reading_logits(answer: object, model: Any) -> str:
    import torch

    logits = torch.tensor([[-2.0, 3.0], [4.0, -1.0], [0.5, 1.0]])
    _judge_reading(answer, logits, _with_labels(model.config, list(model.config.id2label.values())[:2]))
    _judge_reading(answer, logits[:1], _with_labels(model.config, list(model.config.id2label.values())[:2]))
    three = torch.tensor([[0.0, 2.0, 1.0], [3.0, 0.0, -1.0]])
    try:
        _judge_reading(answer, three, _with_labels(model.config, ["neutral", "bad", "good"]))
    except Wrong as reason:
        raise Wrong(
            f"For this model the answer is right, but not for one with the three labels neutral, bad and good: {reason}"
            " Does every label come from the `config` that is passed in?"
        ) from reason
    return "Labels come from the configuration, and the probabilities of each text add up to one."


def _with_labels(config: Any, labels: list[str]) -> Any:
    other = deepcopy(config)
    other.id2label = dict(enumerate(labels))
    other.label2id = {label: number for number, label in enumerate(labels)}
    return other


def _judge_reading(function: object, logits: Any, config: Any) -> None:
    given = f"logits of shape {tuple(logits.shape)}, config"
    try:
        pairs = read_pairs(call(function, logits.clone(), config, given=given), len(logits))
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_lookup_failed(raised.error)}") from raised
    judge_labels(pairs, logits, config.id2label)
    judge_probabilities(pairs, logits)


def _why_lookup_failed(error: BaseException) -> str:
    if isinstance(error, KeyError) and error.args and is_tensor(error.args[0]):
        return " The keys of `id2label` are plain numbers, and this one is a tensor: `.item()` makes it plain."
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], str):
        return " The keys of `id2label` are whole numbers, not strings."
    if isinstance(error, IndexError):
        return " Does a list in it have a fixed length? The number of labels differs from model to model."
    return ""


@exercise("00.3", expects="the function `classify`")
def classifying(answer: object, model: Any, tokenizer: Any) -> str:
    if model.training:
        raise Wrong("The model is in training mode, so its answers are partly random. `model.eval()` brings it back.")
    _judge_texts(answer, _TEXTS[:1], model, tokenizer, "")
    with part_is_right(0.5):
        _judge_texts(answer, _TEXTS, model, tokenizer, "One text alone is right, a batch of three is not. ")
    hint = " A model reads only so many tokens (`tokenizer.model_max_length`). Look at the tokenizer's `truncation`."
    with part_is_right(0.75):
        _pairs_of(answer, [" ".join(["A very long review."] * 300)], "[a review of 1,200 words]", hint)
    return "Each text gets the same answer as when it is alone, whatever else is in the batch."


def _judge_texts(function: object, texts: list[str], model: Any, tokenizer: Any, where: str) -> None:
    """Compare the student's answers with the logits of each text alone, which no padding can change."""
    import torch

    given = "[one text]" if len(texts) == 1 else f"[{len(texts)} texts of different lengths]"
    with watched(model, tokenizer.pad_token_id) as seen:
        pairs = _pairs_of(function, texts, given)
    encodings = [tokenizer(text, return_tensors="pt").to(model.device) for text in texts]
    _judge_input(seen, max(encoding["input_ids"].shape[1] for encoding in encodings), where)
    with torch.no_grad():
        logits = torch.cat([model(**encoding).logits for encoding in encodings]).float().cpu()
    try:
        judge_labels(pairs, logits, model.config.id2label)
        judge_probabilities(pairs, logits)
    except Wrong as reason:
        raise Wrong(f"{where}{reason}") from reason


def _judge_input(seen: Seen, tokens: int, where: str) -> None:
    if seen.read_padding:
        raise Wrong(
            f"{where}The model reads the padding of the short texts as if it were text: it does not get the "
            "`attention_mask` that says where the padding is. Does everything that the tokenizer returns reach the model?"
        )
    if 0 < seen.longest < tokens:
        raise Wrong(
            f"{where}A text of {tokens} tokens is cut to {seen.longest}, although the model can read far more. Is there a "
            "`max_length`? Left alone, `truncation=True` cuts at what the model can read."
        )


def _pairs_of(function: object, texts: list[str], given: str, hint: str | None = None) -> Pairs:
    try:
        return read_pairs(call(function, texts, given=given), len(texts))
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_call_failed(raised.error) if hint is None else hint}") from raised


def _why_call_failed(error: BaseException) -> str:
    message = str(error)
    if isinstance(error, NameError):
        return " Has the cell that defines it been run?"
    if isinstance(error, ValueError) and "padding" in message:
        return " Do texts of different lengths become one tensor? Look at the tokenizer's `padding`."
    if isinstance(error, AttributeError) and "'list'" in message:
        return " A model takes tensors, not lists: does the tokenizer know (`return_tensors`)?"
    if isinstance(error, AttributeError) and not message:
        return " Is an encoding passed as a whole? `model(**encoding)` passes each entry by its name."
    return ""


_STATEMENTS = {
    "A": (True, "tokenizing needs the tokenizer that the model was trained with; did you do this step yourself above?"),
    "B": (False, "nothing is trained when a model is used: its weights are the same before and after."),
    "C": (True, "compare the numbers that come out: the logits of the model can be negative, the scores cannot."),
    "D": (True, "the result says POSITIVE or NEGATIVE; the model itself only knows columns. Who knows the names?"),
    "E": (
        False,
        "the score says how the model weighs its labels, not how often it is right; a model can be surely wrong.",
    ),
}


@exercise("00.4", expects='a set of letters, such as `{"A", "B"}`')
def what_a_pipeline_does(answer: object) -> str:
    judge_statements(answer, _STATEMENTS)
    return "A pipeline tokenizes, runs the model, applies softmax and names the labels, and nothing more."
