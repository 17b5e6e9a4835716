"""Checks of lesson 05, second part: a training loader that pads each batch by itself."""

from collections.abc import Mapping
from typing import Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong

Row = tuple[tuple[int, ...], int]

_BATCH = 5
_WORDS = (3, 40, 9, 1, 25, 6, 18, 12, 2, 31, 5)


@exercise("05.2", expects="the function `make_loader`")
def training_loader(answer: object, tokenizer: Any) -> str:
    from datasets import Dataset

    texts = [" ".join(["film", "a"] * count) for count in _WORDS]
    texts.append("film " * (tokenizer.model_max_length + 10))
    labels = [place % 2 for place in range(len(texts))]
    dataset = Dataset.from_dict({"text": texts, "label": labels})
    try:
        loader = call(answer, dataset, tokenizer, _BATCH, given=f"{len(texts)} texts, the tokenizer, {_BATCH}")
        if not hasattr(loader, "__iter__") or isinstance(loader, (list, Mapping)):
            raise Wrong(f"Expected a `DataLoader`, but got {shown(loader)}.")
        epochs = [call(list, loader, given="your loader") for _ in range(3)]
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    for batch in epochs[0]:
        _judge_form(batch)
    right = [
        (tuple(ids), label) for ids, label in zip(tokenizer(texts, truncation=True)["input_ids"], labels, strict=True)
    ]
    _judge_rows([row for batch in epochs[0] for row in _rows(batch)], right, tokenizer)
    _judge_widths(epochs[0], max(len(ids) for ids, _ in right))
    if any(len(batch["labels"]) != _BATCH for batch in epochs[0][:-1]):
        raise Wrong(f"Asked for batches of {_BATCH}, but the first has {len(epochs[0][0]['labels'])} rows.")
    _judge_order([[row for batch in epoch for row in _rows(batch)] for epoch in epochs], right)
    return "Each epoch draws a new order, and each batch is as wide as its own longest row."


def _why_failed(error: BaseException) -> str:
    said = str(error)
    if "equal size" in said:
        return " Rows of different length met in one batch, and nobody padded them together. Who should pad, and when?"
    if "Unable to create tensor" in said or "excessive nesting" in said:
        return " The collator makes a tensor of every column that it gets. Is a column of texts still there?"
    if "expected length" in said:
        return " A batched function has to return one entry for each row."
    return ""


def _judge_form(batch: Any) -> None:
    if not isinstance(batch, Mapping) or "input_ids" not in batch:
        raise Wrong(f"Expected each batch to be a dictionary with `input_ids`, but one is {shown(batch)}.")
    for name, value in batch.items():
        if isinstance(value, list):
            raise Wrong(
                f"`{name}` is a list of {len(value)} tensors, one for each *place* instead of one for each row: this is what "
                "the default collating makes of lists. Who makes tensors of them, a format or a collator?"
            )
        if not is_tensor(value):
            raise Wrong(f"`{name}` should be a tensor, but is {shown(value)}.")
    if "labels" not in batch:
        name = (
            "It is still called `label`, which a model swallows without a loss." if "label" in batch else "It is gone."
        )
        raise Wrong(f"The model computes a loss only if it gets `labels`. {name}")
    if "attention_mask" not in batch:
        raise Wrong("`attention_mask` is missing: the model would read the padding.")


def _rows(batch: Any) -> list[Row]:
    """Return the rows of a batch without what the mask hides."""
    ids, mask = batch["input_ids"].tolist(), batch["attention_mask"].tolist()
    kept = [tuple(id for id, there in zip(*row, strict=True) if there) for row in zip(ids, mask, strict=True)]
    return list(zip(kept, batch["labels"].tolist(), strict=True))


def _judge_rows(found: list[Row], right: list[Row], tokenizer: Any) -> None:
    if sorted(found) == sorted(right):
        return
    longest = max(len(ids) for ids, _ in found)
    if longest > tokenizer.model_max_length:
        raise Wrong(
            f"A row has {longest} tokens, and the model reads {tokenizer.model_max_length}: nothing was truncated."
        )
    if any(tokenizer.pad_token_id in ids for ids, _ in found):
        raise Wrong("The attention mask is 1 on padding: the mask has to be padded with zeros, as the collator does.")
    if len(found) < len(right):
        raise Wrong(f"One epoch has {len(found)} of {len(right)} rows. Is the last, smaller batch dropped?")
    if len(found) > len(right):
        raise Wrong(f"One epoch has {len(found)} rows, and the dataset {len(right)}.")
    if sorted(ids for ids, _ in found) == sorted(ids for ids, _ in right):
        raise Wrong("The texts are right, but some have another text's label.")
    if longest < max(len(ids) for ids, _ in right):
        raise Wrong(f"Texts were cut to {longest} tokens; the model reads {tokenizer.model_max_length}.")
    raise Wrong("The ids are not those that the tokenizer gives for these texts, cut where the model's limit is.")


def _judge_widths(batches: list[Any], longest: int) -> None:
    widths = [batch["input_ids"].shape[1] for batch in batches]
    needed = [int(batch["attention_mask"].sum(dim=1).max()) for batch in batches]
    if widths == needed:
        return
    if len(set(widths)) == 1 and widths[0] == longest:
        raise Wrong(
            f"Every batch is {longest} wide: padded to the longest text of the whole set, or to the model's limit. One batch "
            f"needs no more than {min(needed)}. Is there still a `padding=` in the function that `map` calls?"
        )
    place = next(n for n, (width, need) in enumerate(zip(widths, needed, strict=True)) if width != need)
    raise Wrong(
        f"A batch is {widths[place]} wide, and its longest row has {needed[place]} tokens. Its rows were padded before they "
        "met, or to a fixed multiple."
    )


def _judge_order(epochs: list[list[Row]], right: list[Row]) -> None:
    if all(epoch == right for epoch in epochs):
        raise Wrong("The rows come in the order of the dataset. A training loader draws a new order in each epoch.")
    if all(epoch == epochs[0] for epoch in epochs):
        raise Wrong(
            "The rows are shuffled once, and every epoch has the same order. It is the loader that should shuffle, not the "
            "dataset."
        )
