"""The date translator's tokenizer, and a small encoder-decoder with random weights: for the checks of lesson 10."""

from functools import cache

from training.date_tokenizer import new_backend


@cache
def tokenizer():
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(
        tokenizer_object=new_backend(), pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=128
    )


@cache
def model(seed=5):
    """A T5 that writes something else for every text, and sometimes stops before it has to."""
    import torch
    from transformers import T5Config, T5ForConditionalGeneration

    torch.manual_seed(seed)
    size = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_heads": 2}
    ids = {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0}
    return T5ForConditionalGeneration(
        T5Config(vocab_size=len(tokenizer()), initializer_factor=3.0, **size, **ids)
    ).eval()


@cache
def attention():
    """All attention of the model while it writes a few tokens."""
    from hf_tutorial.attention import capture_attention

    return capture_attention(model(), tokenizer(), "Nov 22, 2026", decoder_text="22.11.2026")
