"""Train a small T5 to translate dates: the weights behind `hf-tutorial/t5-dates`.

    python -m training.t5_dates

Two layers of encoder and two of decoder, from nothing, on dates from English to German, French and Romanian, in T5's own
words: "translate English to German: November 22, 2026". One thread. Then it judges the result on every held-out date, and
on inputs that it was not made for, and writes model, tokenizer and figures.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import torch
from transformers import AutoTokenizer, GenerationConfig, T5Config, T5ForConditionalGeneration
from transformers import get_linear_schedule_with_warmup as linear_schedule

from training.common import Clock, provenance, use_one_thread, write_json
from training.date_figures import DAYS_FOR_LIMITS, held_out_figures, limit_figures, spread
from training.date_tokenizer import write_tokenizer
from training.dates import LOCALES, Pair, formats_of, pair, split_days

WEIGHTS = Path(__file__).parent.parent / "hf_tutorial" / "sources" / "weights" / "t5-dates"
# The longest target takes 7 tokens; a wrong answer may take more.
LONGEST_OUTPUT = 16


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


def draw(days: Sequence[date], count: int, dice: random.Random) -> list[Pair]:
    """Return `count` pairs of random day, language and format."""
    drawn = []
    for _ in range(count):
        day = dice.choice(days)
        drawn.append(pair(day, dice.choice(list(LOCALES)), dice.choice(formats_of(day))))
    return drawn


def collate(tokenizer, pairs: Sequence[Pair]) -> dict[str, torch.Tensor]:
    """Return the inputs of one step; padding in the labels is -100, which the loss leaves out."""
    batch = tokenizer([each.source for each in pairs], padding=True, return_tensors="pt")
    labels = tokenizer([each.target for each in pairs], padding=True, return_tensors="pt")
    batch["labels"] = labels["input_ids"].masked_fill(labels["attention_mask"] == 0, -100)
    return batch


def train(model, tokenizer, days: Sequence[date], recipe: Recipe, steps: int) -> list[dict[str, float]]:
    """Train `model` in place; return the mean loss of every 50 steps."""
    dice = random.Random(recipe.seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    schedule = linear_schedule(optimizer, round(recipe.warmup_share * steps), steps)
    clock, recent, history = Clock(), [], []
    model.train()
    for step in range(1, steps + 1):
        loss = model(**collate(tokenizer, draw(days, recipe.batch_size, dice))).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        recent.append(loss.item())
        if step % 50 == 0 or step == steps:
            history.append({"step": step, "loss": round(sum(recent) / len(recent), 5)})
            seconds = clock.read()["wall_seconds"]
            print(f"step {step:4d} of {steps}   loss {history[-1]['loss']:.5f}   {seconds:4.0f} s", flush=True)
            recent.clear()
    return history


def judge(model, tokenizer, days: Sequence[date], trial: int | None) -> dict[str, object]:
    """Return the figures on all of the held-out `days`, or on `trial` of them."""
    judged = spread(days, trial) if trial else days
    return {
        "held_out": held_out_figures(model, tokenizer, judged),
        "limits": limit_figures(model, tokenizer, spread(days, trial or DAYS_FOR_LIMITS)),
    }


def work(folder: Path, recipe: Recipe, trial: int | None) -> None:
    """Do the whole run, and write model, tokenizer and figures to `folder`."""
    use_one_thread(recipe.seed)
    run, clock = provenance(), Clock()
    print(run, recipe, sep="\n", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    write_tokenizer(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = new_model(recipe, tokenizer)
    print(f"{model.num_parameters():,} parameters, {len(tokenizer)} tokens", flush=True)
    split = split_days()
    history = train(model, tokenizer, split["train"], recipe, trial or recipe.steps)
    training = {"days": len(split["train"]), **clock.read(), "loss": history}
    model.half().save_pretrained(folder)
    model.float().eval()  # with fp16's digits: what is saved is what is judged
    figures = judge(model, tokenizer, split["held_out"], trial)
    write_json(folder / "figures.json", {"run": run, "recipe": vars(recipe), "training": training, **figures})
    print(f"done in {clock.read()['wall_seconds']} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder for model, tokenizer and figures")
    parser.add_argument("--trial", type=int, metavar="STEPS", help="take only so many steps, and judge so many days")
    arguments = parser.parse_args()
    work(arguments.out, Recipe(), arguments.trial)


if __name__ == "__main__":
    main()
