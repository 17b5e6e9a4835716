"""Checks of lesson 10: what a decoder reads in training, and what may be said about answers outside the domain."""

from typing import Any

from hf_tutorial.checks.answers import items, judge_statements, whole_numbers
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

Rows = list[list[int]]

_EXPECTED = "a list of rows of whole numbers, such as `[[0, 5], [0, 7]]`"
IGNORED = -100


@exercise("10.1", expects=_EXPECTED)
def what_the_decoder_reads(answer: object, model: Any, labels: Any) -> str:
    rows = items(answer, _EXPECTED)
    if rows and not any(isinstance(row, (list, tuple)) for row in rows):
        raise Wrong("This is one row. Each row of labels gives a row, so the answer is a list of lists.")
    found = [whole_numbers(row, _EXPECTED) for row in rows]
    if found == shifted(model, labels):
        return "The start token in front, everything one place further on, and padding where −100 stood."
    raise Wrong(_why_not(found, model, labels))


def shifted(model: Any, labels: Rows) -> Rows:
    """Return the ids that the decoder reads for `labels`: these, shifted to the right behind the start token."""
    return [[model.config.decoder_start_token_id, *row[:-1]] for row in padded(labels, model.config.pad_token_id)]


def padded(labels: Rows, pad: int) -> Rows:
    """Return `labels` with padding in place of −100."""
    return [[pad if label == IGNORED else label for label in row] for row in labels]


def _why_not(found: Rows, model: Any, labels: Rows) -> str:
    start, pad, end = (getattr(model.config, f"{name}_token_id") for name in ("decoder_start", "pad", "eos"))
    plain = padded(labels, pad)
    mistakes = {
        "These are the labels themselves: each place would read what it should write. Shift them by one.": labels,
        "These are the labels themselves, with padding for −100: each place would read what it should write. Shift "
        "them by one.": plain,
        "The shift is right, but −100 is still there. It is no token: what stands at the end of a short row instead?": [
            [start, *row[:-1]] for row in labels
        ],
        "This is shifted to the left. A place should read the token *before* the one that it writes.": [
            [*row[1:], pad] for row in plain
        ],
        "Each row is one too long: there must be as many places to read from as labels to write.": [
            [start, *row] for row in plain
        ],
        "The start token is missing: the first place has nothing to read yet.": [row[:-1] for row in plain],
        "The rows begin with the end token. This model begins with another: `model.config.decoder_start_token_id`.": [
            [end, *row[:-1]] for row in plain
        ],
        "The end token is missing among what is read. The shift leaves out the last place of a row, whatever it holds, and "
        "no other.": [_without_end(row, end, pad) for row in shifted(model, labels)],
    }
    for reason, rows in mistakes.items():
        if found == rows:
            return reason
    if len(found) != len(labels):
        return f"There are {len(labels)} rows of labels, and you have {len(found)}."
    if any(IGNORED in row for row in found):
        return "−100 is still there. It is a sign for the loss and no token: the decoder cannot read it."
    for number, (row, right) in enumerate(zip(found, shifted(model, labels), strict=True)):
        if len(row) != len(right):
            return f"Row {number} should have {len(right)} places, as many as its labels, but has {len(row)}."
    return (
        "Put the start token in front of each row, move everything one place to the right, and turn −100 into padding."
    )


def _without_end(row: list[int], end: int, pad: int) -> list[int]:
    return [pad if id == end else id for id in row]


@exercise("10.5", expects='a set of letters, such as `{"A", "B"}`')
def what_may_be_said(answer: object) -> str:
    judge_statements(answer, _STATEMENTS)
    return "A measurement holds for what was measured, and a probability for what the model has been taught."


_STATEMENTS = {
    "A": (False, "in which years do all training days and all held-out days lie? What did the lesson find for 1826?"),
    "B": (True, "only whole days were held out. Is there a month, a number or a year that training never had?"),
    "C": (True, "think of the missing year, which had a low one, and of the birthday, which had not."),
    "D": (False, "beam search looks for what the same model holds likelier. Can a better search find doubt in it?"),
    "E": (True, "every target in training was a date. Which answer could have been rewarded instead?"),
    "F": (False, "the encoder had mixed all tokens before the decoder looked. What would have to be tried?"),
}
