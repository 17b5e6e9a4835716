import pytest
import small_masked
import torch

from hf_tutorial import check
from hf_tutorial.checks.lesson_11_logits import small_model

WORDS, SHARES = 0, 1


def rows_of(text, model, *, shift=0, dim=-1, at=None):
    """Return a tensor with the shares at each mask of `text`, or the wrong ones that are asked for."""
    tokenizer = small_masked.tokenizer()
    encoding = tokenizer(text, return_tensors="pt")
    with torch.no_grad():
        logits = model(**encoding).logits[0]
    places = (encoding["input_ids"][0] == tokenizer.mask_token_id).nonzero().flatten() + shift
    places = places if at is None else torch.full_like(places, at)
    return (logits.softmax(dim=dim) if dim is not None else logits)[places]


def pairs(row, top_k):
    best = row.topk(top_k)
    tokenizer = small_masked.tokenizer()
    return [
        (tokenizer.decode([id]), value) for id, value in zip(best.indices.tolist(), best.values.tolist(), strict=True)
    ]


def best_word(text, **slips):
    """A right solution of 11.2, unless it is told otherwise."""
    return pairs(rows_of(text, small_masked.model(), **slips)[0], 1)[0]


def fill_mask(model, tokenizer, text, top_k=5, **slips):
    """A right solution of 11.4, unless it is told otherwise."""
    return [pairs(row, top_k) for row in rows_of(text, model, **slips)]


def one_by_one(model, tokenizer, text, top_k):
    answer = []
    while "[MASK]" in text:
        answer.append(fill_mask(model, tokenizer, text, top_k)[0])
        word = answer[-1][0][0]
        text = text.replace("[MASK]", word, 1)
    return answer


def among_chosen(model, tokenizer, text, top_k):
    rows = fill_mask(model, tokenizer, text, top_k)
    return [[(word, share / sum(value for _, value in row)) for word, share in row] for row in rows]


def check_guess(function):
    return check("11.2", function, model=small_masked.model(), tokenizer=small_masked.tokenizer())


def check_filling(function):
    return check("11.4", function, model=small_masked.model(), tokenizer=small_masked.tokenizer())


def test_right_guess():
    assert check_guess(best_word).outcome == "right"
    assert check_guess(lambda text: list(best_word(text))).outcome == "right"


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (lambda t: best_word(t, shift=-1), "leaves [CLS] out"),
        (lambda t: best_word(t, shift=1), "one place behind the mask"),
        (lambda t: best_word(t, dim=0), "The place is right. But softmax runs over the places"),
        (lambda t: best_word(t, dim=0, shift=-1), "Two things are wrong"),
        (lambda t: best_word(t, at=0), "the words at [CLS]"),
        (lambda t: best_word(t, at=-1), "[SEP]"),
        (lambda t: best_word(t, dim=None), "the numbers are logits"),
        (lambda t: (best_word(t)[WORDS], torch.tensor(best_word(t)[SHARES]).log().item()), "logarithms"),
        (lambda t: (best_word(t)[WORDS], 1.0), "softmax ran over the chosen words alone"),
        (lambda t: (best_word(t)[WORDS], torch.tensor(best_word(t, dim=None)[SHARES]).sigmoid().item()), "sigmoids"),
        (lambda t: ("film", best_word(t)[SHARES]), "does not say 'film'"),
        (lambda t: (best_word(t)[WORDS], best_word(t)[SHARES] / 2), "Go through the four steps"),
        (lambda t: best_word(t)[::-1], "the wrong way round"),
        (lambda t: (5, best_word(t)[SHARES]), "`tokenizer.decode([id])`"),
        (lambda t: (best_word(t)[WORDS], torch.tensor(0.5)), "still a tensor"),
        (lambda t: (best_word(t)[WORDS], None), "a number between 0 and 1"),
        (lambda t: (None, 0.5), "A word should be a string"),
        (lambda t: best_word(t)[WORDS], "Expected a pair"),
        (lambda t: t.split().index("[MASK]"), "raises ValueError"),
        (lambda t: undefined(t), "Has the cell that defines it been run?"),  # noqa: F821
    ],
)
def test_wrong_guesses(function, diagnosis):
    verdict = check_guess(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_right_filling():
    assert check_filling(fill_mask).outcome == "right"


def test_the_checks_own_model_guesses_something_else_at_every_mask():
    small = small_model(small_masked.tokenizer())
    rows = rows_of("[MASK] film [MASK]", small)
    assert (rows[0] - rows[1]).abs().max() > 0.01
    assert (rows - rows_of("[MASK] film [MASK]", small_masked.model())).abs().max() > 0.01


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (lambda m, t, x, k: fill_mask(m, t, x, k)[0], "These are pairs"),
        (lambda m, t, x, k: fill_mask(m, t, x, k)[:1], "2 masks should give 2 lists, but gives 1. Only the first"),
        (lambda m, t, x, k: fill_mask(m, t, x, k)[:1] * x.count("[MASK]"), "the words of the first"),
        (lambda m, t, x, k: fill_mask(m, t, x, k)[::-1], "in the reverse order"),
        (lambda m, t, x, k: [row[::-1] for row in fill_mask(m, t, x, k)], "the least likely"),
        (lambda m, t, x, k: fill_mask(m, t, x, 5), "With `top_k` 2"),
        (one_by_one, "Each mask is filled before the next"),
        (among_chosen, "over the chosen words alone"),
        (lambda m, t, x, k: fill_mask(m, t, x, k, shift=-1), "leaves [CLS] out"),
        (lambda m, t, x, k: fill_mask(m, t, x, k, dim=0), "softmax runs over the places"),
        (lambda m, t, x, k: fill_mask(m, t, x, k, dim=None), "the numbers are logits"),
        (lambda m, t, x, k: fill_mask(small_masked.model(), t, x, k), "not for another one"),
        (lambda m, t, x, k: [[{"token_str": w} for w, _ in row] for row in fill_mask(m, t, x, k)], "dictionaries"),
        (lambda m, t, x, k: [[w for w, _ in row] for row in fill_mask(m, t, x, k)], "Expected a pair"),
        (lambda m, t, x, k: fill_mask(m, t, x, k) or None, "should give an empty list, but gives None"),
        (lambda m, t, x, k: fill_mask(m, t, x, k) or [[]], "should give an empty list, but gives [[]]"),
        (lambda m, t, x, k: fill_mask(m, t, x, k) if "[MASK]" in x else x[99], "raises IndexError"),
        (lambda m, t, x, k: torch.zeros(2), "a list with one list of pairs for each mask"),
        (lambda text: text, "raises TypeError"),
    ],
)
def test_wrong_fillings(function, diagnosis):
    verdict = check_filling(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_a_model_in_training_mode_is_noticed():
    model = small_masked.model().train()
    try:
        assert "`model.eval()`" in check_guess(best_word).message
        assert "`model.eval()`" in check_filling(fill_mask).message
    finally:
        model.eval()


@pytest.mark.parametrize("name", ["11.2", "11.4"])
def test_a_stub_is_not_done_yet(name):
    def stub(*arguments):
        """Return the answer."""
        ...

    verdict = check(name, stub, model=small_masked.model(), tokenizer=small_masked.tokenizer())
    assert verdict.outcome == "not done yet"
