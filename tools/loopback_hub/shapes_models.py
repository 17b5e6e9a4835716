"""Models with random weights in the shapes of the Hub's: as wide, as deep and with as many heads as the published ones.

The exceptions save disk and time, and no lesson may depend on them: RoBERTa has 8 layers instead of 24, and RoBERTa and T5
have as many words as their tokenizers, which we train ourselves, instead of 50,265 and 32,128. The weights are initialised
by the library from the configuration, as in training from scratch.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.loopback_hub.repositories import Kind
from tools.loopback_hub.shapes_tokenizers import WRITERS

# Goes up when the code comes to write something else from the same shape.
_VERSION = 1
_SEED = 20


@dataclass(frozen=True)
class ModelShape:
    """What a model is built from.

    `model_class` is the class whose weights the checkpoint holds, and `says` the class that its configuration names, which
    is not always the same on the Hub. `settings` are those of the configuration that differ from the defaults of
    `model_type`. `tokenizer` is a key of `WRITERS`. `card` is the front matter of the model card.
    """

    hub_id: str
    model_type: str
    model_class: str
    says: str
    tokenizer: str
    pieces: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    card: Mapping[str, Any] = field(default_factory=dict)
    kind: Kind = "model"

    @property
    def recipe(self) -> str:
        """Return everything that the folder depends on, as text."""
        return json.dumps(
            [_VERSION, _SEED, {name: _plain(value) for name, value in vars(self).items()}], sort_keys=True
        )

    def build(self, folder: Path) -> None:
        """Fill the empty `folder` with the files of a checkpoint."""
        rows = WRITERS[self.tokenizer](folder, self.pieces)
        _new_model(self, rows).save_pretrained(folder)
        _name_class(folder / "config.json", self.says)
        (folder / "README.md").write_text(_card(self), encoding="utf-8")


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def _new_model(shape: ModelShape, rows: int) -> Any:
    """Return the model with weights that depend on the shape alone; the generator of the caller is left as it was."""
    import torch
    import transformers

    config = transformers.AutoConfig.for_model(shape.model_type, **{"vocab_size": rows} | dict(shape.settings))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(_SEED)
        return getattr(transformers, shape.model_class)(config).eval()


def _name_class(path: Path, name: str) -> None:
    config = json.loads(path.read_text(encoding="utf-8"))
    config["architectures"] = [name]
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def _card(shape: ModelShape) -> str:
    front = "\n".join(f"{key}: {json.dumps(value)}" for key, value in shape.card.items())
    return (
        f"---\n{front}\n---\n\n# Random weights\n\nA model in the shape of `{shape.hub_id}` with random weights, "
        "for tests. It has learned nothing.\n"
    )


_BERT_CARD = {"language": "en", "license": "apache-2.0", "datasets": ["bookcorpus", "wikipedia"]}

MODEL_SHAPES = (
    ModelShape(
        hub_id="distilbert/distilbert-base-uncased",
        model_type="distilbert",
        model_class="DistilBertForMaskedLM",
        says="DistilBertForMaskedLM",
        tokenizer="bert",
        card=_BERT_CARD,
    ),
    ModelShape(
        hub_id="google-bert/bert-base-uncased",
        model_type="bert",
        # The published checkpoint holds the head for pairs of sentences too, and names the class without it.
        model_class="BertForPreTraining",
        says="BertForMaskedLM",
        tokenizer="bert",
        card=_BERT_CARD,
    ),
    ModelShape(
        hub_id="siebert/sentiment-roberta-large-english",
        model_type="roberta",
        model_class="RobertaForSequenceClassification",
        says="RobertaForSequenceClassification",
        tokenizer="roberta",
        pieces=8000,
        settings={
            "hidden_size": 1024,
            "num_attention_heads": 16,
            "intermediate_size": 4096,
            "num_hidden_layers": 8,
            "max_position_embeddings": 514,
            "type_vocab_size": 1,
            "layer_norm_eps": 1e-5,
            "id2label": {0: "NEGATIVE", 1: "POSITIVE"},
            "label2id": {"NEGATIVE": 0, "POSITIVE": 1},
        },
        card={"language": "en", "tags": ["sentiment", "twitter", "reviews"]},
    ),
    ModelShape(
        hub_id="google-t5/t5-small",
        model_type="t5",
        model_class="T5ForConditionalGeneration",
        says="T5ForConditionalGeneration",
        tokenizer="t5",
        pieces=4000,
        settings={
            "d_model": 512,
            "d_kv": 64,
            "d_ff": 2048,
            "num_layers": 6,
            "num_heads": 8,
            "decoder_start_token_id": 0,
        },
        card={"language": ["en", "fr", "ro", "de", "multilingual"], "license": "apache-2.0", "datasets": ["c4"]},
    ),
)
