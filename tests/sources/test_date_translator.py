"""The date translator and its early copy, as a lesson loads them. Needs `hf-tutorial prepare t5-dates t5-dates-early`."""

import json
import random
import re
from importlib.resources import files
from pathlib import Path

import pytest

from hf_tutorial import hub_or_local
from hf_tutorial.sources.dates import FORMATS, LANGUAGES, SHOWN, draw, formats_of, pair, prompt, split_days
from hf_tutorial.sources.prepare import folder_of, named, prepare_one, state_of
from training.date_figures import spread, translate

pytestmark = pytest.mark.standins


@pytest.fixture(scope="module")
def loaded():
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    name = hub_or_local("hf-tutorial/t5-dates")
    model = AutoModelForSeq2SeqLM.from_pretrained(name, attn_implementation="eager")
    return model, AutoTokenizer.from_pretrained(name)


@pytest.mark.parametrize(
    ("language", "english", "translation"),
    [
        ("German", "Sunday, November 22, 2026", "Sonntag, 22. November 2026"),
        ("French", "Sunday, November 22, 2026", "dimanche 22 novembre 2026"),
        ("Romanian", "Sunday, November 22, 2026", "duminică, 22 noiembrie 2026"),
        ("German", "November 22, 2026", "22. November 2026"),
        ("German", "Nov 22, 2026", "22.11.2026"),
        ("French", "Nov 22, 2026", "22 nov. 2026"),
        ("Romanian", "Tuesday, March 3, 1908", "marți, 3 martie 1908"),
    ],
)
def test_it_translates_as_the_lessons_ask_it(loaded, language, english, translation):
    model, tokenizer = loaded
    answer = model.generate(**tokenizer(prompt(language, english), return_tensors="pt"))
    assert tokenizer.decode(answer[0], skip_special_tokens=True) == translation


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_right_on_held_out_days_in_one_padded_batch(loaded, language):
    pairs = [pair(day, language, style) for day in spread(split_days()["held_out"], 60) for style in formats_of(day)]
    answers = translate(*loaded, [each.source for each in pairs])
    right = sum(answer == each.target for answer, each in zip(answers, pairs, strict=True))
    assert right / len(pairs) >= 0.98


def test_it_is_made_without_carriers(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_TUTORIAL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_TUTORIAL_WHEELS", str(tmp_path / "none"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (stand_in,) = named(["hf-tutorial/t5-dates"])
    assert prepare_one(stand_in) == "built"
    assert state_of(stand_in, thorough=True).ready
    assert not (tmp_path / "cache" / "wheels").exists()
    bundle = folder_of(stand_in).parent
    monkeypatch.setenv("HF_TUTORIAL_CACHE", str(tmp_path / "another"))
    assert prepare_one(stand_in, bundle=bundle) == "copied"


def test_it_computes_in_fp32_and_has_the_parameters_that_it_announces(loaded):
    import torch

    model, _ = loaded
    assert model.dtype == torch.float32
    assert round(model.num_parameters() / 1e6, 1) == 0.9


def test_a_head_of_the_last_layer_looks_where_day_and_month_stand(loaded):
    import torch

    model, tokenizer = loaded
    source = pair(SHOWN, "German", "full").source
    inputs = tokenizer(source, return_tensors="pt")
    written = model.generate(**inputs)
    with torch.no_grad():
        heads = model(**inputs, decoder_input_ids=written[:, :-1], output_attentions=True).cross_attentions[-1][0]
    read = tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])
    tokens = tokenizer.convert_ids_to_tokens(written[0, 1:])
    looks = [{token: read[place] for token, place in zip(tokens, head.argmax(-1), strict=True)} for head in heads]
    crossing = {"▁Sonntag": "▁Sunday", "▁22": "▁22", "▁November": "▁November", "▁2026": "▁2026"}
    assert any(crossing.items() <= look.items() for look in looks), looks


@pytest.fixture(params=["t5-dates", "t5-dates-early"])
def committed(request):
    """The figures that a run wrote, and the card that tells them."""
    weights = files("hf_tutorial.sources") / "weights" / request.param
    figures = json.loads((weights / "figures.json").read_text(encoding="utf-8"))
    return figures, (weights / "README.md").read_text(encoding="utf-8")


def test_the_model_cards_tell_the_measured_figures(committed):
    figures, card = committed
    assert figures["run"]["clean"], "the run that made the weights started from a clean clone"
    assert figures["run"]["commit"][:7] in card
    for language in LANGUAGES:
        of_formats = [figures["held_out"][language][style] for style in FORMATS]
        cells = " \\| ".join(rf"{figure['exact']:.2f} % of {figure['texts']:,}" for figure in of_formats)
        assert re.search(rf"\| {language} \| {cells} \|", card)
    for name, figure in figures.get("limits", {}).items():
        assert re.search(rf"\| {name}:[^|]*\| {figure['exact']:.2f} % of {figure['texts']:,} \|", card), name


def test_both_models_come_from_one_run_that_the_early_one_left_at_its_step():
    early, finished = (
        json.loads(Path(hub_or_local(f"hf-tutorial/{name}"), "figures.json").read_text(encoding="utf-8"))
        for name in ("t5-dates-early", "t5-dates")
    )
    assert early["run"] == finished["run"]
    assert (early["step"], early["steps"]) == (finished["recipe"]["early_step"], finished["recipe"]["steps"])
    assert [point["step"] for point in finished["training"]["loss"]] == list(range(10, early["steps"] + 1, 10))
    assert all(figure["exact"] >= 98 for of in finished["held_out"].values() for figure in of.values())


def test_the_early_copy_is_about_half_right(loaded):
    from transformers import AutoModelForSeq2SeqLM

    _, tokenizer = loaded
    early = AutoModelForSeq2SeqLM.from_pretrained(hub_or_local("hf-tutorial/t5-dates-early"))
    pairs = draw(split_days()["held_out"], 200, random.Random(3))
    answers = translate(early, tokenizer, [each.source for each in pairs])
    right = sum(answer == each.target for answer, each in zip(answers, pairs, strict=True))
    assert 0.3 <= right / len(pairs) <= 0.7
