"""Checks of lesson 01, last part: three tokenizers trained by the student, and their comparison.

A tokenizer is a `tokenizers.Tokenizer`. Nothing here depends on a vocabulary, which differs from run to run.
"""

from typing import Any

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

MODELS = {"WordPiece": "WordPiece", "byte-level BPE": "BPE", "Unigram": "Unigram"}

_PROBE = "An Unforgettable  film. "
_STRANGE = "🎬 φ"
_FEWEST = 30


@exercise("01.6a", expects="a dictionary from the three names to the three trained tokenizers")
def trained_tokenizers(answer: object, vocab_size: int) -> str:
    tokenizers = by_name(answer)
    for name, tokenizer in tokenizers.items():
        _judge_model(name, tokenizer, vocab_size)
    _judge_bpe(tokenizers["byte-level BPE"])
    _judge_unigram(tokenizers["Unigram"])
    return "Three tokenizers, each with a vocabulary of its own from the same reviews."


def by_name(value: object) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != set(MODELS):
        raise Wrong(f"Expected a dictionary with the keys {', '.join(map(repr, MODELS))}, but got {shown(value)}.")
    return {name: getattr(value[name], "backend_tokenizer", value[name]) for name in MODELS}


def _judge_model(name: str, tokenizer: Any, vocab_size: int) -> None:
    if not hasattr(tokenizer, "encode") or not hasattr(tokenizer, "model"):
        hint = " Training changes a tokenizer in place and returns None." if tokenizer is None else ""
        raise Wrong(f"{name} should be a `tokenizers.Tokenizer`, but is {shown(tokenizer)}.{hint}")
    kind = type(tokenizer.model).__name__
    if kind != MODELS[name]:
        raise Wrong(f"{name} holds a {kind} model. Each of the three names needs its own `models.…`.")
    size = tokenizer.get_vocab_size()
    if size < _FEWEST:
        raise Wrong(
            f"{name} has only {size} entries in its vocabulary. Did `train_from_iterator` run, with the reviews?"
        )
    if size > vocab_size:
        raise Wrong(
            f"{name} has {size:,} entries, more than the {vocab_size:,} asked for: give its trainer `vocab_size`."
        )


def _judge_bpe(bpe: Any) -> None:
    from tokenizers.pre_tokenizers import ByteLevel

    name = "byte-level BPE"
    kind = _kind(bpe.pre_tokenizer)
    if kind != "ByteLevel":
        raise Wrong(
            f"{name} is not byte-level yet: its pre-tokenizer is {kind}. Only ByteLevel turns a text into bytes."
        )
    missing = set(ByteLevel.alphabet()) - set(bpe.get_vocab())
    if missing:
        raise Wrong(
            f"{name} lacks {len(missing)} of the 256 bytes, those that the reviews happen not to use, so that it drops what "
            "it has never seen. Its trainer takes an `initial_alphabet`."
        )
    _judge_decoder(name, bpe, "ByteLevel")
    if bpe.decode(bpe.encode("film").ids) == " film":
        raise Wrong(f"{name} puts a space before each text. ByteLevel has a switch for that: `add_prefix_space`.")
    if bpe.decode(bpe.encode(_PROBE + _STRANGE).ids) != _PROBE + _STRANGE:
        raise Wrong(f"{name} does not give back every text, although it could: does a normalizer change it beforehand?")


def _judge_unigram(unigram: Any) -> None:
    name = "Unigram"
    kind = _kind(unigram.pre_tokenizer)
    if kind != "Metaspace":
        raise Wrong(f"{name} should mark spaces with ▁, as Metaspace does, but its pre-tokenizer is {kind}.")
    _judge_decoder(name, unigram, "Metaspace")
    try:
        unigram.encode(_STRANGE)
    except Exception as error:
        raise Wrong(
            f"{name} fails as soon as it meets a character that it has never seen. Its trainer needs an `unk_token`, which "
            "must also be among its `special_tokens`."
        ) from error


def _judge_decoder(name: str, tokenizer: Any, wanted: str) -> None:
    if _kind(tokenizer.decoder) != wanted:
        back = tokenizer.decode(tokenizer.encode("a film").ids)
        raise Wrong(
            f"{name} decodes 'a film' as {back!r}: its decoder should be {wanted}, which undoes the pre-tokenizer."
        )


def _kind(part: object) -> str:
    return "missing" if part is None else type(part).__name__


_COLUMNS = ("tokens per word", "unknown", "comes back")


