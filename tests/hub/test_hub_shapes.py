"""The repositories in the Hub's own shapes: what they hold, that they come out the same again, and that damage is noticed."""

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from hf_tutorial.sources.cache import MANIFEST
from tools.loopback_hub import shapes, shapes_tokenizers
from tools.loopback_hub.shapes_models import MODEL_SHAPES, ModelShape
from tools.loopback_hub.shapes_reviews import ReviewsShape
from tools.notebooks import ROOT

pytestmark = pytest.mark.standins

SMALL = {
    "distilbert": {"n_layers": 1, "n_heads": 2, "dim": 8, "hidden_dim": 8},
    "bert": {"num_hidden_layers": 1, "num_attention_heads": 2, "hidden_size": 8, "intermediate_size": 8},
    "roberta": {"num_hidden_layers": 1, "num_attention_heads": 2, "hidden_size": 8, "intermediate_size": 8},
    "t5": {"num_layers": 1, "num_heads": 2, "d_model": 8, "d_kv": 4, "d_ff": 8},
}
SHAPES = {shape.model_type: shape for shape in MODEL_SHAPES}
# These are on the loopback Hub as they are: the stand-in is the Hub's own model.
SERVED_AS_THEY_ARE = {"HuggingFaceTB/SmolLM2-135M-Instruct", "sentence-transformers/all-MiniLM-L6-v2"}


def small(model_type: str) -> ModelShape:
    """Return the shape of that type with next to no weights and few pieces."""
    shape = SHAPES[model_type]
    return replace(shape, pieces=400, settings={**shape.settings, **SMALL[model_type]})


@pytest.fixture(autouse=True)
def few_reviews(monkeypatch):
    monkeypatch.setattr(shapes_tokenizers, "REVIEWS_TO_TRAIN_ON", 40)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The four small models, each in a folder of its own, made once."""
    root = tmp_path_factory.mktemp("shapes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shapes_tokenizers, "REVIEWS_TO_TRAIN_ON", 40)
        return {model_type: shapes.made(small(model_type), root) for model_type in SHAPES}


def contents(folder: Path) -> dict:
    return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]


def test_the_shapes_are_the_published_ones():
    from transformers import AutoConfig

    def measures(shape):
        config = AutoConfig.for_model(shape.model_type, **shape.settings)
        return config.num_hidden_layers, config.num_attention_heads, config.hidden_size

    assert {name: measures(shape) for name, shape in SHAPES.items()} == {
        "distilbert": (6, 12, 768),
        "bert": (12, 12, 768),
        "roberta": (8, 16, 1024),
        "t5": (6, 8, 512),
    }


@pytest.mark.parametrize("model_type", SHAPES)
def test_a_model_loads_complete_under_the_class_that_its_configuration_names(folders, model_type):
    import transformers

    config = transformers.AutoConfig.from_pretrained(folders[model_type])
    model_class = getattr(transformers, config.architectures[0])
    model, info = model_class.from_pretrained(folders[model_type], output_loading_info=True)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folders[model_type])

    assert config.architectures == [SHAPES[model_type].says]
    assert not info["missing_keys"]
    assert not info["mismatched_keys"]
    assert max(tokenizer("A film, naïve and long 🤗.")["input_ids"]) < len(model.get_input_embeddings().weight)


def test_bert_brings_a_head_that_its_class_has_no_place_for(folders):
    from transformers import BertForMaskedLM

    _, info = BertForMaskedLM.from_pretrained(folders["bert"], output_loading_info=True)
    assert {name.split(".")[1] for name in info["unexpected_keys"]} >= {"seq_relationship"}


def test_roberta_numbers_its_special_tokens_as_published_and_keeps_every_byte(folders):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folders["roberta"])
    text = "Naïve  🤗\tfilm\n"
    encoding = tokenizer(text)

    assert tokenizer.convert_ids_to_tokens([0, 1, 2, 3]) == ["<s>", "<pad>", "</s>", "<unk>"]
    assert tokenizer.mask_token_id == len(tokenizer) - 1
    assert list(encoding) == ["input_ids", "attention_mask"]
    assert tokenizer.decode(encoding["input_ids"], skip_special_tokens=True) == text
    assert not (folders["roberta"] / "tokenizer.json").exists()


def test_t5_has_its_special_tokens_in_front_its_sentinels_at_the_end_and_some_rows_more(folders):
    from transformers import AutoConfig, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folders["t5"])
    size = len(tokenizer)

    assert tokenizer.convert_ids_to_tokens([0, 1, 2]) == ["<pad>", "</s>", "<unk>"]
    assert tokenizer.convert_tokens_to_ids(["<extra_id_0>", "<extra_id_99>"]) == [size - 1, size - 100]
    assert AutoConfig.from_pretrained(folders["t5"]).vocab_size == size + 28
    assert tokenizer.decode(tokenizer("a very long film")["input_ids"], skip_special_tokens=True) == "a very long film"


@pytest.mark.parametrize("model_type", SHAPES)
def test_a_model_comes_out_the_same_again_and_leaves_the_random_numbers_alone(folders, model_type, tmp_path):
    import torch

    torch.manual_seed(1)
    untouched = torch.rand(3)
    torch.manual_seed(1)
    again = shapes.made(small(model_type), tmp_path)

    assert torch.equal(torch.rand(3), untouched)
    assert contents(again) == contents(folders[model_type])


def test_what_is_there_is_used_and_what_is_damaged_or_of_another_shape_is_made_anew(tmp_path):
    shape = small("distilbert")
    folder = shapes.made(shape, tmp_path)
    sound = contents(folder)
    (folder / "note").write_text("still here")
    assert (shapes.made(shape, tmp_path) / "note").exists()

    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"?")  # as long as before
    assert not (shapes.made(shape, tmp_path) / "note").exists()
    assert contents(folder) == sound

    shapes.made(replace(shape, settings={**shape.settings, "n_layers": 2}), tmp_path)
    assert contents(folder) != sound


def test_the_reviews_have_the_three_splits_of_the_hub(tmp_path):
    from datasets import load_dataset

    splits = load_dataset(str(shapes.made(ReviewsShape(rows=30), tmp_path)), cache_dir=str(tmp_path / "arrow"))
    train, test, unsupervised = splits["train"], splits["test"], splits["unsupervised"]

    assert train.info.config_name == "plain_text"
    assert train.features["label"].names == ["neg", "pos"]
    assert Counter(test["text"]) == Counter(train["text"])
    assert test["text"][:] != train["text"][:]
    assert len(unsupervised) == 60
    assert set(unsupervised["label"]) == {-1}


def test_every_id_that_a_notebook_loads_has_a_shape_or_is_served_as_it_is():
    pattern = re.compile(r"hub_or_local\(\\?[\"']([\w.-]+/[\w.-]+)")
    notebooks = [path.read_text(encoding="utf-8") for path in (ROOT / "notebooks").rglob("*.ipynb")]
    loaded = {found for text in notebooks for found in pattern.findall(text) if not found.startswith("hf-tutorial/")}

    assert len(loaded) >= 7
    assert loaded <= {shape.hub_id for shape in shapes.SHAPES} | SERVED_AS_THEY_ARE
