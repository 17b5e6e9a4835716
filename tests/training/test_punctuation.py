"""The training of the punctuation model, in small: labels, stretches and scores, and a few steps from end to end."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_tutorial.sources.punctuation import IGNORED, LABELS, label_pieces, words_and_marks
from training.stretches import Stretch, overlapping_stretches, stretches_of

ROOT = Path(__file__).parent.parent.parent
NONE, COMMA, STOP, QUESTION = range(len(LABELS))

TEXTS = st.text(alphabet="ab'-é7,.!?;() \n", max_size=80)


class SyllableTokenizer:
    """A tokenizer that cuts words as BERT's does: at apostrophes and hyphens, then into pieces of two letters."""

    def __call__(self, words, is_split_into_words, add_special_tokens, verbose):
        assert is_split_into_words
        assert not add_special_tokens
        return SyllableEncoding(words)


class SyllableEncoding(dict):
    def __init__(self, words):
        self.pieces = []
        for number, word in enumerate(words):
            for own in re.findall(r"\w+|['.,-]", word):
                cut = [own[at : at + 2] for at in range(0, len(own), 2)]
                self.pieces += [(number, piece if at == 0 else "##" + piece) for at, piece in enumerate(cut)]
        super().__init__(input_ids=list(range(len(self.pieces))))

    def tokens(self):
        return [piece for _, piece in self.pieces]

    def word_ids(self):
        return [number for number, _ in self.pieces]


def test_a_word_s_label_is_the_first_mark_behind_it():
    words, marks = words_and_marks("Well, is it good?! Yes... (I think so); it's<br />7.5 of 10!")
    assert words == ["Well", "is", "it", "good", "Yes", "I", "think", "so", "it's", "7.5", "of", "10"]
    assert marks == [COMMA, NONE, NONE, QUESTION, STOP, NONE, NONE, NONE, NONE, NONE, NONE, STOP]


@given(TEXTS)
def test_words_and_marks_keep_the_text_s_own_words_and_hold_no_mark(text):
    words, marks = words_and_marks(text)
    assert len(words) == len(marks)
    assert all(word in text for word in words)
    assert not any(re.search(r"[!?;()\s]", word) for word in words)
    assert set(marks) <= set(range(len(LABELS)))
    assert words_and_marks(" ".join(words)) == (words, [0] * len(words)), "the words alone carry no mark"


def test_the_mark_stands_on_the_last_of_the_tokenizer_s_own_words():
    pieces = ["do", "##n", "'", "t", "over", "##long"]
    assert label_pieces(pieces, [0, 0, 0, 0, 1, 1], [COMMA, STOP]) == [NONE, IGNORED, NONE, COMMA, STOP, IGNORED]


@given(st.lists(TEXTS, max_size=4), st.integers(6, 20), st.sampled_from([0.0, 0.5, 1.0]), st.integers(0, 3))
def test_stretches_hold_every_word_once_and_keep_to_their_length(texts, length, closing, seed):
    stretches = stretches_of(SyllableTokenizer(), texts, length, closing, seed)
    assert all(0 < len(stretch.ids) == len(stretch.labels) <= length for stretch in stretches)
    expected = []
    for text in texts:
        words, marks = words_and_marks(text)
        encoding = SyllableEncoding(words)
        expected += label_pieces(encoding.tokens(), encoding.word_ids(), marks)
    assert [label for stretch in stretches for label in stretch.labels] == expected
    assert stretches == stretches_of(SyllableTokenizer(), texts, length, closing, seed), "the seed decides"


