"""Checks of lesson 13: which tokens of a conversation are learnt, and what may be said after a training."""

from collections.abc import Callable
from typing import Any

from hf_tutorial.checks.answers import judge_statements, named_numbers, shown, whole_numbers
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

Messages = list[dict[str, str]]
Places = list[int]

_NAMES = ("how many", "places", "first from")
_EXPECTED = 'a dictionary with the entries "how many", "places" and "first from"'


@exercise("13.1", expects=_EXPECTED)
def labels_of_a_conversation(answer: object, tokenizer: Any, messages: Any) -> str:
    if not isinstance(answer, dict) or set(answer) != set(_NAMES):
        raise Wrong(f"Expected {_EXPECTED}, but got {shown(answer)}.")
    found, right = _places(answer["places"]), labelled_places(tokenizer, messages)
    if found != right:
        raise Wrong(_why_not_places(found, right, tokenizer, messages))
    numbers = named_numbers(answer, ("how many", "first from"))
    if numbers["how many"] != len(right):
        raise Wrong(
            f'The places are right, and there are {len(right)} of them; "how many" is {shown(answer["how many"])}.'
        )
    if numbers["first from"] != right[0] - 1:
        raise Wrong(_why_not_first(numbers["first from"], right[0]))
    return "Both answers with their closing tokens, and each token is predicted one place before it stands."


def _places(value: object) -> Places:
    plain = list(value) if isinstance(value, (range, set)) else value
    return sorted(whole_numbers(plain, 'a list of places, such as `[3, 4, 5]`, for "places"'))


def labelled_places(tokenizer: Any, messages: Messages) -> Places:
    """Return the places of the assistant's tokens in the conversation, with the token that closes each turn."""
    return [place for turn in turns(tokenizer, messages) for place in turn]


def turns(tokenizer: Any, messages: Messages) -> list[range]:
    """Return for each of the assistant's turns the places of its words and of the closing token."""
    ids, found = ids_of(tokenizer, messages), []
    for number, message in enumerate(messages):
        if message["role"] == "assistant":
            start = len(ids_of(tokenizer, messages[:number], add_generation_prompt=True))
            found.append(range(start, ids.index(tokenizer.eos_token_id, start) + 1))
    return found


def ids_of(tokenizer: Any, messages: Messages, **options: Any) -> list[int]:
    ids: list[int] = tokenizer.apply_chat_template(messages, return_dict=True, **options)["input_ids"]
    return ids


def _why_not_places(found: Places, right: Places, tokenizer: Any, messages: Messages) -> str:
    ids = ids_of(tokenizer, messages)
    for reason, places in _mistakes(right, tokenizer, messages).items():
        if found == places():
            return reason
    if strange := [place for place in found if not 0 <= place < len(ids)]:
        return f"Place {strange[0]} is not there: the conversation has the places 0 to {len(ids) - 1}."
    wrong = min(set(found) ^ set(right), default=None)
    if wrong is None:
        return "Some places stand in the list more than once."
    token = repr(tokenizer.decode([ids[wrong]]))
    if wrong in right:
        return f"Place {wrong}, {token}, is missing: it is the assistant's."
    return (
        f"Place {wrong}, {token}, carries no label: it is not what the assistant writes, but what stands there already."
    )


def _mistakes(right: Places, tokenizer: Any, messages: Messages) -> dict[str, Callable[[], Places]]:
    ids, each = ids_of(tokenizer, messages), turns(tokenizer, messages)
    header = len(ids_of(tokenizer, messages[:1], add_generation_prompt=True)) - len(ids_of(tokenizer, messages[:1]))

    def stretched(before: int = 0, after: int = 0) -> Places:
        return [place for turn in each for place in range(turn.start - before, turn.stop + after)]

    return {
        "The closing tokens are missing. Without a label on them the model never learns to stop.": lambda: stretched(
            after=-1
        ),
        "The line break behind a closing token comes from the template. Whoever generates has stopped before it.": lambda: (
            stretched(after=1)
        ),
        "The tokens that open a turn, up to the line break after the role, are given to the model with the prompt "
        "(`add_generation_prompt=True`). It does not have to write them.": lambda: stretched(before=header),
        "These are whole turns, from the opening token to the last line break. The template writes the opening and the line "
        "break; the model writes what is between them, and the closing token.": lambda: stretched(header, 1),
        "This is the last answer alone. Here both answers count.": lambda: list(each[-1]),
        "This is the first answer alone. Here both answers count.": lambda: list(each[0]),
        "All are one too small: these are the places that *predict* the tokens. A label stands where its own token stands; "
        "the model does the shift.": lambda: [place - 1 for place in right],
        "All are one too large. Places are counted from 0, and a label stands where its own token stands.": lambda: [
            place + 1 for place in right
        ],
        "All places carry a label here, also those of the system and of the user. The model should learn to answer, not "
        "to ask.": lambda: list(range(len(ids))),
        "This is the other way round: these are the places of the prompt, which get −100.": lambda: [
            place for place in range(len(ids)) if place not in right
        ],
        "No place at all is left: then there is nothing to learn.": lambda: [],
    }


def _why_not_first(found: float, first: int) -> str:
    if found == first:
        return f"At place {first} the model has read the token already, and predicts the one after it. Which place comes before?"
    if found == first + 1:
        return "That is the wrong direction: a place predicts the token *after* it, so look before the first label."
    if found == 0:
        return (
            "The first place of the conversation predicts the second token. Which place stands before the first label?"
        )
    return f"The first label is that of place {first}. The logits for it are made where the token before it has just been read."


@exercise("13.5b", expects='a set of letters, such as `{"A", "B"}`')
def what_may_be_said(answer: object) -> str:
    judge_statements(answer, _STATEMENTS)
    return "A figure needs something to stand beside: a constant answer, its own chance, and what was there before."


_STATEMENTS = {
    "A": (True, "what would a program score that has never read a request, and always says Monday?"),
    "B": (False, "the names and the wordings are those of the training. What else could explain the right answers?"),
    "C": (False, "how many answers were judged? Work out the interval around 62 of 100, as in lesson 06."),
    "D": (False, '`{"who": "x", "day": "x", "time": "x"}` can be read too. What did this measure not look at?'),
    "E": (
        True,
        "all held-out requests are appointments. Can a score on them fall because something else is forgotten?",
    ),
    "F": (True, "the base weights are frozen. Where is everything that the training has changed?"),
}
