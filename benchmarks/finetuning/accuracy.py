"""Accuracy on held-out reviews, and the CPU time that training took, for a few recipes with three seeds each.

python -m benchmarks.finetuning.accuracy "the course's recipe" measures one, and prints the figures as JSON.
"""

import json
import sys
import time
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import torch
from datasets import Dataset
from transformers import get_linear_schedule_with_warmup

from benchmarks.finetuning.pipelines import LOADERS, draw_reviews, new_model, new_tokenizer, our_loader
from hf_tutorial import setup, truncate_words

SEEDS = (42, 43, 44)
JUDGED = 500


@dataclass(frozen=True)
class Recipe:
    """What decides a training run. `head_rate` times `rate` is the rate of the new head."""

    batches: str
    reviews: int
    words: int
    keep: Literal["head", "tail"]
    epochs: int
    rate: float
    head_rate: int
    warmup: float
    clip: float | None


LECTURE = Recipe("the lecture's", 128, 50, "head", 3, 5e-5, 1, 0.0, None)
COURSE = Recipe("ours", 384, 32, "tail", 1, 2e-4, 5, 0.1, 1.0)
FIFTY = replace(COURSE, words=50, reviews=512)
RECIPES = {
    "the lecture's recipe": LECTURE,
    "the course's recipe": COURSE,
    "the course's rates on 512 cuts of 50 words, our batches": FIFTY,
    "the same, the lecture's batches": replace(FIFTY, batches="the lecture's"),
}


def measure(recipe: Recipe) -> dict[str, Any]:
    setup(seed=SEEDS[0], source="local")
    cut = truncate_words(recipe.words, keep=recipe.keep)
    train_data, judged = (
        draw_reviews(side, count).map(cut, batched=True)
        for side, count in (("train", recipe.reviews), ("held_out", JUDGED))
    )
    tokenizer, runs = new_tokenizer(), []
    for seed in SEEDS:
        model = new_model(seed)
        seconds = train(model, tokenizer, train_data, recipe, seed)
        runs.append({"seed": seed, "seconds": seconds, "right": count_right(model, tokenizer, judged)})
    return {**asdict(recipe), "judged": JUDGED, "runs": runs}


def train(model: Any, tokenizer: Any, reviews: Dataset, recipe: Recipe, seed: int) -> float:
    """Train `model` in place and return the CPU seconds of the loop, without those of tokenizing."""
    head = [parameter for name, parameter in model.named_parameters() if "classifier" in name]
    body = [parameter for name, parameter in model.named_parameters() if "classifier" not in name]
    groups = [{"params": body}, {"params": head, "lr": recipe.head_rate * recipe.rate}]
    optimizer = torch.optim.AdamW(groups, lr=recipe.rate, weight_decay=0.01, fused=True)
    epochs = [LOADERS[recipe.batches](reviews, tokenizer, seed + epoch) for epoch in range(recipe.epochs)]
    steps = sum(map(len, epochs))
    scheduler = get_linear_schedule_with_warmup(optimizer, int(recipe.warmup * steps), steps)
    model.train()
    started = time.process_time()
    for loader in epochs:
        for batch in loader:
            model(**batch).loss.backward()
            if recipe.clip:
                torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
            optimizer.step()
            scheduler.step()
            optimizer.zero_grad()
    return time.process_time() - started


@torch.no_grad()
def count_right(model: Any, tokenizer: Any, reviews: Dataset) -> int:
    model.eval()
    loader = our_loader(reviews, tokenizer, seed=0)
    return sum((model(**batch).logits.argmax(-1) == batch["labels"]).sum().item() for batch in loader)


if __name__ == "__main__":
    print(json.dumps(measure(RECIPES[sys.argv[1]])))
