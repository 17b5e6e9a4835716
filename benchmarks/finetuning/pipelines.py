"""Two ways from reviews to batches: padded in `map` and never shuffled, or padded when drawn, in groups of like length."""

from collections.abc import Callable
from typing import Any

from datasets import Dataset, load_dataset
from torch.utils.data import DataLoader
from transformers import AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, set_seed

from hf_tutorial import hub_or_local, split_reviews
from training.common import batches_of_like_length

Loader = DataLoader[dict[str, Any]]
BATCH = 16


def draw_reviews(side: str, count: int) -> Dataset:
    """Return reviews from one side of the course's split."""
    reviews = split_reviews(load_dataset(hub_or_local("stanfordnlp/imdb"))["train"])
    return reviews[side].shuffle(seed=1111).select(range(count))


def checkpoint() -> str:
    return hub_or_local("distilbert/distilbert-base-uncased")


def new_tokenizer() -> Any:
    return AutoTokenizer.from_pretrained(checkpoint())


def new_model(seed: int) -> Any:
    """Return the body with a new head for two classes, without dropout."""
    set_seed(seed)
    off = dict.fromkeys(("dropout", "attention_dropout", "seq_classif_dropout"), 0.0)
    return AutoModelForSequenceClassification.from_pretrained(checkpoint(), num_labels=2, **off)


def tokenize(reviews: Dataset, tokenizer: Any, *, padded: bool) -> Dataset:
    """Return ids, mask and labels; `padded` pads each block of 16 rows to its longest, as the lecture does."""

    def encode(rows: dict[str, list[str]]) -> Any:
        return tokenizer(rows["text"], truncation=True, padding=padded)

    encoded = reviews.map(encode, batched=True, batch_size=BATCH)
    return encoded.remove_columns("text").rename_column("label", "labels")


def lecture_loader(reviews: Dataset, tokenizer: Any, seed: int) -> Loader:
    """Return batches of 16, each a block that `map` has padded: in the same order whatever the seed."""
    return DataLoader(tokenize(reviews, tokenizer, padded=True).with_format("torch"), batch_size=BATCH)


def our_loader(reviews: Dataset, tokenizer: Any, seed: int) -> Loader:
    """Return batches of 16 of like length in a random order, padded when they are drawn."""
    encoded = tokenize(reviews, tokenizer, padded=False)
    batches = list(batches_of_like_length(list(map(len, encoded["input_ids"])), BATCH, seed))
    return DataLoader(encoded, batch_sampler=batches, collate_fn=DataCollatorWithPadding(tokenizer))


LOADERS: dict[str, Callable[[Dataset, Any, int], Loader]] = {"the lecture's": lecture_loader, "ours": our_loader}
