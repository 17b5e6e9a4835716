"""Checks of lesson 09, fourth part: text that comes in pieces, as soon as its characters are complete."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

BROKEN = "\ufffd"
_TEXTS = ("Grüße aus Köln! 🎉🙂 Wie schön.", "今日は良い天気", "a  b\n\nc ", "two words")

Pieces = list[tuple[int, str]]


@exercise("09.4", expects="the generator function `stream`")
def streamed_text(answer: object, tokenizer: Any) -> str:
    for ids in _cases(tokenizer):
        _judge(answer, tokenizer, ids)
    other = with_space_marks()
    try:
        for text in ("two words and more", "so it goes"):
            _judge(answer, other, _ids(other, text))
    except Wrong as reason:
        raise Wrong(
            f"For your tokenizer the answer is right, but not for one like T5's, where `▁` marks the beginning of a word: {reason}"
        ) from reason
    return "Nothing comes broken, nothing comes late, and together it is the whole text, with other tokenizers too."


def _ids(tokenizer: Any, text: str) -> list[int]:
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return ids


def _cases(tokenizer: Any) -> Iterator[list[int]]:
    """Yield ids of whole texts, of one that is cut off in a character, and of one that goes on after such a cut."""
    yield from (_ids(tokenizer, text) for text in _TEXTS)
    cut = _ids(tokenizer, "so 🎉")[:-1]
    yield cut
    yield cut + _ids(tokenizer, " and so on, and so on")


@cache
def with_space_marks() -> Any:
    """Return a small tokenizer that marks the beginnings of words, and decodes no word alone as it does in a text."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = ["<unk>", "▁two", "▁words", "▁and", "▁more", "▁so", "▁it", "▁goes"]
    backend = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    backend.decoder = decoders.Metaspace()
    return PreTrainedTokenizerFast(tokenizer_object=backend, unk_token="<unk>")


def _judge(function: object, tokenizer: Any, ids: list[int]) -> None:
    pieces, whole = _read(function, tokenizer, ids), tokenizer.decode(ids)
    found = "".join(piece for _, piece in pieces)
    if found != whole:
        raise Wrong(_why_not(pieces, whole, tokenizer, ids))
    for read in range(1, len(ids)):
        _judge_moment(
            "".join(piece for at, piece in pieces if at <= read), tokenizer.decode(ids[:read]), read, pieces, ids
        )


def _read(function: object, tokenizer: Any, ids: list[int]) -> Pieces:
    """Return each piece with the number of ids that had been read when it came."""
    read = 0

    def one_by_one() -> Iterator[int]:
        nonlocal read
        for id in ids:
            read += 1
            yield id

    def follow(function: Callable[..., Any]) -> object:
        value = function(tokenizer, one_by_one())
        if isinstance(value, (str, list, tuple)) or not isinstance(value, Iterable):
            return value if not isinstance(value, list) else tuple(value)
        return [(read, piece) for piece in islice(value, 10 * len(ids) + 10)]

    if not callable(function):
        raise Wrong(f"Hand over the function itself, without calling it; got {shown(function)}.")
    follow.__name__ = getattr(function, "__name__", "stream")
    try:
        value = call(follow, function, given="tokenizer, ids", none_is_answer=True)
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    return _pieces(value)


def _why_failed(error: BaseException) -> str:
    if isinstance(error, TypeError) and "generator" in str(error):
        return " The ids come one by one, while the model still writes: go through them with `for id in ids`."
    return ""


def _pieces(value: object) -> Pieces:
    if value is None:
        raise Wrong("`stream` returns None. Hand over each piece with `yield`, where you would print it.")
    if isinstance(value, str):
        raise Wrong("This is one text, which comes when all is over. Hand over each piece with `yield`.")
    if isinstance(value, tuple):
        raise Wrong(
            "`stream` returns its pieces all at once, and a list is complete only when the last id has been read. A generator hands "
            "over each piece at the moment when it is there: which word does that, in the place of `return` and `append`?"
        )
    if not isinstance(value, list):
        raise Wrong(f"Expected pieces of text, one after the other, but got {shown(value)}. `yield` hands one over.")
    for _, piece in value:
        if not isinstance(piece, str):
            raise Wrong(f"Each piece is a text, but one is {shown(piece)}. `tokenizer.decode` makes texts of ids.")
    return value


