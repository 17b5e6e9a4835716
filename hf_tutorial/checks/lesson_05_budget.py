"""Checks of lesson 05, fourth part: batches that are filled by a budget of tokens."""

import random
from typing import Any

from hf_tutorial.checks.answers import items, shown, whole_numbers
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

Batches = list[list[int]]

_BUDGET = 1_024
# What sorting and filling greedily need, and a little more: other good ways are not refused.
_SLACK = 1.05


@exercise("05.4", expects="the function `budget_batches`")
def batches_within_a_budget(answer: object) -> str:
    lengths = _lengths()
    batches = _read(answer, lengths, _BUDGET, seed=0)
    _judge_cover(batches, lengths)
    _judge_budget(batches, lengths)
    _judge_waste(batches, lengths)
    _judge_chance(answer, batches, lengths)
    _judge_cover(_read(answer, [_BUDGET], _BUDGET, seed=0), [_BUDGET])
    share = sum(lengths) / sum(_positions(batch, lengths) for batch in batches)
    return f"Every batch costs about the same, and {share:.0%} of what is computed are tokens."


def _lengths() -> list[int]:
    """Return lengths like those of reviews: mostly short, some at the limit."""
    chance = random.Random(5)
    return [min(512, max(8, round(chance.lognormvariate(5.2, 0.7)))) for _ in range(300)]


def _read(function: object, lengths: list[int], budget: int, seed: int) -> Batches:
    try:
        made = call(function, lengths, budget, seed, given=f"{len(lengths)} lengths, {budget}, {seed}")
    except Raised as raised:
        raise Wrong(f"{raised}.") from raised
    batches = items(made, "a list of batches")
    return [whole_numbers(_listed(batch), "batches of row numbers") for batch in batches]


def _listed(batch: Any) -> Any:
    return batch.tolist() if hasattr(batch, "tolist") else batch


def _positions(batch: list[int], lengths: list[int]) -> int:
    return len(batch) * max(lengths[row] for row in batch)


def _judge_cover(batches: Batches, lengths: list[int]) -> None:
    rows = [row for batch in batches for row in batch]
    if any(not batch for batch in batches):
        raise Wrong("One batch is empty. Is a batch begun before there is a row for it?")
    if sorted(rows) == list(range(len(lengths))):
        return
    if sorted(rows) == sorted(lengths):
        raise Wrong("These are the lengths. A batch is a list of row *numbers*, by which the loader finds the rows.")
    missing = sorted(set(range(len(lengths))) - set(rows))
    if len(set(rows)) < len(rows):
        raise Wrong(f"Some rows come more than once: {len(rows)} places for {len(set(rows))} different rows.")
    if missing and missing != list(range(len(lengths))):
        raise Wrong(
            f"{len(missing)} of {len(lengths)} rows are in no batch. What becomes of the last one that is begun?"
        )
    raise Wrong(f"Expected the row numbers 0 to {len(lengths) - 1}, but got {shown(sorted(rows)[:5])} and so on.")


def _judge_budget(batches: Batches, lengths: list[int]) -> None:
    over = [batch for batch in batches if _positions(batch, lengths) > _BUDGET]
    if not over:
        return
    if all(sum(lengths[row] for row in batch) <= _BUDGET for batch in batches):
        raise Wrong(
            "The tokens of a batch stay within the budget, but its padding does not: what is computed is the number of rows "
            "times the *longest*."
        )
    worst = max(_positions(batch, lengths) for batch in over)
    if all(_positions(batch[:-1] or batch, lengths) <= _BUDGET for batch in over):
        raise Wrong(
            f"A batch has {worst} positions with a budget of {_BUDGET}: ask *before* you add the row, not after."
        )
    raise Wrong(f"A batch has {worst} positions, rows times the longest, with a budget of {_BUDGET}.")


def _judge_waste(batches: Batches, lengths: list[int]) -> None:
    found, best = sum(_positions(batch, lengths) for batch in batches), _greedy(lengths)
    if found > _SLACK * sum(_positions(batch, lengths) for batch in best):
        raise Wrong(
            f"The budget is kept, but {1 - sum(lengths) / found:.0%} of what is computed is padding. Put rows of similar "
            "length together."
        )
    if len(batches) > _SLACK * len(best) + 1:
        raise Wrong(
            f"There are {len(batches)} batches, and {len(best)} would do. Fill each until the next row would not fit: where "
            "texts are short, many do."
        )


def _greedy(lengths: list[int]) -> Batches:
    batches: Batches = [[]]
    for row in sorted(range(len(lengths)), key=lambda row: lengths[row]):
        if _positions([*batches[-1], row], lengths) > _BUDGET:
            batches.append([])
        batches[-1].append(row)
    return batches


def _judge_chance(function: object, batches: Batches, lengths: list[int]) -> None:
    order = [max(lengths[row] for row in batch) for batch in batches]
    if order in (sorted(order), sorted(order, reverse=True)):
        raise Wrong("The batches are right, but they come sorted by length. Shuffle the *batches*.")
    if _read(function, lengths, _BUDGET, seed=0) != batches:
        raise Wrong(
            "The same seed should give the same batches: shuffle with `random.Random(seed)`, made inside the function."
        )
    if _read(function, lengths, _BUDGET, seed=1) == batches:
        raise Wrong("Another seed gives the same order. Each epoch should have its own: use `seed`.")
