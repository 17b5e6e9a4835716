"""Reviews without their punctuation, as stretches of tokens with a label for each."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

from hf_tutorial.sources.punctuation import label_pieces, words_and_marks


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
    for text in texts:
        words, marks = words_and_marks(text)
        if not words:
            continue
        encoding = tokenizer(words, is_split_into_words=True, add_special_tokens=False, verbose=False)
        ids, word_ids = encoding["input_ids"], encoding.word_ids()
        labels = label_pieces(encoding.tokens(), word_ids, marks)
        start = 0
        while start < len(ids):
            limit, ending = length, chance.random() < closing
            if ending:
                limit = chance.randint(4, length)
            end = _cut(word_ids, marks, start, limit, ending)
            stretches.append(Stretch(ids[start:end], labels[start:end]))
            start = end
    return stretches


def _cut(word_ids: list[int], marks: list[int], start: int, limit: int, ending: bool) -> int:
    """Return where the stretch that begins at `start` ends: after `limit` tokens at most, and between two words."""
    end = min(start + limit, len(word_ids))
    cuts = [at for at in range(start + 1, end + 1) if at == len(word_ids) or word_ids[at] != word_ids[at - 1]]
    if ending:
        cuts = [at for at in cuts if marks[word_ids[at - 1]] >= 2] or cuts
    return cuts[-1] if cuts else end
