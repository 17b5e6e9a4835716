"""Checks of lesson 08, first and last part: what a classifier's pipeline returns, and what a search can say."""

from collections.abc import Mapping
from typing import Any

from hf_tutorial.checks.answers import items, judge_statements, number, shown
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

Pair = tuple[str, float]

# Whoever works by hand rounds to two digits.
_CLOSE = 0.006
_KEYS = ("default", "top_k=None", "sigmoid")
_PAIR = "a pair of a label and a score, such as ('good', 0.5)"


@exercise("08.1", expects=f"a dictionary with the keys {', '.join(_KEYS)}")
def returned_scores(answer: object, logits: Any, config: Any) -> str:
    if not isinstance(answer, Mapping) or not set(_KEYS) <= set(answer):
        raise Wrong(f"Expected a dictionary with the keys {', '.join(_KEYS)}, but got {shown(answer)}.")
    names = [config.id2label[column] for column in range(logits.shape[-1])]
    soft, sigmoid = logits.softmax(dim=-1), logits.sigmoid()
    _judge_best("default", answer["default"], logits, names, soft, _not_softmax(logits))
    _judge_all(answer["top_k=None"], names, soft[-1], {why: row[-1] for why, row in _not_softmax(logits).items()})
    _judge_best("sigmoid", answer["sigmoid"], logits, names, sigmoid, _not_sigmoid(logits))
    return "One label or all of them, softmax or sigmoid: two arguments, and neither changes the other."


def _not_softmax(logits: Any) -> dict[str, Any]:
    """Return, for each mistake that is likely where softmax is right, the scores that it leads to."""
    powers = logits.exp()
    return {
        "this is the logit itself. Which function turns a row of logits into shares of 1?": logits,
        "this is e^logit. It becomes a share when it is divided by a sum. Which?": powers,
        "this is the sigmoid, which looks at one logit alone. The labels exclude each other, and nothing in the call or in "
        "`problem_type` says otherwise.": logits.sigmoid(),
        "this number depends on the other texts. The labels of one text share the 1.": logits.softmax(dim=0),
        "all texts together share the 1 here. Each has one of its own.": powers / powers.sum(),
        "the logits were divided by their sum. What is shared out is e^logit.": logits / logits.sum(-1, keepdim=True),
        "this is in percent. Scores lie between 0 and 1.": 100 * logits.softmax(dim=-1),
        "this is what the other labels have together.": 1 - logits.softmax(dim=-1),
    }


def _not_sigmoid(logits: Any) -> dict[str, Any]:
    sigmoid, powers = logits.sigmoid(), logits.exp()
    return {
        "this is still softmax. `function_to_apply` puts another function in its place.": logits.softmax(dim=-1),
        "these are sigmoids, divided by their sum. Nothing makes sigmoids add up to 1.": sigmoid
        / sigmoid.sum(dim=-1, keepdim=True),
        "sigmoid was taken of softmax. It comes in its place, and is taken of the logits.": logits.softmax(
            dim=-1
        ).sigmoid(),
        "this is the logit itself. Sigmoid makes e^logit / (1 + e^logit) of it.": logits,
        "this is e^logit. Sigmoid divides it by something.": powers,
        "this is 1 / (1 + e^logit), the share of *not* this label.": 1 - sigmoid,
        "this is in percent. Scores lie between 0 and 1.": 100 * sigmoid,
    }


def _judge_best(
    key: str, answer: object, logits: Any, names: list[str], right: Any, mistakes: Mapping[str, Any]
) -> None:
    """Judge one (label, score) pair for each row of `logits`."""
    entries = items(answer, f"a list of pairs for {key!r}")
    if len(entries) != len(logits):
        raise Wrong(f"{key!r}: expected {len(logits)} pairs, one for each text, but got {shown(answer)}.")
    for row, entry in enumerate(entries):
        where, best = f"{key!r}, text {row}", int(logits[row].argmax())
        label, score = _pair(entry, where, names)
        if label != names[best]:
            raise Wrong(f"{where}: {_why_not_label(label, row, logits, names)}")
        _judge_score(where, score, right[row, best], {why: scores[row, best] for why, scores in mistakes.items()})


