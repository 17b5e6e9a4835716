"""The benchmark of fine-tuning: both ways feed the same reviews, and the tables say what was measured. No times."""

from collections import Counter

import pytest

from benchmarks.finetuning import run

SPEED = {
    "texts": "50 words",
    "reviews": 32,
    "tokens": 600,
    "seconds": {"the lecture's": 8.0, "ours": 4.0},
    "positions": {"the lecture's": 1000, "ours": 800},
}
RUNS = [{"seed": 1, "seconds": 20.0, "right": 70}, {"seed": 2, "seconds": 40.0, "right": 90}]
RECIPE = {"name": "ours", "reviews": 60, "epochs": 2, "judged": 100, "runs": RUNS}


def contents(loader):
    """Return how often each review stands in the loader's batches, by its ids without padding, and its label."""
    return Counter(
        (tuple(ids[mask.bool()].tolist()), label.item())
        for batch in loader
        for ids, mask, label in zip(batch["input_ids"], batch["attention_mask"], batch["labels"], strict=True)
    )


@pytest.mark.standins
def test_both_ways_feed_the_same_reviews_and_ours_fewer_positions(monkeypatch):
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", "local")
    from benchmarks.finetuning.pipelines import LOADERS, draw_reviews, new_tokenizer
    from hf_tutorial import truncate_words

    reviews, tokenizer = draw_reviews("train", 64).map(truncate_words(50), batched=True), new_tokenizer()
    theirs, ours = (list(make(reviews, tokenizer, 1)) for make in LOADERS.values())
    assert len(theirs) == len(ours) == 4
    assert contents(theirs) == contents(ours)
    assert sum(batch["input_ids"].numel() for batch in ours) < sum(batch["input_ids"].numel() for batch in theirs)

    def firsts(name, seed):
        return [batch["labels"].tolist() for batch in LOADERS[name](reviews, tokenizer, seed)]

    assert firsts("ours", 1) != firsts("ours", 2), "every epoch in an order of its own"
    assert firsts("the lecture's", 1) == firsts("the lecture's", 2)


def test_the_tables_say_what_was_measured():
    text = run.tables({"speeds": [SPEED], "recipes": [RECIPE]})
    assert "| 50 words | 4.0 reviews/s | 40% | 8.0 reviews/s | 25% | 2.00× |" in text
    assert "| ours | 60 × 2 | 30 s | 4.0 | 80.0% (70.0% to 90.0%) | 60 |" in text


def test_a_case_that_failed_says_so_in_its_line():
    failed = {"speeds": [{"texts": "50 words", "failed": "over 5 s"}], "recipes": [{"name": "x", "failed": "no data"}]}
    assert "| 50 words | over 5 s | – | – | – | – |" in run.tables(failed)
    assert "| x | no data | – | – | – | – |" in run.tables(failed)


def test_quick_leaves_out_the_recipes(monkeypatch):
    asked = []
    monkeypatch.setattr(run, "measure", lambda module, *words, limit: asked.append((module, *words)) or {})
    assert run.run(quick=True)["recipes"] == []
    assert {module for module, *_ in asked} == {"benchmarks.finetuning.speed"}
    assert len(run.run(quick=False)["recipes"]) == 4


def test_every_recipe_that_is_run_exists():
    from benchmarks.finetuning.accuracy import RECIPES

    assert set(run.RECIPES) == set(RECIPES)
