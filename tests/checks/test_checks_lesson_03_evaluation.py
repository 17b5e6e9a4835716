import contextlib

import pytest
import small_models
import torch
from torch.nn.functional import cross_entropy

from hf_tutorial import check
from hf_tutorial.checks.models import tiny


def evaluate(
    model,
    batches,
    *,
    train=False,
    graph=False,
    name="labels",
    weigh=True,
    plain=True,
    mask=True,
    pop=False,
    percent=False,
):
    """A right solution of 03.2, unless it is told otherwise."""
    model.train(train)
    loss = accuracy = texts = 0
    for batch in batches:
        labels = batch.pop("label") if pop else batch["label"]
        inputs = {"input_ids": batch["input_ids"]} | ({"attention_mask": batch["attention_mask"]} if mask else {})
        with contextlib.nullcontext() if graph else torch.no_grad():
            outputs = model(**inputs, **{name: labels})
        share = (outputs.logits.argmax(dim=-1) == labels).float().mean()
        value = outputs.loss if outputs.loss is not None else torch.tensor(0.0)
        weight = len(labels) if weigh else 1
        loss, accuracy, texts = loss + weight * value, accuracy + weight * share, texts + weight
    found = {"loss": loss / texts, "accuracy": accuracy / texts * (100 if percent else 1)}
    return {key: value.item() if plain else value for key, value in found.items()}


def told(**options):
    return lambda model, batches: evaluate(model, batches, **options)


def scaled(**factors):
    """Return an evaluation whose numbers are changed by a function of the batches."""
    return lambda m, b: {key: factors.get(key, lambda x, b: x)(x, b) for key, x in evaluate(m, b).items()}


def with_labels_left_out(model, batches):
    model.eval()
    with torch.no_grad():
        return {"loss": sum(model(**batch).loss.item() for batch in batches), "accuracy": 1.0}


def with_labels_twice(model, batches):
    return model(**batches[0], input_ids=batches[0]["label"])


def by_hand(model, batches):
    model.eval()
    with torch.inference_mode():
        logits = torch.cat([model(batch["input_ids"], batch["attention_mask"]).logits for batch in batches])
    labels = torch.cat([batch["label"] for batch in batches])
    accuracy = (logits.argmax(dim=-1) == labels).double().mean().item()
    return {"loss": cross_entropy(logits, labels).item(), "accuracy": accuracy}


def squeezed_twice(model, batches):
    model.eval()
    with torch.no_grad():
        scores = [model(batch["input_ids"], batch["attention_mask"]).logits.softmax(dim=-1) for batch in batches]
    labels = torch.cat([batch["label"] for batch in batches])
    return evaluate(model, batches) | {"loss": cross_entropy(torch.cat(scores), labels).item()}


def adding_to_batches(model, batches):
    for batch in batches:
        batch["labels"] = batch["label"]
    return evaluate(model, batches)


def without_brackets(model, batches):
    with torch.no_grad:
        return evaluate(model, batches)


def remembering():
    seen = []

    def function(model, batches):
        found = evaluate(model, batches)
        seen.append(found["loss"])
        return found | {"loss": sum(seen)}

    return function


def judge(function, model=None):
    return check("03.2", function, model=model or small_models.classifier())


@pytest.mark.parametrize("function", [evaluate, by_hand])
@pytest.mark.parametrize("labels", [2, 3])
def test_right_evaluations(function, labels):
    model = tiny("DistilBertForSequenceClassification", num_labels=labels)
    assert judge(function, model).outcome == "right"


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (told(train=True), "left in training mode"),
        (told(graph=True), "still records a graph for every batch"),
        (told(graph=True, plain=False), "'loss' is a tensor that still holds on to the graphs"),
        (told(plain=False), "'loss' should be a plain number, but is a Tensor"),
        (told(name="label"), "'loss': the loss is 0. Did the model get the labels by the right name?"),
        (told(weigh=False), "'loss': every batch counts the same"),
        (told(mask=False), "reads the padding as text"),
        (told(pop=True), "Right, but only once"),
        (told(percent=True), "'accuracy': this is in percent"),
        (scaled(accuracy=lambda x, b: 1 - x), "'accuracy': this is the share of wrong answers"),
        (scaled(loss=lambda x, b: 5 * x), "'loss': this is the sum over the texts"),
        (scaled(loss=lambda x, b: 5 * x / 2), "'loss': the sum over the texts is divided by the number of batches"),
        (scaled(loss=lambda x, b: x + 9), "'loss' should be"),
        (lambda m, b: evaluate(m, b[:1]), "the result of the first batch alone"),
        (lambda m, b: evaluate(m, b[-1:]), "the result of the last batch alone"),
        (
            lambda m, b: {key: sum(evaluate(m, [one])[key] for one in b) for key in ("loss", "accuracy")},
            "this is the sum of the batches' means",
        ),
        (
            lambda m, b: {key: sum(evaluate(m, [one])[key] for one in b) / 5 for key in ("loss", "accuracy")},
            "the sum of the batches' means is divided by the number of texts",
        ),
        (
            lambda m, b: evaluate(m, b) | {"accuracy": sum(evaluate(m, [one])["accuracy"] for one in b) / 2},
            "'accuracy': every",
        ),
        (lambda m, b: evaluate(tiny("BertForSequenceClassification"), b), "never called"),
        (with_labels_left_out, "It is None when the model gets no `labels=`"),
        (with_labels_twice, "The labels reach the model twice"),
        (lambda m, b: b[0]["labels"], "The model wants `labels`"),
        (lambda m, b: (1.0).item(), "needs no `.item()`"),
        (lambda m, b: tuple(evaluate(m, b).values()), "Expected a dictionary with 'loss' and 'accuracy'"),
        (lambda m, b: evaluate(m, b) | {"accuracy": "good"}, "'accuracy' should be a plain number, but is 'good'"),
        (squeezed_twice, "'loss': `cross_entropy` got probabilities"),
        (adding_to_batches, "puts something into the batches"),
        (without_brackets, "it needs its brackets"),
        (lambda m, b: m(b[0]), "`model(**batch)` passes each entry by its name"),
        (lambda m, b: torch.ones(2) == torch.ones(4), "Along which dimension does `argmax` run?"),
        (scaled(loss=lambda x, b: round(x, 2)), "'loss': this is right, but rounded"),
        (
            lambda m, b: evaluate(m, b) | {"loss": sum(evaluate(m, [one])["loss"] * len(one) for one in b) / 5},
            "'loss': `len(batch)` is the number of entries of the dictionary",
        ),
        (remembering(), "A second run gives another result"),
    ],
)
def test_wrong_evaluations(function, diagnosis):
    verdict = judge(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_an_evaluation_that_fits_only_our_small_model_is_told_so():
    def picky(model, batches):
        return evaluate(model, batches, train=model is small_models.classifier())

    message = judge(picky).message
    assert message.startswith("Right for a small model of ours, but not for yours. The model was left in training mode")


@pytest.mark.parametrize("training", [True, False])
def test_the_students_model_keeps_its_mode(training):
    model = tiny("BertForSequenceClassification").train(training)
    for function in (evaluate, told(train=True), told(graph=True), with_labels_twice):
        judge(function, model)
        assert (model.training, len(model._forward_pre_hooks)) == (training, 0)
