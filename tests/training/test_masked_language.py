"""The training of the masked-language weights, in small: its windows and masks, and a few steps from end to end."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.windows import mask, sentences, windows_of

ROOT = Path(__file__).parent.parent.parent
CLS, SEP, MASK = 101, 102, 103


class LetterTokenizer:
    """A tokenizer for which every letter is a token."""

    cls_token_id, sep_token_id = CLS, SEP

    def num_special_tokens_to_add(self):
        return 2

    def __call__(self, texts, add_special_tokens):
        assert not add_special_tokens
        return {"input_ids": [[ord(letter) + 1000 for letter in text if letter != " "] for text in texts]}


def test_a_review_becomes_sentences_without_its_line_breaks():
    review = "It was late.<br /><br />Very late! Why stay?  We stayed."
    assert sentences(review) == ["It was late.", "Very late!", "Why stay?", "We stayed."]


@given(st.lists(st.text(alphabet="abc.! ", max_size=120), max_size=8), st.integers(8, 40), st.integers(0, 3))
def test_windows_hold_every_sentence_in_order_and_keep_to_their_length(texts, length, seed):
    tokenizer = LetterTokenizer()
    windows = windows_of(tokenizer, texts, length, seed)
    assert all(len(window) <= length and window[0] == CLS and window[-1] == SEP for window in windows)
    pieces = [piece for text in texts for piece in tokenizer(sentences(text), add_special_tokens=False)["input_ids"]]
    if all(len(piece) <= length - 2 for piece in pieces):
        kept = [token for window in windows for token in window[1:-1]]
        everything = [token for piece in pieces for token in piece]
        # Windows of a single token have nothing to be guessed from, and are left out.
        assert len(everything) - len(kept) <= len(texts) + len(pieces)
        remaining = iter(everything)
        assert all(token in remaining for token in kept), "in order"
    assert windows == windows_of(tokenizer, texts, length, seed), "the seed decides"


def test_a_window_does_not_reach_into_the_next_review():
    windows = windows_of(LetterTokenizer(), ["aa. bb.", "cc."], 64, 0)
    first, second = ([chr(token - 1000) for token in window[1:-1]] for window in windows)
    assert ("".join(first), "".join(second)) == ("aa.bb.", "cc.")


@given(
    st.lists(st.lists(st.integers(1000, 1050), min_size=2, max_size=62), min_size=1, max_size=5),
    st.floats(0, 0.9),
    st.integers(0, 9),
)
def test_a_share_of_the_tokens_is_masked_and_no_special_one(texts, share, seed):
    windows = [[CLS, *ids, SEP] for ids in texts]
    masked, places = mask(windows, share, MASK, random.Random(seed))
    for window, hidden, chosen in zip(windows, masked, places, strict=True):
        assert len(set(chosen)) == max(1, round(share * (len(window) - 2)))
        assert [at for at, token in enumerate(hidden) if token == MASK] == chosen
        assert all(0 < place < len(window) - 1 for place in chosen)
        assert all(was == now for at, (was, now) in enumerate(zip(window, hidden, strict=True)) if at not in chosen)


@pytest.mark.skipif("CI" not in os.environ, reason="takes a minute of CPU time; CI runs it")
@pytest.mark.standins
def test_a_trial_run_writes_weights_that_load(tmp_path):
    command = [sys.executable, "-m", "training.masked_language", "--trial", "12", "--out", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads((tmp_path / "out" / "figures.json").read_text(encoding="utf-8"))
    one_token = figures["held_out"]["one_token"]
    assert one_token["model"]["places"] == figures["held_out"]["windows"] == one_token["two_sided"]["places"]

    from safetensors.torch import load_file

    from hf_tutorial.sources.recipes.masked_language import HEAD, load_trained

    files = [load_file(tmp_path / "out" / name) for name in (HEAD, "adapter_model.safetensors")]
    assert {str(tensor.dtype) for file in files for tensor in file.values()} == {"torch.float16"}
    assert not any("decoder.weight" in name or "embeddings" in name for file in files for name in file)
    model = load_trained(tmp_path / "out")
    assert model.cls.predictions.decoder.weight is model.bert.embeddings.word_embeddings.weight
