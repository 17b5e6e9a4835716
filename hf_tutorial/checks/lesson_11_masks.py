"""Checks of lesson 11, second part: the likeliest words at a mask, for one mask and for any number of them."""

from collections.abc import Callable
from typing import Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.lesson_11_logits import Looking, Rows, judge_with_any_model, require_eval, with_masks
from hf_tutorial.checks.lesson_11_pairs import agree, read_pair, read_rows, same_rows
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

Mistakes = dict[str, Callable[[str], Rows]]

_ONE_MASK = ("This film was {}.", "{} was the best part of this unwatchable film.", "In the end I liked the {}")
_MANY_MASKS = (*_ONE_MASK, "The {} was {}.", "{} unwatchable {} with {}, they say.")


@exercise("11.2", expects="the function `best_word`")
def repaired_guess(answer: object, model: Any, tokenizer: Any) -> str:
    require_eval(model)
    texts = with_masks(_ONE_MASK, tokenizer)
    found = [[[read_pair(_call(answer, text, given=repr(text)))]] for text in texts]
    look = Looking(model, tokenizer)
    if agree(found, texts, lambda text: look.best(text, 1)):
        return "The right place, and shares of the vocabulary: wherever the mask stands, and whatever comes before it."
    for reason, guess in _mistakes(look, 1).items():
        if agree(found, texts, guess):
            raise Wrong(reason)
    raise Wrong(_first_difference(found, texts, look, 1))


@exercise("11.4", expects="the function `fill_mask`")
def filling_masks(answer: object, model: Any, tokenizer: Any) -> str:
    require_eval(model)
    judge_with_any_model(lambda model: _judge(answer, model, tokenizer), model, tokenizer)
    _judge_none(answer, model, tokenizer)
    return "The same words and numbers as the pipeline, for any number of masks and for any model."


def _mistakes(look: Looking, k: int) -> Mistakes:
    return {
        "The words stand one place before the mask: `tokenizer.tokenize(text)` leaves [CLS] out, and the model counts it. "
        'Where is the mask in `encoding["input_ids"]`?': lambda text: look.best(text, k, shift=-1),
        "These are the words one place behind the mask.": lambda text: look.best(text, k, shift=1),
        "The place is right. But softmax runs over the places of the text, so that all places share one word among them. "
        "Along which dimension does the vocabulary lie?": lambda text: look.over_places(text, k),
        "Two things are wrong: the place, which is counted without [CLS], and softmax, which runs over the places instead "
        "of the vocabulary.": lambda text: look.over_places(text, k, shift=-1),
        "These are the words at [CLS], which is place 0. Where is the mask?": lambda text: look.at(text, k, 0),
        "These are the words at the last place, [SEP]. Where is the mask?": lambda text: look.at(text, k, -1),
        "The words are right, but the numbers are logits. What turns them into probabilities?": lambda text: (
            look.scored(text, k, lambda row: row)
        ),
        "The words are right, but the numbers are logarithms of probabilities.": lambda text: look.scored(
            text, k, lambda row: row.log_softmax(dim=-1)
        ),
        "The words are right, but the numbers are sigmoids: each looks at one logit alone, so that they are no shares of "
        "the vocabulary.": lambda text: look.scored(text, k, lambda row: row.sigmoid()),
        "The words are right, but softmax ran over the chosen words alone. Take it over the whole vocabulary, then choose.": lambda text: (
            look.among_chosen(text, k)
        ),
    }


def _call(function: object, *arguments: Any, given: str) -> Any:
    try:
        return call(function, *arguments, given=given)
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised


def _why_failed(error: BaseException) -> str:
    message = str(error)
    if isinstance(error, ValueError) and "is not in list" in message:
        return " The mask was looked for in a list where it is not: compare ids with `tokenizer.mask_token_id`."
    if "only one element tensors" in message or "cannot be converted to Scalar" in message:
        return " `.item()` is for tensors with one number. Is there a row for each mask, and a number for each word?"
    if isinstance(error, NameError):
        return " Has the cell that defines it been run?"
    if "requires grad" in message:
        return " Put the call of the model under `with torch.no_grad():`."
    return ""


def _first_difference(found: list[Rows], texts: list[str], look: Looking, top_k: int) -> str:
    text = next(t for rows, t in zip(found, texts, strict=True) if not same_rows(rows, look.best(t, top_k)))
    rows = found[texts.index(text)]
    word, share = next(
        one
        for row, expected in zip(rows, look.best(text, top_k), strict=True)
        for one, other in zip(row, expected, strict=True)
        if not same_rows([[one]], [[other]])
    )
    return (
        f"For {text!r} the model itself does not say {word!r} with {share:.4f} there. Go through the four steps again: the "
        "place of the mask, the logits at that place, softmax over the vocabulary, the highest."
    )


def _judge(function: object, model: Any, tokenizer: Any) -> None:
    look, texts = Looking(model, tokenizer), with_masks(_MANY_MASKS, tokenizer)
    for top_k in (5, 2):
        _judge_number(function, look, texts, top_k)


def _judge_number(function: object, look: Looking, texts: list[str], top_k: int) -> None:
    found = []
    for text in texts:
        given = f"model, tokenizer, {text!r}, {top_k}"
        value = _call(function, look.model, look.tokenizer, text, top_k, given=given)
        found.append(read_rows(value, text.count(look.tokenizer.mask_token), top_k))
    if agree(found, texts, lambda text: look.best(text, top_k)):
        return
    for reason, guess in (_mistakes(look, top_k) | _only_with_many(look, top_k)).items():
        if agree(found, texts, guess):
            raise Wrong(reason)
    raise Wrong(_first_difference(found, texts, look, top_k))


def _only_with_many(look: Looking, k: int) -> Mistakes:
    return {
        "Each mask is filled before the next is looked at. That is a fine idea, but the pipeline guesses every mask while "
        "the others are still covered: one call of the model is enough.": lambda text: look.one_by_one(text, k),
        "Every mask gets the words of the first. Take the logits at each of the places.": lambda text: (
            look.best(text, k)[:1] * text.count(look.tokenizer.mask_token)
        ),
        "The lists are right, but in the reverse order: the first list belongs to the first mask.": lambda text: (
            look.best(text, k)[::-1]
        ),
        "The words are right, but begin with the least likely of them.": lambda text: [
            row[::-1] for row in look.best(text, k)
        ],
    }


def _judge_none(function: object, model: Any, tokenizer: Any) -> None:
    text, wanted = "A dull film.", "A text without a mask should give an empty list"
    given = f"model, tokenizer, {text!r}, 5"
    try:
        value = call(function, model, tokenizer, text, 5, given=given, none_is_answer=True)
    except Raised as raised:
        raise Wrong(f"With masks all is well. {raised}. {wanted}.") from raised
    if not isinstance(value, (list, tuple)) or value:
        raise Wrong(f"With masks all is well. {wanted}, but gives {shown(value)}.")
