"""Checks of lesson 07, fourth part: a callback that ends a run whose loss has gone wrong."""

import math
from typing import Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call, is_stub
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import NotDone, Wrong

_LIMIT = 2.0
_HEALTHY = {"loss": 0.7, "grad_norm": 9.0, "learning_rate": 3.0, "epoch": 4.0}


@exercise("07.4", expects="the class `LossGuard`")
def loss_guard(answer: object) -> str:
    from transformers import TrainerCallback

    if not isinstance(answer, type):
        raise Wrong(f"Hand over the class itself, without calling it; got {shown(answer)}.")
    if not issubclass(answer, TrainerCallback):
        raise Wrong("The class should be a `TrainerCallback`, or Trainer would miss the methods that it does not have.")
    if "on_log" not in vars(answer):
        raise Wrong("The class has no method `on_log`. Trainer finds methods by their names.")
    if is_stub(answer.on_log):
        raise NotDone("`on_log` is not there yet: write it, and run this cell again.")
    _judge_quiet(answer)
    _judge_stops(answer)
    return "It stops a run that has gone wrong, and leaves every other decision as it was."


def _log(guard: Any, logs: dict[str, float], step: int, stopping: bool = False) -> bool:
    """Hand `logs` to the callback as Trainer does; return whether it asks the run to stop."""
    from transformers import TrainerControl, TrainerState

    control = TrainerControl(should_training_stop=stopping)
    state = TrainerState(global_step=step, max_steps=100)
    returned = _call(lambda *given: guard.on_log(*given[:3], logs=dict(given[3]), model=None), state, control, logs)
    # Trainer takes a control that a callback returns, and else the one that it handed over.
    return bool(getattr(returned, "should_training_stop", control.should_training_stop))


def _call(function: Any, state: Any, control: Any, logs: dict[str, float]) -> Any:
    function.__name__ = "on_log"
    try:
        return call(function, None, state, control, logs, given=f"…, logs={shown(logs)}", none_is_answer=True)
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error, logs)}") from raised


def _why_failed(error: BaseException, logs: dict[str, float]) -> str:
    if isinstance(error, KeyError) and "loss" not in logs:
        return " Not every log entry has a training loss: evaluations and the end of a run are logged, too."
    if isinstance(error, TypeError) and "NoneType" in str(error):
        return " `logs.get(…)` returns None where there is no such entry, and None cannot be compared."
    return " A callback that raises takes the whole run with it; it should ask, through `control`."


def _judge_quiet(guard: type) -> None:
    """What must not stop a run."""
    one = call(guard, _LIMIT)
    if not hasattr(one, "stopped_at") or one.stopped_at is not None:
        raise Wrong("Before anything has happened, `stopped_at` should be there and be None.")
    reasons = {
        "A healthy training loss of 0.7 stops the run. Do you look at the entry `loss`?": _HEALTHY,
        "A loss that is exactly the limit stops the run, and is not above it.": {"loss": _LIMIT, "epoch": 1.0},
        "An evaluation stops the run: its `eval_loss` is not the training loss.": {"eval_loss": 9.0, "epoch": 1.0},
        "The summary at the end stops the run: `train_loss` is a mean over all of it.": {"train_loss": 9.0},
    }
    for reason, logs in reasons.items():
        if _log(one, logs, step=8):
            raise Wrong(reason)
    if one.stopped_at is not None:
        raise Wrong("Nothing has happened yet, and `stopped_at` is no longer None.")
    if not _log(one, _HEALTHY, step=16, stopping=True):
        raise Wrong(
            "Another callback had asked for the end, and yours has taken that back: it sets `should_training_stop` to "
            "False when all is well. Set it only to True."
        )


def _judge_stops(guard: type) -> None:
    losses = {"2.5, above the limit of 2,": 2.5, "infinity": math.inf, "NaN": math.nan}
    for shown_loss, loss in losses.items():
        one = call(guard, _LIMIT)
        _log(one, _HEALTHY, step=8)
        stops = _log(one, _HEALTHY | {"loss": loss}, step=24)
        if not stops and math.isnan(loss):
            raise Wrong(
                "A loss of NaN does not stop the run. NaN is not above anything: each comparison with it is False."
            )
        if not stops:
            raise Wrong(f"A training loss of {shown_loss} does not stop the run. Set `control.should_training_stop`.")
        if one.stopped_at != 24:
            raise Wrong(f"The run stops at step 24, and `stopped_at` is {shown(one.stopped_at)}: `state.global_step`.")
    if not _log(call(guard, 0.5), _HEALTHY, step=8):
        raise Wrong("With a limit of 0.5, a loss of 0.7 does not stop the run: is the limit the one that was given?")
