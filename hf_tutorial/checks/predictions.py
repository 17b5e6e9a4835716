"""Judging predictions: (label, probability) pairs against logits, with the mistakes that are likely."""

from typing import Any

from hf_tutorial.checks.answers import items, number, shown
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong

Pairs = list[tuple[str, float]]

_CLOSE = 2e-3


def read_pairs(value: object, texts: int) -> Pairs:
    """Return (label, probability) pairs, or say what is wrong with their form."""
    rows = items(value, "a list of (label, probability) pairs")
    if len(rows) == 2 and isinstance(rows[0], str):
        raise Wrong("This is a single pair. Return a list of pairs, also when there is only one text.")
    if len(rows) != texts:
        texts_are = "1 text" if texts == 1 else f"{texts} texts"
        raise Wrong(
            f"Expected one pair for each of {texts_are}, but got {len(rows)}. Does something run along the wrong dimension, "
            "or over a part of the texts only?"
        )
    return [_pair(row) for row in rows]


def _pair(row: object) -> tuple[str, float]:
    if not isinstance(row, (list, tuple)) or len(row) != 2:
        raise Wrong(f"Each member should be a pair such as ('POSITIVE', 0.9), but one is {shown(row)}.")
    label, probability = row
    if isinstance(probability, str) and not isinstance(label, str):
        raise Wrong("The pairs are the wrong way round: the label comes first, then its probability.")
    if not isinstance(label, str):
        raise Wrong(f"A label should be a name, but one is {shown(label)}. What does `config.id2label` say about it?")
    return label, read_probability(probability)


def read_probability(value: object) -> float:
    """Return a probability as a plain number, or say what it is instead."""
    if is_tensor(value):
        raise Wrong("The probability is still a tensor. `.item()` takes the plain Python number out of it.")
    plain = number(value)
    if plain is None:
        raise Wrong(f"A probability should be a number between 0 and 1, but one is {shown(value)}.")
    return plain


def judge_labels(pairs: Pairs, logits: Any, names: dict[int, str]) -> None:
    """Raise Wrong, with the likely reason, unless each label is that of the row's largest logit."""
    right = [names[row] for row in logits.argmax(dim=-1).tolist()]
    found = [label for label, _ in pairs]
    if found == right:
        return
    backwards = dict(zip(names.values(), reversed(list(names.values())), strict=True))
    if set(found) - set(names.values()):
        strange = sorted(set(found) - set(names.values()))[0]
        raise Wrong(f"The model has no label {shown(strange)}. Its own names are in `config.id2label`.")
    if found == [backwards[label] for label in right]:
        raise Wrong(
            "Every label is the opposite of what the model says. A list of names written from memory can have the wrong "
            "order, and nothing warns you: take the names from `config.id2label`."
        )
    if found == [names[row] for row in logits.softmax(dim=0).argmax(dim=-1).tolist()]:
        raise Wrong(
            "The label of a text depends on the other texts of the batch: softmax runs down the columns. "
            "Along which dimension do the labels lie?"
        )
    wrong = next(n for n, label in enumerate(found) if label != right[n])
    raise Wrong(f"Row {wrong} should not be {found[wrong]}: which of its logits is the largest, and what is its name?")


def judge_probabilities(pairs: Pairs, logits: Any) -> None:
    """Raise Wrong, with the likely reason, unless each number is the softmax of the row's largest logit."""
    found = [probability for _, probability in pairs]
    best = logits.argmax(dim=-1, keepdim=True)

    def matches(values: Any) -> bool:
        expected = values.gather(-1, best).squeeze(-1).tolist()
        return all(abs(one - other) < _CLOSE for one, other in zip(found, expected, strict=True))

    right = logits.softmax(dim=-1)
    if matches(right):
        return
    mistakes = {
        "softmax runs down the columns, over the texts of the batch. What should add up to 1 is the labels of one text: "
        "which dimension is that?": logits.softmax(dim=0),
        "these are the logits themselves. Logits can be any number; what turns a row of them into probabilities?": logits,
        "sigmoid looks at each logit alone, so that the labels of a text do not add up to 1. These labels exclude each "
        "other: which function weighs them against one another?": logits.sigmoid(),
        "these are logarithms of probabilities, as `log_softmax` returns them.": logits.log_softmax(dim=-1),
        "softmax was applied twice. What comes out of it is already a distribution.": right.softmax(dim=-1),
        "these are percentages. A probability lies between 0 and 1.": right * 100,
        "softmax ran over all numbers of the batch at once, so that all texts together add up to 1.": logits.flatten()
        .softmax(dim=-1)
        .view_as(logits),
        "these probabilities belong to the other label. Take the one of the label that you return.": 1 - right,
    }
    for reason, values in mistakes.items():
        if matches(values):
            raise Wrong(f"The labels are right, the numbers are not: {reason}")
    exact = right.gather(-1, best).squeeze(-1).tolist()
    if any(found == [round(one, digits) for one in exact] for digits in (0, 1, 2)):
        raise Wrong("The labels are right, and so are the numbers, but they are rounded. Round only when you print.")
    for column in range(logits.shape[-1]):
        if all(abs(p - q) < _CLOSE for p, q in zip(found, right[:, column].tolist(), strict=True)):
            raise Wrong(
                f"The labels are right, but every number is the probability of label {column}, also where another label "
                "was chosen."
            )
    raise Wrong(
        f"The labels are right, but the numbers are not the probabilities of these labels: the first is {found[0]:.3f}. "
        "Compare it with the softmax of the first row."
    )
