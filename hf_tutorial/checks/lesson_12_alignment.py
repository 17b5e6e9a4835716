"""Checks of lesson 12, third part: labels of words carried over to tokens."""

from functools import partial, wraps
from itertools import pairwise
from typing import Any

from hf_tutorial.checks.answers import shown, whole_numbers
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong

_IGNORED = -100
# Pieces with ## and without, neighbours with the same label, and a word of which nothing is left.
_WORDS = ("unwatchable", "well-made", "dull", "film", "\u200b", "such", "tokenizers")
_LABELS = (2, 5, 3, 3, 4, 7, 6)
_GIVEN = "tokenizer, 7 words, 7 labels"

Labels = list[int]


@exercise("12.3", expects="the function `align`")
def alignment(answer: object, tokenizer: Any) -> str:
    word_ids = tokenizer(list(_WORDS), is_split_into_words=True).word_ids()
    tokens = tokenizer(list(_WORDS), is_split_into_words=True).tokens()
    first = _aligned(word_ids, all_pieces=False)
    found = _read(answer, tokenizer)
    if found != first:
        reason = _why_not_first(found, first, word_ids, tokens)
        raise Wrong(_why_other_words(found, tokenizer) or reason)
    found = _read(answer, tokenizer, all_pieces=True)
    if found == first:
        raise Wrong("With `all_pieces=True` every piece should have the label of its word, but only the first has.")
    every = _aligned(word_ids, all_pieces=True)
    if found != every:
        raise Wrong(f"With `all_pieces=True`: {_why_not_every(found, every, word_ids)}")
    return "As many labels as tokens, each with its own word, and −100 where nothing is to be learnt."


def _read(function: object, tokenizer: Any, **more: bool) -> Labels:
    given = ", ".join([_GIVEN, *(f"{name}={value}" for name, value in more.items())])
    try:
        value = call(_with(function, more), tokenizer, list(_WORDS), list(_LABELS), given=given)
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    if is_tensor(value):
        value = value.tolist()
    return whole_numbers(value, "a list with a label for each token")


def _with(function: Any, more: dict[str, bool]) -> Any:
    """Return `function` with arguments that are passed by name."""
    return wraps(function)(partial(function, **more)) if more else function


def _why_failed(error: BaseException) -> str:
    if isinstance(error, TypeError) and "NoneType" in str(error):
        return " `word_ids()` is None for special tokens, and None is no place in a list: treat it first."
    if isinstance(error, (IndexError, StopIteration)):
        return " A word may have many tokens, or none at all: let `word_ids()` say which word a token belongs to."
    return ""


def _aligned(word_ids: list[int | None], *, all_pieces: bool, special: int = _IGNORED) -> Labels:
    aligned, before = [], None
    for word in word_ids:
        later = word == before and not all_pieces
        aligned.append(special if word is None else _IGNORED if later else _LABELS[word])
        before = word
    return aligned


def _why_not_first(found: Labels, right: Labels, word_ids: list[int | None], tokens: list[str]) -> str:
    every = _aligned(word_ids, all_pieces=True)
    mistakes = {
        "All pieces of a word have its label. Unless `all_pieces` is set, only the first should.": every,
        "Special tokens have a label. They belong to no word: −100.": _specials_like(found, right),
        "Special tokens and all pieces have a label. Without `all_pieces`, only the first piece of each word should.": (
            _specials_like(found, every)
        ),
        "Where there is nothing to learn, the label is 0. But 0 is a class; the loss leaves out −100.": [
            0 if label == _IGNORED else label for label in right
        ],
        "The first word has no label: its number is 0, and `if word` takes 0 for false. Ask `word is not None`.": [
            _IGNORED if word == 0 else label for word, label in zip(word_ids, right, strict=True)
        ],
        "Words with the same label stand side by side, and only the first of them got one. Compare a token's *word* with the "
        "word before, not its label.": _by_label(every),
        "`##` marks pieces inside a word, but “well-made” has several tokens and none of them has it. Compare the numbers in "
        "`word_ids()`.": [
            _IGNORED if token.startswith("##") else label for token, label in zip(tokens, every, strict=True)
        ],
        "It is the last piece of each word that has the label. It should be the first.": _last_pieces(word_ids),
        "Labels were handed out in order, one for each first piece. But of one of the words no token is left, and everything "
        "behind it has its neighbour's label. Look the label up by the number of the word.": _in_order(word_ids),
    }
    for reason, labels in mistakes.items():
        if found == labels:
            return reason
    return _why_length(found, right) or _first_difference(found, right, tokens)


def _why_other_words(found: Labels, tokenizer: Any) -> str:
    """Say so if the labels fit other tokens: those of the first word, or of words that were tokenized one by one."""
    if found in _both_ways(tokenizer(list(_WORDS)).word_ids(0)):
        return (
            "These are labels for the tokens of the first word alone. Without `is_split_into_words=True`, the tokenizer "
            "takes the words for as many texts."
        )
    alone = [
        [label] + [_IGNORED] * (len(tokenizer.tokenize(word)) - 1) for word, label in zip(_WORDS, _LABELS, strict=True)
    ]
    one_by_one = [label for labels in alone for label in labels]
    if found in ([_IGNORED, *one_by_one, _IGNORED], one_by_one):
        return (
            "Each word seems to be tokenized alone. A word that leaves no token still got a label, and everything behind it "
            "has moved. Tokenize all words at once, and ask `word_ids()`."
        )
    return ""


def _both_ways(word_ids: list[int | None]) -> list[Labels]:
    return [_aligned(word_ids, all_pieces=every) for every in (False, True)]


def _specials_like(found: Labels, labels: Labels) -> Labels:
    """Return `labels` with the first and the last as in `found`."""
    return [*found[:1], *labels[1:-1], *found[-1:]]


def _by_label(every: Labels) -> Labels:
    return [every[0], *(_IGNORED if label == before else label for before, label in pairwise(every))]


def _last_pieces(word_ids: list[int | None]) -> Labels:
    return _aligned(word_ids[::-1], all_pieces=False)[::-1]


def _in_order(word_ids: list[int | None]) -> Labels:
    labels, before, aligned = iter(_LABELS), None, []
    for word in word_ids:
        aligned.append(_IGNORED if word is None or word == before else next(labels))
        before = word
    return aligned


def _why_length(found: Labels, right: Labels) -> str:
    if len(found) == len(right):
        return ""
    if len(found) == len(_LABELS):
        return "There is one label for each word. The model needs one for each token."
    special = " Are the special tokens missing?" if len(found) == len(right) - 2 else ""
    return f"There should be {len(right)} labels, one for each token, but there are {len(found)}.{special}"


def _first_difference(found: Labels, right: Labels, tokens: list[str]) -> str:
    place = next(place for place, labels in enumerate(zip(found, right, strict=True)) if labels[0] != labels[1])
    return f"Token {place}, {tokens[place]!r}, should have the label {right[place]}, but has {shown(found[place])}."


def _why_not_every(found: Labels, right: Labels, word_ids: list[int | None]) -> str:
    if found == _specials_like(found, right):
        return "special tokens have a label. They belong to no word: −100."
    if len(found) != len(right):
        return _why_length(found, right)
    place = next(place for place, labels in enumerate(zip(found, right, strict=True)) if labels[0] != labels[1])
    return (
        f"token {place} belongs to word {word_ids[place]} and should have the label {right[place]}, not {found[place]}."
    )
