"""What a truncation report counts, what it asks of a classifier, and that its forms say the same."""

import json

import pandas as pd
import pytest
from datasets import Dataset
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_tutorial import truncate_tokens, truncation_report
from hf_tutorial.truncation.settings import KEEPS
from hf_tutorial.truncation.spans import between
from tests.tokens.tiny_tokenizers import FAMILIES, gpt2, word_piece

TEXTS = ["good", "a bad start but good", "good start but bad", "so  so bad", "good from start to the bad end", ""]
LABELS = [1, 1, 0, 0, 1, 0]
REVIEWS = {"text": TEXTS, "label": LABELS}


def last_word_of_praise(texts):
    """A classifier that believes the last of "good" and "bad"; 0 where there is neither."""
    return [int(text.rfind("good") > text.rfind("bad")) for text in texts]


def report(n=2, **more):
    return truncation_report(REVIEWS, None, n, unit="words", classifier=last_word_of_praise, **more)


def test_words_are_counted_by_hand():
    shown = report(3)
    assert shown.lengths == (1, 5, 4, 3, 7, 0)
    assert shown.lost == (0, 2, 1, 0, 4, 0)
    assert shown.shares_lost == (0, 2 / 5, 1 / 4, 0, 4 / 7, 0)
    assert (shown.cut, shown.share_lost, len(shown)) == (3, 7 / 20, 6)


def test_verdicts_are_counted_by_hand():
    uncut, head, tail, both = report(2).accuracies
    assert report(2).verdicts == {
        "uncut": (1, 1, 0, 0, 0, 0),
        "head": (1, 0, 1, 0, 1, 0),
        "tail": (1, 1, 0, 0, 0, 0),
        "both": (1, 1, 0, 0, 1, 0),
    }
    assert (uncut.kept, uncut.right, uncut.texts, uncut.changed) == ("uncut", 5, 6, 0)
    assert (uncut.change, uncut.change_low, uncut.change_high) == (0, 0, 0)
    assert (head.kept, head.right, head.changed, head.lost, head.gained) == ("head", 4, 3, 2, 1)
    assert (head.accuracy, head.change) == (4 / 6, -1 / 6)
    assert head.low < head.accuracy < head.high
    assert head.change_low < head.change < head.change_high
    assert (tail.right, tail.changed, tail.change) == (5, 0, 0)
    assert (both.kept, both.right, both.lost, both.gained) == ("both", 6, 0, 1)


def test_the_classifier_reads_slices_of_what_is_cut_and_nothing_twice():
    asked = []

    def classifier(texts):
        asked.append(list(texts))
        return [0] * len(texts)

    truncation_report(
        ["a  b c", "d"] and {"text": ["a  b c", "d e"], "label": [0, 1]}, None, 2, unit="words", classifier=classifier
    )
    assert asked == [["a  b c", "d e"], ["a  b"], ["b c"], ["a c"]]
    asked.clear()
    truncation_report({"text": ["d"], "label": [0]}, None, 2, unit="words", classifier=classifier)
    assert asked == [["d"]]
    asked.clear()
    shown = truncation_report(REVIEWS, None, 2, unit="words", classifier=classifier, keep="tail")
    assert [one.kept for one in shown.accuracies] == ["uncut", "tail"]
    assert len(asked) == 2


@pytest.mark.parametrize("family", FAMILIES)
@given(texts=st.lists(st.text(max_size=30), min_size=1, max_size=4), n=st.integers(3, 9))
@settings(max_examples=10, deadline=None)
def test_tokens_are_counted_as_the_tokenizer_does(family, texts, n):
    tokenizer = FAMILIES[family]
    shown = truncation_report(texts, tokenizer, n)
    assert list(shown.lengths) == [len(tokenizer(text)["input_ids"]) for text in texts]
    kept = truncate_tokens(tokenizer, n)({"text": texts})["input_ids"]
    assert [length - lost for length, lost in zip(shown.lengths, shown.lost, strict=True)] == list(map(len, kept))
    own = sum(shown.lengths) - shown.special * len(texts)
    assert shown.share_lost == (sum(shown.lost) / own if own else 0)
    inside = [len(tokenizer(text, add_special_tokens=False)["input_ids"]) for text in texts]
    assert list(shown.shares_lost) == [lost / max(1, all) for lost, all in zip(shown.lost, inside, strict=True)]


@pytest.mark.parametrize("keep", KEEPS)
def test_what_the_classifier_reads_are_the_kept_tokens(keep):
    tokenizer, text = word_piece(), "Hello  world, hugging <b>transformers</b>! I'm excited"
    read = []
    truncation_report(
        {"text": [text], "label": [0]}, tokenizer, 9, keep=keep, classifier=lambda texts: read.extend(texts) or [0]
    )
    whole, cut = read
    kept = truncate_tokens(tokenizer, 9, keep)({"text": text})
    assert whole == text
    assert tokenizer(cut)["input_ids"] == kept["input_ids"]
    assert cut in text or keep == "both"


def test_a_token_that_stands_nowhere_takes_no_text_along():
    spans = [(0, 0), (0, 3), (4, 7), (8, 11), (0, 0)]
    assert between("one two six", spans, 2, 0) == "one"
    assert between("one two six", spans, 0, 2) == "six"
    assert between("one two six", spans, 0, 1) == ""