def _why_not(pieces: Pieces, whole: str, tokenizer: Any, ids: list[int]) -> str:
    """Say why the pieces do not add up to the text."""
    found = "".join(piece for _, piece in pieces)
    alone = [tokenizer.decode([id]) for id in ids]
    broken = any(BROKEN in piece for piece in alone)
    begun = [tokenizer.decode(ids[:read]) for read in range(1, len(ids) + 1)]
    if found == "".join(alone):
        if broken:
            return (
                f"{shown(whole)} comes as {shown(found)}: each token is decoded alone, and a token may hold a part of a character "
                "only. Keep its ids until the character is complete."
            )
        return _of_spaces(whole, found)
    tokens = "".join(tokenizer.convert_ids_to_tokens(ids))
    if found in (tokens, tokens.replace("Ġ", " "), tokens.replace("▁", " ")) and found != whole:
        return (
            f"{shown(whole)} comes as {shown(found)}: these are tokens as the vocabulary writes them, where signs stand for spaces "
            "and for bytes. What makes a text of ids?"
        )
    if found == "".join(begun) or found.startswith(begun[0] + begun[1] if len(begun) > 1 else BROKEN):
        return (
            "Each piece repeats all that came before. Yield only what is new: remember how much has been handed over."
        )
    if whole.startswith(found) and len(found) < len(whole):
        return (
            f"The end is missing: {shown(whole[len(found) :])} has been held back, and never comes. When there are no more ids, hand "
            "over what is left."
        )
    if found == "".join(piece for piece in alone if BROKEN not in piece) or found == whole.replace(BROKEN, ""):
        return (
            f"From {shown(whole)} comes {shown(found)}: what cannot be shown yet is thrown away. Keep it until the next ids have "
            "come, and at the very end hand over what is left, whole or not."
        )
    if found.count(BROKEN) > whole.count(BROKEN):
        return f"{shown(whole)} comes as {shown(found)}: a piece was handed over while its last character was not complete."
    if found.split() == whole.split() or found.replace(" ", "") == whole.replace(" ", ""):
        return _of_spaces(whole, found)
    return f"Together the pieces should be {shown(whole)}, as `tokenizer.decode` has it, but are {shown(found)}."


def _of_spaces(whole: str, found: str) -> str:
    return (
        f"{shown(whole)} comes as {shown(found)}: spaces are lost or added. Does a piece lose its space when it is decoded alone, or "
        "is something stripped? Decode *all* ids so far, and yield what is new in it."
    )


def _judge_moment(found: str, complete: str, read: int, pieces: Pieces, ids: list[int]) -> None:
    """Raise Wrong if, after `read` ids, less has come than is complete."""
    if complete.endswith(BROKEN) or len(found) >= len(complete):
        return
    if all(at == len(ids) for at, _ in pieces):
        raise Wrong(
            "The pieces are right, but none comes before the last id has been read. Nobody waits for that: yield as you go."
        )
    late = (
        f"After {read} id{'' if read == 1 else 's'}, {shown(complete)} is complete, but only {shown(found)} has come."
    )
    if BROKEN in complete:
        raise Wrong(
            f"{late} There is a `�` in it that will never be completed, since other text follows. Only one at the very *end* may still "
            "become something."
        )
    if _ends_with_words(pieces, len(ids)):
        raise Wrong(
            f"{late} It waits for the end of a word. Some languages have no spaces, and half a word can be read: only half "
            "a character cannot."
        )
    raise Wrong(f"{late} Hand over what is complete before you go for the next id.")


def _ends_with_words(pieces: Pieces, last: int) -> bool:
    """Say whether every piece that came before the `last` id was read ends where a word does."""
    whole, ends, at = "".join(piece for _, piece in pieces), [], 0
    for read, piece in pieces:
        at += len(piece)
        ends += [at] if piece and read < last else []
    return bool(ends) and all(" " in whole[end - 1 : end + 1] for end in ends)
