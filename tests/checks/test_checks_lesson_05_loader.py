import pytest
import small_models
import torch
from torch.utils.data import DataLoader
from transformers import DataCollatorWithPadding

from hf_tutorial import check


def make_loader(dataset, tokenizer, batch_size, rename=True, call=None, drop_text=True, **loader):
    """A right solution of 05.2, unless it is told otherwise."""

    def tokenize(rows):
        return tokenizer(rows["text"], **(call or {"truncation": True}))

    dataset = dataset.map(tokenize, batched=True, remove_columns=["text"] if drop_text else None)
    if rename:
        dataset = dataset.rename_column("label", "labels")
    settings = {"shuffle": True, "collate_fn": DataCollatorWithPadding(tokenizer)} | loader
    return DataLoader(dataset, batch_size=batch_size, **settings)


def wrong(**changed):
    return lambda dataset, tokenizer, size: make_loader(dataset, tokenizer, size, **changed)


def plainly(batch):
    """Collate without padding, as the default does with tensors."""
    return {name: torch.stack([torch.tensor(row[name]) for row in batch]) for name in batch[0]}


def collated(change):
    """A right loader, of which every batch is changed."""

    def make(dataset, tokenizer, size):
        pad = DataCollatorWithPadding(tokenizer)
        return make_loader(dataset, tokenizer, size, collate_fn=lambda rows: change(pad(rows)))

    return make


def all_ones(batch):
    batch["attention_mask"] = torch.ones_like(batch["attention_mask"])
    return batch


def rolled(batch):
    batch["labels"] = 1 - batch["labels"]
    return batch


def without_mask(batch):
    return {name: value for name, value in batch.items() if name != "attention_mask"}


def unnamed(batch):
    return {("label" if name == "labels" else name): value for name, value in batch.items()}


def shuffled_once(dataset, tokenizer, size):
    return make_loader(dataset.shuffle(seed=1), tokenizer, size, shuffle=False)


def by_multiples(dataset, tokenizer, size):
    collator = DataCollatorWithPadding(tokenizer, pad_to_multiple_of=64)
    return make_loader(dataset, tokenizer, size, collate_fn=collator)


def half(dataset, tokenizer, size):
    return make_loader(dataset.select(range(6)), tokenizer, size)


def twice(dataset, tokenizer, size):
    from datasets import concatenate_datasets

    return make_loader(concatenate_datasets([dataset, dataset]), tokenizer, size)


def check_loader(function):
    return check("05.2", function, tokenizer=small_models.tokenizer())


def test_right_loaders():
    assert check_loader(make_loader).outcome == "right"
    in_format = wrong(drop_text=False)

    def with_format(dataset, tokenizer, size):
        loader = in_format(dataset, tokenizer, size)
        columns = ["input_ids", "attention_mask", "labels"]
        collator = DataCollatorWithPadding(tokenizer)
        return DataLoader(loader.dataset.with_format("torch", columns), size, shuffle=True, collate_fn=collator)

    assert check_loader(with_format).outcome == "right"


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (wrong(call={"truncation": True, "padding": True}), "padded to the longest text of the whole set"),
        (wrong(call={"truncation": True, "padding": "max_length"}), "to the model's limit"),
        (wrong(call={"verbose": False}), "nothing was truncated"),
        (wrong(call={"truncation": True, "max_length": 20}), "cut to 20 tokens"),
        (wrong(call={"truncation": True, "add_special_tokens": False}), "not those that the tokenizer gives"),
        (wrong(collate_fn=plainly), "nobody padded them together"),
        (wrong(collate_fn=None, call={"truncation": True, "padding": True}), "default collating"),
        (wrong(drop_text=False), "Is a column of texts still there?"),
        (wrong(shuffle=False), "The rows come in the order of the dataset"),
        (wrong(drop_last=True), "One epoch has"),
        (collated(unnamed), "still called `label`"),
        (collated(without_mask), "`attention_mask` is missing"),
        (collated(all_ones), "1 on padding"),
        (collated(rolled), "another text's label"),
        (collated(lambda batch: batch["input_ids"]), "to be a dictionary with `input_ids`"),
        (collated(lambda batch: {**batch, "labels": None}), "`labels` should be a tensor"),
        (shuffled_once, "every epoch has the same order"),
        (by_multiples, "or to a fixed multiple"),
        (half, "One epoch has 6 of 12 rows"),
        (twice, "One epoch has 24 rows, and the dataset 12"),
        (lambda dataset, tokenizer, size: make_loader(dataset, tokenizer, 3), "batches of 5, but the first has 3"),
        (lambda dataset, tokenizer, size: list(make_loader(dataset, tokenizer, size)), "Expected a `DataLoader`"),
        (lambda dataset, tokenizer, size: dataset.missing, "raises AttributeError"),
    ],
)
def test_wrong_loaders(function, diagnosis):
    verdict = check_loader(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_the_loader_of_the_exercise_is_wrong():
    def as_given(dataset, tokenizer, size):
        def tokenize(rows):
            return tokenizer(rows["text"], padding=True)

        dataset = dataset.map(tokenize, batched=True, batch_size=size).remove_columns("text")
        return DataLoader(dataset, batch_size=size)

    assert "one for each *place*" in check_loader(as_given).message
