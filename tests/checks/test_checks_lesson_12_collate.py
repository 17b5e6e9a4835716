import pytest
import torch
from torch.nn.utils.rnn import pad_sequence

from hf_tutorial import check

NAMES = ("input_ids", "attention_mask", "labels")


def filled(rows, fillings, *, left=False, width=None):
    width = width or max(len(row["labels"]) for row in rows)
    batch = {}
    for name, fill in zip(NAMES, fillings, strict=True):
        more = [[fill] * (width - len(row[name])) for row in rows]
        batch[name] = torch.tensor(
            [[*fill, *row[name]] if left else [*row[name], *fill] for fill, row in zip(more, rows, strict=True)]
        )
    return batch


def collate(rows, pad_id):
    return filled(rows, (pad_id, 0, -100))


def by_torch(rows, pad_id):
    return {
        name: pad_sequence([torch.tensor(row[name]) for row in rows], batch_first=True, padding_value=fill)
        for name, fill in zip(NAMES, (pad_id, 0, -100), strict=True)
    }


def in_place(rows, pad_id):
    for row in rows:
        for name, fill in zip(NAMES, (pad_id, 0, -100), strict=True):
            row[name] += [fill] * (5 - len(row[name]))
    return {name: torch.tensor([row[name] for row in rows]) for name in NAMES}


def changed(name, change):
    return lambda rows, pad_id: collate(rows, pad_id) | {name: change(collate(rows, pad_id)[name])}


@pytest.mark.parametrize("function", [collate, by_torch])
def test_right_collators(function):
    verdict = check("12.4", function)
    assert verdict.outcome == "right"
    assert verdict.message.startswith("Ids are filled with the padding token")


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (lambda rows, pad_id: filled(rows, (0, 0, -100)), "0 is the padding token of BERT only"),
        (lambda rows, pad_id: filled(rows, (-100, 0, -100)), "−100 is no token"),
        (lambda rows, pad_id: filled(rows, (pad_id, 1, -100)), "the mask is 1 on padding"),
        (lambda rows, pad_id: filled(rows, (pad_id, -100, -100)), "−100 is for labels"),
        (lambda rows, pad_id: filled(rows, (pad_id, 0, 0)), "padding has the label 0"),
        (lambda rows, pad_id: filled(rows, (pad_id, 0, pad_id)), "padding has the label `pad_id`"),
        (lambda rows, pad_id: filled(rows, (pad_id, 0, -100), left=True), "it is filled on the left"),
        (lambda rows, pad_id: filled(rows, (pad_id, 0, -100), width=8), "it is 8 wide. The longest row"),
        (changed("labels", lambda labels: labels[:, :2]), "`labels`: it is 2 wide, so the longest row"),
        (changed("labels", lambda labels: labels + 1), "`labels`: row 0 should be"),
        (changed("labels", lambda labels: labels.float()), "`labels` holds floats"),
        (changed("labels", lambda labels: labels.tolist()), "`labels` should be a tensor"),
        (changed("input_ids", lambda ids: ids.flatten()), "has the shape (15,)"),
        (changed("input_ids", lambda ids: ids[:2]), "has the shape (2, 5)"),
        (lambda rows, pad_id: {"input_ids": collate(rows, pad_id)["input_ids"]}, "has no `attention_mask`"),
        (lambda rows, pad_id: list(collate(rows, pad_id).values()), "Expected a dictionary of three tensors"),
        (
            lambda rows, pad_id: {name: torch.tensor([row[name] for row in rows]) for name in NAMES},
            "fill each up to the longest first",
        ),
        (lambda rows: rows, "raises TypeError"),
        (in_place, "the rows themselves were changed"),
    ],
)
def test_wrong_collators(function, diagnosis):
    verdict = check("12.4", function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
