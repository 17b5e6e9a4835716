"""`hf-tutorial/punctuation`: MiniLM with a token-classification head and our adapter merged into it.

Adapter and head come from `training/punctuation.py`; their model card lies beside them.
"""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from hf_tutorial.sources.punctuation import LABELS
from hf_tutorial.sources.recipes.adapters import merge_adapter
from hf_tutorial.sources.recipes.minilm import load_body, write_tokenizer


def new_tagger():
    """Return MiniLM with a new, random head of one logit for each of `LABELS`."""
    from transformers import BertForTokenClassification

    body = load_body()
    config = body.config
    config.id2label = dict(enumerate(LABELS))
    config.label2id = {label: number for number, label in enumerate(LABELS)}
    config.architectures = ["BertForTokenClassification"]
    model = BertForTokenClassification(config)
    # The pooler is no part of a model that answers for each token.
    state = {name: tensor for name, tensor in body.state_dict().items() if not name.startswith("pooler.")}
    model.bert.load_state_dict(state)
    return model


def load_trained(weights: Path):
    """Return the tagger whose adapter and head lie in the folder `weights`, merged, in eval mode."""
    return merge_adapter(new_tagger(), weights, "the punctuation model")


def build(folder: Path) -> None:
    """Write the merged model, BERT's tokenizer and the model card to `folder`."""
    with as_file(files("hf_tutorial.sources") / "weights" / "punctuation") as weights:
        load_trained(weights).save_pretrained(folder)
        for name in ("README.md", "figures.json"):
            shutil.copyfile(weights / name, folder / name)
    write_tokenizer(folder)
