"""Checks of lesson 08, fourth part: marks written back into a text at the places that a pipeline gives."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

Entities = list[dict[str, Any]]

_MARKS = {"comma": ",", "stop": ".", "question": "?"}

# Words that come twice, an accent and capitals that the tokenizer does not keep, two spaces behind one mark.
_TEXT = "no no no  in the café it was dull wasn't it my DVD though is fine i keep it"
_RIGHT = "No, no, no.  In the café, it was dull, wasn't it? My DVD, though, is fine. I keep it."
# Ends without a mark.
_OPEN_TEXT = "well it drags i left"
_OPEN_RIGHT = "Well, it drags. I left"

_LEFT_TO_RIGHT = (
    "the marks stand too far to the left, and more so with each. A mark makes the text one longer, and what is behind it moves: "
    "begin at the end, or put the text together from pieces."
)


@exercise("08.4", expects="the function `restore`")
def restored_text(answer: object) -> str:
    _judge(answer, _TEXT, _RIGHT)
    _judge(answer, _OPEN_TEXT, _OPEN_RIGHT)
    _judge(answer, "nothing to add", "Nothing to add")
    _judge(answer, "", "")
    return "Every mark stands behind its word, every sentence begins with a capital, and nothing else has changed."


def _entities_of(text: str, marked: str) -> Entities:
    """Return what a pipeline that is always right would say of `text`, to make `marked` of it."""
    names = {mark: name for name, mark in _MARKS.items()}
    entities: Entities = []
    place = 0
    for sign in marked:
        if place < len(text) and sign.casefold() == text[place].casefold():
            place += 1
        else:
            entities.append(_entity(names[sign], text, place))
    return entities


def _entity(name: str, text: str, end: int) -> dict[str, Any]:
    """Return an entity for the word before `end`. BERT's tokenizer splits "wasn't" at its apostrophe, and drops accents."""
    start = max(text.rfind(sign, 0, end) for sign in (" ", "'")) + 1
    word = text[start:end].lower().replace("é", "e")
    return {"entity_group": name, "score": 0.9, "word": word, "start": start, "end": end}


def _judge(function: object, text: str, right: str) -> None:
    entities = _entities_of(text, right)
    given = f"{text!r}, {len(entities)} entities"
    try:
        found = call(function, text, [dict(entity) for entity in entities], given=given)
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error, text)}") from raised
    if not isinstance(found, str):
        joined = ' `"".join(…)` makes a text of pieces.' if isinstance(found, (list, tuple)) else ""
        raise Wrong(f"Expected the text with its marks, but got {shown(found)}.{joined}")
    if found != right:
        raise Wrong(f"`restore({given})`: {_why_not(found, text, right, entities)}")


def _why_failed(error: BaseException, text: str) -> str:
    if isinstance(error, IndexError):
        what = "The text may be empty" if not text else "A mark may stand behind the last word, and nothing behind it"
        return f" {what}: a slice such as `text[:1]` is empty then, where `text[0]` fails."
    if isinstance(error, KeyError):
        return " An entity has the keys `entity_group`, `score`, `word`, `start` and `end`; a group is comma, stop or question."
    return ""


def _why_not(found: str, text: str, right: str, entities: Entities) -> str:
    if found.casefold() == right.casefold():
        return _why_not_capitals(found, text, right, entities)
    for reason, wrong in _misplaced(text, entities).items():
        if found.casefold() == wrong.casefold():
            return reason
    if found.casefold() in [_by_replacing(text, entities, count).casefold() for count in (-1, 1)]:
        return "marks were written behind words that were searched for. A word may come twice, with a mark at one place only."
    if found.casefold().split() == right.casefold().split():
        return "spaces were lost or added. Everything but marks and capitals should stay as it is."
    place = next((n for n, (one, other) in enumerate(zip(found, right, strict=False)) if one != other), len(found))
    at = slice(max(0, place - 12), place + 12)
    return f"at place {place}, there should be {right[at]!r}, but there is {found[at]!r}."


