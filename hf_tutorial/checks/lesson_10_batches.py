"""Checks of lesson 10, second part: a training batch for an encoder-decoder."""

from collections.abc import Mapping
from typing import Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.lesson_10 import IGNORED, Rows, padded, shifted
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong

_SOURCES = ("November 22, 2026", "Sunday, November 22, 2026", "May 5, 2026")
_TARGETS = ("22. November 2026", "Sonntag, 22. November 2026", "5. Mai 2026")


@exercise("10.2", expects="the function `make_batch`")
def repaired_batch(answer: object, model: Any, tokenizer: Any) -> str:
    batch = _read(answer, _sources(), list(_TARGETS))
    inputs = tokenizer(_sources(), padding=True)
    for name in ("input_ids", "attention_mask"):
        if batch.get(name) != inputs[name]:
            raise Wrong(f"`{name}` should stay what the tokenizer makes of the sources, padded, but is something else.")
    right = _labels(tokenizer, list(_TARGETS))
    if batch["labels"] != right:
        raise Wrong(_why_not_labels(batch["labels"], right, model, tokenizer))
    if "decoder_input_ids" not in batch:
        return "The labels are right, and the model makes what its decoder reads by itself: nothing more is needed."
    if batch["decoder_input_ids"] != shifted(model, right):
        raise Wrong(_why_not_read(batch["decoder_input_ids"], right, model))
    return "Each place reads the token before the one that it writes, and no padding is learnt."


def _read(function: object, sources: list[str], targets: list[str]) -> dict[str, Rows]:
    """Return the batch as plain lists."""
    try:
        made = call(function, sources, targets, given="3 sources, 3 targets")
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    if not isinstance(made, Mapping) or "labels" not in made:
        raise Wrong(f"Expected a batch with `input_ids`, `attention_mask` and `labels`, but got {shown(made)}.")
    batch = {}
    for name, value in made.items():
        if not is_tensor(value):
            raise Wrong(f'`{name}` should be a tensor, but is {shown(value)}. Is `return_tensors="pt"` missing?')
        batch[name] = value.detach().cpu().tolist()
    return batch


def _why_failed(error: BaseException) -> str:
    if isinstance(error, ValueError) and "padding" in str(error):
        return " Texts of different length make a tensor only with `padding=True`."
    if isinstance(error, IndexError):
        return " −100 is no token: the model cannot look it up. Shift first, or turn it back into padding."
    return ""


def _sources() -> list[str]:
    return [f"translate English to German: {source}" for source in _SOURCES]


def _labels(tokenizer: Any, texts: list[str]) -> Rows:
    encoded = tokenizer(text_target=texts, padding=True)
    return [
        [id if there else IGNORED for id, there in zip(ids, mask, strict=True)]
        for ids, mask in zip(encoded["input_ids"], encoded["attention_mask"], strict=True)
    ]


def _why_not_labels(found: Rows, right: Rows, model: Any, tokenizer: Any) -> str:
    pad, end = tokenizer.pad_token_id, tokenizer.eos_token_id
    mistakes = {
        "Padding is still counted: the loss would teach the model to write `<pad>`. Which label is left out of the loss?": (
            padded(right, pad)
        ),
        "The end token was left out of the loss as well. Then the model never learns to stop.": [
            [IGNORED if id == end else id for id in row] for row in right
        ],
        "The labels were shifted. They stay where they are; it is the decoder's input that moves.": shifted(
            model, right
        ),
        "It is the other way round: −100 stands where the target's tokens are.": [
            [pad if id == IGNORED else IGNORED for id in row] for row in right
        ],
        "The labels have moved to the left. They stay where they are; it is the decoder's input that moves, to the right.": [
            [*row[1:], IGNORED] for row in right
        ],
        "The labels lack the first token of each target. Cutting it off is right where targets begin with a start token; here that "
        "one is put in front of what the decoder reads, and of nothing else.": [row[1:] for row in right],
        "These are the sources. The labels are the targets.": _labels(tokenizer, _sources()),
    }
    for reason, rows in mistakes.items():
        if found == rows:
            return reason
    if all(id == IGNORED for row in found for id in row):
        return "All labels are −100, so there is nothing to learn."
    row = _first_difference(found, right)
    return f"For the target {_TARGETS[row]!r} the labels should be {right[row]}, but are {shown(found[row : row + 1])}."


def _why_not_read(found: Rows, labels: Rows, model: Any) -> str:
    start, pad, end = (getattr(model.config, f"{name}_token_id") for name in ("decoder_start", "pad", "eos"))
    plain = padded(labels, pad)
    mistakes = {
        "The labels are right. But the decoder still reads at each place what it should write there: it learns to copy, and "
        "has nothing to copy when it writes by itself. Shift by one.": plain,
        "The labels are right. But the decoder reads them unshifted, and −100 among them, which is no token.": labels,
        "The shift is right, but −100 stands in what the decoder reads. It is no token: turn it back into padding.": [
            [start, *row[:-1]] for row in labels
        ],
        "The decoder's input is shifted to the left: each place reads the token *after* the one that it writes.": [
            [*row[1:], pad] for row in plain
        ],
        "The decoder's input is one longer than the labels: leave out the last place.": [
            [start, *row] for row in plain
        ],
        "The decoder's input lacks the start token, and is one shorter than the labels.": [row[:-1] for row in plain],
        "The decoder's input lacks the start token, is one shorter than the labels, and has −100 in it, which is no token.": [
            row[:-1] for row in labels
        ],
        "`roll` brings the last place of each row to its front: there stands the end token in the longest row, and in the others "
        "padding, which is the start token only by chance. Put the start token there.": [
            [row[-1], *row[:-1]] for row in plain
        ],
        "The decoder's input begins with the end token. This model begins with `model.config.decoder_start_token_id`.": [
            [end, *row[:-1]] for row in plain
        ],
    }
    for reason, rows in mistakes.items():
        if found == rows:
            return reason
    right = shifted(model, labels)
    row = _first_difference(found, right)
    return (
        f"For the labels {labels[row]} the decoder should read {right[row]}, but reads {shown(found[row : row + 1])}."
    )


def _first_difference(found: Rows, right: Rows) -> int:
    """Return the number of the first row that is not right; 0 if there are more or fewer rows."""
    return next((number for number, rows in enumerate(zip(found, right, strict=False)) if rows[0] != rows[1]), 0)