@given(TEXTS, st.integers(8, 20), st.integers(0, 3))
def test_overlapping_stretches_judge_every_token_once_and_away_from_the_cuts(text, length, margin):
    words, marks = words_and_marks(text)
    encoding = SyllableEncoding(words)
    expected = label_pieces(encoding.tokens(), encoding.word_ids(), marks)
    judged = []
    for stretch in overlapping_stretches(SyllableTokenizer(), [text], length, margin):
        assert len(stretch.ids) == len(stretch.labels) <= length
        for at, (token, label) in enumerate(zip(stretch.ids, stretch.labels, strict=True)):
            if label != IGNORED:
                judged.append((token, label))
                assert at >= margin or stretch.ids[0] == 0
                assert at < len(stretch.ids) - margin or stretch.ids[-1] == len(expected) - 1
    assert judged == [(token, label) for token, label in enumerate(expected) if label != IGNORED]


def test_stretches_end_between_words_and_some_with_a_sentence():
    text = "aa bbbb cccc dd. ee ffff gggg hh. ii jjjj kkkk ll. mm nn oo pp."
    by_length = stretches_of(SyllableTokenizer(), [text], 8)
    assert not any(stretch.labels[0] == IGNORED for stretch in by_length), "no stretch begins within a word"
    closed = stretches_of(SyllableTokenizer(), [text] * 20, 8, closing=1.0, seed=1)
    ended = sum(STOP in stretch.labels[-2:] for stretch in closed)
    assert ended > len(closed) * 0.7


def test_a_word_longer_than_a_stretch_is_cut_and_nothing_hangs():
    stretches = stretches_of(SyllableTokenizer(), ["a" * 50], 6)
    assert [len(stretch.ids) for stretch in stretches] == [6, 6, 6, 6, 1]


def test_scores_are_precision_recall_and_f1_of_each_mark():
    import torch

    from training.punctuation import scores

    confusion = torch.tensor([[80, 2, 4, 0], [6, 3, 1, 0], [2, 0, 8, 0], [1, 0, 1, 0]])
    figures = scores(confusion)
    assert figures["comma"] == {"precision": 0.6, "recall": 0.3, "f1": 0.4, "words": 10}
    assert figures["stop"]["precision"] == pytest.approx(8 / 14, abs=1e-4)
    assert figures["stop"]["recall"] == 0.8
    assert figures["question"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "words": 2}


def test_the_rule_puts_a_stop_behind_every_so_many_words():
    from training.punctuation import judge_rule

    labels = [NONE, IGNORED, NONE, STOP, NONE, STOP, NONE, NONE, COMMA]
    confusion = judge_rule([Stretch(list(range(9)), labels)], every=3)
    assert confusion[STOP].tolist() == [1, 0, 1, 0], "of two stops one is the third word"
    assert confusion[NONE].tolist() == [4, 0, 1, 0]
    assert confusion[COMMA].tolist() == [1, 0, 0, 0]


@pytest.mark.standins
def test_pieces_without_a_label_and_padding_do_not_enter_the_loss():
    from training.common import load_tokenizer
    from training.punctuation import batch_of

    tokenizer = load_tokenizer()
    inputs, labels = batch_of(tokenizer, [Stretch([2058, 10052], [STOP, IGNORED]), Stretch([2058], [NONE])])
    assert inputs["input_ids"].tolist() == [[101, 2058, 10052, 102], [101, 2058, 102, 0]]
    assert labels.tolist() == [[IGNORED, STOP, IGNORED, IGNORED], [IGNORED, NONE, IGNORED, IGNORED]]


@pytest.mark.skipif("CI" not in os.environ, reason="takes a minute of CPU time; CI runs it")
@pytest.mark.standins
def test_a_trial_run_writes_a_tagger_that_loads(tmp_path):
    command = [sys.executable, "-m", "training.punctuation", "--trial", "12", "--out", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads((tmp_path / "out" / "figures.json").read_text(encoding="utf-8"))
    held_out = figures["held_out"]
    counted = {who: sum(map(sum, held_out[who]["counts"])) for who in ("model", "model_overlapping", "rule")}
    assert counted["model"] == counted["model_overlapping"] == counted["rule"] > 500, "all are judged on the same words"

    from hf_tutorial.sources.recipes.punctuation import load_trained

    assert load_trained(tmp_path / "out").config.id2label == dict(enumerate(LABELS))
