import pytest
import small_byte_level
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_tutorial import check

BROKEN = "\ufffd"


def stream(tokenizer, ids):
    """A right solution of 09.4."""
    so_far, shown = [], 0
    for id in ids:
        so_far.append(id)
        text = tokenizer.decode(so_far)
        if not text.endswith(BROKEN):
            yield text[shown:]
            shown = len(text)
    yield tokenizer.decode(so_far)[shown:]


def characters(tokenizer, ids):
    """Another right one: character by character, and whatever is complete before a broken end."""
    so_far, shown = [], 0
    for id in ids:
        so_far.append(id)
        text = tokenizer.decode(so_far)
        complete = text.rstrip(BROKEN)
        yield from complete[shown:]
        shown = max(shown, len(complete))
    yield tokenizer.decode(so_far)[shown:]


def alone(tokenizer, ids):
    for id in ids:
        yield tokenizer.decode([id])


def kept_until_whole(tokenizer, ids):
    """Right for byte-level tokenizers only: it forgets what came before."""
    kept = []
    for id in ids:
        kept.append(id)
        if not tokenizer.decode(kept).endswith(BROKEN):
            yield tokenizer.decode(kept)
            kept = []
    yield tokenizer.decode(kept)


def repeating(tokenizer, ids):
    so_far = []
    for id in ids:
        so_far.append(id)
        yield tokenizer.decode(so_far)


def dropping(tokenizer, ids):
    yield from (piece for piece in alone(tokenizer, ids) if BROKEN not in piece)


def without_an_end(tokenizer, ids):
    so_far, shown = [], 0
    for id in ids:
        so_far.append(id)
        text = tokenizer.decode(so_far)
        if not text.endswith(BROKEN):
            yield text[shown:]
            shown = len(text)


def hasty(tokenizer, ids):
    """Yields what is new, complete or not."""
    so_far, shown = [], 0
    for id in ids:
        so_far.append(id)
        text = tokenizer.decode(so_far)
        yield text[shown:]
        shown = len(text)


def as_in_the_vocabulary(tokenizer, ids):
    for id in ids:
        yield tokenizer.convert_ids_to_tokens(id)


def at_once(tokenizer, ids):
    yield tokenizer.decode(list(ids))


def waiting_for_words(tokenizer, ids):
    so_far, shown = [], 0
    for id in ids:
        so_far.append(id)
        text = tokenizer.decode(so_far)
        end = text.rfind(" ") + 1
        if BROKEN not in text[shown:end]:
            yield text[shown:end]
            shown = end
    yield tokenizer.decode(so_far)[shown:]


def waiting_for_the_next_word(tokenizer, ids):
    word = []
    for id in ids:
        if word and tokenizer.decode([id]).startswith(" "):
            yield tokenizer.decode(word)
            word = []
        word.append(id)
    yield tokenizer.decode(word)


def waiting_for_ever(tokenizer, ids):
    so_far, shown = [], 0
    for id in ids:
        so_far.append(id)
        text = tokenizer.decode(so_far)
        if BROKEN not in text:
            yield text[shown:]
            shown = len(text)
    yield tokenizer.decode(so_far)[shown:]


def one_late(tokenizer, ids):
    pieces = stream(tokenizer, ids)
    last = next(pieces)
    for piece in pieces:
        yield last
        last = piece
    yield last


def stripping(tokenizer, ids):
    for piece in stream(tokenizer, ids):
        yield piece.strip()


def by_length(tokenizer, ids):
    for n in range(len(ids)):
        yield tokenizer.decode(ids[n])


def for_ever(tokenizer, ids):
    while True:
        yield "a"


def of_ids(tokenizer, ids):
    yield from ids


def check_stream(function):
    return check("09.4", function, tokenizer=small_byte_level.tokenizer())


@pytest.mark.parametrize("function", [stream, characters])
def test_right_streams(function):
    assert check_stream(function).outcome == "right"


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=12), cut=st.integers(0, 3))
def test_the_solution_is_right_for_any_text(text, cut):
    tokenizer = small_byte_level.tokenizer()
    ids = tokenizer(text)["input_ids"]
    ids = ids[: max(0, len(ids) - cut)]
    for function in (stream, characters):
        assert "".join(function(tokenizer, iter(ids))) == tokenizer.decode(ids)


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (alone, "each token is decoded alone, and a token may hold a part of a character"),
        (kept_until_whole, "marks the beginning of a word: 'two words and more' comes as 'twowordsandmore'"),
        (as_in_the_vocabulary, "these are tokens as the vocabulary writes them"),
        (repeating, "Each piece repeats"),
        (dropping, "what cannot be shown yet is thrown away"),
        (without_an_end, "The end is missing"),
        (hasty, "while its last character was not complete"),
        (at_once, "none comes before the last id has been read"),
        (lambda *given: list(stream(*given)), "a list is complete only when the last id has been read"),
        (lambda *given: tuple(stream(*given)), "a list is complete only when the last id has been read"),
        (lambda *given: iter(list(stream(*given))), "none comes before the last id has been read"),
        (lambda tokenizer, ids: tokenizer.decode(list(ids)), "This is one text"),
        (waiting_for_words, "It waits for the end of a word"),
        (waiting_for_the_next_word, "It waits for the end of a word"),
        (waiting_for_ever, "that will never be completed"),
        (one_late, "before you go for the next id"),
        (stripping, "is something stripped?"),
        (by_length, "go through them with `for id in ids`"),
        (for_ever, "Together the pieces should be"),
        (of_ids, "Each piece is a text"),
        (lambda tokenizer, ids: print(tokenizer.decode(list(ids))), "where you would print it"),
        (lambda tokenizer, ids: 7, "Expected pieces of text"),
        (lambda tokenizer: iter(()), "raises TypeError"),
        (lambda tokenizer, ids: iter(()), "The end is missing"),
    ],
)
def test_wrong_streams(function, diagnosis):
    verdict = check_stream(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_a_generator_that_has_not_been_written_is_not_done_yet():
    def unwritten(tokenizer, ids):
        yield ...

    assert check_stream(unwritten).outcome == "not done yet"
