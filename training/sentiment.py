"""Fine-tune MiniLM for sentiment with LoRA: the weights behind the stand-in for SiEBERT.

    python -m training.sentiment

Trains a rank-8 adapter and a two-way head on the training side of the reviews' split (IMDb and Rotten Tomatoes), 128
tokens a review, its head and its tail. Two processes of one thread share each batch; about an hour on two cores. Then
it judges the result on the held-out side, beside TF-IDF + logistic regression trained on the same reviews, and writes
the adapter and its figures.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.distributed as dist
from peft import LoraConfig, get_peft_model

from hf_tutorial.sources.recipes.reviews import load_reviews
from hf_tutorial.sources.recipes.sentiment import new_classifier
from hf_tutorial.sources.split import split_reviews
from training.common import (
    Clock,
    batches_of_like_length,
    collate,
    head_and_tail,
    load_tokenizer,
    provenance,
    save_adapter,
    without_dropout,
    write_json,
)
from training.parallel import is_first, run_processes, say, take_steps

WEIGHTS = Path(__file__).parent.parent / "hf_tutorial" / "sources" / "weights" / "sentiment"
SEED = 1111


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the weights. `length` and `rank` are in tokens and dimensions."""

    length: int = 128
    rank: int = 8
    alpha: int = 16
    batch_size: int = 32
    learning_rate: float = 1e-3
    warmup_share: float = 0.06
    weight_decay: float = 0.01
    epochs: int = 2
    processes: int = 2
    seed: int = SEED


@dataclass(frozen=True)
class Labelled:
    """Texts and their labels, 0 or 1."""

    texts: list[str]
    labels: list[int]

    def first(self, count: int | None) -> "Labelled":
        """Return `count` of them, drawn once and for all, or all of them."""
        if count is None or count >= len(self.texts):
            return self
        order = torch.randperm(len(self.texts), generator=torch.Generator().manual_seed(SEED))[:count].tolist()
        return Labelled([self.texts[row] for row in order], [self.labels[row] for row in order])


def load_split() -> dict[str, dict[str, Labelled]]:
    """Return {"imdb": {"train": …, "held_out": …}, "rotten_tomatoes": …}."""
    return {
        source: {
            side: Labelled(list(rows["text"]), list(rows["label"]))
            for side, rows in split_reviews(load_reviews(source)).items()
        }
        for source in ("imdb", "rotten_tomatoes")
    }


def with_adapter(recipe: Recipe):
    """Return the classifier with a LoRA adapter on every linear layer and a trainable head.

    Two passes over the data with so few parameters do not overfit: dropout would only cost time.
    """
    model = without_dropout(new_classifier())
    config = LoraConfig(
        task_type="SEQ_CLS",
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        target_modules=["query", "key", "value", "dense"],
        modules_to_save=["classifier"],
    )
    return get_peft_model(model, config)


def train(model, tokenizer, data: Labelled, recipe: Recipe) -> list[dict[str, float]]:
    """Train `model` in place, each process on its share of every batch; return the mean loss of every 25 steps."""
    encoded = head_and_tail(tokenizer, data.texts, recipe.length)
    lengths = [len(ids) for ids in encoded]
    batches = [
        batch
        for epoch in range(recipe.epochs)
        for batch in batches_of_like_length(lengths, recipe.batch_size, recipe.seed + epoch)
    ]

    def loss_of(parallel, rows: Sequence[int]) -> torch.Tensor:
        inputs = collate([encoded[row] for row in rows], tokenizer.pad_token_id)
        return parallel(**inputs, labels=torch.tensor([data.labels[row] for row in rows])).loss

    return take_steps(model, batches, loss_of, recipe, every=25)


