import pytest
import small_masked
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import DataCollatorForLanguageModeling

from hf_tutorial import check

MASK = 4


def hidden_in(encoding, chosen):
    return chosen & ~encoding["special_tokens_mask"].bool()


def hide(encoding, chosen):
    """A right solution of 11.3."""
    hidden = hidden_in(encoding, chosen)
    return encoding["input_ids"].masked_fill(hidden, MASK), encoding["input_ids"].masked_fill(~hidden, -100)


def ids_with(labels):
    """Return a solution with the right ids, and `labels(encoding, chosen)`."""
    return lambda encoding, chosen: (hide(encoding, chosen)[0], labels(encoding, chosen))


def with_ids(ids):
    return lambda encoding, chosen: (ids(encoding, chosen), hide(encoding, chosen)[1])


def in_place(encoding, chosen):
    ids, labels = encoding["input_ids"], hide(encoding, chosen)[1]
    ids[hidden_in(encoding, chosen)] = MASK
    return ids, labels


def rows_chosen(encoding, chosen):
    ids = encoding["input_ids"].clone()
    ids[chosen & ~encoding["special_tokens_mask"]] = MASK
    return ids


def check_hiding(function):
    return check("11.3", function, tokenizer=small_masked.tokenizer())


def test_right_hiding():
    assert check_hiding(hide).outcome == "right"
    named = ("input_ids", "labels")
    assert check_hiding(lambda e, c: dict(zip(named, hide(e, c), strict=True))).outcome == "right"


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**31), share=st.floats(0.05, 0.95))
def test_hiding_agrees_with_the_collator_when_it_masks_all_that_it_chooses(seed, share):
    tokenizer = small_masked.tokenizer()
    encoding = tokenizer(["A dull film.", "film"], padding=True, return_special_tokens_mask=True, return_tensors="pt")
    collator = DataCollatorForLanguageModeling(
        tokenizer, mlm_probability=share, mask_replace_prob=1, random_replace_prob=0, seed=seed
    )
    rows = [{name: encoding[name][row] for name in ("input_ids", "special_tokens_mask")} for row in range(2)]
    batch = collator(rows)
    ids, labels = hide(encoding, batch["labels"] != -100)
    assert ids.equal(batch["input_ids"])
    assert labels.equal(batch["labels"])


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (ids_with(lambda e, c: e["input_ids"].clone()), "The labels hold a token at every place"),
        (
            ids_with(lambda e, c: e["input_ids"].masked_fill(e["special_tokens_mask"].bool(), -100)),
            "Only the labels of special tokens are −100",
        ),
        (ids_with(lambda e, c: e["input_ids"].masked_fill(hidden_in(e, c), -100)), "the wrong way round"),
        (ids_with(lambda e, c: e["input_ids"].masked_fill(c, -100)), "the wrong way round"),
        (ids_with(lambda e, c: hide(e, c)[0].masked_fill(~hidden_in(e, c), -100)), "the mask itself"),
        (ids_with(lambda e, c: torch.full_like(e["input_ids"], -100)), "All labels are −100"),
        (ids_with(lambda e, c: e["input_ids"].masked_fill(~c, -100)), "also hold the special tokens"),
        (ids_with(lambda e, c: e["input_ids"].masked_fill(~hidden_in(e, c), 0)), "the labels are 0"),
        (ids_with(lambda e, c: hide(e, c)[1].roll(1, dims=1)), "the label should be"),
        (ids_with(lambda e, c: hide(e, c)[1].float()), "whole numbers, but are of the type torch.float32"),
        (ids_with(lambda e, c: hide(e, c)[1][:, 1:]), "The labels should have the shape of the ids"),
        (with_ids(lambda e, c: e["input_ids"].clone()), "Nothing is hidden"),
        (with_ids(lambda e, c: e["input_ids"].masked_fill(c, MASK)), "[CLS], [SEP] and padding were hidden too"),
        (
            with_ids(lambda e, c: e["input_ids"].masked_fill(c & e["attention_mask"].bool(), MASK)),
            "The attention mask tells padding from text",
        ),
        (with_ids(lambda e, c: e["input_ids"].masked_fill(~c, MASK)), "turned round"),
        (with_ids(lambda e, c: e["input_ids"].masked_fill(c & e["special_tokens_mask"].bool(), MASK)), "turn it round"),
        (with_ids(lambda e, c: e["input_ids"].masked_fill(hidden_in(e, c), -100)), "−100 stands among the ids"),
        (with_ids(lambda e, c: e["input_ids"].masked_fill(hidden_in(e, c), 9)), "the id should be 4, but is 9"),
        (with_ids(rows_chosen), "choose rows"),
        (in_place, "was changed"),
        (lambda e, c: hide(e, c)[0], "Expected two tensors"),
        (lambda e, c: e["input_ids"].masked_fill(e["special_tokens_mask"], 4), "`.bool()` turns it"),
        (lambda e, c: 1 if c else 2, "write `&`, `|` and `~`"),
        (lambda e: e, "raises TypeError"),
    ],
)
def test_wrong_hiding(function, diagnosis):
    verdict = check_hiding(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
