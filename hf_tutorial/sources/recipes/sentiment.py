"""`siebert/sentiment-roberta-large-english`: MiniLM with our sentiment adapter merged into it.

The adapter and the head come from `training/sentiment.py`; their model card lies beside them.
"""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from hf_tutorial.sources.recipes.adapters import merge_adapter
from hf_tutorial.sources.recipes.minilm import load_body, write_tokenizer

LABELS = ("NEGATIVE", "POSITIVE")


def new_classifier():
    """Return MiniLM with a new, random two-way head, its labels named as SiEBERT names them."""
    from transformers import BertForSequenceClassification

    body = load_body()
    config = body.config
    config.id2label = dict(enumerate(LABELS))
    config.label2id = {label: number for number, label in enumerate(LABELS)}
    config.architectures = ["BertForSequenceClassification"]
    model = BertForSequenceClassification(config)
    model.bert.load_state_dict(body.state_dict())
    return model


def build(folder: Path) -> None:
    """Write the merged classifier, its tokenizer and its model card to `folder`."""
    with as_file(files("hf_tutorial.sources") / "weights" / "sentiment") as weights:
        merge_adapter(new_classifier(), weights, "the sentiment stand-in").save_pretrained(folder)
        shutil.copyfile(weights / "README.md", folder / "README.md")
    write_tokenizer(folder)
