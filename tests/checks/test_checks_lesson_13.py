import pytest
import small_chat

from hf_tutorial import check
from hf_tutorial.checks.lesson_13 import labelled_places

# The system's turn has 19 tokens; a turn of the user opens with 6 and one of the assistant with 11.
FIRST = list(range(42, 45))
SECOND = list(range(70, 74))
PLACES = [*FIRST, *SECOND]


def answer(places=None, count=None, first=41):
    places = PLACES if places is None else places
    return {"how many": len(places) if count is None else count, "places": places, "first from": first}


def check_places(answer, messages=None):
    return check("13.1", answer, tokenizer=small_chat.tokenizer(), messages=messages or small_chat.messages())


def test_right_places():
    assert check_places(answer()).outcome == "right"
    assert check_places(answer(places=set(PLACES))).outcome == "right"


def test_what_the_labelled_places_say():
    tokenizer, messages = small_chat.tokenizer(), small_chat.messages()
    ids = tokenizer.apply_chat_template(messages, return_dict=True)["input_ids"]
    places = labelled_places(tokenizer, messages)
    assert tokenizer.decode([ids[place] for place in places]) == "No<|im_end|>Yes<|im_end|>"


def test_a_range_is_read_as_a_list():
    messages = small_chat.messages()[:3]
    assert check_places(answer(places=range(42, 45)), messages).outcome == "right"


@pytest.mark.parametrize(
    ("wrong", "diagnosis"),
    [
        (answer([*FIRST[:-1], *SECOND[:-1]]), "never learns to stop"),
        (answer([*FIRST, 45, *SECOND, 74]), "The line break behind a closing token"),
        (answer([*range(31, 45), *range(59, 74)]), "The tokens that open a turn"),
        (answer([*range(31, 46), *range(59, 75)]), "These are whole turns"),
        (answer(SECOND), "the last answer alone"),
        (answer(FIRST), "the first answer alone"),
        (answer([place - 1 for place in PLACES]), "places that *predict* the tokens"),
        (answer([place + 1 for place in PLACES]), "All are one too large"),
        (answer(list(range(75))), "All places carry a label here"),
        (answer([place for place in range(75) if place not in PLACES]), "the other way round"),
        (answer([]), "nothing to learn"),
        (answer(PLACES[1:]), "Place 42, 'N', is missing"),
        (answer([25, *PLACES]), "Place 25, 'H', carries no label"),
        (answer([*PLACES, 75]), "Place 75 is not there"),
        (answer([-1, *PLACES]), "Place -1 is not there"),
        (answer([42, *PLACES]), "more than once"),
        (answer(["42"]), "is no whole number"),
        (answer("42"), "Expected a list of places"),
        (answer(count=8), 'there are 7 of them; "how many" is 8'),
        (answer(count="seven"), "should be a number"),
        (answer(first=42), "has read the token already"),
        (answer(first=43), "the wrong direction"),
        (answer(first=0), "predicts the second token"),
        (answer(first=30), "The first label is that of place 42"),
        (PLACES, "Expected a dictionary"),
    ],
)
def test_wrong_places(wrong, diagnosis):
    verdict = check_places(wrong)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_the_statements_that_are_true():
    assert check("13.5b", {"A", "E", "F"}).outcome == "right"
    assert check("13.5b", "a, e, f").outcome == "right"


@pytest.mark.parametrize(
    ("chosen", "diagnosis"),
    [
        ({"E", "F"}, "about A: what would a program"),
        ({"A", "B", "E", "F"}, "about B: the names and the wordings"),
        ({"A", "C", "E", "F"}, "about C: how many answers"),
        ({"A", "D", "E", "F"}, "about D: `{"),
        ({"A", "F"}, "about E: all held-out requests"),
        ({"A", "E"}, "about F: the base weights"),
    ],
)
def test_wrong_statements(chosen, diagnosis):
    verdict = check("13.5b", chosen)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
