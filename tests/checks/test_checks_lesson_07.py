import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import Trainer, TrainingArguments

from hf_tutorial import check

RIGHT = {"effective_batch": 64, "steps": 48, "warmup_steps": 5, "log_lines": 4, "evaluations": 3}
LOG = [
    {"epoch": 1.0, "step": 8, "eval_loss": 0.62, "eval_accuracy": 0.65},
    {"epoch": 2.0, "step": 16, "eval_loss": 0.60, "eval_accuracy": 0.68},
    {"epoch": 3.0, "step": 24, "eval_loss": 0.59, "eval_accuracy": 0.68},
    {"epoch": 4.0, "step": 32, "eval_loss": 0.63, "eval_accuracy": 0.72},
    {"epoch": 5.0, "step": 40, "eval_loss": 0.61, "eval_accuracy": 0.70},
]


def arguments(folder="nowhere", **more):
    given_ = {"num_train_epochs": 3, "per_device_train_batch_size": 8, "gradient_accumulation_steps": 4}
    given_ |= {"warmup_steps": 0.1, "logging_steps": 10, "disable_tqdm": True, "report_to": "none"}
    return TrainingArguments(str(folder), **given_ | more)


def on_paper(rows=1000, devices=2, answer=RIGHT, **changes):
    return check("07.1", answer | changes, args=arguments(), rows=rows, devices=devices)


def test_right_paper():
    assert on_paper().outcome == "right"
    assert on_paper(warmup_steps=5.0).outcome == "right"


class Line(torch.nn.Module):
    """The smallest model that Trainer takes."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Linear(1, 1)

    def forward(self, x, labels=None):
        return {"loss": (self.weight(x.view(-1, 1)) ** 2).mean()}


@settings(max_examples=12, deadline=None)
@given(rows=st.integers(1, 70), each=st.integers(1, 9), accumulation=st.integers(1, 4), epochs=st.integers(1, 3))
def test_the_paper_is_what_trainer_does(rows, each, accumulation, epochs, tmp_path_factory):
    sizes = {"per_device_train_batch_size": each, "gradient_accumulation_steps": accumulation}
    args = arguments(tmp_path_factory.mktemp("run"), num_train_epochs=epochs, logging_steps=3, use_cpu=True, **sizes)
    data = [{"x": torch.ones(1), "labels": 0.0}] * rows
    trainer = Trainer(Line(), args, train_dataset=data)
    trainer.train()
    seen = {
        "effective_batch": each * accumulation,
        "steps": trainer.state.global_step,
        "warmup_steps": args.get_warmup_steps(trainer.state.max_steps),
        "log_lines": sum("loss" in entry for entry in trainer.state.log_history),
        "evaluations": epochs,
    }
    assert check("07.1", seen, args=args, rows=rows, devices=1).outcome == "right"
    assert check("07.1", seen | {"steps": seen["steps"] + 1}, args=args, rows=rows, devices=1).outcome == "wrong"


@pytest.mark.parametrize(
    ("key", "value", "diagnosis"),
    [
        ("effective_batch", 8, "what one device sees at once"),
        ("effective_batch", 16, "added up before a step"),
        ("effective_batch", 32, "multiply by the number of devices"),
        ("effective_batch", 192, "epochs repeat the reviews"),
        ("effective_batch", 7, "multiply three numbers"),
        ("steps", 16, "steps of one epoch"),
        ("steps", 189, "these are batches"),
        ("steps", 45, "round up, not down"),
        ("steps", 47, "round up in each epoch"),
        ("steps", 96, "steps on one device"),
        ("steps", 1, "rounding up both times"),
        ("warmup_steps", 0.1, "a share of all steps"),
        ("warmup_steps", 4.8, "no part of a step"),
        ("warmup_steps", 4, "rounded down"),
        ("warmup_steps", 2, "not of those of one epoch"),
        ("warmup_steps", 9, "take the share"),
        ("log_lines", 48, "a line for each step"),
        ("log_lines", 5, "after the last full interval"),
        ("log_lines", 0, "now and then"),
        ("log_lines", 10, "between two lines"),
        ("evaluations", 48, "not at each step"),
        ("evaluations", 1, "not of the run"),
        ("evaluations", 4, "nothing to do with each other"),
        ("evaluations", "three", "should be a number"),
    ],
)
def test_wrong_paper(key, value, diagnosis):
    verdict = on_paper(**{key: value})
    assert verdict.outcome == "wrong"
    assert verdict.message.startswith(f"'{key}'")
    assert diagnosis in verdict.message


def test_paper_of_another_form():
    assert "Expected a dictionary" in check("07.1", (64, 48), args=arguments(), rows=9, devices=1).message


def choose(best="checkpoint-24", true=("A", "C", "F")):
    return check("07.5", {"best": best, "true": set(true)}, log=LOG)


def test_right_choice():
    assert choose().outcome == "right"
    assert choose(true="acf").outcome == "right"


@pytest.mark.parametrize(
    ("best", "diagnosis"),
    [
        ("checkpoint-32", "the highest accuracy"),
        ("checkpoint-40", "the validation loss has turned"),
        ("checkpoint-16", "There is a lower one"),
        ("checkpoint-3", "not after its epoch"),
        ("24", "there is no such checkpoint"),
        (24, "there is no such checkpoint"),
    ],
)
def test_wrong_choice(best, diagnosis):
    assert diagnosis in choose(best).message


def test_the_highest_loss_is_not_the_best():
    log = [LOG[0] | {"eval_loss": math.inf}, *LOG[1:]]
    assert "the lowest is best" in check("07.5", {"best": "checkpoint-8", "true": "A"}, log=log).message


@pytest.mark.parametrize(
    ("letters", "hint"),
    [
        ("CF", "A: follow"),
        ("ABCF", "B: how many reviews"),
        ("AF", "C: what does"),
        ("ACDF", "D: the training loss"),
        ("ACEF", "E: this checkpoint"),
        ("AC", "F: how much"),
    ],
)
def test_wrong_statements(letters, hint):
    assert f"Think again about {hint}" in choose(true=letters).message


def test_choice_of_another_form():
    assert "Expected a dictionary" in check("07.5", {"A", "C", "F"}, log=LOG).message
