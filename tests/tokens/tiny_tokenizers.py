"""Tiny tokenizers of every family, built here: no file, no network."""

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import ByT5Tokenizer, CanineTokenizer, PreTrainedTokenizerFast

HOSTILE = (
    "</script><img onerror=alert(1) src=x><script>alert(1)</script>",
    "a & b < c > d \"quoted\" 'single'",
    "$x$ \\n is no newline",
    "line\nline\ttab\rreturn",
    "nul \x00 escape \x1b[31m bell \x07 delete \x7f next line \x85",
    "family 👩‍👩‍👧‍👦 flag 🇫🇷 hug 🤗",
    "e\u0301 cafe\u0301 \u0301alone Z\u0351\u036b\u0343",
    "مرحبا بالعالم \u202eoverride\u202c",
    "日本語と中文 한국어",
    "zero\u200bwidth no\u00a0break \ufeff \u2028",
    "",
    "   ",
    "\n\n",
    "[UNK] [MASK] <s> </s> <|end|> ⟨F0 9F⟩ ␣ ## ▁ Ġ",
)

WORDS = [
    "hello",
    "world",
    "hugging",
    "##face",
    "face",
    "trans",
    "##form",
    "##ers",
    "excited",
    "about",
    "i",
    "'",
    "m",
    "!",
]


def word_piece():
    """BERT's kind: lower case, `##` continues a word, what is not in the vocabulary is [UNK]."""
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1) if chr(code) not in ("i", "m", "q")]
    vocabulary = [*specials, *WORDS, *letters, *(f"##{letter}" for letter in letters)]
    rust = Tokenizer(models.WordPiece({piece: id for id, piece in enumerate(vocabulary)}, unk_token="[UNK]"))
    rust.normalizer = normalizers.BertNormalizer(lowercase=True)
    rust.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    rust.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    rust.decoder = decoders.WordPiece()
    names = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep", "mask")}
    return PreTrainedTokenizerFast(tokenizer_object=rust, model_max_length=64, **names)


def _byte_vocabulary(*merges):
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    pieces = [*alphabet, *("".join(merge) for merge in merges), "<|end|>"]
    return {piece: id for id, piece in enumerate(pieces)}, list(merges)


def gpt2():
    """GPT-2's kind: bytes, and `<|end|>` is beginning, end and unknown at once."""
    vocabulary, merges = _byte_vocabulary(("Ġ", "w"), ("h", "e"), ("ð", "Ł"), ("Ġ", "ðŁ"))
    rust = Tokenizer(models.BPE(vocabulary, merges))
    rust.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    rust.post_processor = processors.ByteLevel(trim_offsets=True)
    rust.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=rust, bos_token="<|end|>", eos_token="<|end|>", unk_token="<|end|>", pad_token="<|end|>"
    )


def llama3():
    """Llama 3's and SmolLM2's kind: split by a pattern, then bytes; spans keep the space."""
    vocabulary, merges = _byte_vocabulary(("Ġ", "w"), ("l", "l"))
    rust = Tokenizer(models.BPE(vocabulary, merges, ignore_merges=True))
    pattern = pre_tokenizers.Split(Regex(r" ?\p{L}+| ?\p{N}| ?[^\s\p{L}\p{N}]+|\s+"), "isolated")
    rust.pre_tokenizer = pre_tokenizers.Sequence(
        [pattern, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    rust.post_processor = processors.TemplateProcessing(
        single="<|end|> $A", pair="<|end|> $A $B:1", special_tokens=[("<|end|>", vocabulary["<|end|>"])]
    )
    rust.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=rust, bos_token="<|end|>", pad_token="<|end|>")


def unigram():
    """T5's and XLM-R's kind: Unigram on `▁`, with NFKC."""
    scored = [
        ("<pad>", 0.0),
        ("</s>", 0.0),
        ("<unk>", 0.0),
        ("▁", -2.0),
        ("▁hello", -3.0),
        ("▁wor", -4.0),
        ("ld", -4.0),
    ]
    scored += [(chr(code), -6.0) for code in range(ord("a"), ord("z") + 1)]
    rust = Tokenizer(models.Unigram(scored, unk_id=2))
    rust.normalizer = normalizers.NFKC()
    rust.pre_tokenizer = pre_tokenizers.Metaspace()
    rust.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)]
    )
    rust.decoder = decoders.Metaspace()
    return PreTrainedTokenizerFast(tokenizer_object=rust, pad_token="<pad>", eos_token="</s>", unk_token="<unk>")


def llama2():
    """Llama 2's kind: no pre-tokeniser, `▁` put there by the normaliser, single bytes as `<0xF0>`."""
    pieces = [
        "<unk>",
        "<s>",
        "</s>",
        *(f"<0x{byte:02X}>" for byte in range(256)),
        "▁",
        *"abcdefghijklmnopqrstuvwxyz",
        "▁h",
    ]
    rust = Tokenizer(
        models.BPE({piece: id for id, piece in enumerate(pieces)}, [("▁", "h")], unk_token="<unk>", byte_fallback=True)
    )
    rust.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    rust.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    rust.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=rust, bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="</s>"
    )


def with_chat_tokens():
    """A tokenizer with added tokens, one of them no special one."""
    tokenizer = gpt2()
    tokenizer.add_tokens([AddedToken("<tool>", special=False)])
    tokenizer.add_special_tokens({"additional_special_tokens": ["<|user|>"]})
    return tokenizer


FAMILIES = {
    "WordPiece": word_piece(),
    "GPT-2": gpt2(),
    "Llama 3": llama3(),
    "Unigram": unigram(),
    "Llama 2": llama2(),
    "added tokens": with_chat_tokens(),
    "ByT5": ByT5Tokenizer(),
    "CANINE": CanineTokenizer(),
}