@given(texts=st.lists(st.text("ab \n<é🤗", max_size=30), min_size=1, max_size=5), n=st.integers(1, 5))
@settings(max_examples=30, deadline=None)
def test_no_text_is_too_odd_to_be_cut_and_judged(texts, n):
    asked = []
    data = {"text": texts, "label": [0] * len(texts)}
    shown = truncation_report(data, gpt2(), n, classifier=lambda given: asked.append(given) or [0] * len(given))
    assert repr(shown)
    for ways in asked[1:]:
        assert len(ways) == shown.cut


def test_the_tokenizer_is_left_as_it_was():
    tokenizer = word_piece()
    tokenizer.backend_tokenizer.enable_truncation(5)
    before = tokenizer.backend_tokenizer.to_str()
    shown = truncation_report(["hello " * 9], tokenizer, 4)
    assert shown.lengths == (11,)
    assert tokenizer.backend_tokenizer.to_str() == before


@pytest.mark.parametrize("form", [None, "torch", "numpy"])
def test_a_dataset_a_frame_and_a_list_say_the_same(form):
    dataset = Dataset.from_dict({"body": TEXTS, "stars": LABELS})
    names = {"column": "body", "label_column": "stars", "unit": "words", "classifier": last_word_of_praise}
    expected = report(2)
    assert truncation_report(dataset.with_format(form), None, 2, **names) == expected
    assert truncation_report(dataset.to_pandas(), None, 2, **names) == expected
    assert truncation_report(TEXTS, None, 2, unit="words").lengths == expected.lengths


def test_a_pipeline_is_a_classifier():
    import torch
    from transformers import BertConfig, BertForSequenceClassification, pipeline

    torch.manual_seed(0)
    tokenizer = word_piece()
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8}
    names = {0: "NEGATIVE", 1: "POSITIVE"}
    config = BertConfig(vocab_size=len(tokenizer), max_position_embeddings=64, id2label=names, **sizes)
    model = BertForSequenceClassification(config).eval()
    judge = pipeline("text-classification", model=model, tokenizer=tokenizer)
    data = {"text": ["hello world " * 50, "trans w", "excited"], "label": [0, 1, 1]}
    shown = truncation_report(data, tokenizer, 4, classifier=judge)
    with torch.no_grad():
        logits = [model(**tokenizer(text, truncation=True, return_tensors="pt")).logits for text in data["text"]]
    assert shown.verdicts["uncut"] == tuple(int(one.argmax()) for one in logits)


@pytest.mark.parametrize("kind", ["array", "tensor", "numbers"])
def test_verdicts_come_as_a_list_an_array_or_a_tensor(kind):
    import numpy as np
    import torch

    make = {"array": np.array, "tensor": torch.tensor, "numbers": lambda ids: [np.int64(id) for id in ids]}[kind]
    shown = truncation_report(REVIEWS, None, 2, unit="words", classifier=lambda texts: make(last_word_of_praise(texts)))
    assert shown == report(2)
    assert json.dumps(shown.verdicts["head"])


def test_the_text_form():
    assert repr(truncation_report(REVIEWS, None, 2, unit="words")) == (
        "Truncation to 2 words: 6 texts of 0 to 7 words, half of them longer than 4.\n"
        "4 of 6 (66.7 %) are cut.\n"
        "Of those, half lose 55.0 % of their words or more, and one in ten 68.0 % or more.\n"
        "All together 55.0 % of the words are lost."
    )
    assert repr(truncation_report(["hello"], word_piece(), 3)) == (
        "Truncation to 3 tokens: 1 text of 3 tokens.\n"
        "Counted by TokenizersBackend, with 2 special tokens in each text, which no cut takes away.\n"
        "No text is cut."
    )
    lines = repr(report(2, keep="head")).splitlines()
    assert lines[5:8] == [
        "kept   right   accuracy (95 % interval)  verdicts changed  now wrong  now right  "
        "change in points (95 % interval)",
        "uncut  5 of 6  83.3 % (43.6 to 97.0)",
        "head   4 of 6  66.7 % (30.0 to 90.3)     3                 2          1          −16.7 (−66.6 to +41.6)",
    ]


def test_the_forms_say_the_same():
    shown = report(2)
    html = shown._repr_html_()
    assert html == report(2)._repr_html_()
    for line in repr(shown).splitlines():
        for said in filter(None, line.split("  ")):
            assert f">{said.strip()}<" in html
    said = shown.alt_text()
    assert said.startswith("Truncation to 2 words: 6 texts of 0 to 7 words")
    assert "head 66.7 % (30.0 to 90.3)" in said


def test_a_name_with_markup_stays_text():
    class Odd(type(word_piece())):
        pass

    Odd.__name__ = "<script>alert(1)</script>"
    tokenizer = word_piece()
    tokenizer.__class__ = Odd
    html = truncation_report(["hello"], tokenizer, 5)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_page_is_saved(tmp_path):
    path = report(2).save(tmp_path / "report.html")
    assert "Truncation to 2 words" in path.read_text(encoding="utf-8")


def test_pandas_has_a_line_for_each_text():
    frame = report(2).to_pandas()
    assert list(frame) == ["length", "lost", "share_lost", "label", "uncut", "head", "tail", "both"]
    assert frame.loc[4].to_dict() == {
        "length": 7, "lost": 5, "share_lost": 5 / 7, "label": 1, "uncut": 0, "head": 1, "tail": 0, "both": 1
    }  # fmt: skip
    assert list(truncation_report(TEXTS, None, 2, unit="words").to_pandas()) == ["length", "lost", "share_lost"]
    table = pd.DataFrame(report(2).accuracies)
    assert table.set_index("kept")["right"].to_dict() == {"uncut": 5, "head": 4, "tail": 5, "both": 6}
