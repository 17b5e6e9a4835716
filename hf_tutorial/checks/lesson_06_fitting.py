"""Checks of lesson 06, second part: a loop that validates honestly and keeps the weights of the best epoch."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.models import tiny
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor, same
from hf_tutorial.checks.verdict import Wrong, part_is_right

State = dict[str, Any]

_EPOCHS = 7
_TRAIN_TOKENS, _VALIDATION_TOKENS = 6, 5
_CLOSE = 1e-4


@exercise("06.2", expects="the function `fit`")
def keeping_the_best(answer: object) -> str:
    course = _fit(clear=True)
    model, optimizer, train, validation = _start()
    with _watched(model) as seen:
        value = _run(answer, model, optimizer, train, validation)
    _judge_calls(seen)
    losses, state = _read(value)
    _judge_losses(losses, course)
    with part_is_right(0.5):
        _judge_state(state, course, model)
    return "Each epoch is judged for itself, in eval mode, and what is kept is what the best epoch left."


def _start() -> tuple[Any, Any, list[State], list[State]]:
    """Return a model without dropout, its optimiser, and batches that make the validation loss fall, then rise.

    All training labels are 1, but only three in five of the validation labels: the more certain the model becomes, the
    better it is at first, and the worse later.
    """
    import torch

    model = tiny("DistilBertForSequenceClassification", dropout=0.0, attention_dropout=0.0, seq_classif_dropout=0.0)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.06)
    generator = torch.Generator().manual_seed(0)

    def batch(tokens: int, labels: list[int]) -> State:
        ids = torch.randint(5, 50, (len(labels), tokens), generator=generator)
        return {"input_ids": ids, "attention_mask": torch.ones_like(ids), "labels": torch.tensor(labels)}

    train = [batch(_TRAIN_TOKENS, [1, 1, 1]) for _ in range(2)]
    return model, optimizer, train, [batch(_VALIDATION_TOKENS, [1, 1, 0, 1]), batch(_VALIDATION_TOKENS, [0])]


@dataclass(frozen=True)
class Course:
    """What right training gives: each epoch's losses, batch by batch, and the weights after it."""

    batches: list[list[float]]
    states: list[State]
    sizes: list[int]

    @property
    def losses(self) -> list[float]:
        return [
            sum(n * loss for n, loss in zip(self.sizes, one, strict=True)) / sum(self.sizes) for one in self.batches
        ]

    @property
    def best(self) -> int:
        return self.losses.index(min(self.losses))


def _fit(clear: bool) -> Course:
    """Train as it should be done, or without clearing the gradients."""
    import torch

    model, optimizer, train, validation = _start()
    batches, states = [], []
    for _ in range(_EPOCHS):
        for batch in train:
            model(**batch).loss.backward()
            optimizer.step()
            if clear:
                optimizer.zero_grad()
        with torch.no_grad():
            batches.append([model(**batch).loss.item() for batch in validation])
        states.append(deepcopy(model.state_dict()))
    return Course(batches, states, [len(batch["labels"]) for batch in validation])


@dataclass
class Seen:
    """In which mode the model was called: True for training mode, in the order of the calls."""

    train: list[bool] = field(default_factory=list)
    validation: list[bool] = field(default_factory=list)
    with_graph: bool = False


