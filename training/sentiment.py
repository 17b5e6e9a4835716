"""Fine-tune MiniLM for sentiment with LoRA: the weights behind the stand-in for SiEBERT.

    python -m training.sentiment

Trains a rank-8 adapter and a two-way head on the training side of the reviews' split (IMDb and Rotten Tomatoes), 128
tokens a review, its head and its tail. One process on one thread; about an hour. Then it judges the result on the
held-out side, beside TF-IDF + logistic regression trained on the same reviews, and writes adapter, figures and log.
"""

import argparse
import math
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoTokenizer, get_linear_schedule_with_warmup

from hf_tutorial.sources.recipes.minilm import write_tokenizer
from hf_tutorial.sources.recipes.reviews import load_reviews
from hf_tutorial.sources.recipes.sentiment import new_classifier
from hf_tutorial.sources.split import split_reviews
from training.common import Clock, batches_of_like_length, head_and_tail, provenance, use_one_thread, write_json

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
    epochs: int = 1
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


def load_tokenizer():
    """Return BERT's uncased tokenizer."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
        write_tokenizer(Path(folder))
        return AutoTokenizer.from_pretrained(folder)


def with_adapter(recipe: Recipe):
    """Return the classifier with a LoRA adapter on every linear layer and a trainable head.

    One pass over the data with so few parameters does not overfit: dropout would only cost time.
    """
    model = new_classifier()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    config = LoraConfig(
        task_type="SEQ_CLS",
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        target_modules=["query", "key", "value", "dense"],
        modules_to_save=["classifier"],
    )
    return get_peft_model(model, config)


def collate(rows: Sequence[list[int]], pad: int) -> dict[str, torch.Tensor]:
    longest = max(map(len, rows))
    ids = torch.tensor([row + [pad] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return {"input_ids": ids, "attention_mask": mask}


def train(model, tokenizer, data: Labelled, recipe: Recipe, max_steps: int | None) -> list[dict[str, float]]:
    """Train `model` in place; return the mean loss of every 25 steps."""
    encoded = head_and_tail(tokenizer, data.texts, recipe.length)
    lengths = [len(ids) for ids in encoded]
    batches = [
        batch
        for epoch in range(recipe.epochs)
        for batch in batches_of_like_length(lengths, recipe.batch_size, recipe.seed + epoch)
    ][:max_steps]
    trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trainable, lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    warmup = math.ceil(recipe.warmup_share * len(batches))
    schedule = get_linear_schedule_with_warmup(optimizer, warmup, len(batches))
    clock, recent, history = Clock(), [], []
    model.train()
    for step, batch in enumerate(batches, start=1):
        inputs = collate([encoded[row] for row in batch], tokenizer.pad_token_id)
        loss = model(**inputs, labels=torch.tensor([data.labels[row] for row in batch])).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trainable, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        recent.append(loss.item())
        if step % 25 == 0 or step == len(batches):
            history.append({"step": step, "loss": round(sum(recent) / len(recent), 4)})
            seconds = clock.read()["wall_seconds"]
            print(f"step {step:4d} of {len(batches)}   loss {history[-1]['loss']:.4f}   {seconds:5.0f} s", flush=True)
            recent = []
    return history


@torch.no_grad()
def accuracy(model, encoded: list[list[int]], labels: list[int], pad: int, batch_size: int = 16) -> float:
    """Return the percentage of rows whose larger logit is the label's."""
    model.eval()
    order = sorted(range(len(encoded)), key=lambda row: len(encoded[row]))
    right = 0
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        predicted = model(**collate([encoded[row] for row in rows], pad)).logits.argmax(dim=-1)
        right += (predicted == torch.tensor([labels[row] for row in rows])).sum().item()
    return round(100 * right / len(order), 2)


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
        print(f"{name}: {share} % of {len(encoded)}", flush=True)
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
        print(f"TF-IDF + logistic regression on {source}: {share} %", flush=True)
    return figures


def save_adapter(model, folder: Path) -> None:
    """Write adapter and head as fp16 safetensors, beside `folder` first."""
    draft = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    model.half().save_pretrained(draft)
    (draft / "README.md").unlink(missing_ok=True)  # peft's empty card; ours is written by hand
    folder.mkdir(parents=True, exist_ok=True)
    for path in draft.iterdir():
        path.replace(folder / path.name)
    draft.rmdir()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder for adapter and figures")
    parser.add_argument("--max-steps", type=int, help="stop training early (a trial)")
    parser.add_argument("--max-texts", type=int, help="judge on so many held-out texts of each source")
    parser.add_argument("--learning-rate", type=float, default=Recipe.learning_rate)
    arguments = parser.parse_args()

    recipe = Recipe(learning_rate=arguments.learning_rate)
    use_one_thread(recipe.seed)
    run, clock = provenance(), Clock()
    print(run, recipe, sep="\n", flush=True)
    split = load_split()
    train_data = {source: sides["train"] for source, sides in split.items()}
    held_out = {source: sides["held_out"].first(arguments.max_texts) for source, sides in split.items()}
    everything = Labelled(
        [text for data in train_data.values() for text in data.texts],
        [label for data in train_data.values() for label in data.labels],
    )
    tokenizer = load_tokenizer()
    model = with_adapter(recipe)
    model.print_trainable_parameters()
    history = train(model, tokenizer, everything, recipe, arguments.max_steps)
    training_time = clock.read()
    save_adapter(model, arguments.out)
    figures = {
        "run": run,
        "recipe": vars(recipe),
        "training": {"texts": len(everything.texts), **training_time, "loss": history},
        # The saved weights are fp16: judge what is saved.
        "held_out": evaluate(model.float(), tokenizer, held_out, recipe.length),
        "tfidf_logistic_regression": tfidf_baseline(train_data, held_out),
    }
    write_json(arguments.out / "figures.json", figures)
    print(f"done in {clock.read()['wall_seconds']:.0f} s", flush=True)


if __name__ == "__main__":
    main()
