"""Checks of lesson 09, fifth part: which token may follow, if the answer is to be one of a few."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from hf_tutorial.checks.answers import item, number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong

ANSWERS = (
    ("yes", "no", "no idea", "not sure"),
    ("not at all", "not very sure", "very sure", "very", "at all"),
    ("yes of course", "no of no use", "no", "of course not", "of no help"),
)

Rows = list[list[int]]
Step = tuple[Rows, list[int]]
Guess = Callable[[Rows, list[int]], set[int]]


@exercise("09.5a", expects="the function `may_follow`")
def allowed_tokens(answer: object, tokenizer: Any) -> str:
    if tokenizer.eos_token_id is None:
        raise Wrong("This tokenizer has no end token, so no answer could end. Take the one that the cell has loaded.")
    _judge(answer, tokenizer)
    try:
        _judge(answer, with_start())
    except Wrong as reason:
        raise Wrong(
            "For your tokenizer the answer is right, but not for another one, which puts a start token in front of each text and "
            f"has another end token: {reason}"
        ) from reason
    return "Each answer can be written, each can end, and nothing else can come."


@cache
def with_start() -> Any:
    """Return a small tokenizer with one token for each word of the answers, and a start token in front of every text."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    words = dict.fromkeys(word for answers in ANSWERS for answer in answers for word in answer.split())
    vocab = {word: number for number, word in enumerate(["<s>", "</s>", "<unk>", *words])}
    backend = Tokenizer(models.WordLevel(vocab, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.post_processor = processors.TemplateProcessing("<s> $A", None, [("<s>", 0)])
    names = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    return PreTrainedTokenizerFast(tokenizer_object=backend, **names)


def rows_of(tokenizer: Any, answers: tuple[str, ...], special: bool = False) -> Rows:
    """Return the ids of each answer, with the end token."""
    return [[*tokenizer(answer, add_special_tokens=special)["input_ids"], tokenizer.eos_token_id] for answer in answers]


def next_ids(rows: Rows, written: list[int]) -> set[int]:
    """Return what stands behind `written` in the rows that begin with it."""
    place = len(written)
    return {row[place] for row in rows if row[:place] == written and len(row) > place}


def _steps(rows: Rows) -> Iterator[list[int]]:
    """Yield every beginning of a row without its end token, the shortest first."""
    beginnings = {tuple(row[:place]) for row in rows for place in range(len(row))}
    yield from (list(one) for one in sorted(beginnings, key=lambda one: (len(one), one)))


def _judge(function: object, tokenizer: Any) -> None:
    steps, found = [], []
    for answers in ANSWERS:
        rows = rows_of(tokenizer, answers)
        for written in _steps(rows):
            steps.append((answers, rows, written))
            found.append(_read(function, tokenizer, answers, written))
    if all(ids == next_ids(rows, written) for ids, (_, rows, written) in zip(found, steps, strict=True)):
        return
    for reason, guess in _mistakes(tokenizer).items():
        if all(ids == guess(rows, written) for ids, (_, rows, written) in zip(found, steps, strict=True)):
            raise Wrong(reason)
    for ids, (answers, rows, written) in zip(found, steps, strict=True):
        if ids != next_ids(rows, written):
            raise Wrong(_why_not(ids, answers, rows, written, tokenizer))


def _read(function: object, tokenizer: Any, answers: tuple[str, ...], written: list[int]) -> set[int]:
    given = f"tokenizer, {list(answers)}, {written}"
    try:
        value = call(function, tokenizer, list(answers), written, given=given)
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    if is_tensor(value):
        value = value.reshape(-1).tolist()
    if not isinstance(value, (set, frozenset, list, tuple, type({}.keys()))):
        raise Wrong(
            f"Expected a set of ids, such as `{{4607, 10407}}`, but `may_follow({given})` gives {shown(value)}."
        )
    found = set()
    for one in map(item, value):
        id = number(one)
        if id is None or id != id // 1:
            raise Wrong(
                f"Expected a set of ids, but there is {shown(one)} in it. The mask needs ids, not tokens or texts."
            )
        found.add(int(id))
    return found


def _why_failed(error: BaseException) -> str:
    if isinstance(error, IndexError):
        return " Some answer has ended at this place already. What may come after a complete answer?"
    if isinstance(error, KeyError):
        return " What is written here is the beginning of an allowed answer. Does the trie hold all of them, to their ends?"
    return ""


def _mistakes(tokenizer: Any) -> dict[str, Guess]:
    end: int = tokenizer.eos_token_id

    def without_end(rows: Rows, written: list[int]) -> set[int]:
        return next_ids(rows, written) - {end}

    def end_at_last(rows: Rows, written: list[int]) -> set[int]:
        return without_end(rows, written) or {end}

    def end_at_once(rows: Rows, written: list[int]) -> set[int]:
        found = next_ids(rows, written)
        return {end} if end in found else found

    def by_place(rows: Rows, written: list[int]) -> set[int]:
        return {row[len(written)] for row in rows if len(row) > len(written)}

    def by(same: Callable[[list[int]], list[int]]) -> Guess:
        def guess(rows: Rows, written: list[int]) -> set[int]:
            place = len(written)
            return {row[place] for row in rows if len(row) > place and same(row[:place]) == same(written)}

        return guess

    def anything(rows: Rows, written: list[int]) -> set[int]:
        return {id for row in rows for id in row}

    return {
        "The end token is never allowed. After “no” the model could not stop: it would have to go on to “idea”, and after “yes” there "
        "would be nothing left. Let each answer end with `tokenizer.eos_token_id`.": without_end,
        "The end token is allowed only where no longer answer goes on. So “no” can never be said, as it is the beginning of “no "
        "idea”. Both may follow: the end and “idea”.": end_at_last,
        "Where an answer is complete, only the end is allowed. So “no idea” can never be said, as it begins with “no”. Both may follow: "
        "the end and “idea”.": end_at_once,
        "The end token is always allowed, so that half an answer can end, or none at all.": lambda rows, written: (
            next_ids(rows, written) | {end}
        ),
        "Only the number of tokens is looked at, and not which they are. After “not”, “idea” may come, and nobody allowed “not idea”. "
        "Compare all that is written with the beginning of each answer.": by_place,
        "Only the first token is compared. After “not at”, “sure” may come. Compare all that is written.": by(
            lambda ids: ids[:1]
        ),
        "Only the last token is compared. Two answers may meet in a word and part again: after “no of”, “course” may come. Compare all "
        "that is written.": by(lambda ids: ids[-1:]),
        "The order of the written tokens is not looked at. Compare lists, not sets.": by(sorted),
        "Whatever is written, the first tokens of the answers are returned. After the first step the next ones are wanted.": lambda rows, _: {
            row[0] for row in rows
        },
        "Every token of any answer is allowed at every place, so that they can be mixed as one likes.": anything,
        "Every token of any answer is allowed at every place, and the end never.": lambda rows, written: (
            anything(rows, written) - {end}
        ),
        "All that is left of each answer is returned. Only the *next* token may follow.": lambda rows, written: {
            id for row in rows if row[: len(written)] == written for id in row[len(written) :]
        },
        "The first answer that fits is taken, and others that begin in the same way are forgotten.": lambda rows, written: (
            set([row[len(written)] for row in rows if row[: len(written)] == written][:1])
        ),
    }


def _why_not(found: set[int], answers: tuple[str, ...], rows: Rows, written: list[int], tokenizer: Any) -> str:
    right, end = next_ids(rows, written), tokenizer.eos_token_id
    where = f"With the answers {', '.join(answers)}: {_place(tokenizer, written)},"
    special = {tokenizer.bos_token_id, tokenizer.unk_token_id, tokenizer.pad_token_id} - {None, end}
    if found & special - right:
        return f"{where} a special token is allowed. The answers are cut with `add_special_tokens=False`, and end with the end token."
    if right - found == {end}:
        return f"{where} the answer is complete, and should be able to end. Its end token has the id {end}."
    if found - right == {end}:
        return f"{where} the end token is allowed, though no answer is complete."
    missing, extra = (_named(tokenizer, ids) for ids in (right - found, found - right))
    if written == [] and not found & right and extra:
        return f"{where} {missing} should be allowed, but {extra} is. A space makes another token: cut the answers as they are."
    if not missing:
        return f"{where} {extra} should not be allowed. What is written and this token are the beginning of no answer, *as it is cut*."
    return f"{where} {missing} should be allowed" + (f", and {extra} not." if extra else ", but is not.")


def _place(tokenizer: Any, written: list[int]) -> str:
    return f"after {shown(tokenizer.decode(written))}" if written else "at the beginning"


def _named(tokenizer: Any, ids: set[int]) -> str:
    return ", ".join(shown(tokenizer.decode([id])) for id in sorted(ids))
