import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score
from transformers import TrainerCallback

from hf_tutorial import check


def metrics(macro="macro", worst=min, order=lambda labels, guesses: (labels, guesses), score=recall_score, **more):
    """Return a `compute_metrics`, right unless told otherwise."""

    def compute_metrics(prediction):
        logits, labels = prediction
        pair = order(labels, logits.argmax(axis=-1))
        recalls = score(*pair, average=None, zero_division=0)
        found = {
            "accuracy": accuracy_score(*pair),
            "macro_f1": f1_score(*pair, average=macro, zero_division=0),
            "worst_recall": worst(recalls),
        }
        return found | {key: change(found[key]) for key, change in more.items()}

    return compute_metrics


def test_right_metrics():
    assert check("07.3", metrics()).outcome == "right"
    assert (
        check("07.3", lambda prediction: metrics()((prediction.predictions, prediction.label_ids))).outcome == "right"
    )
    assert check("07.3", metrics(accuracy=float, worst_recall=np.float64)).outcome == "right"


def wrong_axis(prediction):
    logits, labels = prediction
    return {"accuracy": accuracy_score(labels, logits.argmax(axis=0))}


def of_those_guessed(prediction):
    logits, labels = prediction
    guesses = logits.argmax(axis=-1)
    f1 = f1_score(labels, guesses, labels=np.unique(guesses), average="macro")
    return metrics()(prediction) | {"macro_f1": f1}


def with_a_warning(prediction):
    logits, labels = prediction
    precision_score(labels, logits.argmax(axis=-1), average=None)
    return metrics()(prediction)


def of_class_one(prediction):
    logits, labels = prediction
    return metrics()(prediction) | {
        "worst_recall": recall_score(labels, logits.argmax(-1), average=None, zero_division=0)[1]
    }


def of_two_columns(prediction):
    logits, labels = prediction
    return metrics()((np.eye(logits.shape[1])[(logits[:, 1] > logits[:, 0]).astype(int)], labels))


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (of_two_columns, "With 3 classes, 'accuracy': it should be"),
        (lambda p: {"accuracy": accuracy_score(p[1], p[0])}, "Which class does each row stand for?"),
        (wrong_axis, "the wrong axis"),
        (lambda p: {"macro_f1": f1_score(p[1], p[0].argmax(-1))}, "the default of scikit-learn is for two"),
        (lambda p: p[0].argmax(dim=-1), "NumPy has an `axis` where torch has a `dim`"),
        (lambda p: p[0].softmax(-1), "NumPy arrays here, not tensors"),
        (lambda p: 0.5, "Expected a dictionary"),
        (lambda p: {"accuracy": 1.0}, "has no 'macro_f1', 'worst_recall'"),
        (metrics(accuracy=lambda value: [value]), "'accuracy' should be one number"),
        (metrics(accuracy=lambda value: 1 - value), "the share of wrong answers"),
        (metrics(macro="micro"), "Macro means every class"),
        (metrics(macro="weighted"), "weighted by the size"),
        (of_those_guessed, "was left out"),
        (metrics(worst=np.mean), "Asked for is the lowest"),
        (metrics(worst=max), "the highest recall"),
        (metrics(order=lambda labels, guesses: (guesses, labels)), "changed places"),
        (metrics(score=precision_score), "a precision"),
        (of_class_one, "of class 1 alone"),
        (with_a_warning, "scikit-learn warns about a class that is never guessed"),
        (metrics(accuracy=lambda value: 100 * value), "in percent"),
        (metrics(macro_f1=lambda value: round(value, 2)), "but rounded"),
        (metrics(macro_f1=lambda value: value + 0.1), "it should be"),
        (lambda p: print(p), "returns None"),
    ],
)
def test_wrong_metrics(function, diagnosis):
    verdict = check("07.3", function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


class Guard(TrainerCallback):
    """A right solution of 07.4, and the ground of the wrong ones."""

    def __init__(self, limit):
        self.limit = limit
        self.stopped_at = None

    def on_log(self, args, state, control, logs=None, **kwargs):
        if self.is_bad(logs):
            control.should_training_stop = True
            self.stopped_at = state.global_step

    def is_bad(self, logs):
        return "loss" in logs and not logs["loss"] <= self.limit


def guard(is_bad=Guard.is_bad, **methods):
    """Return a class with other methods; `is_bad` is asked by an `on_log` of its own."""
    own = {"on_log": Guard.on_log, "is_bad": is_bad} | methods
    return type("LossGuard", (Guard,), own)


def sets_it_always(self, args, state, control, logs=None, **kwargs):
    control.should_training_stop = self.is_bad(logs)
    self.stopped_at = state.global_step if self.is_bad(logs) else self.stopped_at


def returns_control(self, args, state, control, logs=None, **kwargs):
    Guard.on_log(self, args, state, control, logs)
    return control


def raises(self, args, state, control, logs=None, **kwargs):
    if self.is_bad(logs):
        raise RuntimeError("the loss explodes")


def remembers_only(self, args, state, control, logs=None, **kwargs):
    if self.is_bad(logs):
        self.stopped_at = state.global_step


def forgets_step(self, args, state, control, logs=None, **kwargs):
    control.should_training_stop |= self.is_bad(logs)


def begins_at_zero(self, limit):
    self.limit, self.stopped_at = limit, 0


def not_begun(self, args, state, control, logs=None, **kwargs):
    """Ask the run to stop."""
    ...


def test_right_guard():
    assert check("07.4", guard()).outcome == "right"
    assert check("07.4", guard(on_log=returns_control)).outcome == "right"


def test_a_guard_without_a_body_is_not_done():
    assert check("07.4", guard(on_log=not_begun)).outcome == "not done yet"


@pytest.mark.parametrize(
    ("answer", "diagnosis"),
    [
        (Guard(2.0), "Hand over the class itself"),
        (type("Plain", (), {"on_log": Guard.on_log, "__init__": Guard.__init__}), "should be a `TrainerCallback`"),
        (type("Named", (TrainerCallback,), {"__init__": Guard.__init__, "onLog": Guard.on_log}), "no method `on_log`"),
        (guard(__init__=begins_at_zero), "be None"),
        (guard(lambda self, logs: logs["loss"] > 2), "Not every log entry has a training loss"),
        (guard(lambda self, logs: logs.get("loss") > 2), "None cannot be compared"),
        (guard(lambda self, logs: max(logs.values()) > 2), "A healthy training loss"),
        (guard(lambda self, logs: logs.get("eval_loss", logs.get("loss", 0)) > 2), "An evaluation stops the run"),
        (guard(lambda self, logs: logs.get("train_loss", logs.get("loss", 0)) > 2), "The summary at the end"),
        (guard(on_log=sets_it_always), "taken that back"),
        (guard(lambda self, logs: logs.get("loss", 0) > self.limit), "A loss of NaN does not stop the run"),
        (guard(lambda self, logs: logs.get("loss", 0) != logs.get("loss", 0)), "2.5, above the limit of 2, does not"),
        (guard(lambda self, logs: not logs.get("loss", 0) < self.limit), "exactly the limit"),
        (guard(lambda self, logs: not logs.get("loss", 0) <= 2), "is the limit the one that was given?"),
        (guard(on_log=raises), "A callback that raises takes the whole run with it"),
        (guard(on_log=remembers_only), "Set `control.should_training_stop`"),
        (guard(on_log=forgets_step), "`stopped_at` is None"),
    ],
)
def test_wrong_guards(answer, diagnosis):
    verdict = check("07.4", answer)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
