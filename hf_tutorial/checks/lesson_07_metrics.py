"""Checks of lesson 07, third part: `compute_metrics` for any number of classes."""

import warnings
from collections.abc import Mapping

from hf_tutorial.checks.answers import named_numbers, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

_NAMES = ("accuracy", "macro_f1", "worst_recall")
_CLOSE = 1e-6
# Three classes of unequal size, of which the last is never guessed; two classes; three, of which the second is not.
_CASES = (
    ([0, 0, 0, 0, 0, 1, 1, 1, 2, 2], [0, 0, 0, 0, 1, 1, 1, 0, 0, 1], 3),
    ([1, 1, 1, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0], 2),
    ([0, 0, 0, 1, 1, 2, 2, 2], [0, 0, 2, 0, 2, 2, 2, 0], 3),
)


@exercise("07.3", expects="the function `compute_metrics`")
def metrics(answer: object) -> str:
    for labels, guesses, classes in _CASES:
        found = _read(answer, labels, guesses, classes)
        for name, value in _right(labels, guesses, classes).items():
            if abs(found[name] - value) > _CLOSE:
                raise Wrong(
                    f"With {classes} classes, {name!r}: {_why_not(name, found[name], value, labels, guesses, classes)}"
                )
    return "Right for two classes and for three, also when the model never guesses one of them."


def _read(function: object, labels: list[int], guesses: list[int], classes: int) -> dict[str, float]:
    import numpy
    from transformers import EvalPrediction

    logits = numpy.full((len(labels), classes), -1.0, dtype=numpy.float32)
    logits[range(len(labels)), guesses] = numpy.linspace(0.5, 3, len(labels))
    prediction = EvalPrediction(predictions=logits, label_ids=numpy.array(labels))
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            value = call(function, prediction, given="prediction")
        except Raised as raised:
            raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    _judge_warnings([warning.category.__name__ for warning in warned])
    if not isinstance(value, Mapping):
        raise Wrong(f"Expected a dictionary of names and numbers, but got {shown(value)}.")
    if missing := [name for name in _NAMES if name not in value]:
        raise Wrong(f"The dictionary has no {', '.join(map(repr, missing))}.")
    return named_numbers(value, _NAMES, "one number")


def _judge_warnings(kinds: list[str]) -> None:
    if "UndefinedMetricWarning" in kinds:
        raise Wrong(
            "scikit-learn warns about a class that is never guessed, at every evaluation of a run. An argument of its "
            "functions says what such a class should get, and then there is no warning."
        )


def _why_failed(error: BaseException) -> str:
    message = str(error)
    if "continuous" in message:
        return " scikit-learn got logits. Which class does each row stand for?"
    if "inconsistent numbers of samples" in message:
        return " There is a guess for each class instead of one for each review: `argmax` runs along the wrong axis."
    if "average='binary'" in message or "multiclass" in message:
        return " There are three classes here, and the default of scikit-learn is for two: `average=`."
    if "'dim'" in message:
        return " The logits are NumPy arrays here, not tensors: NumPy has an `axis` where torch has a `dim`."
    if "has no attribute" in message and ("softmax" in message or "numpy" in message or "dim" in message):
        return " The logits are NumPy arrays here, not tensors."
    return ""


def _right(labels: list[int], guesses: list[int], classes: int) -> dict[str, float]:
    recalls, _, f1 = _scores(labels, guesses, classes)
    right = sum(label == guess for label, guess in zip(labels, guesses, strict=True))
    return {"accuracy": right / len(labels), "macro_f1": sum(f1) / classes, "worst_recall": min(recalls)}


def _scores(labels: list[int], guesses: list[int], classes: int) -> tuple[list[float], list[float], list[float]]:
    """Return recall, precision and F1 of each class; 0 where a class is never guessed or never there."""
    pairs = list(zip(labels, guesses, strict=True))
    hits = [pairs.count((one, one)) for one in range(classes)]
    recalls = [hit / (labels.count(one) or 1) for one, hit in enumerate(hits)]
    precisions = [hit / (guesses.count(one) or 1) for one, hit in enumerate(hits)]
    f1 = [2 * hit / ((labels.count(one) + guesses.count(one)) or 1) for one, hit in enumerate(hits)]
    return recalls, precisions, f1


def _why_not(name: str, found: float, right: float, labels: list[int], guesses: list[int], classes: int) -> str:
    recalls, precisions, f1 = _scores(labels, guesses, classes)
    shares = [labels.count(one) / len(labels) for one in range(classes)]
    accuracy = sum(share * recall for share, recall in zip(shares, recalls, strict=True))
    guessed = [one for one in range(classes) if one in guesses]
    likely: dict[str, dict[str, float]] = {
        "accuracy": {"this is the share of wrong answers.": 1 - accuracy},
        "macro_f1": {
            'this is the accuracy again: with `average="micro"` every review counts the same. Macro means every class.': accuracy,
            "weighted by the size of each class, so that a rare class hardly counts. Macro weighs them all alike.": sum(
                share * score for share, score in zip(shares, f1, strict=True)
            ),
            "a class that is never guessed was left out. Its F1 is 0, and it counts.": sum(f1) / len(guessed),
            "this is the F1 of class 1 alone.": f1[1],
            "this is the mean recall.": sum(recalls) / classes,
        },
        "worst_recall": {
            "this is the mean over the classes. Asked for is the lowest.": sum(recalls) / classes,
            "this is the highest recall.": max(recalls),
            "this is a precision: truth and guesses have changed places. scikit-learn wants the truth first.": min(
                precisions
            ),
            "this is the recall of class 1 alone.": recalls[1],
            "this is the accuracy. Recall asks each class for itself.": accuracy,
        },
    }
    for reason, value in likely[name].items():
        if abs(found - value) < _CLOSE:
            return reason
    if abs(found - 100 * right) < 1e-4:
        return "this is in percent. It should lie between 0 and 1."
    if any(found == round(right, digits) for digits in range(4)):
        return "this is right, but rounded. Round only when you print."
    return f"it should be {right:.3f}, but is {found:.3f}."
