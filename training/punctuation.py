"""Teach MiniLM to put the marks back into a text: the weights behind `hf-tutorial/punctuation`.

    python -m training.punctuation

Trains a LoRA adapter and a token-classification head on the training side of the IMDb reviews, whose own punctuation is
taken away and becomes the labels. Two processes of one thread share each batch; about an hour on two cores. Then it
judges the result on held-out reviews, beside a rule that puts a full stop after every twentieth word, and writes the
weights and their figures.
"""

import argparse
import json
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.distributed as dist
from peft import LoraConfig, get_peft_model
from torch.nn.functional import cross_entropy

from hf_tutorial.sources.punctuation import IGNORED, LABELS
from hf_tutorial.sources.recipes.punctuation import load_trained, new_tagger
from hf_tutorial.sources.recipes.reviews import load_reviews
from hf_tutorial.sources.split import split_reviews
from training.common import (
    Clock,
    batches_of_like_length,
    collate,
    load_tokenizer,
    padded,
    provenance,
    save_adapter,
    without_dropout,
    write_json,
)
from training.parallel import is_first, run_processes, say, take_steps
from training.stretches import Stretch, overlapping_stretches, stretches_of

WEIGHTS = Path(__file__).parent.parent / "hf_tutorial" / "sources" / "weights" / "punctuation"
SEED = 1111
EVERY = 20
MARGIN = 24


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the weights. `length` is in tokens without the special ones, `rank` in dimensions.

    `weights` are those of the labels in the loss. Without them the model would write a mark only where it is more likely
    than none, and miss most commas; F1 asks for as many found as given.
    """

    length: int = 126
    closing: float = 0.4
    rank: int = 32
    alpha: int = 64
    batch_size: int = 16
    learning_rate: float = 1e-3
    warmup_share: float = 0.03
    weight_decay: float = 0.01
    passes: float = 1.0
    weights: tuple[float, ...] = (1.0, 2.0, 1.5, 2.0)
    processes: int = 2
    seed: int = SEED


def with_adapter(recipe: Recipe):
    """Return the tagger with a LoRA adapter on every linear layer of its body, and a trainable head."""
    model = without_dropout(new_tagger())
    config = LoraConfig(
        task_type="TOKEN_CLS",
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        target_modules=["query", "key", "value", "dense"],
        modules_to_save=["classifier"],
    )
    return get_peft_model(model, config)


def batch_of(tokenizer, stretches: Sequence[Stretch]) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    """Return the model's inputs for `stretches`, and their labels (stretches, longest)."""
    ids = [[tokenizer.cls_token_id, *stretch.ids, tokenizer.sep_token_id] for stretch in stretches]
    labels = [[IGNORED, *stretch.labels, IGNORED] for stretch in stretches]
    return collate(ids, tokenizer.pad_token_id), padded(labels, IGNORED)


def train(model, tokenizer, stretches: Sequence[Stretch], recipe: Recipe) -> list[dict[str, float]]:
    """Train `model` in place, each process on its share of every batch; return the mean loss of every 50 steps."""
    lengths = [len(stretch.ids) for stretch in stretches]
    batches = list(batches_of_like_length(lengths, recipe.batch_size, recipe.seed))
    batches = batches[: math.ceil(recipe.passes * len(batches))]

    weights = torch.tensor(recipe.weights)

    def loss_of(parallel, rows: Sequence[int]) -> torch.Tensor:
        inputs, labels = batch_of(tokenizer, [stretches[row] for row in rows])
        logits = parallel(**inputs).logits.flatten(0, 1)
        return cross_entropy(logits, labels.flatten(), weight=weights, ignore_index=IGNORED)

    return take_steps(model, batches, loss_of, recipe, every=50)


@torch.no_grad()
def judge(model, tokenizer, stretches: Sequence[Stretch], size: int = 32) -> torch.Tensor:
    """Return how many words of each label, by rows, got which label, by columns; each process judges its share."""
    model.eval()
    confusion = torch.zeros(len(LABELS), len(LABELS), dtype=torch.long)
    order = sorted(range(len(stretches)), key=lambda row: len(stretches[row].ids))
    order = order[dist.get_rank() :: dist.get_world_size()]
    for start in range(0, len(order), size):
        inputs, labels = batch_of(tokenizer, [stretches[row] for row in order[start : start + size]])
        _count(confusion, labels.flatten(), model(**inputs).logits.argmax(dim=-1).flatten())
    dist.all_reduce(confusion)
    return confusion


def judge_rule(stretches: Sequence[Stretch], every: int = EVERY) -> torch.Tensor:
    """Return the same for the rule: a full stop after every so many words, no other mark."""
    confusion = torch.zeros(len(LABELS), len(LABELS), dtype=torch.long)
    for stretch in stretches:
        labels = torch.tensor([label for label in stretch.labels if label != IGNORED])
        guesses = torch.zeros_like(labels)
        guesses[every - 1 :: every] = LABELS.index("B-stop")
        _count(confusion, labels, guesses)
    return confusion


