"""A small model with random weights for each family that the attention tools are promised for, and a tokenizer for all.

Depths of encoder and decoder differ, and so do the numbers of heads where the architecture allows it.
"""

from functools import cache

from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

SPECIALS = ["<pad>", "</s>", "<unk>", "<s>"]
WORDS = ["the", "cat", "sat", "on", "mat", "who", "was", "tired", "it", "dog", "a", "because", ".", "?", ","]


@cache
def tokenizer(side="right"):
    vocabulary = {piece: number for number, piece in enumerate([*SPECIALS, *WORDS])}
    rust = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    rust.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    rust.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B:1 </s>:1", special_tokens=[("<s>", 3), ("</s>", 1)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=rust,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        padding_side=side,
        model_input_names=["input_ids", "attention_mask"],
    )


def _ids():
    return {"vocab_size": len(tokenizer()), "pad_token_id": 0, "bos_token_id": 3, "eos_token_id": 1}


def _encoder(config, model, **more):
    return lambda: model(
        config(
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=16,
            max_position_embeddings=64,
            **_ids(),
            **more,
        )
    )


def _bart_like(config, model):
    return lambda: model(
        config(
            d_model=16,
            encoder_layers=2,
            decoder_layers=3,
            encoder_attention_heads=2,
            decoder_attention_heads=4,
            encoder_ffn_dim=16,
            decoder_ffn_dim=16,
            max_position_embeddings=64,
            decoder_start_token_id=1,
            forced_eos_token_id=None,
            **_ids(),
        )
    )


def _builders():
    import transformers as t

    return {
        "BERT": _encoder(t.BertConfig, t.BertModel),
        "DistilBERT": lambda: t.DistilBertModel(
            t.DistilBertConfig(dim=16, n_layers=2, n_heads=4, hidden_dim=16, max_position_embeddings=64, **_ids())
        ),
        "RoBERTa": _encoder(t.RobertaConfig, t.RobertaModel),
        "ELECTRA": _encoder(t.ElectraConfig, t.ElectraModel, embedding_size=8),
        "GPT-2": lambda: t.GPT2LMHeadModel(t.GPT2Config(n_embd=16, n_layer=2, n_head=4, n_positions=64, **_ids())),
        "Llama": _encoder(t.LlamaConfig, t.LlamaForCausalLM, num_key_value_heads=2),
        "T5": lambda: t.T5ForConditionalGeneration(
            t.T5Config(
                d_model=16,
                d_kv=4,
                d_ff=16,
                num_layers=2,
                num_decoder_layers=3,
                num_heads=4,
                decoder_start_token_id=0,
                **_ids(),
            )
        ),
        "BART": _bart_like(t.BartConfig, t.BartForConditionalGeneration),
        "Marian": _bart_like(t.MarianConfig, t.MarianMTModel),
    }


ENCODERS = ("BERT", "DistilBERT", "RoBERTa", "ELECTRA")
DECODERS = ("GPT-2", "Llama")
ENCODER_DECODERS = ("T5", "BART", "Marian")
FAMILIES = (*ENCODERS, *DECODERS, *ENCODER_DECODERS)


def fresh(family):
    """Return a new model, loaded as anyone would: in evaluation mode, with sdpa."""
    import torch

    torch.manual_seed(0)
    model = _builders()[family]().eval()
    for parameter in model.parameters():
        parameter.data.mul_(5)  # so that attention is far from even
    return model
