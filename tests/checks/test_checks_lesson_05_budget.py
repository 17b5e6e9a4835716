import random

import pytest

from hf_tutorial import check


def fill(rows, lengths, fits):
    batches = [[]]
    for row in rows:
        if batches[-1] and not fits([*batches[-1], row], lengths):
            batches.append([])
        batches[-1].append(row)
    return batches


def cost(batch, lengths):
    return len(batch) * max(lengths[row] for row in batch)


def shuffled(batches, seed):
    random.Random(seed).shuffle(batches)
    return batches


def by_length(lengths):
    return sorted(range(len(lengths)), key=lambda row: lengths[row])


def budget_batches(lengths, budget, seed):
    """A right solution of 05.4."""
    return shuffled(fill(by_length(lengths), lengths, lambda b, n: cost(b, n) <= budget), seed)


def longest_first(lengths, budget, seed):
    rows = by_length(lengths)[::-1]
    return shuffled(fill(rows, lengths, lambda b, n: cost(b, n) <= budget), seed)


def by_sum(lengths, budget, seed):
    fits = lambda batch, known: sum(known[row] for row in batch) <= budget  # noqa: E731
    return shuffled(fill(by_length(lengths), lengths, fits), seed)


def too_late(lengths, budget, seed):
    return shuffled(fill(by_length(lengths), lengths, lambda b, n: cost(b[:-1], n) <= budget), seed)


def unsorted(lengths, budget, seed):
    return shuffled(fill(range(len(lengths)), lengths, lambda b, n: cost(b, n) <= budget), seed)


def fixed(size):
    def make(lengths, budget, seed):
        rows = by_length(lengths)
        return shuffled([rows[start : start + size] for start in range(0, len(rows), size)], seed)

    return make


def half_full(lengths, budget, seed):
    return shuffled(fill(by_length(lengths), lengths, lambda b, n: cost(b, n) <= 0.6 * budget), seed)


def unlucky(lengths, budget, seed):
    batches = budget_batches(lengths, budget, seed)
    random.shuffle(batches)
    return batches


def changed(change):
    return lambda lengths, budget, seed: change(budget_batches(lengths, budget, seed), lengths)


def test_right_batches():
    assert "99% of what is computed are tokens" in check("05.4", budget_batches).message
    assert check("05.4", longest_first).outcome == "right"


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (by_sum, "what is computed is the number of rows times the *longest*"),
        (too_late, "ask *before* you add the row"),
        (unsorted, "Put rows of similar length together"),
        (fixed(2), "150 batches, and 76 would do"),
        (fixed(16), "rows times the longest, with a budget of 1024"),
        (half_full, "Fill each until the next row would not fit"),
        (lambda lengths, budget, seed: budget_batches(lengths, budget, 0), "Another seed gives the same order"),
        (unlucky, "The same seed should give the same batches"),
        (changed(lambda batches, n: sorted(batches, key=lambda b: n[b[0]])), "Shuffle the *batches*"),
        (changed(lambda batches, n: [b for b in batches if len(b) > 2]), "are in no batch"),
        (changed(lambda batches, n: [*batches, batches[0]]), "Some rows come more than once"),
        (changed(lambda batches, n: [[n[row] for row in b] for b in batches]), "These are the lengths"),
        (changed(lambda batches, n: [[row + 1 for row in b] for b in batches]), "are in no batch"),
        (changed(lambda batches, n: [[row + 1000 for row in b] for b in batches]), "Expected the row numbers 0 to 299"),
        (changed(lambda batches, n: [[], *batches]), "One batch is empty"),
        (changed(lambda batches, n: iter(batches)), "`list(…)` makes a list of it"),
        (lambda lengths, budget, seed: lengths[len(lengths)], "raises IndexError"),
    ],
)
def test_wrong_batches(function, diagnosis):
    verdict = check("05.4", function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
