"""A tokenizer and two models that are built in a moment: for checks that work with whatever the student loaded."""

import string
from functools import cache


@cache
def tokenizer():
    """An uncased WordPiece tokenizer like BERT's. Words that it does not know whole, it spells."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = [*string.ascii_lowercase, *string.digits]
    pieces = [
        "hugging",
        "##face",
        "token",
        "##izer",
        "##s",
        "un",
        "##watch",
        "##able",
        "dull",
        "film",
        "a",
        "such",
        "it",
    ]
    words = [*letters, *(f"##{letter}" for letter in letters), *string.punctuation, *pieces]
    vocab = {word: number for number, word in enumerate(dict.fromkeys([*special, *words]))}
    backend = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer()
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.decoder = decoders.WordPiece()
    ends = [(token, vocab[token]) for token in ("[CLS]", "[SEP]")]
    backend.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", ends)
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    return PreTrainedTokenizerFast(tokenizer_object=backend, model_max_length=256, **names)


def _config(**more):
    from transformers import BertConfig

    size = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 16}
    # Weights larger than usual, so that a lost mask shows clearly.
    return BertConfig(vocab_size=len(tokenizer()), initializer_range=0.3, max_position_embeddings=256, **size, **more)


@cache
def classifier():
    import torch
    from transformers import BertForSequenceClassification

    torch.manual_seed(0)
    return BertForSequenceClassification(_config(id2label={0: "NEGATIVE", 1: "POSITIVE"})).eval()


@cache
def body():
    import torch
    from transformers import BertModel

    torch.manual_seed(0)
    return BertModel(_config()).eval()