def _misplaced(text: str, entities: Entities) -> dict[str, str]:
    """Return the texts that mistakes with places and marks lead to; capitals are left as they are."""
    ends = [entity["end"] for entity in entities]
    marks = [_MARKS[entity["entity_group"]] for entity in entities]
    signs = dict(zip(ends, marks, strict=True))
    starts = {entity["start"]: mark for entity, mark in zip(entities, marks, strict=True)}
    last = max(ends, default=0)
    return {
        "there are no marks in it yet.": text,
        _LEFT_TO_RIGHT: _by_old_offsets(text, zip(ends, marks, strict=True)),
        "the marks stand before their words. Behind a word is its `end`.": _with_marks(text, starts),
        "the marks stand one place too far to the right. `end` is already the place behind the word, as in a slice.": (
            _with_marks(text, {end + 1: mark for end, mark in signs.items()})
        ),
        "the marks stand one place too far to the left: inside the words. `end` is already the place behind the last letter.": (
            _with_marks(text, {end - 1: mark for end, mark in signs.items()})
        ),
        "there is a space before each mark.": _with_marks(text, {end: f" {mark}" for end, mark in signs.items()}),
        "the names of the groups stand in the text. Each has its sign.": _with_marks(
            text, {entity["end"]: entity["entity_group"] for entity in entities}
        ),
        "questions end in a full stop. `question` has a sign of its own.": _with_marks(
            text, {end: mark.replace("?", ".") for end, mark in signs.items()}
        ),
        "what stands behind the last mark is lost.": _with_marks(text, signs)[: last + len(marks)],
        "the last mark is missing.": _with_marks(text, {end: mark for end, mark in signs.items() if end != last}),
        "words come from `word`, which has lost accents: it is what the tokenizer made of them. Cut the text itself.": (
            _by_words(text, entities)
        ),
        "places are counted as if one space stood between any two words. Here there are two somewhere: take `end` as it is.": (
            _by_single_spaces(text, signs)
        ),
    }


def _with_marks(text: str, signs: Mapping[int, str]) -> str:
    """Return `text` with each of the `signs` before the character at its place."""
    pieces = [signs.get(place, "") + sign for place, sign in enumerate(text)]
    return "".join(pieces) + "".join(sign for place, sign in signs.items() if place >= len(text))


def _by_old_offsets(text: str, signs: Iterable[tuple[int, str]]) -> str:
    for end, mark in signs:
        text = text[:end] + mark + text[end:]
    return text


def _by_words(text: str, entities: Entities) -> str:
    for entity in reversed(entities):
        mark = _MARKS[entity["entity_group"]]
        text = text[: entity["start"]] + entity["word"] + mark + text[entity["end"] :]
    return text


def _by_single_spaces(text: str, signs: Mapping[int, str]) -> str:
    words, end = [], -1
    for word in text.split():
        end += 1 + len(word)
        words.append(word + signs.get(end, ""))
    return " ".join(words)


def _by_replacing(text: str, entities: Entities, count: int) -> str:
    for entity in entities:
        word = entity["word"]
        text = text.replace(word, word + _MARKS[entity["entity_group"]], count)
    return text


def _why_not_capitals(found: str, text: str, right: str, entities: Entities) -> str:
    """Say what is wrong with a text whose marks are right."""
    marked = _with_marks(text, {entity["end"]: _MARKS[entity["entity_group"]] for entity in entities})
    mistakes = {
        "the marks are right, but there are no capitals.": marked,
        "the marks are right, but only the text as a whole begins with a capital.": marked[:1].upper() + marked[1:],
        "the text itself begins without a capital. No stop stands before it.": text[:1] + right[1:],
        "there is a capital after a comma. Only a full stop or a question mark ends a sentence.": (
            _with_capitals(marked, "[,.?] +")
        ),
        "there is no capital after a question mark. It ends a sentence as well.": _with_capitals(marked, "[.] +"),
        "there is no capital after a full stop, only after questions.": _with_capitals(marked, "[?] +"),
        "a sentence may begin further to the right: here, two spaces stand before one.": (
            _with_capitals(marked, "[.?] ")
        ),
    }
    for reason, wrong in mistakes.items():
        if found == wrong:
            return reason
    if all(word[0] == word[0].upper() for word in found.split()):
        return "every word has a capital. Only sentences should begin with one."
    if "DVD" in right and "DVD" not in found:
        return "capitals inside the text are lost: `capitalize()` makes everything behind the first letter small."
    place = next(n for n, (one, other) in enumerate(zip(found, right, strict=True)) if one != other)
    return f"at place {place}, there should be {right[place]!r}, but there is {found[place]!r}."


def _with_capitals(marked: str, end: str) -> str:
    """Return the text with a capital at its beginning, and behind each match of the pattern `end`."""
    return re.sub(rf"(^|{end})(\S)", lambda match: match[1] + match[2].upper(), marked)
