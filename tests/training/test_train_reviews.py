"""The training script of lesson 14: its order of reviews, its agreement with other loops, and its way back after a kill."""

import argparse
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parent.parent.parent
SCRIPT = ROOT / "hf_tutorial" / "scripts" / "train_reviews.py"
ENVIRONMENT = os.environ | {
    "GLOO_SOCKET_IFNAME": "lo",
    "HF_TUTORIAL_SOURCE": "local",
    "PYTHONPATH": str(ROOT),
    "PYTHONUNBUFFERED": "1",
}
FEW = ("--reviews=32", "--words=8", "--held-out=9", "--batch-size=4")
only_in_ci = pytest.mark.skipif("CI" not in os.environ, reason="takes a minute of CPU time; CI runs it")


@cache
def load_script():
    specification = importlib.util.spec_from_file_location("train_reviews", SCRIPT)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def script():
    return load_script()


def command(processes, out, *options):
    launch = (
        *("-m", "accelerate.commands.launch", "--multi_gpu", f"--num_processes={processes}", "--num_machines=1"),
        *("--mixed_precision=no", "--dynamo_backend=no", "--num_cpu_threads_per_process=1"),
    )
    return [sys.executable, *(launch if processes > 1 else ()), str(SCRIPT), f"--out={out}", *FEW, *options]