@exercise("01.6b", expects="a dictionary of three rows, one for each tokenizer")
def compared_tokenizers(answer: object, tokenizers: Any, texts: list[str], samples: dict[str, str]) -> str:
    trained = by_name(tokenizers)
    if not isinstance(answer, dict) or set(answer) != set(MODELS):
        raise Wrong(f"Expected one row for each of {', '.join(map(repr, MODELS))}, but got {shown(answer)}.")
    for name, tokenizer in trained.items():
        row = answer[name]
        if not isinstance(row, dict) or not set(_COLUMNS) <= set(row):
            raise Wrong(f"{name}: expected a dictionary with {', '.join(map(repr, _COLUMNS))}, but got {shown(row)}.")
        _judge_rate(name, row["tokens per word"], tokenizer, texts)
        _judge_unknown(name, row["unknown"], tokenizer, samples)
        _judge_round_trip(name, row["comes back"], tokenizer, samples)
    return "Only the byte-level tokenizer knows every text and gives every text back."


def _judge_rate(name: str, value: object, tokenizer: Any, texts: list[str]) -> None:
    found = number(value)
    if found is None:
        raise Wrong(f"{name}: tokens per word should be one number, but is {shown(value)}.")
    tokens = [len(tokenizer.encode(text).ids) for text in texts]
    words = [len(text.split()) for text in texts]
    rate = sum(tokens) / sum(words)
    average = sum(count / of for count, of in zip(tokens, words, strict=True)) / len(texts)
    if abs(found - rate) < 0.06 or abs(found - average) < 0.06:
        return
    characters = sum(map(len, texts))
    mistakes = {
        "This is words per token: turn the fraction round.": sum(words) / sum(tokens),
        "This is tokens per character. Words are what `text.split()` returns.": sum(tokens) / characters,
        "This is characters per token.": characters / sum(tokens),
        "This is the number of tokens in a review: divide by the words, not by the reviews.": sum(tokens) / len(texts),
    }
    for reason, number_then in mistakes.items():
        if abs(found - number_then) < 0.02 * number_then:
            raise Wrong(f"{name}: {reason}")
    raise Wrong(
        f"{name}: {found:.2f} tokens per word is not what the tokenizer needs for these texts. Count all tokens of all texts, then all words."
    )


def _names(value: object, what: str, samples: dict[str, str]) -> set[str]:
    if not isinstance(value, (list, tuple, set, frozenset)) or not all(isinstance(name, str) for name in value):
        raise Wrong(f"{what} should be a list of names of samples, but is {shown(value)}.")
    if not set(value) <= set(samples):
        raise Wrong(f"{what} should hold names of samples, such as {next(iter(samples))!r}, but is {shown(value)}.")
    return set(value)


def _judge_unknown(name: str, value: object, tokenizer: Any, samples: dict[str, str]) -> None:
    found = _names(value, f"{name}: 'unknown'", samples)
    right = {sample for sample, text in samples.items() if has_unknown(tokenizer, text)}
    if missed := sorted(right - found):
        if name == "Unigram":
            raise Wrong(
                f"{name}: {missed[0]!r} holds something unknown. The `.tokens` of a Unigram tokenizer show the unknown "
                "characters themselves; only their id says that they are unknown."
            )
        raise Wrong(
            f"{name}: {missed[0]!r} holds something unknown: which of its tokens are in the text, which are not?"
        )
    if extra := sorted(found - right):
        raise Wrong(
            f"{name}: {extra[0]!r} is cut into small pieces, but each of them is in the vocabulary: it is not unknown."
        )


def has_unknown(tokenizer: Any, text: str) -> bool:
    unknown = {tokenizer.token_to_id(token) for token in ("[UNK]", "<unk>")} - {None}
    return bool(unknown & set(tokenizer.encode(text).ids))


def _judge_round_trip(name: str, value: object, tokenizer: Any, samples: dict[str, str]) -> None:
    found = _names(value, f"{name}: 'comes back'", samples)
    back = {sample: tokenizer.decode(tokenizer.encode(text).ids) for sample, text in samples.items()}
    right = {sample for sample, text in samples.items() if back[sample] == text}
    if extra := sorted(found - right):
        sample = extra[0]
        raise Wrong(f"{name}: {samples[sample]!r} comes back as {back[sample]!r}. Exactly means with `==`.")
    if missed := sorted(right - found):
        raise Wrong(f"{name}: {samples[missed[0]]!r} does come back exactly. Do both sides of the comparison fit?")
