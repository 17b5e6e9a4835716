import contextlib
from copy import deepcopy

import pytest
import torch

from hf_tutorial import check
from hf_tutorial.checks import lesson_06_fitting


def fit(
    model,
    optimizer,
    train_batches,
    validation_batches,
    epochs,
    *,
    train=True,
    train_once=False,
    evaluate=True,
    graph=False,
    reset=True,
    weigh=True,
    divide=True,
    clear=True,
    keep=deepcopy,
    chosen=min,
):
    """A right solution of 06.2, unless it is told otherwise."""
    losses, best, loss, texts = [], None, 0.0, 0
    for epoch in range(epochs):
        if train and not (train_once and epoch):
            model.train()
        for batch in train_batches:
            model(**batch).loss.backward()
            optimizer.step()
            if clear:
                optimizer.zero_grad()
        if evaluate:
            model.eval()
        loss, texts = (0.0 if reset else loss), 0
        with contextlib.nullcontext() if graph else torch.no_grad():
            for batch in validation_batches:
                weight = len(batch["labels"]) if weigh else 1
                loss, texts = loss + weight * model(**batch).loss.item(), texts + weight
        losses.append(loss / texts if divide else loss)
        if losses[-1] == chosen(losses):
            best = keep(model.state_dict())
    return losses, best


def told(**options):
    return lambda *arguments: fit(*arguments, **options)


def mean_so_far(*arguments):
    losses, best = fit(*arguments)
    return [sum(losses[: epoch + 1]) / (epoch + 1) for epoch in range(len(losses))], best


def tensors_are_kept(state):
    return dict(state)


def last_state(model, *arguments):
    losses, _ = fit(model, *arguments)
    return losses, deepcopy(model.state_dict())


def state_before(model, *arguments):
    before = deepcopy(model.state_dict())
    return fit(model, *arguments)[0], before


def trains_alone(model, optimizer, train_batches, validation_batches, epochs):
    return fit(model, optimizer, train_batches, train_batches, epochs)


def uses_training_data_twice(model, optimizer, train_batches, validation_batches, epochs):
    return fit(model, optimizer, train_batches * 2, validation_batches, epochs)


def judge(function):
    return check("06.2", function)


def test_the_best_epoch_is_neither_the_first_nor_the_last():
    course = lesson_06_fitting._fit(clear=True)
    assert 0 < course.best < len(course.states) - 1


@pytest.mark.parametrize(
    "function",
    [fit, told(keep=lambda state: {name: tensor.clone() for name, tensor in state.items()}), lambda *a: [*fit(*a)]],
)
def test_right_loops(function):
    assert judge(function).outcome == "right"


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (mean_so_far, "this is the mean of all epochs so far"),
        (told(train=False), "hands it over. Say `model.train()`"),
        (told(train_once=True), "From the second epoch on"),
        (told(evaluate=False), "validates in training mode"),
        (told(graph=True), "still records a graph"),
        (told(reset=False, weigh=False), "as in the old notebook"),
        (told(reset=False), "as in the old notebook"),
        (told(weigh=False), "Every batch counts the same"),
        (told(weigh=False, divide=False), "the sum of the batches' losses"),
        (told(divide=False), "This is the sum over the texts"),
        (told(clear=False), "what does `zero_grad()` do?"),
        (told(keep=tensors_are_kept), "`state_dict()` makes no copy"),
        (told(chosen=max), "of the last epoch"),
        (last_state, "is that of the last epoch, but the lowest validation loss belongs to epoch"),
        (state_before, "The state is that of no epoch's end"),
        (trains_alone, "never gets the validation batches"),
        (uses_training_data_twice, "one step for each training batch"),
        (lambda *a: fit(*a)[0], "Expected two things"),
        (lambda *a: (fit(*a)[0][:2], fit(*a)[1]), "a list of 7 losses"),
        (lambda *a: (["low"] * 7, fit(*a)[1]), "should be numbers"),
        (lambda *a: (fit(*a)[0], 3), "what `model.state_dict()` gives"),
        (lambda *a: (fit(*a)[0], {}), "the weights by their names"),
        (lambda *a: 1 / 0, "raises ZeroDivisionError"),
    ],
)
def test_wrong_loops(function, diagnosis):
    verdict = judge(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
