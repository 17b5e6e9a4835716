import pytest
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from hf_tutorial import check

SIZE = 300
TEXTS = [
    "The quick brown fox jumps over the lazy dog, and Zoë saw a fabulous film.",
    "Pack my box with five dozen liquor jugs. Nobody was unforgettable; everything was watchable!",
    "Sphinx of black quartz, judge my vow: unbelievable actors, unbelievable nonsense.",
] * 4
SAMPLES = {"plain": "a film", "spaces": "a  film", "emoji": "🎬"}


def train(tokenizer, trainer):
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def wordpiece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(vocab_size=SIZE, special_tokens=["[UNK]"], show_progress=False)
    return train(tokenizer, trainer)


def bpe(cut=None, decoder=None, alphabet=None, normalizer=None, size=SIZE):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = cut or pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoder or decoders.ByteLevel()
    if normalizer:
        tokenizer.normalizer = normalizer
    alphabet = pre_tokenizers.ByteLevel.alphabet() if alphabet is None else alphabet
    return train(tokenizer, trainers.BpeTrainer(vocab_size=size, initial_alphabet=alphabet, show_progress=False))


def unigram(cut=None, decoder=None, unknown="<unk>"):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = cut or pre_tokenizers.Metaspace()
    tokenizer.decoder = decoder or decoders.Metaspace()
    special = [unknown] if unknown else []
    return train(
        tokenizer,
        trainers.UnigramTrainer(vocab_size=150, unk_token=unknown, special_tokens=special, show_progress=False),
    )


@pytest.fixture(scope="module")
def right():
    return {"WordPiece": wordpiece(), "byte-level BPE": bpe(), "Unigram": unigram()}


def test_right_tokenizers(right):
    assert check("01.6a", right, vocab_size=SIZE).outcome == "right"


def test_tokenizers_of_transformers_are_taken_too(right):
    from transformers import PreTrainedTokenizerFast

    wrapped = {name: PreTrainedTokenizerFast(tokenizer_object=tokenizer) for name, tokenizer in right.items()}
    assert check("01.6a", wrapped, vocab_size=SIZE).outcome == "right"


@pytest.mark.parametrize(
    ("change", "diagnosis"),
    [
        ({"byte-level BPE": lambda: None}, "Training changes a tokenizer in place and returns None"),
        ({"byte-level BPE": lambda: "bpe"}, "should be a `tokenizers.Tokenizer`, but is 'bpe'"),
        ({"byte-level BPE": wordpiece}, "byte-level BPE holds a WordPiece model"),
        ({"Unigram": bpe}, "Unigram holds a BPE model"),
        ({"byte-level BPE": lambda: Tokenizer(models.BPE())}, "Did `train_from_iterator` run"),
        ({"byte-level BPE": lambda: bpe(size=SIZE + 50)}, "350 entries, more than the 300 asked for"),
        ({"byte-level BPE": lambda: bpe(cut=pre_tokenizers.Whitespace(), alphabet=[])}, "not byte-level yet"),
        ({"byte-level BPE": lambda: bpe(alphabet=[])}, "takes an `initial_alphabet`"),
        ({"byte-level BPE": lambda: bpe(decoder=decoders.Fuse())}, "its decoder should be ByteLevel"),
        ({"byte-level BPE": lambda: bpe(cut=pre_tokenizers.ByteLevel())}, "`add_prefix_space`"),
        ({"byte-level BPE": lambda: bpe(normalizer=normalizers.Lowercase())}, "does a normalizer change it"),
        ({"Unigram": lambda: unigram(cut=pre_tokenizers.Whitespace())}, "as Metaspace does"),
        ({"Unigram": lambda: unigram(decoder=decoders.Fuse())}, "its decoder should be Metaspace"),
        ({"Unigram": lambda: unigram(unknown=None)}, "Its trainer needs an `unk_token`"),
    ],
)
def test_wrong_tokenizers(right, change, diagnosis):
    verdict = check("01.6a", right | {name: make() for name, make in change.items()}, vocab_size=SIZE)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_other_names_are_refused(right):
    verdict = check("01.6a", {"BPE": right["byte-level BPE"]}, vocab_size=SIZE)
    assert "'WordPiece', 'byte-level BPE', 'Unigram'" in verdict.message


def count(tokenizer, texts):
    return sum(len(tokenizer.encode(text).ids) for text in texts)


def row(tokenizer):
    unknown = {tokenizer.token_to_id("[UNK]"), tokenizer.token_to_id("<unk>")}
    return {
        "tokens per word": count(tokenizer, TEXTS) / sum(len(text.split()) for text in TEXTS),
        "unknown": [name for name, text in SAMPLES.items() if unknown & set(tokenizer.encode(text).ids)],
        "comes back": [name for name, text in SAMPLES.items() if tokenizer.decode(tokenizer.encode(text).ids) == text],
    }


def compare(right, change=None):
    table = {name: row(tokenizer) for name, tokenizer in right.items()}
    for name, entries in (change or {}).items():
        table[name].update(entries)
    return check("01.6b", table, tokenizers=right, texts=TEXTS, samples=SAMPLES)


def test_right_comparison(right):
    assert compare(right).outcome == "right"


CHARACTERS = sum(map(len, TEXTS))
WORDS = sum(len(text.split()) for text in TEXTS)


@pytest.mark.parametrize(
    ("rate", "diagnosis"),
    [
        (lambda tokens: WORDS / tokens, "turn the fraction round"),
        (lambda tokens: tokens / CHARACTERS, "tokens per character"),
        (lambda tokens: CHARACTERS / tokens, "characters per token"),
        (lambda tokens: tokens / len(TEXTS), "divide by the words"),
        (lambda tokens: 9.0, "9.00 tokens per word is not"),
        (lambda tokens: "many", "should be one number, but is 'many'"),
    ],
)
def test_wrong_rates(right, rate, diagnosis):
    verdict = compare(right, {"Unigram": {"tokens per word": rate(count(right["Unigram"], TEXTS))}})
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


@pytest.mark.parametrize(
    ("change", "diagnosis"),
    [
        ({"Unigram": {"unknown": []}}, "only their id says that they are unknown"),
        ({"WordPiece": {"unknown": []}}, "WordPiece: 'emoji' holds something unknown"),
        ({"byte-level BPE": {"unknown": ["emoji"]}}, "each of them is in the vocabulary"),
        ({"WordPiece": {"comes back": ["spaces", "plain"]}}, "'a  film' comes back as 'a film'"),
        ({"byte-level BPE": {"comes back": []}}, "does come back exactly"),
        ({"byte-level BPE": {"comes back": ["a film"]}}, "names of samples, such as 'plain'"),
        ({"byte-level BPE": {"comes back": True}}, "should be a list of names of samples, but is True"),
    ],
)
def test_wrong_columns(right, change, diagnosis):
    verdict = compare(right, change)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_missing_rows_and_columns_are_named(right):
    context = {"tokenizers": right, "texts": TEXTS, "samples": SAMPLES}
    assert "one row for each of 'WordPiece'" in check("01.6b", {}, **context).message
    assert "WordPiece: expected a dictionary with" in check("01.6b", {name: {} for name in right}, **context).message


def test_a_comparison_waits_for_its_tokenizers(right):
    waiting = right | {"Unigram": ...}
    verdict = check("01.6b", {"WordPiece": 1}, tokenizers=waiting, texts=TEXTS, samples=SAMPLES)
    assert verdict.outcome == "not done yet"
    assert "`tokenizers` is not there yet" in verdict.message
