"""Checks of lesson 01, second part: the tokens of each word, and the characters of each token."""

from typing import Any

from hf_tutorial.checks.answers import items, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

Words = list[tuple[str, list[str]]]


@exercise("01.4", expects="the function `tokens_of_words`")
def tokens_of_each_word(answer: object, tokenizer: Any) -> str:
    for text in ("HuggingFace tokenizers!", "Very, very unwatchable: Amélie's café it isn't.", "  Oh "):
        found = _as_words(_call(answer, text))
        right = words_with_tokens(tokenizer, text)
        if found != right:
            raise Wrong(f"For {text!r}: {_why_not_words(found, right, text, tokenizer)}")
    return "Every word of the text, written as it stands there, with its own tokens."


def _call(function: object, text: str) -> Any:
    try:
        return call(function, text)
    except Raised as raised:
        none = isinstance(raised.error, TypeError) and "None" in str(raised.error)
        hint = " `word_ids()` holds None for special tokens, which belong to no word." if none else ""
        raise Wrong(f"{raised}.{hint}") from raised


def words_with_tokens(tokenizer: Any, text: str) -> Words:
    """Return every word of `text` as it is written there, with its tokens."""
    encoding = tokenizer(text)
    tokens, numbers = encoding.tokens(), encoding.word_ids()
    words: Words = []
    for word in dict.fromkeys(number for number in numbers if number is not None):
        start, end = encoding.word_to_chars(word)
        words.append((text[start:end], [token for token, of in zip(tokens, numbers, strict=True) if of == word]))
    return words


def _as_words(value: object) -> Words:
    if isinstance(value, dict):
        raise Wrong("A dictionary has room for each word only once, but a text may use a word twice: return a list.")
    return [_word(row) for row in items(value, "a list of pairs (word, list of its tokens)")]


def _word(row: object) -> tuple[str, list[str]]:
    if not isinstance(row, (list, tuple)) or len(row) != 2 or not isinstance(row[1], (list, tuple)):
        raise Wrong(f"Each member should be a pair such as ('films', ['films']), but one is {shown(row)}.")
    word, tokens = row
    if word is None:
        raise Wrong("One word is None: that is what `word_ids()` says about special tokens. They belong to no word.")
    if not isinstance(word, str):
        raise Wrong(
            f"A word should be a piece of the text, but one is {shown(word)}: which characters does it stand for?"
        )
    if not all(isinstance(token, str) for token in tokens):
        raise Wrong(f"The tokens should be strings such as '##izer', but are {shown(tokens)}.")
    return word, list(tokens)


def _why_not_words(found: Words, right: Words, text: str, tokenizer: Any) -> str:
    words, right_words = [word for word, _ in found], [word for word, _ in right]
    tokens = [token for _, pieces in found for token in pieces]
    right_tokens = [token for _, pieces in right for token in pieces]
    if set(tokens) & set(tokenizer.all_special_tokens):
        return "special tokens stand among the words. `word_ids()` says None about them."
    if words == text.split():
        return "these are the words between spaces. The tokenizer also separates punctuation: let `word_ids()` tell the words."
    if len(set(right_words)) == len(found) < len(right):
        return (
            "a word that the text uses twice is there only once: group by the number of the word, not by its letters."
        )
    if words == right_tokens:
        return "every token has become a word of its own. Tokens of one word have the same number in `word_ids()`."
    if words != right_words and [word.lower() for word in words] == [word.lower() for word in right_words]:
        return "the words have lost their capitals: cut them out of the text by their characters (`word_to_chars`)."
    if len(words) == len(right_words) and words != right_words:
        return (
            f"{words[0]!r} is made from tokens, which no longer have capitals or accents. Cut the words out of the text "
            "by their characters (`word_to_chars`, or the offsets)."
        )
    if words == right_words and [t.removeprefix("##") for t in right_tokens] == tokens:
        return "the words are right. Leave the marks `##` on the tokens: they say which pieces continue a word."
    if words == right_words:
        wrong = next(n for n, (one, other) in enumerate(zip(found, right, strict=True)) if one != other)
        return f"the words are right, but the tokens of {words[wrong]!r} are not: got {shown(found[wrong][1])}."
    return f"expected {len(right)} words, but got {len(found)}: {shown(words)}."


