"""Reading and comparing (word, probability) pairs, one list for each mask: for the checks of lesson 11."""

from collections.abc import Callable

from hf_tutorial.checks.answers import items, shown
from hf_tutorial.checks.lesson_11_logits import Pair, Rows
from hf_tutorial.checks.predictions import read_probability
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong

_CLOSE = 1e-3


def read_pair(value: object) -> Pair:
    """Return a (word, probability) pair, or say what is wrong with its form."""
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise Wrong(f"Expected a pair such as ('good', 0.2), but got {shown(value)}.")
    word, share = value
    if isinstance(share, str):
        raise Wrong("The pair is the wrong way round: the word comes first, then its probability.")
    if is_tensor(word) or isinstance(word, int):
        raise Wrong(f"The word is still {shown(word)}: `tokenizer.decode([id])` makes a word of an id.")
    if not isinstance(word, str):
        raise Wrong(f"A word should be a string, but one is {shown(word)}.")
    return word.strip(), read_probability(share)


def agree(found: list[Rows], texts: list[str], guess: Callable[[str], Rows]) -> bool:
    return all(same_rows(rows, guess(text)) for rows, text in zip(found, texts, strict=True))


def same_rows(found: Rows, expected: Rows) -> bool:
    """Say whether the numbers agree, and the words wherever no neighbour in the list has the same number."""
    if [len(row) for row in found] != [len(row) for row in expected]:
        return False
    pairs = [(one, other) for rows in zip(found, expected, strict=True) for one, other in zip(*rows, strict=True)]
    tolerances = [_CLOSE * max(1.0, abs(other[1])) for _, other in pairs]
    return all(
        abs(one[1] - other[1]) <= tolerance and (one[0] == other[0].strip() or _twin(one[0], expected, other[1]))
        for (one, other), tolerance in zip(pairs, tolerances, strict=True)
    )


def _twin(word: str, expected: Rows, share: float) -> bool:
    """Say whether `word` is expected too, with nearly the same number: rounding may swap the two."""
    return any(word == other.strip() and abs(value - share) < 1e-6 for row in expected for other, value in row)


def read_rows(value: object, masks: int, top_k: int) -> Rows:
    """Return one list of pairs for each mask, or say what is wrong with the form."""
    rows = items(value, "a list with one list of pairs for each mask")
    if rows and all(isinstance(row, (tuple, list)) and len(row) == 2 and isinstance(row[0], str) for row in rows):
        raise Wrong(
            "These are pairs. Put the pairs of each mask into a list of their own, also when there is only one mask: "
            "`[[(word, probability), …]]`."
        )
    if any(isinstance(row, dict) for row in rows) or any(
        isinstance(row, list) and row and isinstance(row[0], dict) for row in rows
    ):
        raise Wrong("These are the pipeline's dictionaries. Return pairs (word, probability), and make them by hand.")
    if len(rows) != masks:
        first = " Only the first was looked at?" if len(rows) == 1 else ""
        raise Wrong(f"A text with {masks} masks should give {masks} lists, but gives {len(rows)}.{first}")
    pairs = [[read_pair(pair) for pair in items(row, "a list of pairs for each mask")] for row in rows]
    for row in pairs:
        if len(row) != top_k:
            raise Wrong(f"With `top_k` {top_k}, each mask should have {top_k} pairs, but one has {len(row)}.")
    return pairs
