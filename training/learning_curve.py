"""Fine-tune on more and more reviews: the learning curve of lesson 06.

    python -m training.learning_curve

Runs `hf_tutorial/scripts/train_reviews.py`, the script of lesson 14, once for each size and seed, two of them at a time
with one thread each, and judges each model on the same held-out reviews. Beside it stand the majority class and TF-IDF + logistic
regression, trained on the same reviews, cut to the same words, and on their full text. What is finished stays: a run that
was interrupted goes on where it was.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from datasets import Dataset

from hf_tutorial.sources.recipes.reviews import load_reviews
from hf_tutorial.sources.split import split_reviews
from hf_tutorial.truncation import truncate_words
from training.common import Clock, provenance, write_json

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "hf_tutorial" / "scripts" / "train_reviews.py"
FIGURES = ROOT / "hf_tutorial" / "figures" / "learning_curve.json"
WORKERS = 2
SAMPLE_SEED = 1111  # the script draws its reviews with it, too


@dataclass(frozen=True)
class Recipe:
    """What every size shares. A small one takes several epochs, for a model needs steps to leave the plateau."""

    words: int = 32
    batch_size: int = 8
    learning_rate: float = 2e-4
    least_steps: int = 96
    least_epochs: int = 2

    def epochs(self, reviews: int) -> int:
        return max(self.least_epochs, -(-self.least_steps * self.batch_size // reviews))


@dataclass(frozen=True)
class Plan:
    """Sizes and their seeds, and how many held-out reviews judge each."""

    seeds: dict[int, tuple[int, ...]]
    held_out: int


FULL = Plan(dict.fromkeys((128, 256, 512), (42, 43, 44)) | dict.fromkeys((1024, 2048, 4096), (42,)), 2000)
TRIAL = Plan({16: (42,), 32: (42,)}, 40)


def fine_tune(reviews: int, seed: int, held_out: int, recipe: Recipe, work: Path) -> dict[str, object]:
    """Return how many held-out reviews a model judges right that has learnt from so many others."""
    folder = work / f"{reviews}-{seed}"
    figures = folder / "figures.json"
    if not figures.is_file():
        command = [
            *(sys.executable, str(SCRIPT), f"--out={folder}", f"--reviews={reviews}", f"--held-out={held_out}"),
            *(f"--words={recipe.words}", f"--epochs={recipe.epochs(reviews)}", f"--batch-size={recipe.batch_size}"),
            *(f"--learning-rate={recipe.learning_rate}", f"--seed={seed}"),
        ]
        environment = os.environ | {"OMP_NUM_THREADS": "1", "HF_TUTORIAL_SOURCE": "local", "PYTHONPATH": str(ROOT)}
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder / "model")
    result = json.loads(figures.read_text(encoding="utf-8"))
    last = result["losses"][-8:]
    print(f"{reviews} reviews, seed {seed}: {result['right']} of {result['judged']}", flush=True)
    return {"seed": seed, "right": result["right"], "last_loss": round(sum(last) / len(last), 4)}


def count_right_by_words(train: Dataset, held_out: Dataset) -> int:
    """Return how many held-out texts TF-IDF + logistic regression judges right after it has learnt from `train`."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    classifier = make_pipeline(words, LogisticRegression(C=10, max_iter=1000))
    predicted = classifier.fit(train["text"][:], train["label"][:]).predict(held_out["text"][:])
    return int((predicted == held_out["label"][:]).sum())


def curve(plan: Plan, recipe: Recipe, work: Path) -> dict[str, object]:
    """Return the figures of every size, in the order of the sizes."""
    with ThreadPoolExecutor(WORKERS) as pool:
        # The longest first, so that the two workers end at about the same time.
        runs = {
            (size, seed): pool.submit(fine_tune, size, seed, plan.held_out, recipe, work)
            for size in sorted(plan.seeds, reverse=True)
            for seed in plan.seeds[size]
        }
        results = {run: future.result() for run, future in runs.items()}
    reviews = split_reviews(load_reviews("imdb"))
    cut = truncate_words(recipe.words, keep="tail")
    drawn = reviews["train"].shuffle(seed=SAMPLE_SEED)
    judged = reviews["held_out"].shuffle(seed=SAMPLE_SEED).select(range(plan.held_out))
    sizes = []
    for size, seeds in plan.seeds.items():
        train = drawn.select(range(size))
        by_words = count_right_by_words(train.map(cut, batched=True), judged.map(cut, batched=True))
        sizes.append(
            {
                "reviews": size,
                "epochs": recipe.epochs(size),
                "fine_tuned": [results[size, seed] for seed in seeds],
                "tfidf": {"right": by_words},
                "tfidf_full_text": {"right": count_right_by_words(train, judged)},
            }
        )
        print(json.dumps(sizes[-1]), flush=True)
    positive = sum(judged["label"])
    return {
        "held_out": {"texts": len(judged), "positive": positive},
        "majority": {"right": max(positive, len(judged) - positive)},
        "sizes": sizes,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=FIGURES, help="file for the figures")
    parser.add_argument(
        "--work", type=Path, default=ROOT / "build" / "learning_curve", help="folder for what is unfinished"
    )
    parser.add_argument("--trial", action="store_true", help="take a few steps only")
    options = parser.parse_args()
    clock, run, recipe = Clock(), provenance(), Recipe()
    print(run, recipe, sep="\n", flush=True)
    figures = curve(TRIAL if options.trial else FULL, recipe, options.work)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    write_json(
        options.out, {"run": run | {"wall_seconds": clock.read()["wall_seconds"]}, "recipe": asdict(recipe), **figures}
    )
    print(f"done in {clock.read()['wall_seconds']} s")


if __name__ == "__main__":
    main()