@exercise("01.5", expects="the function `mark`")
def marking_tokens(answer: object, tokenizer: Any) -> str:
    for text, chosen in _MARKS:
        found = call(answer, text, chosen)
        if not isinstance(found, str):
            raise Wrong(f"Expected the text with brackets in it, but got {shown(found)}.")
        spans = _spans(tokenizer, text, chosen)
        if found != _bracketed(text, spans):
            raise Wrong(f"For tokens {chosen} of {text!r}: {_why_not_marked(found, text, spans, chosen, tokenizer)}")
    return "The brackets are where the tokens came from, and the text is otherwise as it was."


_MARKS = (
    ("A fine film.", [2]),
    ("Unwatchable!", [2, 3]),
    ("Such a café,  such a  FILM.", [3, 6]),
    ("Dull, dull, dull.", [5, 1]),
    ("Over.", [0, 1, 3]),
)


def _spans(tokenizer: Any, text: str, chosen: list[int]) -> list[tuple[int, int]]:
    offsets = tokenizer(text, return_offsets_mapping=True)["offset_mapping"]
    return [(start, end) for start, end in (offsets[index] for index in sorted(chosen)) if end > start]


def _bracketed(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


def _why_not_marked(found: str, text: str, spans: list[tuple[int, int]], chosen: list[int], tokenizer: Any) -> str:
    plain = found.replace("[", "").replace("]", "")
    words = [text[start:end] for start, end in spans]
    if "CLS" in plain or "SEP" in plain or "##" in plain:
        return "tokens stand in the result instead of the text. Cut the pieces out of `text` itself."
    if found.count("[]"):
        return "a pair of brackets is empty: special tokens come from no characters, so there is nothing to mark."
    if found == _shifted(text, spans):
        return (
            f"got {shown(found)}. Each bracket that is put in moves everything behind it by one character. What happens "
            "if you begin with the last token?"
        )
    if plain != text and plain.split() != text.split() and "".join(plain.split()) == "".join(text.split()):
        return (
            f"without its brackets, the result is {shown(plain)}: the spaces are not those of the text. They belong to no "
            "token, so they are lost when tokens are strung together. Build on `text` itself."
        )
    if plain != text:
        return (
            f"without its brackets, the result is {shown(plain)} and no longer the text. Capitals, accents and spaces "
            "are gone as soon as tokens are decoded: build on `text` and the offsets."
        )
    if found == text:
        return "nothing is marked. Do the letters of these tokens stand in the text as they are written in `tokens()`?"
    if any(found == _bracketed(text, [span]) for span in spans):
        return "only one token is marked. All of the chosen ones should be, in whatever order they come."
    if found == _bracketed(text, [(spans[0][0], spans[-1][1])]):
        return f"got {shown(found)}. Each token gets brackets of its own, also beside another one."
    if strayed := _found_elsewhere(found, text, words):
        return (
            f"{shown(strayed)} was searched for, and found in another place too. The offsets say which place is meant."
        )
    if found == _bracketed(text, _one_too_far(tokenizer, text, chosen)):
        return "the tokens after those that were asked for are marked: [CLS] is token 0."
    return f"got {shown(found)}: the text is whole, but the brackets are in other places than the tokens."


def _found_elsewhere(found: str, text: str, words: list[str]) -> str | None:
    """Return the word that stands at several places, if `found` is what searching for the words' letters gives."""
    for order in (words, words[::-1]):
        for most in (-1, 1):
            marked = text
            for word in order:
                marked = marked.replace(word, f"[{word}]", most)
            if marked == found:
                return max(words, key=text.count)
    return None


def _shifted(text: str, spans: list[tuple[int, int]]) -> str:
    """Return what comes out if brackets are put in from the left and nobody minds that the text grows."""
    for start, end in spans:
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


def _one_too_far(tokenizer: Any, text: str, chosen: list[int]) -> list[tuple[int, int]]:
    """Return the spans if [CLS] is not counted."""
    last = len(tokenizer(text)["input_ids"]) - 1
    return _spans(tokenizer, text, [min(index + 1, last) for index in chosen])
