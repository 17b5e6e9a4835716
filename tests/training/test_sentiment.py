"""The training of the sentiment adapter, in small: a few steps from the command to files that load."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.common import batches_of_like_length

ROOT = Path(__file__).parent.parent.parent


@given(st.lists(st.integers(1, 128), min_size=1, max_size=300), st.integers(1, 40), st.integers(0, 5))
def test_every_row_is_in_one_batch(lengths, size, seed):
    batches = list(batches_of_like_length(lengths, size, seed))
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    assert max(map(len, batches)) <= size
    assert batches == list(batches_of_like_length(lengths, size, seed)), "the seed decides the order"


@pytest.mark.standins
def test_long_texts_keep_their_head_and_their_tail():
    from training.common import head_and_tail, load_tokenizer

    tokenizer = load_tokenizer()
    long = " ".join(["one two three", *["middle"] * 300, "eight nine ten"])
    short, cut = head_and_tail(tokenizer, ["a short text", long], 12)
    assert tokenizer.decode(short) == "[CLS] a short text [SEP]"
    assert len(cut) == 12
    assert tokenizer.decode(cut) == "[CLS] one two three middle middle middle middle eight nine ten [SEP]"


@pytest.mark.skipif("CI" not in os.environ, reason="takes a minute of CPU time; CI runs it")
@pytest.mark.standins
def test_a_trial_run_writes_an_adapter_that_loads(tmp_path):
    command = [sys.executable, "-m", "training.sentiment", "--trial", "16", "--out", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads((tmp_path / "out" / "figures.json").read_text(encoding="utf-8"))
    assert figures["training"]["texts"] == 32
    assert figures["held_out"]["imdb_first_512"]["texts"] == 16

    from peft import PeftModel
    from safetensors.torch import load_file

    from hf_tutorial.sources.recipes.sentiment import new_classifier

    saved = load_file(tmp_path / "out" / "adapter_model.safetensors")
    assert {str(tensor.dtype) for tensor in saved.values()} == {"torch.float16"}
    model = PeftModel.from_pretrained(new_classifier(), tmp_path / "out").merge_and_unload()
    assert model.config.id2label == {0: "NEGATIVE", 1: "POSITIVE"}
