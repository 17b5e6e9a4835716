"""`google-bert/bert-base-uncased`, for fill-mask: MiniLM with a masked-language head and our adapter merged into it.

Adapter and head come from `training/masked_language.py`; their model card lies beside them. The head's decoder is the
table of word embeddings, as in BERT itself, so there is no second copy of it to keep.
"""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from hf_tutorial.sources.recipes.adapters import merge_adapter
from hf_tutorial.sources.recipes.minilm import load_body, write_tokenizer

HEAD = "head.safetensors"


def new_masked_language_model():
    """Return MiniLM with a new masked-language head: random but for the decoder, which is the embedding table."""
    from transformers import BertForMaskedLM

    body = load_body()
    config = body.config
    config.architectures = ["BertForMaskedLM"]
    model = BertForMaskedLM(config)
    # The pooler is no part of a masked-language model.
    state = {name: tensor for name, tensor in body.state_dict().items() if not name.startswith("pooler.")}
    model.bert.load_state_dict(state)
    model.tie_weights()
    return model


def load_trained(weights: Path):
    """Return the masked-language model whose adapter and head lie in the folder `weights`, merged, in eval mode."""
    from safetensors.torch import load_file

    model = new_masked_language_model()
    predictions = model.cls.predictions
    head = {name: tensor.float() for name, tensor in load_file(weights / HEAD).items()}
    predictions.transform.load_state_dict(
        {name.removeprefix("transform."): tensor for name, tensor in head.items() if name != "bias"}
    )
    predictions.bias.data.copy_(head["bias"])
    return merge_adapter(model, weights, "the masked-language stand-in")


def build(folder: Path) -> None:
    """Write the merged model, BERT's tokenizer and the model card to `folder`."""
    with as_file(files("hf_tutorial.sources") / "weights" / "masked-language") as weights:
        load_trained(weights).save_pretrained(folder)
        shutil.copyfile(weights / "README.md", folder / "README.md")
    write_tokenizer(folder)
