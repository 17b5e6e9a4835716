"""Checks of lesson 13, second part: a training batch in which padding and the closing token have the same id."""

from copy import deepcopy

from hf_tutorial.checks.collated import Table, read_collated
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

_IGNORED = -100
# Not the 2 of SmolLM2, so that a number in place of the argument is found out.
_END = _PAD = 7
_ROWS = (
    {"prompt": [1, 11, _END, 13], "answer": [21, 22, _END]},
    {"prompt": [1, 12, _END, 14, 15, 16], "answer": [23, 24, _END]},
    {"prompt": [1, 17], "answer": [25, _END]},
)
_WIDTH = 9
_NAMES = ("input_ids", "attention_mask", "labels")


@exercise("13.2", expects="the function `collate`")
def repaired_collator(answer: object) -> str:
    rows = deepcopy(list(_ROWS))
    batch = read_collated(answer, rows, _PAD, _NAMES)
    if batch["input_ids"] != ids():
        raise Wrong(f"`input_ids`: {_why_not_ids(batch['input_ids'])}")
    if batch["labels"] != labels():
        raise Wrong(f"`labels`: {_why_not_labels(batch['labels'])}")
    if batch["attention_mask"] != mask():
        raise Wrong(f"`attention_mask`: {_why_not_mask(batch['attention_mask'])}")
    if rows != list(_ROWS):
        raise Wrong("The batch is right, but the rows themselves were changed: the next epoch would find them so.")
    return "The answers and the tokens that close them are learnt; prompts and padding are not."


def ids(filling: int = _PAD) -> Table:
    return _filled([row["prompt"] + row["answer"] for row in _ROWS], filling)


def mask(filling: int = 0) -> Table:
    return _filled([[1] * len(row["prompt"] + row["answer"]) for row in _ROWS], filling)


def labels(*, prompt: bool = False, end: bool = True, padding: bool = False) -> Table:
    """Return the right labels, or those of a collator that keeps the prompt, drops the end, or keeps padding."""
    learnt = [(row["prompt"] if prompt else [_IGNORED] * len(row["prompt"])) + row["answer"] for row in _ROWS]
    filled = _filled(learnt, _PAD if padding else _IGNORED)
    return filled if end else [[_IGNORED if label == _PAD else label for label in row] for row in filled]


def _filled(rows: Table, filling: int) -> Table:
    return [row + [filling] * (_WIDTH - len(row)) for row in rows]


def _left(table: Table) -> Table:
    """Return the table as it is with the filling on the left instead of on the right."""
    lengths = [len(row["prompt"] + row["answer"]) for row in _ROWS]
    return [row[length:] + row[:length] for row, length in zip(table, lengths, strict=True)]


def _why_not_ids(found: Table) -> str:
    if found == ids(_IGNORED):
        return "−100 is no token, and no model can look it up. Fill with `pad_id`."
    for number in (0, 2):
        if found == ids(number):
            return f"they are filled with {number}, which is the padding of some tokenizers. Fill with `pad_id`."
    if found == _left(ids()):
        return "they are filled on the left. That is for generating; fill on the right here."
    if found == _filled([row["answer"] for row in _ROWS], _PAD) or len(found[0]) < _WIDTH:
        return "a part is missing. The model reads prompt and answer, one behind the other, and nothing is cut."
    return _first_difference(found, ids())


def _why_not_labels(found: Table) -> str:
    found_shifted = [row[:-1] for row in found]
    for keep_prompt in (True, False):
        for end, padding in ((False, False), (True, False), (True, True)):
            guess = labels(prompt=keep_prompt, end=end, padding=padding)
            shifted = found_shifted == [row[1:] for row in guess]
            if found == guess or shifted:
                return _reason(keep_prompt=keep_prompt, shifted=shifted, end=end)
    if all(label == _IGNORED for row in found for label in row):
        return "all are −100, so there is nothing to learn."
    if found == _stretched(1):
        return "the last token of the prompt has a label too. The model predicts it from the prompt, so it is not the answer's."
    if found == _stretched(-1):
        return (
            "the first token of the answer has no label, though the model has to write it. Mask as many places as the prompt "
            "has, and not one more because of the shift: the model sees to that."
        )
    return _first_difference(found, labels())


def _reason(*, keep_prompt: bool, shifted: bool, end: bool) -> str:
    if shifted:
        return (
            "they are moved one place to the left. The model does that itself, so each place would learn the token after "
            "the next one. Leave each label where its token stands."
        )
    if keep_prompt:
        return "the prompt carries labels too: the model would learn to write requests. −100 as far as the prompt goes."
    if not end:
        return (
            "the token that closes an answer is −100, since it has the id of the padding. Then the model never learns to stop. "
            "Tell the two by their place, not by their id."
        )
    return "padding carries labels: the model would learn to write one closing token after the other."


def _stretched(by: int) -> Table:
    """Return labels that begin `by` places before the answer."""
    return [
        [
            id if start - by <= place < start + len(row["answer"]) else _IGNORED
            for place, id in enumerate((row["prompt"] + row["answer"] + [_PAD] * _WIDTH)[:_WIDTH])
        ]
        for row in _ROWS
        for start in [len(row["prompt"])]
    ]


def _why_not_mask(found: Table) -> str:
    if found == [[int(id != _PAD) for id in row] for row in ids()]:
        return (
            "it is 0 on the tokens that close the turns *inside* the conversation as well, since they have the id of the "
            "padding. The model would not see where a turn ends. Count lengths instead."
        )
    if found == mask(1):
        return (
            "it is 1 on padding. On the right of a decoder's text that happens to change nothing, because nothing looks to "
            "the right; on the left it would. Fill with 0."
        )
    if found == [[int(label != _IGNORED) for label in row] for row in labels()]:
        return "it is 0 on the prompt, so the answer could not look at the question. Labels say what is learnt; the mask, what is read."
    if found == [[1 - there for there in row] for row in mask()]:
        return "it is the other way round: 1 is for tokens, 0 for padding."
    return _first_difference(found, mask())


def _first_difference(found: Table, right: Table) -> str:
    if len(found[0]) != _WIDTH:
        return f"they are {len(found[0])} wide. The longest row of this batch has {_WIDTH} tokens."
    row = next(row for row, both in enumerate(zip(found, right, strict=True)) if both[0] != both[1])
    return f"for the row {_ROWS[row]} this should be {right[row]}, but is {found[row]}."
