"""Reviews per second of training, batch by batch in turns, for both ways of making batches.

python -m benchmarks.finetuning.speed "50 words" 320 measures, and prints the figures as JSON.
"""

import json
import sys
import time
from typing import Any

import torch

from benchmarks.finetuning.pipelines import BATCH, LOADERS, draw_reviews, new_model, new_tokenizer
from hf_tutorial import setup, truncate_words

TEXTS = {"50 words": 50, "up to 512 tokens": None}
SEED = 42


def measure(texts: str, count: int) -> dict[str, Any]:
    """Return for each way the CPU seconds that `count` reviews take, a multiple of 16, and how many positions they fill."""
    setup(seed=SEED, source="local")
    reviews, tokenizer, model = draw_reviews("train", count), new_tokenizer(), new_model(SEED)
    if TEXTS[texts]:
        reviews = reviews.map(truncate_words(TEXTS[texts]), batched=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-5, fused=True)
    seconds, positions = dict.fromkeys(LOADERS, 0.0), dict.fromkeys(LOADERS, 0)
    loaders = [iter(make(reviews, tokenizer, SEED)) for make in LOADERS.values()]
    step(model, optimizer, next(iter(LOADERS["ours"](reviews, tokenizer, SEED))))  # warm
    # In turns: what else the machine does meets both alike.
    for _ in range(count // BATCH):
        for name, loader in zip(LOADERS, loaders, strict=True):
            started = time.process_time()
            batch = next(loader)
            step(model, optimizer, batch)
            seconds[name] += time.process_time() - started
            positions[name] += batch["input_ids"].numel()
    tokens = sum(map(len, tokenizer(reviews["text"][:], truncation=True)["input_ids"]))
    return {"texts": texts, "reviews": count, "tokens": tokens, "seconds": seconds, "positions": positions}


def step(model: Any, optimizer: torch.optim.Optimizer, batch: dict[str, torch.Tensor]) -> None:
    model(**batch).loss.backward()
    optimizer.step()
    optimizer.zero_grad()


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