@torch.no_grad()
def accuracy(model, encoded: list[list[int]], labels: list[int], pad: int, batch_size: int = 16) -> float:
    """Return the percentage of rows whose larger logit is the label's, each process judging its share of them."""
    model.eval()
    order = sorted(range(len(encoded)), key=lambda row: len(encoded[row]))
    mine = order[dist.get_rank() :: dist.get_world_size()]
    right = torch.zeros(1)
    for start in range(0, len(mine), batch_size):
        rows = mine[start : start + batch_size]
        predicted = model(**collate([encoded[row] for row in rows], pad)).logits.argmax(dim=-1)
        right += (predicted == torch.tensor([labels[row] for row in rows])).sum()
    dist.all_reduce(right)
    return round(100 * right.item() / len(order), 2)


def first_tokens(tokenizer, texts: list[str], length: int) -> list[list[int]]:
    """Return the ids that plain `truncation=True` leaves."""
    return tokenizer(texts, truncation=True, max_length=length)["input_ids"]


def evaluate(model, tokenizer, held_out: dict[str, Labelled], length: int) -> dict[str, object]:
    """Return accuracies in per cent, with the number of held-out texts that each rests on."""
    imdb, snippets = held_out["imdb"], held_out["rotten_tomatoes"]
    views = {
        f"imdb_head_and_tail_{length}": (head_and_tail(tokenizer, imdb.texts, length), imdb),
        "imdb_first_512": (first_tokens(tokenizer, imdb.texts, 512), imdb),
        "rotten_tomatoes": (first_tokens(tokenizer, snippets.texts, 512), snippets),
    }
    figures: dict[str, object] = {}
    for name, (encoded, data) in views.items():
        share = accuracy(model, encoded, data.labels, tokenizer.pad_token_id)
        figures[name] = {"accuracy": share, "texts": len(encoded)}
        say(f"{name}: {share} % of {len(encoded)}")
    return figures


def tfidf_baseline(train_data: dict[str, Labelled], held_out: dict[str, Labelled]) -> dict[str, object]:
    """Return the accuracies of TF-IDF + logistic regression on full texts, trained on each source by itself."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    figures: dict[str, object] = {}
    for source, data in train_data.items():
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        classifier = make_pipeline(words, LogisticRegression(C=10, max_iter=1000)).fit(data.texts, data.labels)
        share = round(100 * classifier.score(held_out[source].texts, held_out[source].labels), 2)
        figures[source] = {"accuracy": share, "texts": len(held_out[source].texts), "trained_on": len(data.texts)}
        say(f"TF-IDF + logistic regression on {source}: {share} %")
    return figures


def work(recipe: Recipe, arguments: argparse.Namespace) -> None:
    """Do the whole run, as one of several processes; the first of them writes."""
    clock, run = Clock(), provenance()
    say(run)
    say(recipe)
    split = load_split()
    train_data = {source: sides["train"].first(arguments.trial) for source, sides in split.items()}
    held_out = {source: sides["held_out"].first(arguments.trial) for source, sides in split.items()}
    everything = Labelled(
        [text for data in train_data.values() for text in data.texts],
        [label for data in train_data.values() for label in data.labels],
    )
    tokenizer = load_tokenizer()
    model = with_adapter(recipe)
    history = train(model, tokenizer, everything, recipe)
    training = {"texts": len(everything.texts), **clock.read(), "loss": history}
    model.half()  # what is saved is what is judged
    if is_first():
        save_adapter(model, arguments.out)
    judged = evaluate(model.float(), tokenizer, held_out, recipe.length)
    if is_first():
        figures = {
            "run": run,
            "recipe": vars(recipe),
            "training": training,
            "held_out": judged,
            "tfidf_logistic_regression": tfidf_baseline(train_data, held_out),
        }
        write_json(arguments.out / "figures.json", figures)
    say(f"done in {clock.read()['wall_seconds']} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder for adapter and figures")
    parser.add_argument("--trial", type=int, metavar="TEXTS", help="use only so many texts of each source and side")
    arguments = parser.parse_args()
    recipe = Recipe()
    run_processes(work, recipe.processes, recipe.seed, recipe, arguments)


if __name__ == "__main__":
    main()
