"""Tokenizers for the random models: of the same kinds as the Hub's, in the same files, trained here on the film reviews.

Training is the same at every run. That rules out the trainer of `Unigram`, whose scores vary: the pieces for T5 are found
by byte-pair encoding, which does not vary, and each gets the logarithm of its share in the reviews as its score.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, Metaspace, PreTokenizer, Sequence, WhitespaceSplit
from tokenizers.trainers import BpeTrainer

from hf_tutorial.sources.recipes.minilm import write_tokenizer as write_wordpiece
from hf_tutorial.sources.recipes.reviews import load_reviews

REVIEWS_TO_TRAIN_ON = 2000
SENTINELS = 100
_METASPACE = Sequence([WhitespaceSplit(), Metaspace()])


def write_bert(folder: Path, pieces: int) -> int:
    """Write BERT's own WordPiece vocabulary to `folder`; return how many rows a model's table of words needs."""
    write_wordpiece(folder)
    return len((folder / "vocab.txt").read_text(encoding="utf-8").splitlines())


def write_roberta(folder: Path, pieces: int) -> int:
    """Write a byte-level tokenizer as RoBERTa's repositories hold it, without a `tokenizer.json`; return its size.

    RoBERTa's first four tokens come from fairseq, in this order, and its mask is the last of all.
    """
    vocabulary, merges = _train_pieces(_reviews(), ByteLevel(add_prefix_space=False), pieces, ByteLevel.alphabet())
    ordered = ["<s>", "<pad>", "</s>", "<unk>", *sorted(vocabulary, key=vocabulary.__getitem__), "<mask>"]
    numbered = {token: number for number, token in enumerate(ordered)}
    (folder / "vocab.json").write_text(json.dumps(numbered, ensure_ascii=False), encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _write_settings(folder, tokenizer_class="RobertaTokenizer", model_max_length=512, add_prefix_space=False)
    return len(ordered)


def write_t5(folder: Path, pieces: int) -> int:
    """Write a Unigram tokenizer as T5 has it, with 100 sentinels; return the rows of the table of words.

    As in T5's checkpoints the table has 28 rows more than the tokenizer has tokens.
    """
    from transformers import T5Tokenizer

    words = _reviews()
    vocabulary, _ = _train_pieces(words, _METASPACE, pieces, [])
    scored = _with_scores(vocabulary, words)
    sentinels = [(f"<extra_id_{number}>", 0.0) for number in reversed(range(SENTINELS))]
    special = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    tokenizer = T5Tokenizer(vocab=[*special, *scored, *sentinels], extra_ids=SENTINELS, model_max_length=512)
    tokenizer.save_pretrained(folder)
    return len(tokenizer) + 28


WRITERS: Mapping[str, Callable[[Path, int], int]] = {"bert": write_bert, "roberta": write_roberta, "t5": write_t5}


def _reviews() -> list[str]:
    return load_reviews("imdb").select(range(REVIEWS_TO_TRAIN_ON))["text"][:]


def _train_pieces(
    texts: Iterable[str], pre_tokenizer: PreTokenizer, pieces: int, alphabet: list[str]
) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Return the vocabulary and the merges of a byte-pair encoding of `pieces` pieces."""
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    trainer = BpeTrainer(vocab_size=pieces, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return model["vocab"], [(first, second) for first, second in model["merges"]]


def _with_scores(vocabulary: Iterable[str], texts: Iterable[str]) -> list[tuple[str, float]]:
    """Return the pieces with the logarithm of their share, as part of any word, the commonest first."""
    words = Counter(word for text in texts for word, _ in _METASPACE.pre_tokenize_str(text))
    known = set(vocabulary)
    counts: Counter[str] = Counter()
    for word, count in words.items():
        spans = ((start, end) for start in range(len(word)) for end in range(start + 1, len(word) + 1))
        counts.update({word[start:end]: count for start, end in spans if word[start:end] in known})
    total = sum(counts.values())
    ordered = sorted(known, key=lambda piece: (-counts[piece], piece))
    return [(piece, math.log(max(counts[piece], 1) / total)) for piece in ordered]


def _write_settings(folder: Path, **settings: object) -> None:
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2), encoding="utf-8")