def _judge_all(answer: object, names: list[str], right: Any, mistakes: Mapping[str, Any]) -> None:
    """Judge the pairs of all labels of one text, the likeliest first."""
    where = "'top_k=None'"
    entries = items(answer, f"a list of pairs for {where}")
    if entries and _holds_pairs(entries[0]):
        raise Wrong(f"{where}: only the last text is asked for. Leave out the other two, and the outer brackets.")
    if len(entries) == 1 or (len(entries) == 2 and isinstance(entries[0], str)):
        raise Wrong(f"{where}: this is one label. None is no number of labels: it takes the limit of one away.")
    pairs = [_pair(entry, where, names) for entry in entries]
    found = [label for label, _ in pairs]
    if sorted(found) != sorted(names):
        raise Wrong(f"{where}: expected each of the labels {', '.join(names)} once, but got {shown(found)}.")
    for label, score in pairs:
        column = names.index(label)
        _judge_score(
            f"{where}, {label}", score, right[column], {why: scores[column] for why, scores in mistakes.items()}
        )
    scores = [float(right[names.index(label)]) for label in found]
    if scores != sorted(scores, reverse=True):
        raise Wrong(f"{where}: labels and numbers are right, but {_why_not_order(found, scores, names)}")


def _pair(entry: object, where: str, names: list[str]) -> Pair:
    """Return a (label, score) pair, also from the dictionary that a pipeline makes of it."""
    if entry is None:
        raise Wrong(
            f"{where}: there is a label here too. A pipeline knows no threshold: it returns the best, however low."
        )
    if isinstance(entry, list) and len(entry) == 1:  # what a pipeline returns for a single text
        entry = entry[0]
    if isinstance(entry, Mapping) and {"label", "score"} <= set(entry):
        entry = (entry["label"], entry["score"])
    if _holds_pairs(entry):
        raise Wrong(f"{where}: one label for each text, unless `top_k` says otherwise; got {shown(entry)}.")
    if not isinstance(entry, (list, tuple)) or len(entry) != 2:
        raise Wrong(f"{where}: expected {_PAIR}, but got {shown(entry)}.")
    label, score = entry[0], number(entry[1])
    if isinstance(entry[1], str) and number(label) is not None:
        raise Wrong(f"{where}: the pair is the wrong way round. The label comes first.")
    if number(label) is not None:
        raise Wrong(
            f"{where}: a pipeline returns names, not columns. Which name has column {shown(label)} in `id2label`?"
        )
    if label not in names:
        raise Wrong(f"{where}: the model has no label {shown(label)}. Its own names are in `config.id2label`.")
    if score is None:
        raise Wrong(f"{where}: the score should be a number, but is {shown(entry[1])}.")
    return str(label), score


def _holds_pairs(entry: object) -> bool:
    return isinstance(entry, (list, tuple)) and bool(entry) and isinstance(entry[0], (list, tuple, Mapping))


def _why_not_label(label: str, row: int, logits: Any, names: list[str]) -> str:
    column = names.index(label)
    if column == int(logits[row].argmin()):
        return f"'{label}' has the smallest logit of the three. The largest wins."
    if column == int(logits.softmax(dim=0)[row].argmax()):
        return f"'{label}' is large beside the other texts. What counts is the row of this text alone."
    return f"'{label}' is not the label with the largest logit. Do its column and its name go together in `id2label`?"


def _judge_score(where: str, found: float, right: Any, mistakes: Mapping[str, Any]) -> None:
    def fits(value: Any) -> bool:
        return abs(found - float(value)) < _CLOSE

    if fits(right):
        return
    for reason, value in mistakes.items():
        if fits(value):
            raise Wrong(f"{where}: the label is right, the number is not: {reason}")
    raise Wrong(f"{where}: the label is right, but its score is not {found:.3g}. Work it out from this text's e^logit.")


def _why_not_order(found: list[str], scores: list[float], names: list[str]) -> str:
    if found == names:
        return "they stand in the order of `id2label`. In which order does a reader want them?"
    if scores == sorted(scores):
        return "the worst comes first."
    return "they are not sorted by score."


_STATEMENTS: dict[str, tuple[bool, str]] = {
    "A": (True, "count the passes of the model for one text and ten labels, first the one way, then the other."),
    "B": (False, "a cosine says how near two vectors lie. Is there anything that makes it a share of 1, or of cases?"),
    "C": (
        True,
        "softmax divides by a sum over all labels. Which of this changes when one more is added: the order too?",
    ),
    "D": (False, "how many places does a batch compute if one of its 32 texts has 400 tokens and the others 20?"),
    "E": (True, "with the mask, does a text's result depend on its neighbours? Does the number of padded places?"),
    "F": (True, "try it: the cosines of 'The film is good.' with its denial, and with other praise."),
    "G": (
        False,
        "the generator reads the passage as words before its own. Does anything compel it to copy what is there?",
    ),
    "H": (False, "the best of all texts is returned. Must the best be good? Search for something that is not there."),
}


@exercise("08.5", expects='a set of letters, such as `{"A", "B"}`')
def what_a_search_can_say(answer: object) -> str:
    judge_statements(answer, _STATEMENTS)
    return "Near is not true: a search finds neighbours, and what is done with them must be checked by something else."
