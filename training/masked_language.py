"""Teach MiniLM to fill in masked tokens: the weights behind the stand-in for BERT's fill-mask.

    python -m training.masked_language

Trains a masked-language head and a LoRA adapter on the training side of the reviews' split (IMDb and Rotten Tomatoes), in
windows of whole sentences. Two processes of one thread share each batch; about an hour on two cores. Then it judges the
result on the held-out side, beside three ways of predicting by counting, and writes the weights and their figures.
"""

import argparse
import math
import random
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.distributed as dist
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from torch.nn.functional import cross_entropy

from hf_tutorial.sources.recipes.masked_language import HEAD, load_trained, new_masked_language_model
from hf_tutorial.sources.recipes.reviews import load_reviews
from hf_tutorial.sources.split import split_reviews
from training.common import (
    Clock,
    batches_of_like_length,
    collate,
    load_tokenizer,
    provenance,
    save_adapter,
    without_dropout,
    write_json,
)
from training.counts import Counts, judge_counting, percentages
from training.parallel import is_first, run_processes, say, take_steps
from training.windows import Hidden, Window, mask, windows_of

WEIGHTS = Path(__file__).parent.parent / "hf_tutorial" / "sources" / "weights" / "masked-language"
SEED = 1111


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the weights. `window` is in tokens, `rank` in dimensions."""

    window: int = 64
    masked_share: float = 0.2
    rank: int = 40
    alpha: int = 80
    batch_size: int = 16
    learning_rate: float = 1e-3
    warmup_share: float = 0.03
    weight_decay: float = 0.01
    passes: float = 0.8
    processes: int = 2
    seed: int = SEED


class MaskedLogits(torch.nn.Module):
    """The model, asked for logits at the masked places alone: all others would cost a vocabulary each."""

    def __init__(self, model) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, rows, columns) -> torch.Tensor:
        """Return logits (places, vocabulary) for the tokens at (`rows`, `columns`)."""
        bert = self.model.get_base_model() if hasattr(self.model, "get_base_model") else self.model
        hidden = bert.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return bert.cls(hidden[rows, columns])


def with_adapter(recipe: Recipe, frequencies: torch.Tensor):
    """Return the model with a LoRA adapter on every linear layer of its body, and a trainable head.

    The head's bias starts at the log-frequencies of the training tokens, which saves learning them.
    """
    model = without_dropout(new_masked_language_model())
    model.cls.predictions.bias.data.copy_(torch.log((frequencies + 0.1) / frequencies.sum()))
    config = LoraConfig(
        r=recipe.rank, lora_alpha=recipe.alpha, target_modules=r"bert\.encoder\..*\.(query|key|value|dense)"
    )
    adapted = get_peft_model(model, config)
    for parameter in (*model.cls.predictions.transform.parameters(), model.cls.predictions.bias):
        parameter.requires_grad_(True)
    return adapted


def inputs_for(windows: Sequence[Window], hidden: Hidden, pad: int) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    """Return what `MaskedLogits` takes for the masked `windows`, and the ids that were hidden."""
    masked, places = hidden
    rows = torch.tensor([row for row, chosen in enumerate(places) for _ in chosen])
    columns = torch.tensor([place for chosen in places for place in chosen])
    answers = torch.tensor([window[place] for window, chosen in zip(windows, places, strict=True) for place in chosen])
    return {**collate(masked, pad), "rows": rows, "columns": columns}, answers


def plan(windows: Sequence[Window], recipe: Recipe) -> list[list[int]]:
    """Return the batches of the whole run, as row numbers: each window once per pass."""
    lengths = [len(window) for window in windows]
    batches = [
        batch
        for turn in range(math.ceil(recipe.passes))
        for batch in batches_of_like_length(lengths, recipe.batch_size, recipe.seed + turn)
    ]
    return batches[: math.ceil(len(batches) * recipe.passes / math.ceil(recipe.passes))]


def train(model, tokenizer, windows: Sequence[Window], recipe: Recipe) -> list[dict[str, float]]:
    """Train `model` in place, each process on its share of every batch; return the mean loss of every 50 steps."""
    chance = random.Random(recipe.seed + dist.get_rank())

    def loss_of(parallel, rows: Sequence[int]) -> torch.Tensor:
        mine = [windows[row] for row in rows]
        hidden = mask(mine, recipe.masked_share, tokenizer.mask_token_id, chance)
        inputs, answers = inputs_for(mine, hidden, tokenizer.pad_token_id)
        return cross_entropy(parallel(**inputs), answers)

    return take_steps(MaskedLogits(model), plan(windows, recipe), loss_of, recipe, every=50)


@torch.no_grad()
def judge(model, tokenizer, windows: Sequence[Window], share: float, size: int = 32) -> dict[str, float]:
    """Return the share of hidden tokens, in per cent, that the model names first and among its first five.

    `share` of each window's tokens is masked, at least one; each process judges its part of the windows.
    """
    model.eval()
    asked = MaskedLogits(model)
    masked, places = mask(windows, share, tokenizer.mask_token_id, random.Random(SEED))
    order = sorted(range(len(windows)), key=lambda row: len(windows[row]))[dist.get_rank() :: dist.get_world_size()]
    hits = torch.zeros(3)
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        hidden = [masked[row] for row in rows], [places[row] for row in rows]
        inputs, answers = inputs_for([windows[row] for row in rows], hidden, tokenizer.pad_token_id)
        right = asked(**inputs).topk(5).indices == answers[:, None]
        hits += torch.tensor([right[:, 0].sum(), right.sum(), len(answers)])
    dist.all_reduce(hits)
    return percentages(*hits.tolist())


def load_windows(tokenizer, recipe: Recipe, trial: int | None) -> dict[str, list[Window]]:
    """Return {"train": …, "held_out": …}: windows of the reviews of both sources, or of `trial` texts of each."""
    sides: dict[str, list[str]] = {"train": [], "held_out": []}
    for source in ("imdb", "rotten_tomatoes"):
        for side, rows in split_reviews(load_reviews(source)).items():
            sides[side] += list(rows["text"])[:trial]
    return {side: windows_of(tokenizer, texts, recipe.window, recipe.seed) for side, texts in sides.items()}


def evaluate(model, tokenizer, held_out: Sequence[Window], counts: Counts) -> dict[str, object]:
    """Return how often model and counting name the hidden token, at the same places of held-out windows.

    First with 15 % of the tokens hidden at once, as BERT is judged; the counting methods see their true neighbours all
    the same. Then with one token hidden in each window, as in use.
    """
    figures: dict[str, object] = {"windows": len(held_out)}
    for name, share in (("fifteen_percent", 0.15), ("one_token", 0.0)):
        here = {"model": judge(model, tokenizer, held_out, share)}
        if is_first():
            _, places = mask(held_out, share, tokenizer.mask_token_id, random.Random(SEED))
            here |= judge_counting(held_out, places, counts)
        figures[name] = here
        say(f"{name}: {here}")
    return figures


def save_head(model, path: Path) -> None:
    """Write the head but for its decoder, which is the table of embeddings, as fp16 safetensors."""
    predictions = model.get_base_model().cls.predictions
    head = {f"transform.{name}": tensor for name, tensor in predictions.transform.state_dict().items()}
    head["bias"] = predictions.bias.data
    draft = path.with_name(f"{path.name}.new")
    save_file({name: tensor.half().contiguous() for name, tensor in head.items()}, draft)
    draft.replace(path)


def work(recipe: Recipe, arguments: argparse.Namespace) -> None:
    """Do the whole run, as one of several processes; the first of them writes."""
    clock, run = Clock(), provenance()
    say(run)
    say(recipe)
    warnings.filterwarnings("ignore", "`is_gradient_checkpointing`")  # peft's call, nothing to do with this run
    tokenizer = load_tokenizer()
    windows = load_windows(tokenizer, recipe, arguments.trial)
    counts = Counts(windows["train"], tokenizer.vocab_size)
    tokens = sum(len(window) - 2 for window in windows["train"])
    say(f"{len(windows['train'])} windows with {tokens} tokens to train on, after {clock.read()['wall_seconds']} s")
    model = with_adapter(recipe, torch.tensor(counts.unigram, dtype=torch.float32))
    history = train(model, tokenizer, windows["train"], recipe)
    training = {"windows": len(windows["train"]), "tokens": tokens, **clock.read(), "loss": history}
    if is_first():
        save_adapter(model.half(), arguments.out)
        save_head(model, arguments.out / HEAD)
    dist.barrier()  # what is judged is what was saved
    held_out = random.Random(SEED).sample(windows["held_out"], min(arguments.judged, len(windows["held_out"])))
    judged = evaluate(load_trained(arguments.out), tokenizer, held_out, counts)
    if is_first():
        figures = {"run": run, "recipe": vars(recipe), "training": training, "held_out": judged}
        write_json(arguments.out / "figures.json", figures)
    say(f"done in {clock.read()['wall_seconds']} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder for weights and figures")
    parser.add_argument(
        "--judged", type=int, default=4000, metavar="WINDOWS", help="how many held-out windows to judge"
    )
    parser.add_argument("--trial", type=int, metavar="TEXTS", help="use only so many texts of each source and side")
    arguments = parser.parse_args()
    recipe = Recipe()
    run_processes(work, recipe.processes, recipe.seed, recipe, arguments)


if __name__ == "__main__":
    main()
