from copy import deepcopy

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hf_tutorial import check
from hf_tutorial.checks.lesson_13_packing import Case, _judge_rows

IGNORED = -100
NAMES = ("input_ids", "labels", "position_ids")


def pack(examples, length, *, fits=lambda used, more, length: used + more <= length):
    """A right solution of 13.3: each example goes into the first row that has room."""
    rows = []
    for one in deepcopy(examples):
        size = len(one["input_ids"])
        row = next((row for row in rows if fits(len(row["labels"]), size, length)), None)
        if row is None:
            rows.append(row := {name: [] for name in NAMES})
        row["input_ids"] += one["input_ids"]
        row["labels"] += [IGNORED, *one["labels"][1:]]
        row["position_ids"] += range(size)
    return rows


def in_order(examples, length):
    rows = []
    for one in examples:
        if not rows or len(rows[-1]["labels"]) + len(one["labels"]) > length:
            rows.append({name: [] for name in NAMES})
        for name, values in pack([one], length)[0].items():
            rows[-1][name] += values
    return rows


def changed(name, change):
    def function(examples, length):
        return [row | {name: change(row)} for row in pack(examples, length)]

    return function


def with_labels(examples, row, first=None):
    kept = {id: label for one in examples for id, label in zip(one["input_ids"], one["labels"], strict=True)}
    return [first if first is not None and id % 100 == 0 else kept[id] for id in row["input_ids"]]


def labels_kept(examples, length):
    return [row | {"labels": with_labels(examples, row)} for row in pack(examples, length)]


def labels_kept_at_the_start_of_a_row(examples, length):
    return [row | {"labels": [with_labels(examples, row)[0], *row["labels"][1:]]} for row in pack(examples, length)]


def cut(examples, length):
    """One long row, cut into pieces."""
    long = in_order(examples, 10**6)
    return [
        {name: row[name][start : start + length] for name in NAMES}
        for row in long
        for start in range(0, len(row["labels"]), length)
    ]


def shortened(examples, length):
    return pack([{name: values[: length // 2] for name, values in one.items()} for one in examples], length)


def filled_up(examples, length):
    return [
        {name: values + [0] * (length - len(values)) for name, values in row.items()} for row in pack(examples, length)
    ]


def first_labels_overwritten(examples, length):
    rows = pack(examples, length)
    for one in examples:
        one["labels"][0] = IGNORED
    return rows


@pytest.mark.parametrize("function", [pack, in_order, labels_kept_at_the_start_of_a_row])
def test_right_ways_to_pack(function):
    assert check("13.3", function).outcome == "right"


def test_tensors_are_read_too():
    def as_tensors(examples, length):
        return [{name: torch.tensor(values) for name, values in row.items()} for row in pack(examples, length)]

    assert check("13.3", as_tensors).outcome == "right"


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(1, 8), st.integers(0, 8)), max_size=12))
def test_the_check_accepts_what_is_right_for_any_lengths(examples):
    case = Case(tuple(length for length, _ in examples), tuple(min(pair) for pair in examples), 8)
    for function in (pack, in_order):
        _judge_rows(function(case.examples, case.row), case)


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (labels_kept, "A label predicts across a border"),
        (changed("position_ids", lambda row: list(range(len(row["labels"])))), "The positions of a row run on"),
        (changed("position_ids", lambda row: [n + 1 for n in row["position_ids"]]), "The positions begin at 1"),
        (changed("position_ids", lambda row: [n * 2 for n in row["position_ids"]]), "The positions of a row should be"),
        (changed("position_ids", lambda row: row["position_ids"][1:]), "Each token has one label and one position"),
        (changed("labels", lambda row: row["input_ids"]), "The labels are the ids again"),
        (changed("labels", lambda row: [*row["labels"][1:], IGNORED]), "moved one place to the left"),
        (changed("labels", lambda row: [IGNORED] * len(row["labels"])), "All labels of a row are −100"),
        (changed("labels", lambda row: [n + 1 for n in row["labels"]]), "The labels of a row should be"),
        (changed("input_ids", lambda row: row["input_ids"][::-1]), "was cut or torn apart"),
        (changed("input_ids", lambda row: ["a"] * len(row["labels"])), "is no whole number"),
        (lambda e, n: pack(e, n, fits=lambda used, more, length: used + more < length), "is there a `<`"),
        (lambda e, n: pack(e, n, fits=lambda *sizes: False), "a row of its own, so nothing is packed"),
        (lambda e, n: pack(e, n, fits=lambda *sizes: True), "more than the 9 that a row may have"),
        (cut, "was cut or torn apart"),
        (shortened, "was cut or torn apart"),
        (lambda e, n: pack(e, n)[:-1], "is in no row"),
        (lambda e, n: pack(e[:-1], n), "is the row that is not full yet kept at the end?"),
        (lambda e, n: pack(e, n) + pack(e[:1], n), "is there twice"),
        (filled_up, "Rows are not filled up here"),
        (lambda e, n: [*pack(e, n), {name: [] for name in NAMES}], "is empty"),
        (lambda e, n: pack(e, n) or [{name: [] for name in NAMES}], "is empty"),
        (lambda e, n: pack(e, len(e[0]["labels"]) and n), "Without examples there are no rows"),
        (lambda e, n: [list(row.values()) for row in pack(e, n)], "Each row should be a dictionary"),
        (lambda e, n: [{"input_ids": row["input_ids"]} for row in pack(e, n)], "has no `labels`"),
        (lambda e, n: pack(e, n)[0], "Expected a list of rows"),
        (first_labels_overwritten, "the examples themselves were changed"),
    ],
)
def test_wrong_ways_to_pack(function, diagnosis):
    verdict = check("13.3", function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
