"""The course's punctuation model and its appointments adapter, as a lesson loads them, and what their cards say."""

import json
import re
from importlib.resources import files

import pytest

from hf_tutorial import hub_or_local
from hf_tutorial.sources.appointments import draw_appointments
from hf_tutorial.truncation.intervals import wilson

pytestmark = pytest.mark.standins


@pytest.fixture(scope="module", autouse=True)
def offline():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_TUTORIAL_SOURCE", "local")
        yield


@pytest.fixture(scope="module")
def punctuate():
    from transformers import pipeline

    return pipeline("token-classification", model=hub_or_local("hf-tutorial/punctuation"), aggregation_strategy="first")


def _weights(name):
    return files("hf_tutorial.sources") / "weights" / name


def _card_and_figures(name):
    figures = json.loads((_weights(name) / "figures.json").read_text(encoding="utf-8"))
    assert figures["run"]["clean"], "the run that made the weights started from a clean clone"
    return (_weights(name) / "README.md").read_text(encoding="utf-8"), figures


@pytest.mark.parametrize(("name", "limit"), [("punctuation", 5_000_000), ("appointments", 2_000_000)])
def test_the_weights_are_small(name, limit):
    assert sum(path.stat().st_size for path in _weights(name).iterdir()) < limit


def test_whole_words_carry_the_marks(punctuate):
    text = "i thought it was unwatchable but my friends loved it would you see it again"
    found = {text[mark["start"] : mark["end"]]: mark["entity_group"] for mark in punctuate(text)}
    assert found["it"] == "stop"
    assert found["again"] in {"question", "stop"}
    assert set(found) <= set(text.split()), "a mark stands on a whole word, however many pieces it has"


def test_neighbours_with_the_same_mark_stay_two(punctuate):
    marks = punctuate("it was slow dull silly and far too long")
    assert all(" " not in mark["word"] for mark in marks)


def test_punctuation_is_restored_in_held_out_reviews(punctuate):
    from datasets import load_dataset

    from hf_tutorial import split_reviews
    from hf_tutorial.sources.punctuation import LABELS, words_and_marks

    reviews = split_reviews(load_dataset(hub_or_local("stanfordnlp/imdb"))["train"])["held_out"]
    counts = {"right": 0, "given": 0, "true": 0}
    for text in reviews.shuffle(seed=5).select(range(25))["text"]:
        words, marks = words_and_marks(text)
        words, marks = words[:80], marks[:80]
        ends = [sum(map(len, words[: at + 1])) + at for at in range(len(words))]
        stops = {end for end, mark in zip(ends, marks, strict=True) if LABELS[mark] == "B-stop"}
        given = {mark["end"] for mark in punctuate(" ".join(words)) if mark["entity_group"] == "stop"}
        counts["right"] += len(stops & given)
        counts["given"] += len(given)
        counts["true"] += len(stops)
    # The card's figure is measured on 1,000 reviews; some 100 stops leave ten points of doubt.
    assert 2 * counts["right"] / (counts["given"] + counts["true"]) > 0.6


def test_the_punctuation_card_tells_the_measured_figures():
    card, figures = _card_and_figures("punctuation")
    held_out = figures["held_out"]
    for mark in ("stop", "comma", "question"):
        best, cut, rule = (held_out[who][mark] for who in ("model_overlapping", "model", "rule"))
        row = (
            rf"\| {best['words']:,} \| {best['precision']:.3f} \| {best['recall']:.3f} \| \*\*{best['f1']:.3f}\*\* "
            rf"\| {cut['f1']:.3f} \| {rule['f1']:.3f} \|"
        )
        assert re.search(row, card), f"the card lacks {row}"


def test_punctuation_is_as_good_as_promised():
    _, figures = _card_and_figures("punctuation")
    whole = figures["held_out"]["model_overlapping"]
    assert whole["stop"]["f1"] >= 0.70
    assert whole["comma"]["f1"] >= 0.45


def test_the_appointments_card_tells_the_measured_figures():
    card, figures = _card_and_figures("appointments")
    for who in ("base", "base_three_examples", "adapter"):
        shares = [figures["held_out"][who][key] for key in ("json", "who", "day", "time", "all")]
        row = r" \| ".join(rf"(?:\*\*)?{share:.1f} %(?:\*\*)?" for share in shares)
        assert re.search(row, card), f"the card lacks the figures of {who}: {shares}"
    for who in ("base", "adapter"):
        assert f"{figures['other'][who]['perplexity_of_reviews']:.1f}" in card


def test_the_adapter_is_better_by_more_than_its_interval():
    _, figures = _card_and_figures("appointments")
    right = {who: figures["held_out"][who] for who in ("base_three_examples", "adapter")}
    intervals = {who: wilson(round(one["all"] * one["requests"] / 100), one["requests"]) for who, one in right.items()}
    assert intervals["adapter"][0] > intervals["base_three_examples"][1]


def test_the_adapter_answers_held_out_requests_with_json_alone():
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    base = hub_or_local("HuggingFaceTB/SmolLM2-135M-Instruct")
    tokenizer = AutoTokenizer.from_pretrained(base, padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    model = PeftModel.from_pretrained(model, hub_or_local("hf-tutorial/appointments")).eval()
    asked = draw_appointments("held_out", 6, seed=9)
    inputs = tokenizer.apply_chat_template(
        [one.messages[:-1] for one in asked],
        add_generation_prompt=True,
        return_tensors="pt",
        return_dict=True,
        padding=True,
    )
    written = model.generate(**inputs, do_sample=False, max_new_tokens=40)[:, inputs["input_ids"].shape[1] :]
    answers = [json.loads(text) for text in tokenizer.batch_decode(written, skip_special_tokens=True)]
    assert all(set(found) == {"who", "day", "time"} for found in answers)
    right = sum(found == json.loads(one.answer) for found, one in zip(answers, asked, strict=True))
    assert right >= 4
