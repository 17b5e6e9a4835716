"""Predicting a hidden token by counting: the baselines that a masked-language model has to beat.

Counts live in sorted arrays of packed keys, so that five million tokens need some hundred megabytes and no dictionary.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Ids = Sequence[int]


@dataclass(frozen=True)
class Table:
    """How often each token was seen in each context; `keys` are context × vocabulary + token, ascending."""

    vocabulary: int
    keys: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, contexts: np.ndarray, tokens: np.ndarray, vocabulary: int) -> "Table":
        keys, counts = np.unique(contexts * vocabulary + tokens, return_counts=True)
        return cls(vocabulary, keys, counts)

    def after(self, context: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the tokens seen in `context`, and their counts."""
        first, last = np.searchsorted(self.keys, [context * self.vocabulary, (context + 1) * self.vocabulary])
        return self.keys[first:last] - context * self.vocabulary, self.counts[first:last]


class Counts:
    """Counts of tokens given their neighbours, from `windows`: lists of ids, each with its special tokens."""

    def __init__(self, windows: Sequence[Ids], vocabulary: int) -> None:
        self.vocabulary = vocabulary
        fenced = [ids for window in windows for ids in (window[0], *window, window[-1])]
        stream = np.array(fenced, dtype=np.int64)
        # A window's own special tokens are context, but never what is predicted.
        ends = np.cumsum([len(window) + 2 for window in windows])
        special = np.concatenate([ends - 1, ends - 2, ends[:-1], ends[:-1] + 1, [0, 1]])
        middle = np.setdiff1d(np.arange(2, len(stream) - 1), special)
        token, left, before, right = (stream[middle + shift] for shift in (0, -1, -2, 1))
        self.unigram = np.bincount(token, minlength=vocabulary).astype(float)
        self._by_frequency = np.argsort(-self.unigram, kind="stable")
        self.left = Table.of(left, token, vocabulary)
        self.left_pair = Table.of(before * vocabulary + left, token, vocabulary)
        self.right = Table.of(right, token, vocabulary)
        self.both = Table.of(left * vocabulary + right, token, vocabulary)

    def most_frequent(self, top: int) -> list[int]:
        """Return the `top` most frequent tokens."""
        return self._by_frequency[:top].tolist()

    def left_trigram(self, before: int, left: int, top: int) -> list[int]:
        """Return the likeliest tokens after two others: by trigrams, then by pairs, then by frequency.

        That is back-off as in Brants et al. 2007, "Large Language Models in Machine Translation": a shorter context's
        relative frequencies count 0.4 times as much.
        """
        scores: dict[int, float] = {}
        weight = 1.0
        for tokens, counts in (self.left_pair.after(before * self.vocabulary + left), self.left.after(left)):
            total = counts.sum()
            for at in np.argsort(-counts, kind="stable")[: 2 * top]:
                scores.setdefault(int(tokens[at]), weight * counts[at] / total)
            weight *= 0.4
        total = self.unigram.sum()
        for token in self.most_frequent(top):
            scores.setdefault(token, weight * self.unigram[token] / total)
        return sorted(scores, key=scores.__getitem__, reverse=True)[:top]

    def two_sided(self, left: int, right: int, top: int, prior: float = 5.0) -> list[int]:
        """Return the likeliest tokens between two others.

        Counts between the very two, smoothed with `prior` imagined ones that are spread as if left and right
        neighbour were independent given the token: P(token | left) · P(token | right) / P(token).
        """
        after, after_counts = self.left.after(left)
        ahead, ahead_counts = self.right.after(right)
        seen = np.union1d(np.union1d(after, ahead), self._by_frequency[:top])
        # One more occurrence beside each neighbour, spread by frequency, keeps a product from being nothing.
        beside_left = self.unigram[seen] / self.unigram.sum()
        beside_right = beside_left.copy()
        beside_left[np.searchsorted(seen, after)] += after_counts
        beside_right[np.searchsorted(seen, ahead)] += ahead_counts
        expected = beside_left * beside_right / (self.unigram[seen] + 1.0)
        expected *= prior / expected.sum()
        between, between_counts = self.both.after(left * self.vocabulary + right)
        expected[np.searchsorted(seen, between)] += between_counts
        return seen[np.argsort(-expected, kind="stable")[:top]].tolist()


def judge_counting(windows: Sequence[Ids], places: Sequence[list[int]], counts: Counts) -> dict[str, dict[str, float]]:
    """Return the same shares for three ways of counting, at the same places, with the true neighbours in view."""
    hits = {"most_frequent": [0, 0], "left_trigram": [0, 0], "two_sided": [0, 0]}
    total = 0
    for window, chosen in zip(windows, places, strict=True):
        fenced = [window[0], *window]  # so that the first token has two neighbours on its left
        for place in chosen:
            before, left, hidden, right = fenced[place - 1], fenced[place], window[place], window[place + 1]
            guesses = {
                "most_frequent": counts.most_frequent(5),
                "left_trigram": counts.left_trigram(before, left, 5),
                "two_sided": counts.two_sided(left, right, 5),
            }
            for name, named in guesses.items():
                hits[name][0] += named[0] == hidden
                hits[name][1] += hidden in named
            total += 1
    return {name: percentages(first, five, total) for name, (first, five) in hits.items()}


def percentages(first: float, five: float, total: float) -> dict[str, float]:
    """Return two counts of hits as per cent of `total`."""
    return {"top1": round(100 * first / total, 2), "top5": round(100 * five / total, 2), "places": round(total)}
