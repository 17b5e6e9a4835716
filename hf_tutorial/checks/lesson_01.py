"""Checks of lesson 01, first part: counting tokens, and from a character to its token."""

from collections.abc import Callable
from typing import Any

from hf_tutorial.checks.answers import shown, whole_numbers
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

Text = str | tuple[str, str]


@exercise("01.1", expects="a list with one whole number for each text")
def counting_tokens(answer: object, tokenizer: Any, texts: list[Text]) -> str:
    found = whole_numbers(answer, "a list with one whole number for each text")
    if len(found) != len(texts):
        raise Wrong(f"Expected {len(texts)} numbers, one for each text, but got {len(found)}.")
    right = [_count(tokenizer, text) for text in texts]
    if found == right:
        return "Pieces, punctuation marks and special tokens: each of them has an id."
    if found == [_count(tokenizer, text, add_special_tokens=False) for text in texts]:
        raise Wrong(
            "The pieces are counted rightly. What does the tokenizer put around every text that it is called with?"
        )
    if found == [sum(len(part.split()) for part in _parts(text)) for text in texts]:
        raise Wrong("These are the numbers of words. A word may be several tokens: look at the pieces of tokenizers.")
    if found == [sum(len(part) for part in _parts(text)) for text in texts]:
        raise Wrong("These are the numbers of characters. A token is usually longer than one character.")
    first = next(n for n, count in enumerate(found) if count != right[n])
    good = sum(one == other for one, other in zip(found, right, strict=True))
    reason = _why_miscounted(tokenizer, texts[first], found[first])
    raise Wrong(f"{good} of {len(right)} are right. {reason}", credit=good / len(right))


def _parts(text: Text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _count(tokenizer: Any, text: Text, **call: bool) -> int:
    return len(tokenizer(*_parts(text), **call)["input_ids"])


def _why_miscounted(tokenizer: Any, text: Text, found: int) -> str:
    """Say what may be missing in the count of one text; a later text is not spoken of before this one is right."""
    parts, right = _parts(text), _count(tokenizer, text)
    pieces = _count(tokenizer, text, add_special_tokens=False)
    about = f"Look at {' with '.join(shown(part) for part in parts)}:"
    if not any(parts):
        return f"{about} nothing goes in, but does nothing come out?"
    if found == pieces:
        return f"{about} its pieces are counted, its special tokens are not."
    if len(parts) == 2 and found == sum(_count(tokenizer, part) for part in parts):
        return f"{about} this would be right for two calls. In one call, how many [CLS] and [SEP] does a pair need?"
    if found == right - 1:
        return f"{about} one is missing. Is each punctuation mark counted, and each special token?"
    if found in (len(set(tokenizer.tokenize(" ".join(parts)))), len(set(tokenizer(*parts)["input_ids"]))):
        return f"{about} a token that comes twice also counts twice."
    return f"{about} count the pieces of each word, then the punctuation marks one by one, then the special tokens."


@exercise("01.2", expects="the function `token_at`")
def token_at_a_character(answer: object, tokenizer: Any) -> str:
    for text in ("HuggingFace tokenizers are fast!", "Unbelievable, isn't it?"):
        _judge_characters(answer, tokenizer, text)
    return "Every character finds its token, and a space finds none."


def _judge_characters(function: object, tokenizer: Any, text: str) -> None:
    """Call the function for one character after the other; a wrong token is spoken of before an error at a space."""
    encoding = tokenizer(text)
    tokens = encoding.tokens()
    right = [None if index is None else tokens[index] for index in map(encoding.char_to_token, range(len(text)))]
    found: list[object] = []
    failure = None
    for position in range(len(text)):
        try:
            found.append(call(function, text, position, none_is_answer=True))
        except Raised as raised:
            space = " A space belongs to no token: return None for it." if right[position] is None else ""
            failure = Wrong(f"{raised}.{space}")
            break
    for position, one in enumerate(found):
        if one != right[position] or type(one) is not type(right[position]):
            place = f"For character {position} of {text!r}, which is {text[position]!r}"
            raise Wrong(f"{place}: {_why_not_token(found, position, encoding, tokenizer.tokenize(text))}")
    if failure:
        raise failure


def _why_not_token(found: list[object], position: int, encoding: Any, pieces: list[str]) -> str:
    one, tokens, index = found[position], encoding.tokens(), encoding.char_to_token(position)
    if index is None:
        return f"expected None, since a space belongs to no token, but got {shown(one)}."
    if one is None:
        return "got None, but this character does belong to a token. Does the function `return` it, or print it?"
    if type(one) is int:
        return _why_number(one, index, encoding)

    def always(wrong: Callable[[int], object]) -> bool:
        """Say whether `wrong` explains every character but the spaces."""
        places = [place for place in range(len(found)) if encoding.char_to_token(place) is not None]
        return all(found[place] == wrong(place) for place in places)

    if always(lambda place: tokens[encoding.char_to_word(place)]):
        return (
            f"got {shown(one)}, the token with the number of the word. Words and tokens are counted separately: which "
            "method of the encoding leads from a character to a token?"
        )
    if index < len(pieces) and one == pieces[index]:
        return f"got {shown(one)}, one too far. The encoding counts [CLS] as token 0, `tokenize` leaves it out."
    if one in (tokens[0], tokens[-1]):
        return f"got {shown(one)}, a special token, which covers no character. Its span ends where it starts."
    if one == tokens[encoding.word_to_tokens(encoding.char_to_word(position)).start]:
        return f"got {shown(one)}, the first token of the word. The character lies in a later one."
    if one == tokens[index].removeprefix("##"):
        return f"got {shown(one)}: return the token as it stands in the vocabulary, with its mark."
    return f"got {shown(one)}, which covers other characters."


def _why_number(one: int, index: int, encoding: Any) -> str:
    if one == index:
        return "the place of the token is right. Return the token itself, as `encoding.tokens()` has it."
    if one == encoding["input_ids"][index]:
        return f"got {one}, the id of the token. Return the token itself, as `encoding.tokens()` has it."
    return f"expected a token, such as 'hugging', but got {one}."
