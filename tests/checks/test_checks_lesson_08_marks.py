import re

import pytest

from hf_tutorial import check

SIGNS = {"comma": ",", "stop": ".", "question": "?"}


def capital(text, gap=r"\s*"):
    return re.sub(rf"^({gap})(\S)", lambda match: match[1] + match[2].upper(), text)


def restore(text, entities, place="end", signs=SIGNS, ends=("stop", "question"), gap=r"\s*"):
    """A right solution of 08.4, unless it is told otherwise."""
    for entity in reversed(entities):
        at, group = entity[place], entity["entity_group"]
        behind = capital(text[at:], gap) if group in ends else text[at:]
        text = text[:at] + signs[group] + behind
    return capital(text)


def by_pieces(text, entities):
    pieces, place = [], 0
    for entity in entities:
        pieces.append(text[place : entity["end"]] + SIGNS[entity["entity_group"]])
        place = entity["end"]
    return re.sub(r"(^|[.?] +)(\S)", lambda match: match[1] + match[2].upper(), "".join([*pieces, text[place:]]))


def left_to_right(text, entities):
    for entity in entities:
        text = text[: entity["end"]] + SIGNS[entity["entity_group"]] + text[entity["end"] :]
    return capital(text)


def moving_along(text, entities):
    for moved, entity in enumerate(entities):
        end = entity["end"] + moved
        text = text[:end] + SIGNS[entity["entity_group"]] + text[end:]
    return re.sub(r"(^|[.?] +)(\S)", lambda match: match[1] + match[2].upper(), text)


def by_word(count=-1):
    def replacing(text, entities):
        for entity in entities:
            text = text.replace(entity["word"], entity["word"] + SIGNS[entity["entity_group"]], count)
        return capital(text)

    return replacing


def from_words(text, entities):
    for entity in reversed(entities):
        text = text[: entity["start"]] + entity["word"] + SIGNS[entity["entity_group"]] + text[entity["end"] :]
    return capital(text)


def moved(by):
    def restoring(text, entities):
        return restore(text, [{**entity, "end": entity["end"] + by} for entity in entities])

    return restoring


def without_the_rest(text, entities):
    pieces = by_pieces(text, entities)
    return pieces[: max(entity["end"] for entity in entities) + len(entities)] if entities else pieces


def word_by_word(text, entities):
    behind, end, words = {entity["end"]: SIGNS[entity["entity_group"]] for entity in entities}, -1, []
    for word in text.split():
        end += len(word) + 1
        words.append(word + behind.get(end, ""))
    return " ".join(words)


def by_first_letter(text, entities):
    done = by_pieces(text, entities)
    return done[0].upper() + done[1:]


def by_next_letter(text, entities):
    for entity in reversed(entities):
        end = entity["end"]
        text = text[:end] + SIGNS[entity["entity_group"]] + " " + text[end + 1].upper() + text[end + 2 :]
    return text


def sentence_case(text, entities):
    marked = restore(text, entities, ends=())
    return "".join(part if part[:1] in ".?" else capital(part.lower()) for part in re.split(r"([.?])", marked))


def with_arguments(**arguments):
    return lambda text, entities: restore(text, entities, **arguments)


def then(change):
    return lambda text, entities: change(restore(text, entities))


@pytest.mark.parametrize("function", [restore, by_pieces, moving_along])
def test_right_texts(function):
    verdict = check("08.4", function)
    assert verdict.outcome == "right"
    assert verdict.message.startswith("Every mark stands behind its word")


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (lambda text, entities: text, "there are no marks in it yet"),
        (left_to_right, "too far to the left, and more so with each"),
        (with_arguments(place="start"), "the marks stand before their words"),
        (moved(1), "one place too far to the right"),
        (moved(-1), "one place too far to the left"),
        (with_arguments(signs={name: f" {sign}" for name, sign in SIGNS.items()}), "a space before each mark"),
        (with_arguments(signs={name: name for name in SIGNS}), "the names of the groups"),
        (with_arguments(signs=SIGNS | {"question": "."}), "questions end in a full stop"),
        (without_the_rest, "what stands behind the last mark is lost"),
        (lambda text, entities: restore(text, entities[:-1]), "the last mark is missing"),
        (from_words, "which has lost accents"),
        (by_word(), "words that were searched for"),
        (by_word(1), "words that were searched for"),
        (word_by_word, "as if one space stood between any two words"),
        (then(lambda text: " ".join(text.split())), "spaces were lost or added"),
        (then(lambda text: text.replace("dull", "nice")), "there should be"),
        (lambda text, entities: restore(text, entities, ends=()).replace("No,", "no,", 1), "there are no capitals"),
        (with_arguments(ends=()), "only the text as a whole begins with a capital"),
        (then(lambda text: text[:1].lower() + text[1:]), "the text itself begins without a capital"),
        (with_arguments(ends=("stop", "question", "comma")), "a capital after a comma"),
        (with_arguments(ends=("stop",)), "no capital after a question mark"),
        (with_arguments(ends=("question",)), "no capital after a full stop"),
        (with_arguments(gap=" ?"), "two spaces stand before one"),
        (then(str.title), "every word has a capital"),
        (sentence_case, "capitals inside the text are lost"),
        (then(lambda text: text.replace("dull", "Dull")), "there should be 'd', but there is 'D'"),
        (by_first_letter, "The text may be empty"),
        (by_next_letter, "A mark may stand behind the last word"),
        (lambda text, entities: restore(text, [{"entity": "B-comma"}, *entities]), "An entity has the keys"),
        (then(list), '`"".join(…)` makes a text of pieces'),
        (then(len), "Expected the text with its marks"),
        (lambda text: text, "raises TypeError"),
    ],
)
def test_wrong_texts(function, diagnosis):
    verdict = check("08.4", function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
