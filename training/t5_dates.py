"""Train a small T5 to translate dates: the weights behind `hf-tutorial/t5-dates` and `hf-tutorial/t5-dates-early`.

    python -m training.t5_dates

Two layers of encoder and two of decoder, from nothing, on dates from English to German, French and Romanian, in T5's own
words: "translate English to German: November 22, 2026". One thread. After a few steps it keeps a copy, so that a lesson
can train on from there. In the end it judges the result on every held-out date and on inputs that it was not made for, the
early copy on some dates, and writes model, tokenizer and figures of both.
"""

import argparse
import random
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import torch
from transformers import AutoTokenizer, GenerationConfig, T5Config, T5ForConditionalGeneration
from transformers import get_linear_schedule_with_warmup as linear_schedule

from hf_tutorial.sources.dates import Pair, draw, split_days
from training.common import Clock, provenance, use_one_thread, write_json
from training.date_figures import DAYS_FOR_LIMITS, held_out_figures, limit_figures, spread
from training.date_tokenizer import write_tokenizer

# The early copy lies in a folder of this name with "-early" behind it.
WEIGHTS = Path(__file__).parent.parent / "hf_tutorial" / "sources" / "weights" / "t5-dates"
# The longest target takes 7 tokens; a wrong answer may take more.
LONGEST_OUTPUT = 16
DAYS_FOR_EARLY = 200
# Losses are kept as means of so many steps, and printed less often.
KEPT_EVERY, PRINTED_EVERY = 10, 50

Point = dict[str, float]


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the weights. `width`, `heads` and `inner` are T5's `d_model`, `num_heads` and `d_ff`."""

    layers: int = 2
    width: int = 128
    heads: int = 4
    inner: int = 256
    dropout: float = 0.0
    batch_size: int = 64
    learning_rate: float = 3e-3
    warmup_share: float = 0.05
    weight_decay: float = 0.01
    steps: int = 2000
    early_step: int = 150
    seed: int = 1111


def new_model(recipe: Recipe, tokenizer) -> T5ForConditionalGeneration:
    """Return an untrained T5 that generates greedily."""
    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=recipe.width,
        d_kv=recipe.width // recipe.heads,
        d_ff=recipe.inner,
        num_layers=recipe.layers,
        num_heads=recipe.heads,
        dropout_rate=recipe.dropout,
        feed_forward_proj="gated-gelu",
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.pad_token_id,
    )
    model = T5ForConditionalGeneration(config)
    model.generation_config = GenerationConfig(
        max_new_tokens=LONGEST_OUTPUT,
        pad_token_id=config.pad_token_id,
        eos_token_id=config.eos_token_id,
        decoder_start_token_id=config.decoder_start_token_id,
    )
    return model


def collate(tokenizer, pairs: Sequence[Pair]) -> dict[str, torch.Tensor]:
    """Return the inputs of one step; padding in the labels is -100, which the loss leaves out."""
    batch = tokenizer([each.source for each in pairs], padding=True, return_tensors="pt")
    labels = tokenizer([each.target for each in pairs], padding=True, return_tensors="pt")
    batch["labels"] = labels["input_ids"].masked_fill(labels["attention_mask"] == 0, -100)
    return batch


def train(model, tokenizer, days: Sequence[date], recipe: Recipe, steps: int) -> tuple[list[Point], Any]:
    """Train `model` in place; return the mean loss of every 10 steps, and a copy made after `recipe.early_step` of them."""
    dice = random.Random(recipe.seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    schedule = linear_schedule(optimizer, round(recipe.warmup_share * steps), steps)
    clock, recent, history, early = Clock(), [], [], None
    model.train()
    for step in range(1, steps + 1):
        loss = model(**collate(tokenizer, draw(days, recipe.batch_size, dice))).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        if step == min(recipe.early_step, steps):
            early = deepcopy(model)
        recent.append(loss.item())
        if step % KEPT_EVERY == 0 or step == steps:
            history.append({"step": step, "loss": round(sum(recent) / len(recent), 5)})
            recent.clear()
        if step % PRINTED_EVERY == 0 or step == steps:
            seconds = clock.read()["wall_seconds"]
            print(f"step {step:4d} of {steps}   loss {history[-1]['loss']:.5f}   {seconds:4.0f} s", flush=True)
    return history, early


def judge(model, tokenizer, days: Sequence[date], trial: int | None) -> dict[str, object]:
    """Return the figures on all of the held-out `days`, or on `trial` of them."""
    judged = spread(days, trial) if trial else days
    return {
        "held_out": held_out_figures(model, tokenizer, judged),
        "limits": limit_figures(model, tokenizer, spread(days, trial or DAYS_FOR_LIMITS)),
    }


def save(model, folder: Path) -> None:
    """Write model and tokenizer to `folder`, and leave the model with fp16's digits: what is saved is what is judged."""
    folder.mkdir(parents=True, exist_ok=True)
    write_tokenizer(folder)
    model.half().save_pretrained(folder)
    model.float().eval()


def work(folder: Path, recipe: Recipe, trial: int | None) -> None:
    """Do the whole run, and write model, tokenizer and figures to `folder`, those of the early copy beside it."""
    use_one_thread(recipe.seed)
    run, clock = provenance(), Clock()
    print(run, recipe, sep="\n", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    write_tokenizer(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = new_model(recipe, tokenizer)
    print(f"{model.num_parameters():,} parameters, {len(tokenizer)} tokens", flush=True)
    split = split_days()
    steps = trial or recipe.steps
    history, early = train(model, tokenizer, split["train"], recipe, steps)
    training = {"days": len(split["train"]), **clock.read(), "loss": history}
    save(model, folder)
    figures = judge(model, tokenizer, split["held_out"], trial)
    write_json(folder / "figures.json", {"run": run, "recipe": vars(recipe), "training": training, **figures})
    made = {"run": run, "step": min(recipe.early_step, steps), "steps": steps}
    work_on_early(early, tokenizer, folder.with_name(f"{folder.name}-early"), made, split["held_out"], trial)
    print(f"done in {clock.read()['wall_seconds']} s")


def work_on_early(model, tokenizer, folder: Path, made: dict, days: Sequence[date], trial: int | None) -> None:
    """Write the early copy to `folder`, with figures on some of the held-out `days`."""
    print("the early copy:", flush=True)
    save(model, folder)
    judged = spread(days, trial or DAYS_FOR_EARLY)
    figures = held_out_figures(model, tokenizer, judged)
    write_json(folder / "figures.json", {**made, "days": len(judged), "held_out": figures})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder for model, tokenizer and figures")
    parser.add_argument("--trial", type=int, metavar="STEPS", help="take only so many steps, and judge so many days")
    arguments = parser.parse_args()
    work(arguments.out, Recipe(), arguments.trial)


if __name__ == "__main__":
    main()
