import pytest
import small_byte_level
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_tutorial import check
from hf_tutorial.checks.lesson_09_allowed import with_start


def rows_of(tokenizer, answers, **settings):
    settings = {"add_special_tokens": False} | settings
    return [[*tokenizer(answer, **settings)["input_ids"], tokenizer.eos_token_id] for answer in answers]


def may_follow(tokenizer, answers, written):
    """A right solution of 09.5."""
    rows = rows_of(tokenizer, answers)
    return {row[len(written)] for row in rows if row[: len(written)] == written}


def with_a_trie(tokenizer, answers, written):
    trie = {}
    for row in rows_of(tokenizer, answers):
        node = trie
        for id in row:
            node = node.setdefault(id, {})
    for id in written:
        trie = trie[id]
    return trie.keys()


def check_allowed(function):
    return check("09.5a", function, tokenizer=small_byte_level.tokenizer())


@pytest.mark.parametrize(
    "function",
    [
        may_follow,
        with_a_trie,
        lambda *given: sorted(may_follow(*given)),
        lambda *given: torch.tensor(sorted(may_follow(*given))),
        lambda *given: [id for id in may_follow(*given) for _ in range(2)],
    ],
)
def test_right_answers(function):
    assert check_allowed(function).outcome == "right"


@settings(max_examples=40, deadline=None)
@given(
    answers=st.lists(st.sampled_from(["yes", "no", "no idea", "not sure", "not at all"]), min_size=1, unique=True),
    dice=st.randoms(use_true_random=False),
)
def test_whoever_follows_writes_an_answer_and_can_write_each(answers, dice):
    for tokenizer in (small_byte_level.tokenizer(), with_start()):
        written = []
        while tokenizer.eos_token_id not in written:
            written.append(dice.choice(sorted(may_follow(tokenizer, answers, written))))
        assert tokenizer.decode(written[:-1]) in answers
        for answer in answers:
            row = rows_of(tokenizer, [answer])[0]
            assert all(row[n] in may_follow(tokenizer, answers, row[:n]) for n in range(len(row)))


def without_end(tokenizer, answers, written):
    return may_follow(tokenizer, answers, written) - {tokenizer.eos_token_id}


def end_at_last(tokenizer, answers, written):
    return without_end(tokenizer, answers, written) or {tokenizer.eos_token_id}


def end_at_once(tokenizer, answers, written):
    found = may_follow(tokenizer, answers, written)
    return {tokenizer.eos_token_id} if tokenizer.eos_token_id in found else found


def by(same):
    def function(tokenizer, answers, written):
        n = len(written)
        rows = rows_of(tokenizer, answers)
        return {row[n] for row in rows if len(row) > n and same(row[:n]) == same(written)}

    return function


def by_text(tokenizer, answers, written):
    """Compares texts, and goes on in the middle of a word."""
    text = tokenizer.decode(written)
    left = [answer[len(text) :] for answer in answers if answer.startswith(text)]
    return {rows_of(tokenizer, [rest])[0][0] for rest in left}


def any_token(tokenizer, answers, written):
    return {id for row in rows_of(tokenizer, answers) for id in row}


def rest(tokenizer, answers, written):
    n = len(written)
    return {id for row in rows_of(tokenizer, answers) if row[:n] == written for id in row[n:]}


def first_that_fits(tokenizer, answers, written):
    n = len(written)
    return [row[n] for row in rows_of(tokenizer, answers) if row[:n] == written][:1]


def unguarded(tokenizer, answers, written):
    n = len(written)
    rows = [row[:-1] for row in rows_of(tokenizer, answers)]
    return {row[n] for row in rows if row[:n] == written}


def short_trie(tokenizer, answers, written):
    trie = {row[0]: {row[1]: {}} for row in rows_of(tokenizer, answers)}
    for id in written:
        trie = trie[id]
    return set(trie) or {tokenizer.eos_token_id}


def with_special(tokenizer, answers, written):
    rows = rows_of(tokenizer, answers, add_special_tokens=True)
    return {row[len(written)] for row in rows if row[: len(written)] == written}


def with_another_end(tokenizer, answers, written):
    found = without_end(tokenizer, answers, written)
    return found | ({0} if tokenizer.eos_token_id in may_follow(tokenizer, answers, written) else set())


def first_tokens(tokenizer, answers, written):
    return may_follow(tokenizer, answers, [])


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (without_end, "The end token is never allowed"),
        (end_at_last, "So “no” can never be said"),
        (end_at_once, "So “no idea” can never be said"),
        (lambda t, *given: may_follow(t, *given) | {t.eos_token_id}, "The end token is always allowed"),
        (by(len), "Only the number of tokens is looked at"),
        (by(lambda ids: ids[:1]), "Only the first token is compared"),
        (by(lambda ids: ids[-1:]), "Only the last token is compared"),
        (
            by(sorted),
            "another one, which puts a start token in front of each text and has another end token: The order",
        ),
        (first_tokens, "the first tokens of the answers are returned"),
        (any_token, "at every place, so that they can be mixed"),
        (lambda t, *given: any_token(t, *given) - {t.eos_token_id}, "at every place, and the end never"),
        (rest, "Only the *next* token may follow"),
        (first_that_fits, "others that begin in the same way are forgotten"),
        (unguarded, "What may come after a complete answer?"),
        (short_trie, "to their ends?"),
        (by_text, "are the beginning of no answer, *as it is cut*"),
        (with_special, "not for another one, which puts a start token in front"),
        (with_special, "`add_special_tokens=False`"),
        (with_another_end, "not for another one"),
        (lambda t, a, w: may_follow(t, [f" {answer}" for answer in a], w), "A space makes another token"),
        (lambda t, a, w: t.convert_ids_to_tokens(sorted(may_follow(t, a, w))), "needs ids, not tokens"),
        (lambda t, a, w: min(may_follow(t, a, w)), "Expected a set of ids"),
        (lambda t, a, w: may_follow(t, a, []) if not w else set(), "should be allowed"),
        (lambda t, a, w: print(may_follow(t, a, w)), "should `return`"),
    ],
)
def test_wrong_answers(function, diagnosis):
    verdict = check_allowed(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_an_end_that_comes_too_early_or_is_missing_somewhere_is_named():
    def early(tokenizer, answers, written):
        return may_follow(tokenizer, answers, written) | ({tokenizer.eos_token_id} if not written else set())

    def missing(tokenizer, answers, written):
        found = may_follow(tokenizer, answers, written)
        return found - {tokenizer.eos_token_id} if len(answers) == 4 else found

    assert "at the beginning, the end token is allowed, though no answer is complete" in check_allowed(early).message
    assert "the answer is complete, and should be able to end" in check_allowed(missing).message


def test_a_tokenizer_without_an_end_token_is_noticed():
    import small_models

    verdict = check("09.5a", may_follow, tokenizer=small_models.tokenizer())
    assert "has no end token" in verdict.message
