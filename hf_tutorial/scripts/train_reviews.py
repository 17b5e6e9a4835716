"""Fine-tune a classifier on film reviews, in one process or in many.

    python train_reviews.py --out run
    accelerate launch --multi_gpu --num_processes 2 train_reviews.py --out run

It is the training loop of lesson 06 with Accelerate: whatever the number of processes, a step sees the same reviews and
has the same loss. (`--multi_gpu` means several processes; on a machine without a GPU they share its CPU.) It writes its
state to `run/state` every few steps; killed and started again with the same arguments, it goes on from there and ends
with the same weights. `run/model` then holds the model, `run/figures.json` the losses and the accuracy on held-out
reviews.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from accelerate import Accelerator, DataLoaderConfiguration
from accelerate.utils import set_seed
from datasets import Dataset, disable_progress_bars, load_dataset
from torch.utils.data import DataLoader
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    get_linear_schedule_with_warmup,
)
from transformers.utils import logging

from hf_tutorial import hub_or_local, split_reviews, truncate_words

CHECKPOINT = "distilbert/distilbert-base-uncased"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder for state, model and figures")
    parser.add_argument("--reviews", type=int, default=384, help="how many reviews to train on")
    parser.add_argument("--held-out", type=int, default=300, help="how many held-out reviews to judge the model on")
    parser.add_argument("--words", type=int, default=32, help="how many words of a review to keep, its last ones")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--batch-size", type=int, default=8, help="reviews in a step, over all processes")
    parser.add_argument("--accumulate", type=int, default=1, help="take each step in so many pieces, one after another")
    parser.add_argument(
        "--learning-rate",
        type=float,
        help="the body's, by default one for its width; the new head's is five times that",
    )
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--mixed-precision", choices=("no", "bf16", "fp16"), default="no")
    parser.add_argument("--save-every", type=int, default=100, help="steps between two saved states")
    parser.add_argument("--seed", type=int, default=42)
    arguments = parser.parse_args()
    if arguments.batch_size % arguments.accumulate:
        parser.error(f"a step of {arguments.batch_size} reviews cannot be taken in {arguments.accumulate} equal pieces")
    return arguments


def load_reviews(tokenizer, arguments: argparse.Namespace) -> tuple[Dataset, Dataset]:
    """Return reviews to train on and reviews to judge by, cut and tokenised."""
    reviews = split_reviews(load_dataset(hub_or_local("stanfordnlp/imdb"))["train"])
    sides = []
    for side, count in (("train", arguments.reviews), ("held_out", arguments.held_out)):
        sample = reviews[side].shuffle(seed=1111).select(range(count))
        sample = sample.map(truncate_words(arguments.words, keep="tail"), batched=True)
        sample = sample.map(lambda batch: tokenizer(batch["text"], truncation=True), batched=True)
        sides.append(sample.remove_columns("text").rename_column("label", "labels"))
    return sides[0], sides[1]


def rows_of_all_steps(reviews: int, arguments: argparse.Namespace) -> list[int]:
    """Return the row numbers in the order of training: every epoch in an order of its own, whole steps only.

    The order follows from the seed alone. So a run that was interrupted needs no more than the number of steps it has
    taken to find its place.
    """
    whole = reviews - reviews % arguments.batch_size
    rows = []
    for epoch in range(arguments.epochs):
        generator = torch.Generator().manual_seed(arguments.seed + epoch)
        rows += torch.randperm(reviews, generator=generator)[:whole].tolist()
    return rows


def new_optimizer(model, learning_rate: float | None = None) -> torch.optim.Optimizer:
    """Return AdamW with a rate for the trained body and five times that for the new head, which has further to go."""
    if learning_rate is None:
        learning_rate = 5e-5 if model.config.dim >= 768 else 2e-4  # a narrower body takes larger steps
    body = [parameter for name, parameter in model.named_parameters() if name.startswith("distilbert.")]
    head = [parameter for name, parameter in model.named_parameters() if not name.startswith("distilbert.")]
    groups = [{"params": body, "lr": learning_rate}, {"params": head, "lr": 5 * learning_rate}]
    return torch.optim.AdamW(groups, weight_decay=0.01, fused=True)


def newest_state(folder: Path) -> tuple[Path | None, int]:
    """Return the folder of the last whole state and its number of steps, or (None, 0)."""
    states = {int(path.name): path for path in folder.glob("*") if path.name.isdecimal()}
    return (states[max(states)], max(states)) if states else (None, 0)


def save_state(accelerator: Accelerator, folder: Path, step: int, losses: list[float]) -> None:
    """Write everything that the next step depends on; what is half written never bears a state's name."""
    draft, older = folder / f"{step}.draft", newest_state(folder)[0]
    accelerator.save_state(str(draft))
    accelerator.wait_for_everyone()
    if accelerator.is_main_process:
        (draft / "losses.json").write_text(json.dumps(losses), encoding="utf-8")
        draft.rename(folder / str(step))
        if older is not None:
            shutil.rmtree(older)
    accelerator.wait_for_everyone()


