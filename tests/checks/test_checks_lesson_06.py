import pytest
import torch
from torch.utils.data import DataLoader
from transformers import get_linear_schedule_with_warmup

from hf_tutorial import check

RIGHT = {"steps": 189, "last batch": 8, "warm-up": 18, "first rate": 0, "rate": 1e-4}


def count(rows=1000, size=16, epochs=3, peak=2e-4, **changed):
    answer = {name.replace("_", " "): value for name, value in changed.items()}
    answer = RIGHT | {"warm-up" if name == "warm up" else name: value for name, value in answer.items()}
    return check("06.1", answer, loader=DataLoader(range(rows), batch_size=size), epochs=epochs, peak=peak)


def test_the_right_steps_and_rates():
    assert count().outcome == "right"
    assert count(steps=torch.tensor(189), first_rate=0.0).outcome == "right"


def test_steps_and_rates_are_those_of_the_students_own_loader():
    other = {"steps": 40, "last_batch": 10, "warm_up": 4, "rate": 5e-4}
    assert count(rows=100, size=10, epochs=4, peak=1e-3, **other).outcome == "right"


def test_the_expected_rates_are_those_of_the_schedule():
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=2e-4)
    scheduler = get_linear_schedule_with_warmup(optimizer, RIGHT["warm-up"], RIGHT["steps"])
    rates = []
    for _ in range(RIGHT["steps"]):
        rates.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    assert (rates[0], rates[9]) == (RIGHT["first rate"], pytest.approx(RIGHT["rate"]))


@pytest.mark.parametrize(
    ("changed", "diagnosis"),
    [
        ({"steps": 186}, "these are the full batches alone"),
        ({"steps": 188}, "lets one epoch run into the next"),
        ({"steps": 187.5}, "this is no whole number"),
        ({"steps": 63}, "the steps of one epoch"),
        ({"steps": 3000}, "these are the reviews"),
        ({"steps": 5}, "how many batches has an epoch"),
        ({"last_batch": 0}, "nothing is thrown away"),
        ({"last_batch": 16}, "so many as in a full batch"),
        ({"warm_up": 18.9}, "half a step is none"),
        ({"warm_up": 19}, "Here it is rounded down"),
        ({"warm_up": 0.1}, "as a share"),
        ({"first_rate": 2e-4}, "highest at the end of the warm-up"),
        ({"first_rate": 2e-4 / 18}, "where does the line of the schedule begin?"),
        ({"rate": 2e-4}, "the highest rate"),
        ({"rate": 2e-4 * 180 / 189}, "without warm-up"),
        ({"rate": 2e-4 * 10 / 18}, "one step later"),
        ({"rate": 2e-4 * 8 / 18}, "one step earlier"),
        ({"rate": 2e-4 * 9 / 189}, "took all the steps"),
        ({"rate": "half"}, "'rate' should be a number"),
    ],
)
def test_wrong_steps_and_rates(changed, diagnosis):
    verdict = count(**changed)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_a_missing_number_is_named():
    verdict = check("06.1", {"steps": 189}, loader=DataLoader(range(1000), batch_size=16), epochs=3, peak=2e-4)
    assert "'steps', 'last batch', 'warm-up', 'first rate' and 'rate'" in verdict.message


CAUSES = {1: "C", 2: "E", 3: "A", 4: "D", 5: "B"}


def test_the_right_causes():
    assert check("06.5", CAUSES).outcome == "right"
    assert check("06.5", {run: f" {cause.lower()} " for run, cause in CAUSES.items()}).outcome == "right"


@pytest.mark.parametrize(
    ("causes", "diagnosis"),
    [
        (CAUSES | {1: "D", 4: "C"}, "Run 1 is not D: its training loss falls to almost nothing"),
        (CAUSES | {2: "D", 4: "E"}, "Run 2 is not D: its training loss falls calmly"),
        (CAUSES | {3: "B", 5: "A"}, "Run 3 is not B: both losses fall"),
        (CAUSES | {1: "A", 3: "C"}, "Run 1 is not A"),
        (CAUSES | {5: "D"}, "One letter stands twice"),
        (CAUSES | {5: "F"}, "needs one of the letters A, B, C, D, E"),
        (CAUSES | {5: 2}, "needs one of the letters"),
        ({1: "C"}, "the keys 1 to 5"),
        (["C", "E", "A", "D", "B"], "the keys 1 to 5"),
    ],
)
def test_wrong_causes(causes, diagnosis):
    verdict = check("06.5", causes)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
