"""Transformers and datasets load the stand-ins from a Hub, as a student's notebook does, and get what lies in the folders."""

import json
import os
import subprocess
import sys
from textwrap import dedent

import pytest

from tools.loopback_hub import LoopbackHub, stand_in_repositories

pytestmark = pytest.mark.standins

# The libraries read where the Hub and their caches are when they are imported: another process loads.
LOADING = dedent(
    """
    import json
    from datasets import load_dataset
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained("google-t5/t5-small")
    model = AutoModelForSeq2SeqLM.from_pretrained("google-t5/t5-small")
    inputs = tokenizer("translate English to German: November 22, 2026", return_tensors="pt")
    snippets = load_dataset("cornell-movie-review-data/rotten_tomatoes")["train"]
    stream = load_dataset("stanfordnlp/imdb", split="train", streaming=True)
    print(json.dumps({
        "answer": tokenizer.decode(model.generate(**inputs, max_new_tokens=20)[0], skip_special_tokens=True),
        "snippets": len(snippets),
        "labels": snippets.features["label"].names,
        "streamed": [row["label"] for row in stream.take(3)],
    }))
    """
)


def load(hub, home):
    environment = {**os.environ, "HF_HOME": str(home), "OMP_NUM_THREADS": "1"}
    hub.redirect(environment)
    done = subprocess.run([sys.executable, "-c", LOADING], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def delivered(hub):
    """Return how many files were delivered, from the Hub or from its content network."""
    return sum("/api/resolve-cache/" in one or "?name=" in one for one in hub.asked if one.startswith("GET"))


def test_load_what_the_lessons_load(tmp_path):
    with LoopbackHub(stand_in_repositories()) as hub:
        loaded = load(hub, tmp_path)
        assert loaded == {
            "answer": "22. November 2026",
            "snippets": 8530,
            "labels": ["neg", "pos"],
            "streamed": [0, 0, 0],
        }
        assert delivered(hub) > 5
        assert hub.not_found == []

        hub.asked.clear()
        assert load(hub, tmp_path) == loaded
        # A stream is read anew each time: at most three ranges of its one file.
        assert delivered(hub) <= 3
