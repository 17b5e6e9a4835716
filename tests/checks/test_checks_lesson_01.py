import pytest
import small_models
import torch

from hf_tutorial import check

TEXTS = ["tokenizers", "Tokenizers tokenizers", "tokenizers!!", "", ("tokenizers", "tokenizers")]
RIGHT_COUNTS = [5, 8, 7, 2, 9]


def encode(text, **call):
    return small_models.tokenizer()(text, **call)


def assert_wrong(verdict, diagnosis):
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


@pytest.mark.parametrize(
    ("counts", "diagnosis"),
    [
        ([3, 6, 5, 0, 6], "What does the tokenizer put around every text"),
        ([1, 2, 1, 0, 2], "These are the numbers of words"),
        ([10, 21, 12, 0, 20], "These are the numbers of characters"),
        ([5, 8, 7, 0, 9], "nothing goes in, but does nothing come out?"),
        ([5, 8, 7, 2, 10], "right for two calls"),
        ([5, 8, 7, 2, 8], "one is missing. Is each punctuation mark counted"),
        ([5, 5, 7, 2, 9], "a token that comes twice also counts twice"),
        ([5, 8, 7, 2, 6], "its special tokens are not"),
        ([5, 8, 12, 2, 9], "4 of 5 are right. Look at 'tokenizers!!': count the pieces of each word"),
        ([5, 8, 7, 2], "Expected 5 numbers"),
        (32, "a list with one whole number for each text, but got 32"),
        (["five"] * 5, "'five' is no whole number"),
    ],
)
def test_wrong_counts(counts, diagnosis):
    assert_wrong(check("01.1", counts, tokenizer=small_models.tokenizer(), texts=TEXTS), diagnosis)


def test_right_counts():
    assert check("01.1", RIGHT_COUNTS, tokenizer=small_models.tokenizer(), texts=TEXTS).outcome == "right"


def token_at(text, position):
    encoding = encode(text)
    index = encoding.char_to_token(position)
    return None if index is None else encoding.tokens()[index]


def first_of_word(text, position):
    encoding = encode(text)
    word = encoding.char_to_word(position)
    return None if word is None else encoding.tokens()[encoding.word_to_tokens(word).start]


def by_inclusive_offsets(text, position):
    encoding = encode(text, return_offsets_mapping=True)
    for token, (start, end) in zip(encoding.tokens(), encoding["offset_mapping"], strict=True):
        if start <= position <= end:
            return token


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (lambda t, p: encode(t).tokens()[encode(t).char_to_word(p)], "Words and tokens are counted separately"),
        (lambda t, p: encode(t).tokens()[encode(t).char_to_token(p)], "A space belongs to no token: return None"),
        (lambda t, p: encode(t).char_to_token(p), "the place of the token is right"),
        (lambda t, p: encode(t).char_to_word(p), "expected a token, such as 'hugging', but got 0"),
        (lambda t, p: encode(t).tokens()[-2], "which covers other characters"),
        (by_inclusive_offsets, "a special token, which covers no character"),
        (lambda t, p: encode(t)["input_ids"][encode(t).char_to_token(p)], "the id of the token"),
        (lambda t, p: small_models.tokenizer().tokenize(t)[encode(t).char_to_token(p)], "one too far"),
        (first_of_word, "the first token of the word"),
        (lambda t, p: token_at(t, p) and token_at(t, p).removeprefix("##"), "as it stands in the vocabulary"),
        (lambda t, p: token_at(t, p) or "", "since a space belongs to no token, but got ''"),
        (lambda t, p: None if p == 3 else token_at(t, p), "this character does belong to a token"),
    ],
)
def test_wrong_tokens(function, diagnosis):
    assert_wrong(check("01.2", function, tokenizer=small_models.tokenizer()), diagnosis)


def test_right_tokens():
    assert check("01.2", token_at, tokenizer=small_models.tokenizer()).outcome == "right"


def vectors(texts, model_knows=True, pool=None):
    encoding = encode(texts, padding=True, return_tensors="pt")
    inputs = encoding if model_knows else {"input_ids": encoding["input_ids"]}
    with torch.no_grad():
        hidden = small_models.body()(**inputs).last_hidden_state
    mask = encoding["attention_mask"].unsqueeze(-1)
    return pool(hidden, mask) if pool else (hidden * mask).sum(dim=1) / mask.sum(dim=1)


def without_special(hidden, mask):
    inner = mask.clone()
    inner[:, 0] = 0
    inner[torch.arange(len(mask)), mask.sum(dim=1).squeeze() - 1] = 0
    return (hidden * inner).sum(dim=1) / inner.sum(dim=1)


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (lambda t: vectors(t, False, lambda h, m: h.mean(dim=1)), "Both need the mask"),
        (lambda t: vectors(t, pool=lambda h, m: h.mean(dim=1)), "The model knows the mask now"),
        (lambda t: vectors(t, False), "does it get the `attention_mask`"),
        (lambda t: vectors(t, pool=lambda h, m: (h * m).mean(dim=1)), "divided by the length of the longest"),
        (lambda t: vectors(t, pool=lambda h, m: (h * m).sum(dim=1)), "not yet the mean"),
        (lambda t: vectors(t, pool=lambda h, m: h[:, 0]), "the vector of [CLS] alone"),
        (lambda t: vectors(t, pool=without_special), "without [CLS] and [SEP]"),
        (lambda t: vectors(t, pool=lambda h, m: h.mean(dim=0)[:3]), "dimension 0 is the batch"),
        (lambda t: vectors(t, pool=lambda h, m: h), "one vector for every token"),
        (lambda t: vectors(t)[:, :4], "should have 16 numbers"),
        (lambda t: vectors(t) + 1, "that of a batch that holds only the first sentence"),
        (lambda t: vectors(t)[0], "one vector for all texts together"),
        (lambda t: vectors(t)[:2], "3 rows, one for each text"),
        (lambda t: vectors(t, pool=lambda h, m: (h * m).sum(dim=1) / m.sum()), "the number of tokens of all sentences"),
        (lambda t: vectors(t, pool=lambda h, m: h * m.squeeze()), "give the mask a third dimension"),
        (
            lambda t: torch.cat([vectors([x], pool=lambda h, m: h) for x in t]).mean(dim=1),
            "take the mean of each before",
        ),
        (lambda t: encode(t, return_tensors="pt"), "raises ValueError"),
        (lambda t: "vectors", "a tensor with one row for each text, but got 'vectors'"),
    ],
)
def test_wrong_vectors(function, diagnosis):
    verdict = check("01.3", function, tokenizer=small_models.tokenizer(), model=small_models.body())
    assert_wrong(verdict, diagnosis)


@pytest.mark.parametrize(
    "function", [vectors, lambda t: [vectors([one])[0] for one in t], lambda t: vectors(t).numpy()]
)
def test_right_vectors(function):
    verdict = check("01.3", function, tokenizer=small_models.tokenizer(), model=small_models.body())
    assert verdict.outcome == "right"
