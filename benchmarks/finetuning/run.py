"""Measure every case of fine-tuning, one after the other, and make tables of them."""

import sys
from statistics import mean
from typing import Any

from benchmarks.markdown import markdown
from benchmarks.worker import measure

# Names and not imports: what is measured imports torch, in a process of its own.
SPEEDS = (("50 words", 320), ("up to 512 tokens", 160))
RECIPES = (
    "the lecture's recipe",
    "the course's recipe",
    "the same, the lecture's batches",
    "the course's rates on 512 cuts of 50 words, our batches",
)
THEIRS = "the lecture's"
LIMIT = 1500
Row = dict[str, Any]


def run(*, quick: bool) -> dict[str, list[Row]]:
    """Return speeds and accuracies; `quick` measures the speed alone, on few reviews."""
    speeds = [(texts, 48) for texts, _ in SPEEDS] if quick else SPEEDS
    return {
        "speeds": [speed(texts, count) for texts, count in speeds],
        "recipes": [] if quick else [recipe(name) for name in RECIPES],
    }


def speed(texts: str, count: int) -> Row:
    print(f"Fine-tuning: {count} reviews, {texts}", file=sys.stderr, flush=True)
    return {"texts": texts, **measure("benchmarks.finetuning.speed", texts, str(count), limit=LIMIT)}


def recipe(name: str) -> Row:
    print(f"Fine-tuning: {name}", file=sys.stderr, flush=True)
    return {"name": name, **measure("benchmarks.finetuning.accuracy", name, limit=LIMIT)}


def tables(measured: dict[str, list[Row]]) -> str:
    """Return what was measured as Markdown; ratios are to the lecture's batches."""
    parts = ["### Fine-tuning: training, CPU time", speed_table(measured["speeds"])]
    if measured["recipes"]:
        parts += ["### Fine-tuning: what it reaches", recipe_table(measured["recipes"])]
    return "\n\n".join(parts)


def speed_table(rows: list[Row]) -> str:
    head = ["texts", "the lecture's batches", "padding", "ours", "padding", "ratio"]
    return markdown(head, [speed_line(row) for row in rows])


def speed_line(row: Row) -> list[str]:
    if "failed" in row:
        return [row["texts"], row["failed"], *["–"] * 4]
    rates = {name: row["reviews"] / seconds for name, seconds in row["seconds"].items()}
    cells = [
        cell
        for name, rate in rates.items()
        for cell in (f"{rate:.1f} reviews/s", f"{1 - row['tokens'] / row['positions'][name]:.0%}")
    ]
    return [row["texts"], *cells, f"{rates['ours'] / rates[THEIRS]:.2f}×"]


def recipe_table(rows: list[Row]) -> str:
    head = [
        "recipe",
        "reviews × epochs",
        "CPU time",
        "reviews/s",
        "held-out accuracy",
        "points above chance per minute",
    ]
    return markdown(head, [recipe_line(row) for row in rows])


def recipe_line(row: Row) -> list[str]:
    """Return the means over the seeds, and the accuracy of the worst and the best of them."""
    if "failed" in row:
        return [row["name"], row["failed"], *["–"] * 4]
    seconds = mean(run["seconds"] for run in row["runs"])
    shares = [run["right"] / row["judged"] for run in row["runs"]]
    return [
        row["name"],
        f"{row['reviews']} × {row['epochs']}",
        f"{seconds:.0f} s",
        f"{row['reviews'] * row['epochs'] / seconds:.1f}",
        f"{mean(shares):.1%} ({min(shares):.1%} to {max(shares):.1%})",
        f"{100 * (mean(shares) - 0.5) / (seconds / 60):.0f}",
    ]
