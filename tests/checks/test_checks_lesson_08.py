import pytest
import small_models
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import BertConfig, BertForSequenceClassification, TextClassificationPipeline

from hf_tutorial import check

NAMES = {0: "mixed", 1: "bad", 2: "good"}
POWERS = torch.tensor([[4.0, 1.0, 15.0], [3.0, 2.0, 1.0], [0.1, 0.6, 0.3]])

BEST = [("good", 0.75), ("mixed", 0.5), ("bad", 0.6)]
ALL = [("bad", 0.6), ("good", 0.3), ("mixed", 0.1)]
SIGMOID = [("good", 0.94), ("mixed", 0.75), ("bad", 0.375)]


def check_scores(default=BEST, every=ALL, sigmoid=SIGMOID, powers=POWERS, names=NAMES):
    answer = {"default": default, "top_k=None": every, "sigmoid": sigmoid}
    return check("08.1", answer, logits=powers.log(), config=BertConfig(id2label=names))


def with_scores(pairs, *scores):
    return [(label, score) for (label, _), score in zip(pairs, scores, strict=True)]


def test_right_scores():
    assert check_scores().message.startswith("One label or all of them")
    as_dictionaries = [{"label": label, "score": score} for label, score in ALL]
    assert check_scores(every=as_dictionaries).outcome == "right"


def pipeline_that_says(row):
    """A model without weights: its bias is its answer to every text."""
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8}
    config = BertConfig(id2label=dict(enumerate("abcd"[: len(row)])), **sizes)
    model = BertForSequenceClassification(config)
    torch.nn.init.zeros_(model.classifier.weight)
    model.classifier.bias.data.copy_(row)
    return TextClassificationPipeline(model=model, tokenizer=small_models.tokenizer())


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.integers(-30, 30), min_size=3, max_size=3, unique=True), min_size=1, max_size=3))
def test_the_check_agrees_with_the_pipeline(tenths):
    logits = torch.tensor(tenths) / 10
    pipes = [pipeline_that_says(row) for row in logits]
    answer = {
        "default": [pipe("a film") for pipe in pipes],
        "top_k=None": pipes[-1]("a film", top_k=None),
        "sigmoid": [pipe("a film", function_to_apply="sigmoid") for pipe in pipes],
    }
    assert check("08.1", answer, logits=logits, config=pipes[0].model.config).outcome == "right"


@pytest.mark.parametrize(
    ("default", "diagnosis"),
    [
        (BEST[:2], "expected 3 pairs, one for each text"),
        ([("bad", 0.05), *BEST[1:]], "text 0: 'bad' has the smallest logit"),
        ([BEST[0], ("bad", 0.33), BEST[2]], "text 1: 'bad' is large beside the other texts"),
        ([("mixed", 0.2), *BEST[1:]], "'mixed' is not the label with the largest logit"),
        (with_scores(BEST, 2.71, 1.1, -0.51), "this is the logit itself"),
        (with_scores(BEST, 15, 3, 0.6), "text 0: the label is right, the number is not: this is e^logit"),
        (SIGMOID, "nothing in the call or in `problem_type` says otherwise"),
        (with_scores(BEST, 0.915, 0.423, 0.167), "this number depends on the other texts"),
        (with_scores(BEST, 15 / 27, 3 / 27, 0.6 / 27), "all texts together share the 1"),
        (with_scores(BEST, 2.71 / 4.09, 1.1 / 1.79, 0.13), "the logits were divided by their sum"),
        (with_scores(BEST, 75, 50, 60), "in percent"),
        (with_scores(BEST, 0.25, 0.5, 0.4), "what the other labels have together"),
        (with_scores(BEST, 0.75, 0.5, 0.7), "text 2: the label is right, but its score is not 0.7"),
        ([(2, 0.75), *BEST[1:]], "Which name has column 2"),
        ([("LABEL_2", 0.75), *BEST[1:]], "no label 'LABEL_2'"),
        ([(0.75, "good"), *BEST[1:]], "The label comes first"),
        ([("good", "0.75"), *BEST[1:]], "the score should be a number"),
        (["good", "mixed", "bad"], "expected a pair of a label and a score"),
        ([ALL, ALL, ALL], "text 0: one label for each text"),
        ([[pair] for pair in with_scores(BEST, 75, 50, 60)], "in percent"),
        ("good", "a list of pairs for 'default'"),
    ],
)
def test_wrong_defaults(default, diagnosis):
    verdict = check_scores(default=default)
    assert verdict.outcome == "wrong"
    assert verdict.message.startswith(("'default'", "Expected"))
    assert diagnosis in verdict.message


@pytest.mark.parametrize(
    ("every", "diagnosis"),
    [
        ([ALL, ALL, ALL], "only the last text is asked for"),
        (ALL[:1], "None is no number of labels"),
        (ALL[0], "None is no number of labels"),
        ([ALL[0], ALL[1], ALL[1]], "each of the labels mixed, bad, good once"),
        ([ALL[2], ALL[0], ALL[1]], "in the order of `id2label`"),
        (ALL[::-1], "the worst comes first"),
        ([ALL[0], ALL[2], ALL[1]], "they are not sorted by score"),
        ([("bad", 0.375), ("good", 0.231), ("mixed", 0.091)], "this is the sigmoid"),
    ],
)
def test_wrong_lists_of_all_labels(every, diagnosis):
    verdict = check_scores(every=every)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


@pytest.mark.parametrize(
    ("sigmoid", "diagnosis"),
    [
        (BEST, "this is still softmax"),
        (with_scores(BEST, 0.9375 / 2.2375, 0.75 / 1.917, 0.375 / 0.697), "divided by their sum"),
        (with_scores(BEST, 0.679, 0.622, 0.646), "sigmoid was taken of softmax"),
        (with_scores(BEST, 2.71, 1.1, -0.51), "this is the logit itself"),
        (with_scores(BEST, 15, 3, 0.6), "this is e^logit"),
        (with_scores(BEST, 0.0625, 0.25, 0.625), "the share of *not* this label"),
        (with_scores(BEST, 93.75, 75, 37.5), "in percent"),
        ([*SIGMOID[:2], None], "text 2: there is a label here too"),
        ([*SIGMOID[:2], ALL], "text 2: one label for each text"),
    ],
)
def test_wrong_sigmoids(sigmoid, diagnosis):
    verdict = check_scores(sigmoid=sigmoid)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_other_answers_on_scores():
    message = check("08.1", BEST, logits=POWERS.log(), config=BertConfig(id2label=NAMES)).message
    assert "a dictionary with the keys default, top_k=None, sigmoid" in message


def test_right_statements():
    assert check("08.5", {"A", "C", "E", "F"}).outcome == "right"


@pytest.mark.parametrize(
    ("letters", "hint"),
    [
        ("CEF", "about A: count the passes"),
        ("ABCEF", "about B: a cosine says how near"),
        ("AEF", "about C: softmax divides"),
        ("ACDEF", "about D: how many places"),
        ("ACF", "about E: with the mask"),
        ("ACE", "about F: try it"),
        ("ACEFG", "about G: the generator"),
        ("ACEFH", "about H: the best of all texts"),
    ],
)
def test_wrong_statements(letters, hint):
    verdict = check("08.5", letters)
    assert verdict.outcome == "wrong"
    assert hint in verdict.message
