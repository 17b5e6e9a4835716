"""The counting baselines count: against the same written with dictionaries."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from training.counts import Counts, judge_counting

CLS, SEP = 0, 1
VOCABULARY = 12
windows_of_tokens = st.lists(
    st.lists(st.integers(2, VOCABULARY - 1), min_size=1, max_size=12).map(lambda ids: [CLS, *ids, SEP]),
    min_size=1,
    max_size=12,
)


def neighbours(windows):
    """Yield (token before the left one, left, token, right) for every token that is not special."""
    for window in windows:
        fenced = [window[0], *window]
        for place in range(1, len(window) - 1):
            yield fenced[place - 1], fenced[place], window[place], window[place + 1]


@given(windows_of_tokens)
def test_the_tables_hold_what_stands_in_the_windows(windows):
    counts = Counts(windows, VOCABULARY)
    seen = list(neighbours(windows))
    assert counts.unigram.tolist() == [Counter(token for _, _, token, _ in seen)[at] for at in range(VOCABULARY)]
    for table, context_of in (
        (counts.left, lambda before, left, right: left),
        (counts.left_pair, lambda before, left, right: before * VOCABULARY + left),
        (counts.right, lambda before, left, right: right),
        (counts.both, lambda before, left, right: left * VOCABULARY + right),
    ):
        expected = Counter((context_of(before, left, right), token) for before, left, token, right in seen)
        for context in {context for context, _ in expected}:
            tokens, numbers = table.after(context)
            found = {(context, token): number for token, number in zip(tokens.tolist(), numbers.tolist(), strict=True)}
            assert found == {key: number for key, number in expected.items() if key[0] == context}


def test_the_left_trigram_prefers_the_longest_context_and_backs_off():
    windows = [[CLS, 2, 3, 4, SEP]] * 3 + [[CLS, 5, 3, 6, SEP]] * 9 + [[CLS, 7, SEP]] * 30
    counts = Counts(windows, VOCABULARY)
    assert counts.most_frequent(1) == [7]
    assert counts.left_trigram(2, 3, 3) == [4, 6, 7], "3 after 2: then 4; after any 3: mostly 6; then the frequent ones"
    assert counts.left_trigram(9, 3, 1) == [6], "a pair never seen: what follows 3"
    assert counts.left_trigram(9, 10, 1) == [7], "nothing seen: the most frequent"


def test_two_sided_counts_use_the_right_neighbour_too():
    windows = [[CLS, 2, 3, 4, SEP]] * 5 + [[CLS, 2, 5, 6, SEP]] * 6
    counts = Counts(windows, VOCABULARY)
    assert counts.two_sided(2, 4, 1) == [3]
    assert counts.two_sided(2, 6, 1) == [5]
    # Never seen between 2 and 9: what follows 2 decides, by frequency.
    assert counts.two_sided(2, 9, 2) == [5, 3]


def test_two_sided_counts_join_neighbours_that_never_met():
    windows = [[CLS, 2, 3, 7, SEP]] * 5 + [[CLS, 2, 5, 7, SEP]] * 6 + [[CLS, 8, 3, 4, SEP]] * 4
    # Nothing stood between 2 and 4. After 2 came 5 more often than 3, but before 4 only 3.
    assert Counts(windows, VOCABULARY).two_sided(2, 4, 1) == [3]


@given(windows_of_tokens, st.integers(0, 5))
def test_shares_are_of_the_places_asked(windows, seed):
    chance = random.Random(seed)
    places = [[chance.randrange(1, len(window) - 1)] for window in windows]
    figures = judge_counting(windows, places, Counts(windows, VOCABULARY))
    for figure in figures.values():
        assert figure["places"] == len(windows)
        assert 0 <= figure["top1"] <= figure["top5"] <= 100
