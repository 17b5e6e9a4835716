import math
from copy import deepcopy

import pytest
import small_masked
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_tutorial import check
from hf_tutorial.checks.lesson_11_sentences import Scores


def costs(model, tokenizer, text, hide=lambda places, n: [places[n]], *, special=False, dim=-1):
    """Return the log-probability of every token of `text`, while the places `hide(places, n)` are masked."""
    ids = tokenizer(text, return_tensors="pt")["input_ids"]
    places = list(range(ids.shape[1])) if special else list(range(1, ids.shape[1] - 1))
    found = []
    for n, place in enumerate(places):
        masked = ids.clone()
        masked[0, hide(places, n)] = tokenizer.mask_token_id
        with torch.no_grad():
            scores = model(masked).logits[0].log_softmax(dim=dim)
        found.append(scores[place, ids[0, place]].item())
    return found


def guesses(model, tokenizer, text, take):
    """Return the sum of what `take(log_probabilities, ids)` finds at each token while it is masked."""
    ids, total = tokenizer(text, return_tensors="pt")["input_ids"], 0.0
    for place in range(1, ids.shape[1] - 1):
        masked = ids.clone()
        masked[0, place] = tokenizer.mask_token_id
        with torch.no_grad():
            total += take(model(masked).logits[0, place].log_softmax(dim=-1), ids).item()
    return total


def own_loss(model, tokenizer, text):
    ids = tokenizer(text, return_tensors="pt")["input_ids"]
    with torch.no_grad():
        return -model(ids, labels=ids).loss.item()


def score(*arguments, **slips):
    """A right solution of 11.5, unless it is told otherwise."""
    return sum(costs(*arguments, **slips))


def check_scores(function):
    return check("11.5", function, model=small_masked.model(), tokenizer=small_masked.tokenizer())


def test_right_scores():
    assert check_scores(score).outcome == "right"
    assert check_scores(lambda m, t, x: torch.tensor(score(m, t, x))).outcome == "right"


@settings(max_examples=25, deadline=None)
@given(text=st.text("dull film it", min_size=1, max_size=12).filter(str.strip))
def test_the_check_itself_agrees_with_one_batch_of_all_masks(text):
    """Another way to the same number: a row for each token, all in one call."""
    tokenizer, model = small_masked.tokenizer(), small_masked.model()
    ids = torch.tensor(tokenizer(text)["input_ids"])
    places = torch.arange(1, len(ids) - 1)
    rows = ids.repeat(len(places), 1)
    rows[torch.arange(len(places)), places] = tokenizer.mask_token_id
    with torch.no_grad():
        logits = model(rows).logits[torch.arange(len(places)), places]
    expected = -torch.nn.functional.cross_entropy(logits, ids[places], reduction="sum").item()
    assert Scores(model, tokenizer, text).right() == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (lambda m, t, x: score(m, t, x, lambda p, n: []), "Nothing was hidden"),
        (lambda m, t, x: score(m, t, x, special=True), "[CLS] and [SEP] were hidden"),
        (lambda m, t, x: score(m, t, x) + costs(m, t, x, special=True)[-1], "[SEP] was hidden and counted too"),
        (lambda m, t, x: guesses(m, t, x, lambda row, ids: row.max()), "the token that the model holds likeliest"),
        (lambda m, t, x: guesses(m, t, x, lambda row, ids: row[t.mask_token_id]), "Where is the true token"),
        (own_loss, "the loss of the text as it stands"),
        (lambda m, t, x: score(m, t, x, lambda p, n: p), "All tokens were hidden at once"),
        (lambda m, t, x: score(m, t, x, lambda p, n: p[: n + 1]), "stays hidden"),
        (lambda m, t, x: score(m, t, x, lambda p, n: p[n:]), "from left to right"),
        (lambda m, t, x: score(m, t, x) / len(costs(m, t, x)), "This is the mean"),
        (lambda m, t, x: -score(m, t, x), "The sign is wrong: logarithms"),
        (lambda m, t, x: -score(m, t, x) / len(costs(m, t, x)), "that is the loss"),
        (lambda m, t, x: score(m, t, x) / math.log(2), "to the base 2"),
        (lambda m, t, x: score(m, t, x) / math.log(10), "to the base 10"),
        (lambda m, t, x: math.exp(score(m, t, x)), "the product of the probabilities"),
        (lambda m, t, x: sum(map(math.exp, costs(m, t, x))), "The probabilities themselves were added"),
        (lambda m, t, x: score(m, t, x, dim=0), "Softmax runs over the places"),
        (lambda m, t, x: costs(m, t, x)[0], "Only the first token"),
        (lambda m, t, x: costs(m, t, x)[-1], "Only the last token"),
        (lambda m, t, x: score(m, t, x) - 1, "Go through it token by token"),
        (lambda m, t, x: costs(m, t, x), "Expected one number for the whole sentence"),
        (lambda m, t, x: score(small_masked.model(), t, x), "not for another one"),
        (lambda m, t, x: print(score(m, t, x)), "should `return` the answer"),
        (lambda m, t, x: m(x), "raises"),
    ],
)
def test_wrong_scores(function, diagnosis):
    verdict = check_scores(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (lambda m, t, x: math.exp(score(m, t, x)), "the product of the probabilities"),
        (lambda m, t, x: 0.0 * score(m, t, x), "the product of the probabilities"),
        (lambda m, t, x: sum(map(math.exp, costs(m, t, x))), "The probabilities themselves were added"),
    ],
    ids=["product", "product that is too small for a float", "sum"],
)
def test_sums_and_products_are_told_apart_where_all_probabilities_are_small(function, diagnosis):
    """A large vocabulary, of which a model knows little, leaves next to nothing for each token."""
    model = deepcopy(small_masked.model())
    with torch.no_grad():
        model.cls.predictions.bias[: len(small_masked.tokenizer()) - 1] -= 30.0
    verdict = check("11.5", function, model=model, tokenizer=small_masked.tokenizer())
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
