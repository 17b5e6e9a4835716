"""What stands along the axes of an attention map: one label for each token, with the word it belongs to.

Words come from the tokenizer's word ids where it tells words apart. A tokenizer that splits nothing beforehand, as
Llama 2's, gives every token the same word id; there, and where there are no word ids at all, words are what white space
separates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hf_tutorial.tokens.pieces import alphabet_of
from hf_tutorial.tokens.spans import Row, Token
from hf_tutorial.tokens.visible import visible


@dataclass(frozen=True)
class Word:
    """A word of the input: its number, counted through all texts, and what the input says there."""

    number: int
    text: str


@dataclass(frozen=True)
class Label:
    """One token, or one word, on an axis.

    `text` is plain text for the eye, with nothing invisible left in it; `piece` is what the vocabulary says. `sequence`
    is 0 for the first text and 1 for its pair. A special token belongs to no word.
    """

    text: str
    piece: str
    special: bool = False
    sequence: int = 0
    word: Word | None = None


def labels_of(tokenizer: Any, row: Row) -> tuple[Label, ...]:
    """Return a label for each token of `row`, padding included."""
    words = _words(tokenizer, row)
    sequences = _sequences(row.tokens)
    return tuple(
        Label(shown(token), token.piece, token.special, sequence, word)
        for token, sequence, word in zip(row.tokens, sequences, words, strict=True)
    )


def plain_labels(texts: Sequence[str]) -> tuple[Label, ...]:
    """Return labels for tokens of which nothing but the text is known."""
    return tuple(Label(visible(text, spaces=False) or "∅", text) for text in texts)


def shown(token: Token) -> str:
    """Return `token` as an axis shows it: `##ing` stays, `Ġcat` is "cat", an unknown token says what it replaces."""
    if token.special:
        return visible(token.piece, spaces=False)
    if token.unknown:
        return visible(f"{token.piece} {token.source}", spaces=False)
    text = token.piece if token.piece == f"##{token.text}" else token.text
    return visible(text.strip(" "), spaces=False) or visible(text or token.piece) or "∅"


def _sequences(tokens: Sequence[Token]) -> list[int]:
    """Return the number of the text of each token. A special token counts with the text before it, if there is one."""
    numbers, current = [], 0
    for token in tokens:
        current = current if token.sequence is None else token.sequence
        numbers.append(current)
    return numbers


def _words(tokenizer: Any, row: Row) -> list[Word | None]:
    numbers = _word_numbers(row.tokens, alphabet_of(tokenizer).prefix)
    members: dict[int, list[Token]] = {}
    for number, token in zip(numbers, row.tokens, strict=True):
        if number is not None:
            members.setdefault(number, []).append(token)
    words = {number: Word(number, _word_text(tokenizer, row, tokens)) for number, tokens in members.items()}
    return [None if number is None else words[number] for number in numbers]


def _word_numbers(tokens: Sequence[Token], prefix: str) -> list[int | None]:
    """Return the number of the word of each token, None for a special token. `prefix` is WordPiece's `##`, or ""."""
    told = _tell_words_apart(tokens)
    numbers: list[int | None] = [None] * len(tokens)
    number = -1
    for index, (before, token) in enumerate(pairwise([None, *tokens])):
        if token is None or token.special:
            continue
        if before is None or before.special or not _same_word(before, token, told, prefix):
            number += 1
        numbers[index] = number
    return numbers


def _tell_words_apart(tokens: Sequence[Token]) -> bool:
    """Return whether the word ids say anything: one id for everything is no answer, unless white space agrees."""
    ids = {(token.sequence, token.word) for token in tokens if not token.special}
    if any(word is None for _, word in ids):
        return False
    return len(ids) > len({sequence for sequence, _ in ids})


def _same_word(before: Token, token: Token, told: bool, prefix: str) -> bool:
    if before.sequence != token.sequence:
        return False
    if told:
        return before.word == token.word
    if prefix:
        return token.piece.startswith(prefix)
    # White space begins a word, as a token of its own as well: it belongs to what follows.
    ended = before.text[-1:].isspace() and not before.text.isspace()
    return not (token.text[:1].isspace() or ended)


def _word_text(tokenizer: Any, row: Row, tokens: Sequence[Token]) -> str:
    """Return what the input says where `tokens` stand, or what they decode to where no spans are known."""
    text, spans = _source(row, tokens[0]), [token.span for token in tokens if token.span is not None]
    if text is None or len(spans) < len(tokens):
        said = tokenizer.convert_tokens_to_string([token.piece for token in tokens])
    else:
        said = text[min(start for start, _ in spans) : max(end for _, end in spans)]
    return visible(said.strip() or tokens[0].text, spaces=False) or "∅"


def _source(row: Row, token: Token) -> str | None:
    """Return the text that the span of `token` counts in: its text, or its word where words were given."""
    if token.sequence is None or token.sequence >= len(row.texts):
        return None
    text = row.texts[token.sequence]
    if isinstance(text, str):
        return text
    return None if token.word is None else text[token.word]