def _count(confusion: torch.Tensor, labels: torch.Tensor, guesses: torch.Tensor) -> None:
    kept = labels != IGNORED
    pairs = labels[kept] * len(LABELS) + guesses[kept]
    confusion += torch.bincount(pairs, minlength=len(LABELS) ** 2).view_as(confusion)


def scores(confusion: torch.Tensor) -> dict[str, dict[str, float]]:
    """Return precision, recall and F1 for each mark, and how many words had it."""
    figures = {}
    for number, label in enumerate(LABELS[1:], start=1):
        right, given, true = confusion[number, number], confusion[:, number].sum(), confusion[number].sum()
        figures[label.removeprefix("B-")] = {
            "precision": round((right / given.clamp(min=1)).item(), 4),
            "recall": round((right / true.clamp(min=1)).item(), 4),
            "f1": round((2 * right / (given + true).clamp(min=1)).item(), 4),
            "words": int(true),
        }
    return figures


def evaluate(weights: Path, tokenizer, texts: Sequence[str], length: int) -> dict[str, object]:
    """Return the scores on `texts` of the model in the folder `weights` and of the rule, and the counts behind them.

    First in stretches that are cut by length alone. Then in stretches that overlap, as long texts are better read: near
    a cut the model sees one side of a word only.
    """
    model = load_trained(weights)
    cut = stretches_of(tokenizer, texts, length)
    counts = {
        "model": judge(model, tokenizer, cut),
        "model_overlapping": judge(model, tokenizer, overlapping_stretches(tokenizer, texts, length, MARGIN)),
        "rule": judge_rule(cut),
    }
    figures: dict[str, object] = {"reviews": len(texts), "stretches": len(cut), "margin": MARGIN}
    for name, confusion in counts.items():
        figures[name] = scores(confusion) | {"counts": confusion.tolist()}
        say(f"{name}: {figures[name]}")
    return figures


def load_texts(trial: int | None, judged: int) -> dict[str, list[str]]:
    """Return {"train": …, "held_out": …}: all reviews of the one side, `judged` of the other, or `trial` of each."""
    sides = split_reviews(load_reviews("imdb"))
    chosen = random.Random(SEED).sample(range(len(sides["held_out"])), min(judged, len(sides["held_out"])))
    held_out = sides["held_out"].select(chosen)["text"][:trial]
    return {"train": sides["train"]["text"][:trial], "held_out": held_out}


def work(recipe: Recipe, arguments: argparse.Namespace) -> None:
    """Do the whole run, as one of several processes; the first of them writes."""
    run = provenance()
    say(run)
    tokenizer, texts = load_tokenizer(), load_texts(arguments.trial, arguments.judged)
    if arguments.judge:
        figures = json.loads((arguments.out / "figures.json").read_text(encoding="utf-8"))
    else:
        figures = {"run": run, "recipe": vars(recipe)}
        figures["training"] = train_and_save(tokenizer, texts["train"], recipe, arguments.out)
    figures["judged_at"] = run["commit"]
    figures["held_out"] = evaluate(arguments.out, tokenizer, texts["held_out"], recipe.length)
    if is_first():
        write_json(arguments.out / "figures.json", figures)


def train_and_save(tokenizer, texts: Sequence[str], recipe: Recipe, out: Path) -> dict[str, object]:
    """Train a new model, write it to the folder `out`, and return the figures of the training."""
    say(recipe)
    clock = Clock()
    stretches = stretches_of(tokenizer, texts, recipe.length, recipe.closing, recipe.seed)
    tokens = sum(len(stretch.ids) for stretch in stretches)
    say(f"{len(stretches)} stretches with {tokens} tokens, after {clock.read()['wall_seconds']} s")
    model = with_adapter(recipe)
    history = train(model, tokenizer, stretches, recipe)
    figures = {"stretches": len(stretches), "tokens": tokens, **clock.read(), "loss": history}
    if is_first():
        save_adapter(model.half(), out)
    dist.barrier()  # what is judged is what was saved
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder for weights and figures")
    parser.add_argument(
        "--judged", type=int, default=1000, metavar="REVIEWS", help="how many held-out reviews to judge"
    )
    parser.add_argument("--judge", action="store_true", help="train nothing: judge the weights in the folder again")
    parser.add_argument("--trial", type=int, metavar="TEXTS", help="use only so many texts of each side")
    arguments = parser.parse_args()
    recipe = Recipe()
    run_processes(work, recipe.processes, recipe.seed, recipe, arguments)


if __name__ == "__main__":
    main()
