"""What the appointments adapter is judged by: its answers to held-out requests, and what became of other texts."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import torch
import torch.distributed as dist
from peft import PeftModel

from hf_tutorial.sources.appointments import SYSTEM, Appointment, draw_appointments
from hf_tutorial.sources.recipes.reviews import load_reviews
from hf_tutorial.sources.split import split_reviews
from training.parallel import say

SEED = 2222
KEYS = ("who", "day", "time")
Messages = list[dict[str, str]]

# Ordinary questions, to see whether the model still answers them, or makes an appointment of everything.
QUESTIONS = (
    "What is the capital of France?",
    "Write a sentence about the sea.",
    "How many days does a week have?",
    "Name three animals that can fly.",
    "What is the opposite of cold?",
    "Explain in one sentence what a library is.",
    "Give me a synonym for happy.",
    "Who wrote Romeo and Juliet?",
    "What do bees make?",
    "Translate 'good morning' to French.",
    "What colour do blue and yellow make?",
    "Why do people sleep?",
)


@torch.no_grad()
def answer(model, tokenizer, conversations: Sequence[Messages], new_tokens: int, size: int = 16) -> list[str]:
    """Return the model's greedy answers, of at most `new_tokens` each; the processes share the conversations."""
    mine = range(dist.get_rank(), len(conversations), dist.get_world_size())
    answers: dict[int, str] = {}
    for start in range(0, len(mine), size):
        rows = mine[start : start + size]
        inputs = tokenizer.apply_chat_template(
            [conversations[row] for row in rows],
            add_generation_prompt=True,
            return_tensors="pt",
            return_dict=True,
            padding=True,
            tokenizer_kwargs={"padding_side": "left"},
        )
        written = model.generate(
            **inputs, do_sample=False, max_new_tokens=new_tokens, pad_token_id=tokenizer.pad_token_id
        )[:, inputs["input_ids"].shape[1] :]
        answers |= zip(rows, tokenizer.batch_decode(written, skip_special_tokens=True), strict=True)
    parts: list[dict[int, str]] = [{} for _ in range(dist.get_world_size())]
    dist.all_gather_object(parts, answers)
    together = {row: text for part in parts for row, text in part.items()}
    return [together[row] for row in range(len(conversations))]


def read_json(text: str) -> dict | None:
    """Return the object that `text` is, if it is JSON from end to end with exactly our three keys."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) and set(found) == set(KEYS) else None


def score(answers: Sequence[str], asked: Sequence[Appointment]) -> dict[str, float]:
    """Return, in per cent, how many answers are JSON with our keys, have each field right, and have all right."""
    read = [read_json(text) for text in answers]
    right = [
        {key: found is not None and found[key] == getattr(appointment, key) for key in KEYS}
        for found, appointment in zip(read, asked, strict=True)
    ]
    counts = {"json": sum(found is not None for found in read)}
    counts |= {key: sum(row[key] for row in right) for key in KEYS}
    counts["all"] = sum(all(row.values()) for row in right)
    return {name: round(100 * count / len(asked), 2) for name, count in counts.items()} | {"requests": len(asked)}


def base_rates(asked: Sequence[Appointment]) -> dict[str, float]:
    """Return the same for one constant answer in good JSON, with the most frequent day and time of those asked."""
    rates = {
        key: 100 * max(Counter(getattr(appointment, key) for appointment in asked).values()) / len(asked)
        for key in KEYS
    }
    together = Counter((one.who, one.day, one.time) for one in asked)
    rates["all"] = 100 * max(together.values()) / len(asked)
    return {name: round(rate, 2) for name, rate in rates.items()}


def with_examples(appointment: Appointment, shots: Sequence[Appointment]) -> Messages:
    """Return the prompt for `appointment` behind `shots` that are already answered."""
    turns = [turn for shot in shots for turn in shot.messages[1:]]
    return [appointment.messages[0], *turns, appointment.messages[1]]


@torch.no_grad()
def perplexity(model, tokenizer, texts: Sequence[str], length: int = 128) -> float:
    """Return the perplexity per token of the first `length` tokens of each text; the processes share the texts."""
    total = torch.zeros(2)
    for text in texts[dist.get_rank() :: dist.get_world_size()]:
        ids = tokenizer(text, truncation=True, max_length=length, return_tensors="pt")["input_ids"]
        predicted = ids.shape[1] - 1
        total += torch.tensor([model(input_ids=ids, labels=ids).loss.item() * predicted, predicted])
    dist.all_reduce(total)
    return round(math.exp((total[0] / total[1]).item()), 3)


def evaluate(weights: Path, load_base, tokenizer, judged: int, texts: int) -> dict[str, object]:
    """Return the figures of the base model, bare and with three examples, and of the adapter in the folder `weights`."""
    asked = draw_appointments("held_out", judged, SEED)
    shots = draw_appointments("train", 3, SEED)
    bare = [appointment.messages[:-1] for appointment in asked]
    shown = [with_examples(appointment, shots) for appointment in asked]
    reviews = split_reviews(load_reviews("imdb"))["held_out"].shuffle(seed=SEED)["text"][:texts]
    questions = [[{"role": "user", "content": question}] for question in QUESTIONS[:judged]]
    misled = [[{"role": "system", "content": SYSTEM}, *turns] for turns in questions]

    held_out: dict[str, object] = {"base_rates": base_rates(asked)}
    other: dict[str, object] = {}
    for name in ("base", "adapter"):
        model = load_base() if name == "base" else PeftModel.from_pretrained(load_base(), weights).float().eval()
        views = {"base": {"base": bare, "base_three_examples": shown}, "adapter": {"adapter": bare}}[name]
        for view, conversations in views.items():
            held_out[view] = score(answer(model, tokenizer, conversations, 40), asked)
            say(f"{view}: {held_out[view]}")
        answers = {
            "questions": answer(model, tokenizer, questions, 30),
            "questions_with_our_system_message": answer(model, tokenizer, misled, 30),
        }
        other[name] = {"perplexity_of_reviews": perplexity(model, tokenizer, list(reviews)), **answers}
        say(f"{name}: {other[name]}")
    return {"held_out": held_out, "other": other | {"reviews": len(reviews)}}