def run(processes, out, *options):
    done = subprocess.run(command(processes, out, *options), env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@settings(deadline=None)
@given(st.integers(1, 200), st.integers(1, 40), st.integers(1, 4), st.integers(0, 3))
def test_an_epoch_takes_every_review_once_in_whole_steps(reviews, batch_size, epochs, seed):
    rows_of_all_steps = load_script().rows_of_all_steps
    arguments = argparse.Namespace(batch_size=batch_size, epochs=epochs, seed=seed)
    rows = rows_of_all_steps(reviews, arguments)
    whole = reviews // batch_size * batch_size
    assert len(rows) == epochs * whole
    for epoch in range(epochs):
        assert len(set(rows[epoch * whole : (epoch + 1) * whole])) == whole
    later = argparse.Namespace(batch_size=batch_size, epochs=1, seed=seed + epochs - 1)
    assert rows_of_all_steps(reviews, later) == rows[(epochs - 1) * whole :], "an epoch's order follows from its number"


def test_a_state_that_was_not_finished_is_not_taken(script, tmp_path):
    assert script.newest_state(tmp_path / "none") == (None, 0)
    for name in ("90", "100", "110.draft"):
        (tmp_path / name).mkdir()
    assert script.newest_state(tmp_path) == (tmp_path / "100", 100)


def test_a_run_is_not_gone_on_with_otherwise(script, tmp_path):
    def arguments(**changed):
        return argparse.Namespace(**({"out": tmp_path, "reviews": 32, "seed": 42} | changed))

    script.remember(arguments())
    script.remember(arguments())
    with pytest.raises(SystemExit, match=r"was started with reviews=32: use the same, or another --out"):
        script.remember(arguments(reviews=40))


def test_pieces_of_unequal_size_are_refused(script, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["train_reviews.py", f"--out={tmp_path}", "--batch-size=8", "--accumulate=3"])
    with pytest.raises(SystemExit):
        script.parse_arguments()
    assert "a step of 8 reviews cannot be taken in 3 equal pieces" in capsys.readouterr().err


@pytest.mark.parametrize(("width", "rate"), [(384, 2e-4), (768, 5e-5)])
def test_a_wider_body_takes_smaller_steps_unless_it_is_told_otherwise(script, width, rate):
    from transformers import DistilBertConfig, DistilBertForSequenceClassification

    config = DistilBertConfig(vocab_size=9, max_position_embeddings=9, dim=width, n_heads=1, n_layers=1, hidden_dim=9)
    model = DistilBertForSequenceClassification(config)
    assert [group["lr"] for group in script.new_optimizer(model).param_groups] == [rate, 5 * rate]
    assert [group["lr"] for group in script.new_optimizer(model, 1e-3).param_groups] == [1e-3, 5e-3]


def losses_by_hand(script, model, tokenizer, train_data, arguments):
    """Return the losses of one epoch of the plain loop."""
    from transformers import DataCollatorWithPadding, get_linear_schedule_with_warmup

    rows = script.rows_of_all_steps(len(train_data), arguments)
    steps = len(rows) // arguments.batch_size
    optimizer = script.new_optimizer(model, arguments.learning_rate)
    scheduler = get_linear_schedule_with_warmup(optimizer, steps // 10, steps)
    collate, losses = DataCollatorWithPadding(tokenizer), []
    model.train()
    for at in range(0, len(rows), arguments.batch_size):
        loss = model(**collate([train_data[row] for row in rows[at : at + arguments.batch_size]])).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


def losses_of_trainer(script, model, tokenizer, train_data, arguments, folder):
    """Return the losses of one epoch of Trainer, which shuffles for itself."""
    from transformers import Trainer, TrainingArguments, get_linear_schedule_with_warmup

    steps = len(train_data) // arguments.batch_size
    optimizer = script.new_optimizer(model, arguments.learning_rate)
    settings = TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=1,
        per_device_train_batch_size=arguments.batch_size,
        seed=arguments.seed,
        logging_steps=1,
        save_strategy="no",
        use_cpu=True,
        disable_tqdm=True,
    )
    trainer = Trainer(
        model,
        settings,
        train_dataset=train_data,
        processing_class=tokenizer,
        optimizers=(optimizer, get_linear_schedule_with_warmup(optimizer, steps // 10, steps)),
    )
    trainer.train()
    return [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]


@only_in_ci
@pytest.mark.standins
def test_three_loops_agree_over_an_epoch(script, tmp_path, capsys):
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, set_seed

    from hf_tutorial import hub_or_local

    run(2, tmp_path / "two", "--seed=42")
    two = json.loads((tmp_path / "two" / "figures.json").read_text(encoding="utf-8"))
    assert two["processes"] == 2
    assert len(two["losses"]) == 8

    source = hub_or_local(script.CHECKPOINT)
    tokenizer = AutoTokenizer.from_pretrained(source)
    arguments = argparse.Namespace(reviews=32, held_out=9, words=8, batch_size=4, epochs=1, seed=42, learning_rate=2e-4)
    train_data, _ = script.load_reviews(tokenizer, arguments)

    def new_model():
        set_seed(42)
        return AutoModelForSequenceClassification.from_pretrained(
            source, num_labels=2, dropout=0.0, attention_dropout=0.0, seq_classif_dropout=0.0
        )

    by_hand = losses_by_hand(script, new_model(), tokenizer, train_data, arguments)
    trainers = losses_of_trainer(script, new_model(), tokenizer, train_data, arguments, tmp_path / "trainer")
    assert two["losses"] == pytest.approx(by_hand, abs=1e-3)
    assert trainers == pytest.approx(by_hand, abs=1e-3)
    assert max(by_hand) - min(by_hand) > 0.02, "so that agreement means something"


@only_in_ci
@pytest.mark.standins
@pytest.mark.parametrize("processes", [1, 2])
def test_a_run_that_was_killed_ends_with_the_same_weights(processes, tmp_path):
    options = ("--epochs=3", "--dropout=0.1", "--save-every=3")
    run(processes, tmp_path / "whole", *options)

    killed = subprocess.Popen(
        command(processes, tmp_path / "killed", *options),
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    # An epoch has 8 steps: step 11 lies in the second, two steps after a saved state.
    assert any(line.startswith("step 11 ") for line in killed.stdout)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    killed.stdout.close()

    said = run(processes, tmp_path / "killed", *options)
    going_on = re.search(r"going on after step (\d+)\nstep (\d+) of 24", said)
    assert going_on, said
    assert 9 <= int(going_on[1]) == int(going_on[2]) - 1 < 24
    first, second = ((tmp_path / name / "model" / "model.safetensors").read_bytes() for name in ("whole", "killed"))
    assert first == second
    assert not (tmp_path / "killed" / "state").exists()


@only_in_ci
@pytest.mark.standins
def test_a_step_in_pieces_is_the_same_step(tmp_path):
    run(1, tmp_path / "at-once")
    run(1, tmp_path / "in-pieces", "--accumulate=2")
    once, pieces = (
        json.loads((tmp_path / name / "figures.json").read_text(encoding="utf-8")) for name in ("at-once", "in-pieces")
    )
    assert pieces["losses"] == pytest.approx(once["losses"], abs=1e-3)
