import pytest
import torch

from hf_tutorial import check
from hf_tutorial.checks.lesson_13_collate import ids, labels, mask

IGNORED = -100


def collate(rows, pad_id, *, learnt=None, there=1, filling=None):
    """A right solution of 13.2, unless it is told otherwise."""
    longest = max(len(row["prompt"] + row["answer"]) for row in rows)
    batch = {"input_ids": [], "attention_mask": [], "labels": []}
    for row in rows:
        tokens = row["prompt"] + row["answer"]
        missing = longest - len(tokens)
        batch["input_ids"].append(tokens + [pad_id if filling is None else filling] * missing)
        batch["attention_mask"].append([there] * len(tokens) + [0] * missing)
        batch["labels"].append([IGNORED] * len(row["prompt"]) + row["answer"] + [IGNORED] * missing)
    made = {name: torch.tensor(values) for name, values in batch.items()}
    return made if learnt is None else made | {"labels": learnt(made)}


def as_in_the_exercise(rows, pad_id):
    given = collate(rows, pad_id)["input_ids"]
    moved = given.roll(-1, dims=1)
    moved[moved == pad_id] = IGNORED
    return {"input_ids": given, "attention_mask": (given != pad_id).long(), "labels": moved}


def changed(name, change):
    return lambda rows, pad_id: collate(rows, pad_id) | {name: change(collate(rows, pad_id)[name])}


def with_labels(learnt):
    return lambda rows, pad_id: collate(rows, pad_id, learnt=learnt)


def without_end(batch):
    return batch["labels"].masked_fill(batch["labels"] == 7, IGNORED)


def whole(batch):
    return batch["input_ids"].masked_fill(batch["attention_mask"] == 0, IGNORED)


def to_the_end(batch):
    return torch.where(batch["attention_mask"] == 0, 7, batch["labels"])


def moved_left(batch):
    return torch.cat([batch["labels"][:, 1:], torch.full((3, 1), IGNORED)], dim=1)


def one_more(batch):
    return torch.where(batch["labels"].roll(-1, dims=1) == IGNORED, batch["labels"], batch["input_ids"])


def one_less(batch):
    return torch.where(batch["labels"].roll(1, dims=1) == IGNORED, IGNORED, batch["labels"])


def on_the_left(rows, pad_id):
    made = collate(rows, pad_id)
    lengths = made["attention_mask"].sum(dim=1).tolist()
    return {
        name: torch.stack([row.roll(9 - length) for row, length in zip(values, lengths, strict=True)])
        for name, values in made.items()
    }


def in_place(rows, pad_id):
    made = collate(rows, pad_id)
    for row in rows:
        row["prompt"] += row["answer"]
    return made


def test_right_collators():
    assert check("13.2", collate).outcome == "right"
    assert check("13.2", changed("attention_mask", lambda there: there.bool())).outcome == "right"


def test_tables_of_the_check():
    assert ids()[2] == [1, 17, 25, 7, 7, 7, 7, 7, 7]
    assert mask()[2] == [1, 1, 1, 1, 0, 0, 0, 0, 0]
    assert labels()[2] == [IGNORED, IGNORED, 25, 7, *[IGNORED] * 5]


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (as_in_the_exercise, "`labels`: they are moved one place to the left"),
        (with_labels(moved_left), "they are moved one place to the left"),
        (with_labels(without_end), "the model never learns to stop"),
        (with_labels(whole), "the prompt carries labels too"),
        (with_labels(lambda batch: batch["input_ids"]), "the prompt carries labels too"),
        (with_labels(lambda b: whole(b).masked_fill(b["input_ids"] == 7, IGNORED)), "the prompt carries labels too"),
        (with_labels(to_the_end), "padding carries labels"),
        (with_labels(one_more), "the last token of the prompt has a label too"),
        (with_labels(one_less), "the first token of the answer has no label"),
        (with_labels(lambda batch: batch["labels"] * 0 + IGNORED), "all are −100"),
        (with_labels(lambda batch: batch["labels"] + 1), "`labels`: for the row"),
        (with_labels(lambda batch: batch["labels"][:, 1:]), "they are 8 wide"),
        (with_labels(lambda batch: batch["labels"].float()), "holds floats"),
        (with_labels(lambda batch: batch["labels"][:2]), "has the shape (2, 9)"),
        (with_labels(lambda batch: batch["labels"].tolist()), "`labels` should be a tensor"),
        (lambda r, p: collate(r, p) | {"attention_mask": (collate(r, p)["input_ids"] != p).long()}, "*inside*"),
        (changed("attention_mask", lambda there: there * 0 + 1), "it is 1 on padding"),
        (lambda r, p: collate(r, p) | {"attention_mask": collate(r, p)["labels"] != IGNORED}, "it is 0 on the prompt"),
        (changed("attention_mask", lambda there: 1 - there), "the other way round"),
        (changed("attention_mask", lambda there: there * 0), "`attention_mask`: for the row"),
        (lambda r, p: collate(r, p, filling=2), "they are filled with 2"),
        (lambda r, p: collate(r, p, filling=0), "they are filled with 0"),
        (lambda r, p: collate(r, p, filling=IGNORED), "no model can look it up"),
        (on_the_left, "they are filled on the left"),
        (changed("input_ids", lambda given: given[:, :-1]), "a part is missing"),
        (changed("input_ids", lambda given: given + 1), "`input_ids`: for the row"),
        (lambda rows, pad_id: {"labels": collate(rows, pad_id)["labels"]}, "has no `input_ids`"),
        (lambda rows, pad_id: list(collate(rows, pad_id).values()), "Expected a dictionary of three tensors"),
        (lambda rows, pad_id: {"input_ids": torch.tensor([r["answer"] for r in rows])}, "fill each up to the longest"),
        (in_place, "the rows themselves were changed"),
    ],
)
def test_wrong_collators(function, diagnosis):
    verdict = check("13.2", function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
