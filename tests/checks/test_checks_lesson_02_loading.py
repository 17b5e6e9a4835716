"""Exercises 02.2 and 02.4: models that a student has loaded from a checkpoint."""

import pytest
import torch
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    BertModel,
    DistilBertModel,
)

from hf_tutorial import check
from hf_tutorial.checks.models import tiny

BERT = {"hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 16}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A checkpoint of a DistilBERT body."""
    path = tmp_path_factory.mktemp("checkpoint")
    tiny("DistilBertModel").save_pretrained(path)
    return path


def judge_body(model, folder):
    return check("02.2", model, checkpoint=folder)


def test_the_right_body(folder, capsys):
    bodies = [AutoModel.from_pretrained(folder), DistilBertModel.from_pretrained(folder)]
    capsys.readouterr()
    assert [judge_body(body, folder).outcome for body in bodies] == ["right", "right"]
    assert capsys.readouterr() == ("", "")


def trained_on(folder):
    model = AutoModel.from_pretrained(folder)
    with torch.no_grad():
        model.embeddings.word_embeddings.weight += 0.5
    return model


@pytest.mark.parametrize(
    ("load", "diagnosis"),
    [
        (
            lambda f: BertModel.from_pretrained(f, **BERT),
            "a class of the architecture 'bert', and the checkpoint says 'distilbert'",
        ),
        (
            lambda f: BertModel.from_pretrained(f, ignore_mismatched_sizes=True, **BERT | {"hidden_size": 16}),
            "No switch mends",
        ),
        (lambda f: AutoModel.from_config(AutoConfig.from_pretrained(f)), "Only `from_pretrained` reads the weights"),
        (
            lambda f: DistilBertModel(AutoConfig.from_pretrained(f, dim=16)),
            "not built from the checkpoint's configuration",
        ),
        (lambda f: AutoModel.from_pretrained(f, n_layers=1), "16 weights of the checkpoint have no place"),
        (lambda f: AutoModel.from_pretrained(f, dtype=torch.bfloat16), "rounded to torch.bfloat16"),
        (lambda f: AutoModelForMaskedLM.from_pretrained(f), "Which Auto class returns the body alone?"),
        (trained_on, "1 of 36 weights differ from the checkpoint's, the first is `embeddings.word_embeddings.weight`"),
        (lambda f: AutoModel.from_pretrained(f, output_loading_info=True), "two things come back"),
        (lambda f: str(f), "Expected a model"),
    ],
)
def test_wrong_bodies(load, diagnosis, folder):
    verdict = judge_body(load(folder), folder)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_the_wrong_class_is_told_how_much_it_lost(folder):
    message = judge_body(BertModel.from_pretrained(folder, **BERT), folder).message
    assert "so that 32 of the 36 weight tensors of the checkpoint were thrown away" in message
    message = judge_body(BertModel(tiny("BertModel", initializer_range=1.0).config), folder).message
    assert "of the checkpoint were thrown away" in message


LABELS = ["terrible", "poor", "fair", "good", "excellent"]
NAMES = {"id2label": dict(enumerate(LABELS)), "label2id": {label: number for number, label in enumerate(LABELS)}}
NEW = ["classifier.bias", "classifier.weight", "pre_classifier.bias", "pre_classifier.weight"]


def judge_classifier(folder, kind=AutoModelForSequenceClassification, new=NEW, **settings):
    model = kind.from_pretrained(folder, **settings)
    return check("02.4", model, new_weights=new, labels=LABELS, checkpoint=folder)


@pytest.mark.parametrize("new", [NEW, set(NEW), tuple(reversed(NEW))])
def test_the_right_classifier(folder, new):
    verdict = judge_classifier(folder, new=new, **NAMES)
    assert verdict.outcome == "right"
    assert "4 new weights" in verdict.message


@pytest.mark.parametrize(
    ("settings", "diagnosis"),
    [
        ({}, "The head returns 2 logits, and there are 5 labels"),
        ({"num_labels": 5}, "called LABEL_0, LABEL_1 and so on"),
        ({"id2label": NAMES["id2label"]}, "transformers does not turn one into the other"),
        ({"label2id": NAMES["label2id"]}, "The head returns 2 logits"),
        (NAMES | {"id2label": LABELS}, "`dict(enumerate(…))` makes one"),
        (NAMES | {"id2label": {str(n): label for n, label in enumerate(LABELS)}}, "The keys of `id2label` are strings"),
        ({"id2label": NAMES["label2id"], "label2id": NAMES["id2label"]}, "the two have been exchanged"),
        (NAMES | {"label2id": NAMES["id2label"]}, "`label2id` is the same as `id2label`"),
        (NAMES | {"label2id": dict.fromkeys(LABELS, 0)}, "`label2id` does not lead back"),
        (NAMES | {"id2label": dict(enumerate(LABELS, start=1))}, "Columns are counted from 0"),
        (NAMES | {"id2label": dict(enumerate(reversed(LABELS)))}, "column 0 should be 'terrible'"),
        (NAMES | {"id2label": dict(enumerate("abcde"))}, "`id2label` should be"),
    ],
)
def test_wrong_labels(settings, diagnosis, folder):
    verdict = judge_classifier(folder, **settings)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


@pytest.mark.parametrize(
    ("kind", "diagnosis"),
    [(AutoModel, "a body without a head"), (AutoModelForTokenClassification, "scores every token")],
)
def test_wrong_heads(kind, diagnosis, folder):
    assert diagnosis in judge_classifier(folder, kind, **NAMES).message


@pytest.mark.parametrize(
    ("new", "diagnosis"),
    [
        ([], "are no weights new?"),
        (NEW[:2], "2 of the 4 new weights are not in the list, such as `pre_classifier.bias`"),
        ([*NEW, "distilbert.embeddings.word_embeddings.weight"], "word_embeddings.weight` is no new weight"),
        (["head"], "'head' is not the name of one of its weights"),
        ([1, "head"], "1 is not the name"),
        ({"missing_keys": set(NEW)}, "The whole report was handed in"),
        ("classifier.bias", "a list of names of weights, but got 'classifier.bias'"),
    ],
)
def test_wrong_lists_of_new_weights(new, diagnosis, folder):
    verdict = judge_classifier(folder, new=new, **NAMES)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_new_weights_that_are_not_there_yet_are_waited_for(folder):
    verdict = judge_classifier(folder, new=..., **NAMES)
    assert (verdict.outcome, "`new_weights` is not there yet" in verdict.message) == ("not done yet", True)


def test_a_configuration_changed_afterwards_is_noticed(folder):
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    model.config.update({"num_labels": 5, **NAMES})
    message = check("02.4", model, new_weights=NEW, labels=LABELS, checkpoint=folder).message
    assert "built before the configuration was changed" in message


def test_a_classifier_with_a_random_body_is_noticed(folder):
    model = AutoModelForSequenceClassification.from_config(AutoConfig.from_pretrained(folder, **NAMES))
    message = check("02.4", model, new_weights=NEW, labels=LABELS, checkpoint=folder).message
    assert "of the body's 36 weights are not those of the checkpoint" in message


def test_a_trained_head_of_another_size_counts_as_new(tmp_path):
    tiny("DistilBertForSequenceClassification").save_pretrained(tmp_path)
    new = ["classifier.bias", "classifier.weight"]
    verdict = judge_classifier(tmp_path, new=new, ignore_mismatched_sizes=True, **NAMES)
    assert (verdict.outcome, "2 new weights" in verdict.message) == ("right", True)
