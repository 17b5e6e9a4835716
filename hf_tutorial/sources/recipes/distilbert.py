"""`distilbert/distilbert-base-uncased`: MiniLM's weights in DistilBERT's architecture, exactly.

DistilBERT is BERT without token types and pooler. With one segment, BERT adds row 0 of its token-type table to every
position, so adding that row to the position table gives the same sums. Everything else is a matter of names.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from hf_tutorial.sources.recipes.minilm import load_body, write_tokenizer

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import BertConfig, DistilBertConfig

# BERT's names inside a layer, and DistilBERT's.
_LAYER_NAMES = {
    "attention.self.query": "attention.q_lin",
    "attention.self.key": "attention.k_lin",
    "attention.self.value": "attention.v_lin",
    "attention.output.dense": "attention.out_lin",
    "attention.output.LayerNorm": "sa_layer_norm",
    "intermediate.dense": "ffn.lin1",
    "output.dense": "ffn.lin2",
    "output.LayerNorm": "output_layer_norm",
}


def build(folder: Path) -> None:
    """Write the converted model, with BERT's tokenizer, to `folder`."""
    from transformers import DistilBertModel

    body = load_body()
    model = DistilBertModel(_config(body.config))
    model.load_state_dict(_rename(body.state_dict()))
    model.save_pretrained(folder)
    write_tokenizer(folder)


def _config(bert: "BertConfig") -> "DistilBertConfig":
    from transformers import DistilBertConfig

    return DistilBertConfig(
        vocab_size=bert.vocab_size,
        max_position_embeddings=bert.max_position_embeddings,
        n_layers=bert.num_hidden_layers,
        n_heads=bert.num_attention_heads,
        dim=bert.hidden_size,
        hidden_dim=bert.intermediate_size,
        activation=bert.hidden_act,
    )


def _rename(bert: "dict[str, Tensor]") -> "dict[str, Tensor]":
    renamed = {}
    for name, tensor in bert.items():
        if name.startswith("encoder.layer."):
            _, _, number, inside = name.split(".", 3)
            part, _, kind = inside.rpartition(".")
            renamed[f"transformer.layer.{number}.{_LAYER_NAMES[part]}.{kind}"] = tensor
        elif name.startswith("embeddings.") and "token_type" not in name:
            renamed[name] = tensor
    renamed["embeddings.position_embeddings.weight"] = (
        bert["embeddings.position_embeddings.weight"] + bert["embeddings.token_type_embeddings.weight"][0]
    )
    return {name: tensor.clone() for name, tensor in renamed.items() if "position_ids" not in name}