def train(accelerator: Accelerator, model, train_data: Dataset, collate, arguments: argparse.Namespace) -> list[float]:
    """Train `model` in place and return the loss of every step, the mean over all processes."""
    rows = rows_of_all_steps(len(train_data), arguments)
    steps = len(rows) // arguments.batch_size
    optimizer = new_optimizer(model, arguments.learning_rate)
    scheduler = get_linear_schedule_with_warmup(optimizer, steps // 10, steps)
    model, optimizer, scheduler = accelerator.prepare(model, optimizer, scheduler)

    folder = arguments.out / "state"
    state, step = newest_state(folder)
    losses = json.loads((state / "losses.json").read_text(encoding="utf-8")) if state else []
    left = train_data.select(rows[step * arguments.batch_size :])
    # Its own generator: starting the loader must not change what dropout draws.
    loader = DataLoader(
        left, arguments.batch_size // arguments.accumulate, collate_fn=collate, generator=torch.Generator()
    )
    loader = accelerator.prepare(loader)
    if state:
        accelerator.load_state(str(state))
        accelerator.print(f"going on after step {step}")

    model.train()
    pieces = []
    for batch in loader:
        with accelerator.accumulate(model):
            loss = model(**batch).loss
            accelerator.backward(loss)
            if accelerator.sync_gradients:
                accelerator.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
            optimizer.zero_grad()
        pieces.append(accelerator.reduce(loss.detach().float(), "mean").item())
        if len(pieces) == arguments.accumulate:
            step += 1
            losses.append(sum(pieces) / len(pieces))
            pieces.clear()
            accelerator.print(f"step {step} of {steps}   loss {losses[-1]:.4f}")
            if step % arguments.save_every == 0 and step < steps:
                save_state(accelerator, folder, step, losses)
    return losses


@torch.no_grad()
def count_right(accelerator: Accelerator, model, held_out: Dataset, collate) -> int:
    """Return for how many reviews the larger logit is the label's, every process judging its share."""
    loader = accelerator.prepare(DataLoader(held_out, 32 * accelerator.num_processes, collate_fn=collate))
    model.eval()
    right = 0
    for batch in loader:
        predicted = model(**batch).logits.argmax(dim=-1)
        # gather_for_metrics drops the rows that were repeated to give every process as many.
        right += accelerator.gather_for_metrics(predicted == batch["labels"]).sum().item()
    return right


def remember(arguments: argparse.Namespace) -> None:
    """Write down what this run is, or refuse to go on with one that was started otherwise."""
    path = arguments.out / "arguments.json"
    mine = {name: value for name, value in vars(arguments).items() if name != "out"}
    if not path.is_file():
        arguments.out.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(mine), encoding="utf-8")
    started = json.loads(path.read_text(encoding="utf-8"))
    if started != mine:
        other = ", ".join(f"{name}={started.get(name)}" for name in mine if started.get(name) != mine[name])
        raise SystemExit(f"The run in {arguments.out} was started with {other}: use the same, or another --out.")


def main() -> None:
    arguments = parse_arguments()
    logging.set_verbosity_error()  # it would say that the head is new
    logging.disable_progress_bar()
    disable_progress_bars()
    accelerator = Accelerator(
        cpu=not torch.cuda.is_available(),
        mixed_precision=arguments.mixed_precision,
        gradient_accumulation_steps=arguments.accumulate,
        # A batch of the loader is shared out among the processes, so that their number changes nothing.
        dataloader_config=DataLoaderConfiguration(split_batches=True),
    )
    with accelerator.main_process_first():
        remember(arguments)
    set_seed(arguments.seed)  # the same new head in every process
    source = hub_or_local(CHECKPOINT)
    tokenizer = AutoTokenizer.from_pretrained(source)
    model = AutoModelForSequenceClassification.from_pretrained(
        source,
        num_labels=2,
        id2label={0: "NEGATIVE", 1: "POSITIVE"},
        label2id={"NEGATIVE": 0, "POSITIVE": 1},
        dropout=arguments.dropout,
        attention_dropout=arguments.dropout,
        seq_classif_dropout=arguments.dropout,
    )
    set_seed(arguments.seed, device_specific=True)  # other neurons dropped in each process
    collate = DataCollatorWithPadding(tokenizer)
    with accelerator.main_process_first():
        train_data, held_out = load_reviews(tokenizer, arguments)

    losses = train(accelerator, model, train_data, collate, arguments)
    right = count_right(accelerator, model, held_out, collate)
    accelerator.print(f"{right} of {len(held_out)} held-out reviews are judged right")
    if accelerator.is_main_process:
        model.save_pretrained(arguments.out / "model")
        tokenizer.save_pretrained(arguments.out / "model")
        figures = {"processes": accelerator.num_processes, "losses": losses, "right": right, "judged": len(held_out)}
        (arguments.out / "figures.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
        shutil.rmtree(arguments.out / "state", ignore_errors=True)
    accelerator.end_training()


if __name__ == "__main__":
    main()
