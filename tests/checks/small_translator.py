"""The date translator's tokenizer, and a small encoder-decoder with random weights: for the checks of lesson 10."""

from functools import cache
from itertools import count

from training.date_tokenizer import new_backend


@cache
def tokenizer():
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(
        tokenizer_object=new_backend(), pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=128
    )


@cache
def model():
    """A T5 that writes something else for every text, and sometimes stops before it has to.

    What a seed draws differs between versions of Transformers, so the first seed that does it is taken.
    """
    return next(filter(_stops_early, map(_random_model, count(5))))


def _random_model(seed):
    import torch
    from transformers import T5Config, T5ForConditionalGeneration

    torch.manual_seed(seed)
    size = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_heads": 2}
    ids = {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0}
    model = T5ForConditionalGeneration(
        T5Config(vocab_size=len(tokenizer()), initializer_factor=3.0, **size, **ids)
    ).eval()
    # A larger row is the highest more often: without it, one seed in thirty would do.
    with torch.no_grad():
        model.lm_head.weight[1] *= 2
    return model


def _stops_early(model):
    inputs = tokenizer()("translate English to French: May 5, 2026", return_tensors="pt")
    return model.generate(**inputs, max_new_tokens=16)[0, -1] == 1


@cache
def attention():
    """All attention of the model while it writes a few tokens."""
    from hf_tutorial.attention import capture_attention

    return capture_attention(model(), tokenizer(), "Nov 22, 2026", decoder_text="22.11.2026")
