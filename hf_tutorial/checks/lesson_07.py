"""Checks of lesson 07, first and last part: a run worked out on paper, and which checkpoint to take."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from hf_tutorial.checks.answers import judge_statements, named_numbers, shown
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

_PAPER = "a dictionary with the keys 'effective_batch', 'steps', 'warmup_steps', 'log_lines' and 'evaluations'"


@exercise("07.1", expects=_PAPER)
def run_on_paper(answer: object, args: Any, rows: int, devices: int) -> str:
    right = _run(args, rows, devices)
    if not isinstance(answer, dict) or not set(right) <= set(answer):
        raise Wrong(f"Expected {_PAPER}, but got {shown(answer)}.")
    found = named_numbers(answer, right)
    mistakes = _mistakes(args, rows, devices, right)
    for key, value in right.items():
        if found[key] != value:
            why = next((reason for wrong, reason in mistakes[key] if abs(wrong - found[key]) < 1e-9), _UNKNOWN[key])
            raise Wrong(f"{key!r}: {why}")
    return "You know how long it runs and what it will write, before it has begun."


def _run(args: Any, rows: int, devices: int) -> dict[str, int]:
    """Return what Trainer does with these arguments: a batch and a step that are not full count as whole ones."""
    batches = math.ceil(rows / (args.per_device_train_batch_size * devices))
    epochs = int(args.num_train_epochs)
    steps = math.ceil(batches / args.gradient_accumulation_steps) * epochs
    return {
        "effective_batch": args.per_device_train_batch_size * devices * args.gradient_accumulation_steps,
        "steps": steps,
        "warmup_steps": args.get_warmup_steps(steps),
        "log_lines": steps // int(args.logging_steps),
        "evaluations": epochs,
    }


def _mistakes(args: Any, rows: int, devices: int, right: dict[str, int]) -> dict[str, list[tuple[float, str]]]:
    """Return for each key the wrong numbers that are likely, and what is behind each."""
    each, accumulation, epochs = (
        args.per_device_train_batch_size,
        args.gradient_accumulation_steps,
        args.num_train_epochs,
    )
    effective, steps, lines = right["effective_batch"], right["steps"], int(args.logging_steps)
    return {
        "effective_batch": [
            (
                each,
                "this is what one device sees at once. How many devices are there, and how often are gradients added up?",
            ),
            (
                each * devices,
                "the gradients of several batches are added up before a step: `gradient_accumulation_steps`.",
            ),
            (each * accumulation, "each device has a batch of its own: multiply by the number of devices."),
            (effective * epochs, "epochs repeat the reviews; a step does not see more of them."),
        ],
        "steps": [
            (steps / epochs, "these are the steps of one epoch."),
            (math.ceil(rows / (each * devices)) * epochs, "these are batches. A step takes several: accumulation."),
            (
                rows // effective * epochs,
                "what is left at the end of an epoch is trained on as well: round up, not down.",
            ),
            (
                math.ceil(rows * epochs / effective),
                "an epoch ends with a step that is not full, and the next begins anew: round up in each epoch.",
            ),
            (
                math.ceil(math.ceil(rows / each) / accumulation) * epochs,
                "these are the steps on one device. The devices share the reviews.",
            ),
        ],
        "warmup_steps": [
            (args.warmup_steps, "below 1, `warmup_steps` is a share of all steps."),
            (args.warmup_steps * steps, "there is no part of a step: Trainer rounds up."),
            (int(args.warmup_steps * steps), "rounded down. Trainer rounds up."),
            (math.ceil(args.warmup_steps * steps / epochs), "the share is of all steps, not of those of one epoch."),
        ],
        "log_lines": [
            (steps, "that would be a line for each step. What does `logging_steps` say?"),
            (math.ceil(steps / lines), "the steps after the last full interval give no line."),
            (0, "the steps are more than `logging_steps`, so there is a line now and then."),
            (lines, "this is how many steps lie between two lines."),
        ],
        "evaluations": [
            (steps, '`eval_strategy="epoch"` evaluates at the end of each epoch, not at each step.'),
            (1, '`eval_strategy="epoch"` evaluates at the end of each epoch, not of the run.'),
            (
                right["log_lines"],
                "evaluations and log lines have nothing to do with each other. What does `eval_strategy` say?",
            ),
        ],
    }


_UNKNOWN = {
    "effective_batch": "multiply three numbers: what a device sees at once, the devices, the accumulation.",
    "steps": "divide the reviews into batches over all devices, the batches into steps, rounding up both times; then epochs.",
    "warmup_steps": "take the share of all steps, and round up.",
    "log_lines": "how often does `logging_steps` go into your number of steps?",
    "evaluations": "how often does `eval_strategy` ask for one?",
}

_CHOICE = "a dictionary with the keys 'best', the name of a checkpoint, and 'true', a set of letters"


@exercise("07.5", expects=_CHOICE)
def which_checkpoint(answer: object, log: Sequence[Mapping[str, Any]]) -> str:
    if not isinstance(answer, dict) or not {"best", "true"} <= set(answer):
        raise Wrong(f"Expected {_CHOICE}, but got {shown(answer)}.")
    best = min(log, key=lambda entry: entry["eval_loss"])
    if answer["best"] != f"checkpoint-{best['step']}":
        raise Wrong(f"'best': {_why_not_best(answer['best'], log, best)}")
    judge_statements(answer["true"], _STATEMENTS)
    return "Chosen by the validation loss, on reviews that afterwards can no longer be the test."


def _why_not_best(found: object, log: Sequence[Mapping[str, Any]], best: Mapping[str, Any]) -> str:
    chosen = next((entry for entry in log if found == f"checkpoint-{entry['step']}"), None)
    if chosen is None:
        if any(found == f"checkpoint-{entry['epoch']:.0f}" for entry in log):
            return "a checkpoint is named after its step, not after its epoch."
        return f"there is no such checkpoint. They are named after steps, as in 'checkpoint-{log[0]['step']}'."
    if chosen["eval_accuracy"] == max(entry["eval_accuracy"] for entry in log):
        return "this one has the highest accuracy. What does Trainer compare by, if nothing else is said?"
    if chosen is log[-1]:
        return "the last one is not the best one: the validation loss has turned before."
    if chosen["eval_loss"] == max(entry["eval_loss"] for entry in log):
        return "this one has the highest loss. Of losses, the lowest is best."
    return f"its validation loss is {chosen['eval_loss']:.3f}. There is a lower one."


_STATEMENTS = {
    "A": (True, "follow the validation losses. Which is the first that is not below the best before it?"),
    "B": (False, "how many reviews is the difference in accuracy, and how far does chance reach with so few?"),
    "C": (True, "what does `load_best_model_at_end=True` do at the end?"),
    "D": (False, "the training loss falls in every epoch. Does the validation loss?"),
    "E": (False, "this checkpoint was chosen because it did well on exactly these reviews."),
    "F": (True, "how much is one review of 32, in points of accuracy?"),
}
