"""What a classifier says of texts, cut and uncut: its verdicts, and what cutting costs in accuracy."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hf_tutorial.errors import InputError
from hf_tutorial.truncation.examples import found
from hf_tutorial.truncation.intervals import paired_change, wilson
from hf_tutorial.truncation.settings import whole_number

UNCUT = "uncut"


@dataclass(frozen=True)
class Accuracy:
    """How often the verdicts on one kind of text are right, beside those on the same texts uncut.

    `low` and `high` are the 95 % interval of `accuracy`. `changed` verdicts differ from those on the uncut texts: `lost`
    were right and are wrong now, `gained` the other way round. `change` is the difference in accuracy, negative for a
    loss, and `change_low` and `change_high` its 95 % interval, which takes into account that the texts are the same.
    """

    kept: str
    right: int
    texts: int
    accuracy: float
    low: float
    high: float
    changed: int
    lost: int
    gained: int
    change: float
    change_low: float
    change_high: float


def compare(labels: Sequence[int], verdicts: Mapping[str, Sequence[int]]) -> tuple[Accuracy, ...]:
    """Return the accuracy of each kind of text in `verdicts`, which holds the uncut texts too."""
    return tuple(_accuracy(kept, labels, verdicts[UNCUT], said) for kept, said in verdicts.items())


def _accuracy(kept: str, labels: Sequence[int], before: Sequence[int], after: Sequence[int]) -> Accuracy:
    told = list(zip(labels, before, after, strict=True))
    total, right = len(told), sum(label == now for label, _, now in told)
    lost = sum(was == label != now for label, was, now in told)
    gained = sum(was != label == now for label, was, now in told)
    return Accuracy(
        kept,
        right,
        total,
        right / total,
        *wilson(right, total),
        sum(was != now for _, was, now in told),
        lost,
        gained,
        (gained - lost) / total,
        # The uncut texts are what the others are compared with: between them and themselves nothing is uncertain.
        *((0.0, 0.0) if kept == UNCUT else paired_change(lost, gained, total)),
    )


def classify(classifier: Callable[..., Any], texts: list[str]) -> list[int]:
    """Return the label id that `classifier` gives each of `texts`."""
    if not texts:
        return []
    if getattr(classifier, "task", None):
        return _by_pipeline(classifier, texts)
    if not callable(classifier) or hasattr(classifier, "config"):
        raise InputError(
            f"the classifier is a {type(classifier).__name__}; it must be a function from a list of texts to a label id for "
            'each, or pipeline("text-classification", model=model, tokenizer=tokenizer).'
        )
    said = classifier(texts)
    verdicts = said.tolist() if hasattr(said, "tolist") else said
    if not isinstance(verdicts, (list, tuple)) or len(verdicts) != len(texts):
        count = f" of {len(verdicts)}" if isinstance(verdicts, (list, tuple)) else ""
        raise InputError(
            f"the classifier must return one label id for each text of the list it is given; for a list of {len(texts)} "
            f"it returned {found(verdicts)}{count}."
        )
    return [_label_id(verdict) for verdict in verdicts]


def _by_pipeline(pipeline: Any, texts: list[str]) -> list[int]:
    """Return the verdicts of a text-classification pipeline, which names labels, by the ids that its model has for them."""
    if pipeline.task != "text-classification":
        raise InputError(
            f"the classifier is a pipeline for {pipeline.task!r}; it must be one for 'text-classification'."
        )
    # What the model itself takes of a text that is too long: without this the pipeline fails.
    said = pipeline(texts, truncation=True, top_k=1)
    ids = {name: id for id, name in pipeline.model.config.id2label.items()}
    return [ids[best["label"]] for (best,) in said]


def _label_id(verdict: Any) -> int:
    number = whole_number(verdict)
    if number is not None:
        return number
    if isinstance(verdict, (list, tuple)) or hasattr(verdict, "ndim"):
        cure = "Take the label with the highest score, such as logits.argmax(dim=-1)."
    else:
        cure = "Turn names into ids, such as [model.config.label2id[name] for name in names]."
    raise InputError(f"the classifier must return label ids, whole numbers, but returned {found(verdict)}. {cure}")
