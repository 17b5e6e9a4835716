"""The training of the appointments adapter, in small: its data, masks and measure, and a few steps from end to end."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_tutorial.sources.appointments import DAYS, NAMES, TIMES, WORDINGS, Appointment, draw_appointments

ROOT = Path(__file__).parent.parent.parent
SIDES = ("train", "held_out")
HOURS = "twelve one two three four five six seven eight nine ten eleven".split()  # noqa: SIM905


def _spoken_time(request: str) -> str:
    """Read the time out of a request by other means than those that wrote it."""
    figures = re.search(r"(\d+)(?::(\d\d))? (am|pm)", request)
    if figures:
        hour, minute, half = int(figures[1]) % 12, int(figures[2] or 0), figures[3]
        return f"{hour + 12 * (half == 'pm'):02}:{minute:02}"
    pattern = rf"(quarter past |half past )?({'|'.join(HOURS)})( forty-five)? in the (morning|afternoon|evening)"
    words = re.search(pattern, request, re.IGNORECASE)
    minute = {"quarter past ": 15, "half past ": 30}.get((words[1] or "").lower(), 45 if words[3] else 0)
    return f"{HOURS.index(words[2].lower()) + 12 * (words[4] != 'morning'):02}:{minute:02}"


@pytest.mark.parametrize("side", SIDES)
def test_every_answer_says_what_its_request_says(side):
    for one in draw_appointments(side, 800, seed=3):
        assert one.who in one.request
        assert [day for day in DAYS if day in one.request] == [one.day]
        assert _spoken_time(one.request) == one.time
        assert json.loads(one.answer) == {"who": one.who, "day": one.day, "time": one.time}


def test_the_sides_share_no_name_no_wording_and_no_time():
    drawn = {side: draw_appointments(side, 2000, seed=0) for side in SIDES}
    assert not set(NAMES["train"]) & set(NAMES["held_out"])
    assert not set(WORDINGS["train"]) & set(WORDINGS["held_out"])
    times = {side: {one.time for one in drawn[side]} for side in SIDES}
    assert not times["train"] & times["held_out"]
    assert times["train"] | times["held_out"] == {f"{hour:02}:{minute:02}" for hour, minute in TIMES}
    assert {time[-2:] for time in times["held_out"]} == {"00", "15", "30", "45"}
    assert not {one.request for one in drawn["train"]} & {one.request for one in drawn["held_out"]}


def test_the_seed_decides():
    assert draw_appointments("train", 5, 1) == draw_appointments("train", 5, 1) != draw_appointments("train", 5, 2)


def test_a_measure_asks_for_the_whole_answer_and_nothing_but_it():
    from training.appointment_figures import base_rates, read_json, score

    asked = [Appointment("…", "Eva", "Monday", "09:15"), Appointment("…", "Max", "Monday", "10:30")] * 2
    good = asked[0].answer
    answers = [good, good, f"Sure! {good}", '{"who": "Max", "day": "Monday"}']
    assert score(answers, asked) == {
        "json": 50.0,
        "who": 25.0,
        "day": 50.0,
        "time": 25.0,
        "all": 25.0,
        "requests": 4,
    }
    assert base_rates(asked) == {"who": 50.0, "day": 100.0, "time": 50.0, "all": 50.0}
    for other in ("[1, 2]", "7", '{"who": 1, "day": 2, "time": 3, "more": 4}', ""):
        assert read_json(other) is None


@given(st.text(max_size=40))
def test_reading_an_answer_never_fails(text):
    from training.appointment_figures import read_json

    assert read_json(text) is None or set(read_json(text)) == {"who", "day", "time"}


@pytest.mark.standins
def test_labels_are_the_answer_and_its_closing_token():
    from transformers import AutoTokenizer

    from hf_tutorial import hub_or_local
    from training.appointments import BASE, IGNORED, batch_of, encode

    tokenizer = AutoTokenizer.from_pretrained(hub_or_local(BASE))
    short, long = sorted(draw_appointments("train", 20, 0), key=lambda one: len(one.request))[::19]
    examples = [encode(tokenizer, one) for one in (short, long)]
    for one, example in zip((short, long), examples, strict=True):
        learnt = [token for token in example.labels if token != IGNORED]
        assert tokenizer.decode(learnt) == one.answer + "<|im_end|>"
        assert example.ids[-len(learnt) :] == learnt, "labels stand at their own tokens: the model shifts them"
        whole = tokenizer.apply_chat_template(one.messages, return_dict=True)["input_ids"]
        assert whole[: len(example.ids)] == example.ids
        assert tokenizer.decode(whole[len(example.ids) :]) == "\n"
    batch = batch_of(examples, tokenizer.pad_token_id)
    padded = batch["attention_mask"][0] == 0
    assert padded.sum() == len(examples[1].ids) - len(examples[0].ids) > 0
    assert (batch["labels"][0][padded] == IGNORED).all()
    assert (batch["labels"] == tokenizer.eos_token_id).sum() == 2, "the closing token is learnt, padding is not"


@pytest.mark.skipif("CI" not in os.environ, reason="takes two minutes of CPU time; CI runs it")
@pytest.mark.standins
def test_a_trial_run_writes_an_adapter_that_loads(tmp_path):
    command = [sys.executable, "-m", "training.appointments", "--trial", "8", "--judged", "2", "--texts", "2"]
    done = subprocess.run([*command, "--out", str(tmp_path / "out")], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads((tmp_path / "out" / "figures.json").read_text(encoding="utf-8"))
    assert figures["held_out"]["adapter"]["requests"] == figures["held_out"]["base"]["requests"] == 2
    settings = json.loads((tmp_path / "out" / "adapter_config.json").read_text(encoding="utf-8"))
    assert settings["base_model_name_or_path"] == "HuggingFaceTB/SmolLM2-135M-Instruct"
    assert (tmp_path / "out" / "adapter_model.safetensors").stat().st_size < 2_000_000
