"""Reviews without their punctuation, as stretches of tokens with a label for each."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hf_tutorial.sources.punctuation import IGNORED, label_pieces, words_and_marks


@dataclass(frozen=True)
class Stretch:
    """Some of a review's consecutive words, as ids without special tokens, and a label for each id."""

    ids: list[int]
    labels: list[int]


def stretches_of(tokenizer, texts: Iterable[str], length: int, closing: float = 0.0, seed: int = 0) -> list[Stretch]:
    """Return the words of `texts` in stretches of at most `length` tokens, cut between words.

    That share of the stretches, `closing`, ends earlier, with a sentence: so the model learns that the end of what it
    sees may be the end of a sentence or not.
    """
    chance = random.Random(seed)
    stretches: list[Stretch] = []
    for ids, labels, word_ids, marks in _labelled(tokenizer, texts):
        start = 0
        while start < len(ids):
            limit, ending = length, chance.random() < closing
            if ending:
                limit = chance.randint(4, length)
            end = _cut(word_ids, marks, start, limit, ending)
            stretches.append(Stretch(ids[start:end], labels[start:end]))
            start = end
    return stretches


def overlapping_stretches(tokenizer, texts: Iterable[str], length: int, margin: int) -> list[Stretch]:
    """Return `texts` in stretches of at most `length` tokens that share `2 * margin` with the one before.

    Each token has its label in one of them alone, where it has `margin` neighbours on either side, or all there are.
    """
    stretches: list[Stretch] = []
    for ids, labels, _, _ in _labelled(tokenizer, texts):
        for start in range(0, max(1, len(ids) - 2 * margin), length - 2 * margin):
            end = min(start + length, len(ids))
            first, last = (start + margin if start else 0), (end - margin if end < len(ids) else end)
            kept = [label if first <= at < last else IGNORED for at, label in enumerate(labels[start:end], start)]
            stretches.append(Stretch(ids[start:end], kept))
    return stretches


def _labelled(tokenizer, texts: Iterable[str]) -> Iterator[tuple[list[int], list[int], list[int], list[int]]]:
    """Yield the ids of each text with words, the ids' labels and words, and the words' marks."""
    for text in texts:
        words, marks = words_and_marks(text)
        if words:
            encoding = tokenizer(words, is_split_into_words=True, add_special_tokens=False, verbose=False)
            word_ids = encoding.word_ids()
            yield encoding["input_ids"], label_pieces(encoding.tokens(), word_ids, marks), word_ids, marks


def _cut(word_ids: list[int], marks: list[int], start: int, limit: int, ending: bool) -> int:
    """Return where the stretch that begins at `start` ends: after `limit` tokens at most, and between two words."""
    end = min(start + limit, len(word_ids))
    cuts = [at for at in range(start + 1, end + 1) if at == len(word_ids) or word_ids[at] != word_ids[at - 1]]
    if ending:
        cuts = [at for at in cuts if marks[word_ids[at - 1]] >= 2] or cuts
    return cuts[-1] if cuts else end