@contextmanager
def _watched(model: Any) -> Iterator[Seen]:
    import torch

    seen = Seen()

    def look(module: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        ids = arguments[0] if arguments else named["input_ids"]
        validates = ids.shape[-1] == _VALIDATION_TOKENS
        (seen.validation if validates else seen.train).append(module.training)
        seen.with_graph |= validates and torch.is_grad_enabled()

    handle = model.register_forward_pre_hook(look, with_kwargs=True)
    try:
        yield seen
    finally:
        handle.remove()


def _run(function: object, model: Any, optimizer: Any, train: list[State], validation: list[State]) -> object:
    given = f"model, optimizer, train_batches, validation_batches, {_EPOCHS}"
    try:
        return call(function, model, optimizer, train, validation, _EPOCHS, given=given)
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised


def _why_failed(error: BaseException) -> str:
    message = str(error)
    if isinstance(error, (UnboundLocalError, NameError)):
        return " Is it set before the loop begins?"
    if "does not require grad" in message:
        return " `backward()` needs a graph: does `no_grad()` reach over the training as well?"
    if "to" in message and "'dict'" in message:
        return " The batches are plain dictionaries, and on the model's device already."
    return ""


def _judge_calls(seen: Seen) -> None:
    if not seen.train or not seen.validation:
        which = "training" if not seen.train else "validation"
        raise Wrong(f"The model never gets the {which} batches. Does the function take others from outside?")
    if any(seen.validation):
        raise Wrong(
            "The model validates in training mode: dropout throws a part of its numbers away, and the loss is not that of the "
            "model which you will use. `no_grad()` does not change that."
        )
    if seen.with_graph:
        raise Wrong(
            "The validation still records a graph for each batch. `eval()` does not stop that; which line does?"
        )
    if not any(seen.train):
        raise Wrong(
            "The model trains in eval mode, without dropout: that is how `from_pretrained` hands it over. Say `model.train()`."
        )
    if not all(seen.train):
        raise Wrong(
            "From the second epoch on the model trains in eval mode, without dropout, as the validation has left it. Where must "
            "`model.train()` stand?"
        )


def _read(value: object) -> tuple[list[float], State]:
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise Wrong(f"Expected two things, the list of losses and the state of the best epoch, but got {shown(value)}.")
    losses, state = value
    if not isinstance(losses, (list, tuple)) or len(losses) != _EPOCHS:
        raise Wrong(f"For {_EPOCHS} epochs there should be a list of {_EPOCHS} losses, but there is {shown(losses)}.")
    plain = [number(loss) for loss in losses]
    for loss, given in zip(plain, losses, strict=True):
        if loss is None:
            raise Wrong(f"The losses should be numbers, but one is {shown(given)}.")
    if not hasattr(state, "items") or not all(is_tensor(tensor) for tensor in dict(state).values()):
        raise Wrong(f"The state should be what `model.state_dict()` gives, but is {shown(state)}.")
    return [loss for loss in plain if loss is not None], dict(state)


def _judge_losses(losses: list[float], course: Course) -> None:
    if _close(losses, course.losses):
        return
    for reason, wrong in _mistakes(course).items():
        if _close(losses, wrong):
            raise Wrong(reason)
    if _close(losses, _fit(clear=False).losses):
        raise Wrong("The losses are those of a model whose gradients are never cleared: what does `zero_grad()` do?")
    epoch = next(k for k in range(_EPOCHS) if not _close(losses[k : k + 1], course.losses[k : k + 1]))
    raise Wrong(
        f"After epoch {epoch} the validation loss, the mean over all texts, should be {course.losses[epoch]:.4f}, but is "
        f"{losses[epoch]:.4f}. Is there one step for each training batch, and one loss for each epoch?"
    )


def _close(first: list[float], second: list[float]) -> bool:
    return all(abs(a - b) < _CLOSE for a, b in zip(first, second, strict=True))


def _mistakes(course: Course) -> dict[str, list[float]]:
    """Return what comes out of mistakes in adding up."""
    sums = [sum(one) for one in course.batches]
    of_texts = [loss * sum(course.sizes) for loss in course.losses]
    number_of, texts = len(course.sizes), sum(course.sizes)
    so_far = [total / epoch for epoch, total in enumerate(accumulate(course.losses), start=1)]
    again = "The sum still holds what earlier epochs have added, as in the old notebook: set it to zero before each validation."
    each = "weigh each batch's loss with the number of its texts, and divide by all texts."
    return {
        again: [total / number_of for total in accumulate(sums)],
        f"{again} (The weights of the batches are right.)": [total / texts for total in accumulate(of_texts)],
        "Sum and number of texts both go on from earlier epochs, so this is the mean of all epochs so far. Begin both at zero "
        "before each validation.": so_far,
        f"Every batch counts the same, although the last one is smaller: {each}": [total / number_of for total in sums],
        f"This is the sum of the batches' losses: {each}": sums,
        "This is the sum over the texts. Divide by how many there are.": of_texts,
        "The sum over the texts is divided by the number of batches.": [total / number_of for total in of_texts],
        "This is the loss of the last batch alone.": [one[-1] for one in course.batches],
    }


def _judge_state(state: State, course: Course, model: Any) -> None:
    if set(state) != set(course.states[0]):
        raise Wrong("The losses are right. The state does not hold the weights by their names, as `state_dict()` does.")
    equal = [epoch for epoch, right in enumerate(course.states) if _same_state(state, right)]
    if equal == [course.best]:
        return
    own = model.state_dict()
    if any(tensor.data_ptr() == own[name].data_ptr() for name, tensor in state.items()):
        raise Wrong(
            "The losses are right. But the state holds the model's own tensors, which went on changing: it has become that of "
            "the last epoch. `state_dict()` makes no copy; `.clone()` on each tensor does, or `copy.deepcopy`."
        )
    if not equal:
        raise Wrong("The losses are right. The state is that of no epoch's end. At which moment is it copied?")
    why = {0: "of the first epoch", _EPOCHS - 1: "of the last epoch"}.get(equal[0], f"of epoch {equal[0]}")
    raise Wrong(
        f"The losses are right. The state is that {why}, but the lowest validation loss belongs to epoch {course.best}."
    )


def _same_state(first: State, second: State) -> bool:
    return all(same(first[name], tensor, 1e-6) for name, tensor in second.items())
