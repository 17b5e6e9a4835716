"""A tokenizer of single bytes with a chat template of the kind that SmolLM2 has: for the checks of lesson 13."""

from functools import cache

_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@cache
def tokenizer():
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    pieces = [*special, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    backend = Tokenizer(models.BPE({piece: number for number, piece in enumerate(pieces)}, []))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens(special)
    names = {"eos_token": "<|im_end|>", "pad_token": "<|im_end|>", "bos_token": "<|im_start|>"}
    return PreTrainedTokenizerFast(tokenizer_object=backend, chat_template=_TEMPLATE, **names)


def messages():
    return [
        {"role": "system", "content": "One word."},
        {"role": "user", "content": "Hot?"},
        {"role": "assistant", "content": "No"},
        {"role": "user", "content": "Cold?"},
        {"role": "assistant", "content": "Yes"},
    ]
