"""The small tokenizer with a mask token, and a small masked-language model: for the checks of lesson 11."""

from copy import deepcopy
from functools import cache

import small_models


@cache
def tokenizer():
    """The tokenizer of `small_models`, to which [MASK] is a mask."""
    with_mask = deepcopy(small_models.tokenizer())
    with_mask.add_special_tokens({"mask_token": "[MASK]"})
    return with_mask


@cache
def model():
    """A model with other random weights than the small one that the checks build."""
    import torch
    from transformers import BertConfig, BertForMaskedLM

    size = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 16}
    torch.manual_seed(1)
    return BertForMaskedLM(
        BertConfig(vocab_size=len(tokenizer()), initializer_range=0.5, max_position_embeddings=64, **size)
    ).eval()
