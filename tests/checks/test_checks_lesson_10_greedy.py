import pytest
import small_translator
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_tutorial import check
from hf_tutorial.checks.lesson_10_greedy import small_model, written


def greedy(model, tokenizer, text, most, start=None, place=-1, stops=True):
    """A right solution of 10.3, unless it is told otherwise."""
    inputs = tokenizer(text, return_tensors="pt")
    ids = [model.config.decoder_start_token_id if start is None else start]
    with torch.no_grad():
        while len(ids) <= most and not (stops and ids[-1] == tokenizer.eos_token_id):
            logits = model(**inputs, decoder_input_ids=torch.tensor([ids])).logits
            ids.append(logits[0, place].argmax().item())
    return ids


def generate(model, tokenizer, text, most):
    return model.generate(**tokenizer(text, return_tensors="pt"), max_new_tokens=most)[0].tolist()


def check_greedy(function, model=None):
    return check("10.3", function, model=model or small_translator.model(), tokenizer=small_translator.tokenizer())


def test_right_loops():
    assert check_greedy(greedy).outcome == "right"
    assert check_greedy(lambda *given: torch.tensor(greedy(*given))).outcome == "right"
    assert check_greedy(lambda *given: torch.tensor([greedy(*given)])).outcome == "right"


@settings(max_examples=25, deadline=None)
@given(text=st.sampled_from(["May 5, 2026", "a", "Sunday", "x y z"]), most=st.integers(1, 12), own=st.booleans())
def test_the_check_itself_agrees_with_generate(text, most, own):
    tokenizer = small_translator.tokenizer()
    model = small_model(tokenizer) if own else small_translator.model()
    assert written(model, tokenizer, text, most) == generate(model, tokenizer, text, most)


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (generate, "That is `generate` itself"),
        (lambda *given: greedy(*given)[1:], "the start token is missing"),
        (lambda *given: [id for id in greedy(*given) if id != 1], "the end token is missing"),
        (lambda *given: greedy(*given, place=0), "The logits are those of the first place"),
        (lambda *given: written(*given, read=lambda ids: ids[-1:]), "the decoder reads the last token alone"),
        (lambda *given: greedy(*given, stops=False), "does not stop at the end token"),
        (
            lambda *given: greedy(*given, start=0),
            "Of its answer: It begins with padding",
        ),
        (lambda *given: greedy(*given, start=1), "It begins with the end token, and so it ends at once"),
        (lambda *given: written(*given, start=1), "It begins with the end token. Which one"),
        (lambda m, t, x, k: greedy(m, t, x, k - 1), "stops one token too early"),
        (lambda m, t, x, k: greedy(m, t, x, k + 1), "stops one token too late"),
        (lambda m, t, x, k: greedy(m, t, x, 30), "Does the loop count them?"),
        (lambda m, t, x, k: greedy(m, t, x, 1), "After it the loop ends"),
        (lambda m, t, x, k: greedy(small_translator.model(), t, x, k), "not for another one"),
        (lambda m, t, x, k: t.decode(greedy(m, t, x, k)), "Return the ids, not the text"),
        (lambda m, t, x, k: t.convert_ids_to_tokens(greedy(m, t, x, k)), "is no whole number"),
        (lambda m, t, x, k: m(**t(x, return_tensors="pt")).logits, "pass `decoder_input_ids` as well"),
        (lambda m, t, x, k: m(**t(x, return_tensors="pt"), decoder_input_ids=torch.tensor([0])), "two dimensions"),
        (lambda m, t, x: greedy(m, t, x, 16), "It gets a model, a tokenizer, a text"),
        (lambda m, t, x, k: print(greedy(m, t, x, k)), "should `return` the answer"),
        (lambda m, t, x, k: [*t(x)["input_ids"], 0, 7], "The list begins with the source"),
        (lambda m, t, x, k: [0, 5, 7], "the ids should be"),
    ],
)
def test_wrong_loops(function, diagnosis):
    verdict = check_greedy(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_the_least_likely_token_is_noticed():
    def timid(model, tokenizer, text, most):
        return written(model, tokenizer, text, most, score=lambda logits: logits.argmin())

    assert "least likely" in check_greedy(timid).message


def test_a_model_in_training_mode_is_noticed():
    model = small_translator.model().train()
    try:
        assert "`model.eval()`" in check_greedy(greedy).message
    finally:
        model.eval()


def test_generate_works_again_after_the_check():
    model, tokenizer = small_translator.model(), small_translator.tokenizer()
    check_greedy(generate)
    assert generate(model, tokenizer, "May 5, 2026", 4)[0] == 0
