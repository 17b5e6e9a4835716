"""The date translator's data, tokenizer and training, the last in small."""

import json
import os
import random
import subprocess
import sys
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_tutorial.sources.dates import (
    FORMATS,
    HELD_OUT_SHARE,
    LANGUAGES,
    YEARS,
    draw,
    formats_of,
    is_held_out,
    pair,
    split_days,
    written,
)
from training.date_figures import LOCALES
from training.date_tokenizer import SPECIAL, characters, whole_pieces, write_tokenizer

ROOT = Path(__file__).parent.parent.parent
some_day = st.dates(date(YEARS.start, 1, 1), date(YEARS.stop - 1, 12, 31))
language = st.sampled_from(list(LANGUAGES))
style = st.sampled_from(FORMATS)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    from transformers import AutoTokenizer

    folder = tmp_path_factory.mktemp("tokenizer")
    (folder / "config.json").write_text('{"model_type": "t5"}', encoding="utf-8")
    write_tokenizer(folder)
    return AutoTokenizer.from_pretrained(folder)


@pytest.fixture(scope="module")
def whole():
    return whole_pieces()


@pytest.mark.parametrize(
    ("to", "how", "source", "target"),
    [
        ("German", "full", "Sunday, November 22, 2026", "Sonntag, 22. November 2026"),
        ("German", "medium", "Nov 22, 2026", "22.11.2026"),
        ("French", "full", "Sunday, November 22, 2026", "dimanche 22 novembre 2026"),
        ("Romanian", "full", "Sunday, November 22, 2026", "duminică, 22 noiembrie 2026"),
    ],
)
def test_a_day_in_two_languages(to, how, source, target):
    made = pair(date(2026, 11, 22), to, how)
    assert (made.source, made.target) == (f"translate English to {to}: {source}", target)


@given(some_day, st.sampled_from(list(LOCALES)), style)
@settings(deadline=None, max_examples=500)
def test_names_and_patterns_are_those_of_the_cldr(day, to, how):
    assert written(day, to, how) == format_date(day, how, LOCALES[to])


def test_what_is_drawn_lies_among_the_days_and_repeats_with_its_seed():
    few = split_days()["train"][:40]
    drawn = draw(few, 200, random.Random(1))
    assert drawn == draw(few, 200, random.Random(1))
    assert set(drawn) <= {pair(day, to, how) for day in few for to in LANGUAGES for how in formats_of(day)}
    assert {each.source.split(":")[0].split()[-1] for each in drawn} == set(LANGUAGES)


def test_no_english_text_has_two_translations():
    targets: dict[str, set[str]] = {}
    for month in range(1, 13):
        day = date(2026, month, 5)
        for to in LANGUAGES:
            for how in formats_of(day):
                made = pair(day, to, how)
                targets.setdefault(made.source, set()).add(made.target)
    assert [source for source, found in targets.items() if len(found) > 1] == []


def test_a_day_is_on_one_side():
    split = split_days()
    assert len(split["train"]) + len(split["held_out"]) == 73_049
    assert not set(split["train"]) & set(split["held_out"])
    assert all(map(is_held_out, split["held_out"]))
    assert len(split["held_out"]) / 73_049 == pytest.approx(HELD_OUT_SHARE, abs=0.005)


def test_the_split_stays_what_it_was():
    # Weights were trained on this split: a change here would leak held-out days into them unnoticed.
    assert len(split_days()["held_out"]) == 7_227
    assert [day for day in range(1, 31) if is_held_out(date(2026, 11, day))] == [10, 19, 22, 25, 27]


@given(some_day, language, style)
@settings(deadline=None)
def test_a_sentence_survives_the_tokenizer(tokenizer, day, to, how):
    made = pair(day, to, how)
    for text in (made.source, made.target):
        ids = tokenizer(text)["input_ids"]
        assert ids[-1] == tokenizer.eos_token_id
        assert tokenizer.decode(ids, skip_special_tokens=True) == text


@given(some_day, language, style)
@settings(deadline=None)
def test_words_days_and_years_are_whole(tokenizer, whole, day, to, how):
    made = pair(day, to, how)
    for text in (made.source, made.target):
        assert set(tokenizer.tokenize(text)) <= whole


@given(st.lists(st.text(characters()[1:], min_size=1), min_size=1).map(" ".join))
@settings(deadline=None)
def test_other_latin_text_is_spelt_out(tokenizer, text):
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    if not any(special in text for special in SPECIAL):
        assert tokenizer.unk_token_id not in ids
        assert tokenizer.decode(ids) == text


@given(some_day, language, style)
@settings(deadline=None)
def test_code_points_and_kinds_of_space_do_not_matter(tokenizer, day, to, how):
    text = pair(day, to, how).target
    for disguised in (
        unicodedata.normalize("NFD", text),
        text.replace(" ", "\u00a0"),
        f"  {text.replace(' ', '   ')} ",
    ):
        assert tokenizer(disguised)["input_ids"] == tokenizer(text)["input_ids"]


def test_what_is_no_latin_text_is_one_unknown_token(tokenizer):
    assert tokenizer.tokenize("北京") == ["▁", "北京"]
    assert tokenizer("北京")["input_ids"][1:] == [tokenizer.unk_token_id, tokenizer.eos_token_id]


def test_special_tokens_have_t5_s_ids(tokenizer):
    assert tokenizer.convert_ids_to_tokens([0, 1, 2]) == ["<pad>", "</s>", "<unk>"]
    assert (tokenizer.pad_token_id, tokenizer.eos_token_id, tokenizer.unk_token_id) == (0, 1, 2)


@pytest.mark.skipif("CI" not in os.environ, reason="takes half a minute of CPU time; CI runs it")
def test_a_trial_run_writes_a_model_that_loads(tmp_path):
    command = [sys.executable, "-m", "training.t5_dates", "--trial", "3", "--out", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads((tmp_path / "out" / "figures.json").read_text(encoding="utf-8"))
    assert figures["training"]["loss"][-1]["step"] == 3
    assert figures["held_out"]["German"]["full"]["texts"] == 3
    assert set(figures["limits"]["lower case"]) == {"exact", "texts"}

    early = json.loads((tmp_path / "out-early" / "figures.json").read_text(encoding="utf-8"))
    assert (early["step"], early["held_out"]["German"]["full"]["texts"]) == (3, 3)

    from safetensors.torch import load_file
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    for folder in (tmp_path / "out", tmp_path / "out-early"):
        saved = load_file(folder / "model.safetensors")
        assert {str(tensor.dtype) for tensor in saved.values()} == {"torch.float16"}
        model = AutoModelForSeq2SeqLM.from_pretrained(folder)
        inputs = AutoTokenizer.from_pretrained(folder)("a test", return_tensors="pt")
        assert model.generate(**inputs)[0, 0] == model.config.decoder_start_token_id == 0
