import pytest
import small_models
import torch

from hf_tutorial import check


def word_ids(tokenizer, words):
    return tokenizer(words, is_split_into_words=True).word_ids()


def align(tokenizer, words, labels, all_pieces=False, special=-100):
    """A right solution of 12.3, unless it is told otherwise."""
    aligned, before = [], None
    for word in word_ids(tokenizer, words):
        if word is None:
            aligned.append(special)
        else:
            aligned.append(-100 if word == before and not all_pieces else labels[word])
        before = word
    return aligned


def by_label(tokenizer, words, labels, all_pieces=False):
    every = align(tokenizer, words, labels, all_pieces=True)
    return [-100 if n and label == every[n - 1] and not all_pieces else label for n, label in enumerate(every)]


def by_sign(tokenizer, words, labels, all_pieces=False):
    tokens = tokenizer(words, is_split_into_words=True).tokens()
    every = align(tokenizer, words, labels, all_pieces=True)
    return [-100 if token.startswith("##") else label for token, label in zip(tokens, every, strict=True)]


def last(tokenizer, words, labels, all_pieces=False):
    ids = word_ids(tokenizer, words)
    return [
        -100 if word is None or (word == after and not all_pieces) else labels[word]
        for word, after in zip(ids, [*ids[1:], None], strict=True)
    ]


def in_order(tokenizer, words, labels, all_pieces=False):
    left, before, aligned = iter(labels), None, []
    for word in word_ids(tokenizer, words):
        aligned.append(-100 if word is None or word == before else next(left))
        before = word
    return aligned


def of_first_word(tokenizer, words, labels, all_pieces=False):
    """Forgets `is_split_into_words`."""
    ids = tokenizer(words).word_ids()
    return [
        -100 if word is None or (word == before and not all_pieces) else labels[word]
        for word, before in zip(ids, [None, *ids], strict=False)
    ]


def of_all_but_word_0(tokenizer, words, labels, all_pieces=False):
    ids = word_ids(tokenizer, words)
    return [
        label if word else -100 for word, label in zip(ids, align(tokenizer, words, labels, all_pieces), strict=True)
    ]


def one_by_one(tokenizer, words, labels, all_pieces=False, ends=True):
    aligned = []
    for word, label in zip(words, labels, strict=True):
        pieces = tokenizer(word, add_special_tokens=False)["input_ids"]
        aligned += [label, *([label if all_pieces else -100] * (len(pieces) - 1))]
    return [-100, *aligned, -100] if ends else aligned


def with_zeros(*arguments, **more):
    return [max(label, 0) for label in align(*arguments, **more)]


def only_with_all_pieces(slip):
    """A solution that goes wrong only if `all_pieces` is set."""
    return lambda *arguments, all_pieces=False: slip(align(*arguments, all_pieces)) if all_pieces else align(*arguments)


def check_alignment(function):
    return check("12.3", function, tokenizer=small_models.tokenizer())


def by_name_only(tokenizer, words, labels, *, all_pieces=False):
    return align(tokenizer, words, labels, all_pieces)


@pytest.mark.parametrize("function", [align, by_name_only, lambda *a, **k: torch.tensor(align(*a, **k))])
def test_right_alignments(function):
    verdict = check_alignment(function)
    assert verdict.outcome == "right"
    assert verdict.message.startswith("As many labels as tokens")


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (lambda t, w, x, all_pieces=False: align(t, w, x, all_pieces=True), "All pieces of a word have its label"),
        (lambda t, w, x, all_pieces=False: align(t, w, x, all_pieces, 0), "Special tokens have a label"),
        (lambda t, w, x, all_pieces=False: align(t, w, x, True, 0), "Special tokens and all pieces have a label"),
        (by_label, "Words with the same label stand side by side"),
        (by_sign, "`##` marks pieces inside a word"),
        (last, "It is the last piece of each word"),
        (of_first_word, "Without `is_split_into_words=True`, the tokenizer takes the words for as many texts"),
        (
            lambda t, w, x, all_pieces=False: of_first_word(t, w, x, True),
            "labels for the tokens of the first word alone",
        ),
        (of_all_but_word_0, "`if word` takes 0 for false"),
        (one_by_one, "Each word seems to be tokenized alone"),
        (lambda t, w, x, all_pieces=False: one_by_one(t, w, x, ends=False), "Each word seems to be tokenized alone"),
        (with_zeros, "0 is a class; the loss leaves out −100"),
        (in_order, "Labels were handed out in order"),
        (lambda t, w, x, all_pieces=False: x, "one label for each word"),
        (lambda t, w, x, all_pieces=False: align(t, w, x)[1:-1], "Are the special tokens missing?"),
        (lambda t, w, x, all_pieces=False: align(t, w, x)[:-3], "labels, one for each token, but there are"),
        (lambda t, w, x, all_pieces=False: [9 if n == 2 else y for n, y in enumerate(align(t, w, x))], "Token 2, "),
        (lambda t, w, x, all_pieces=False: align(t, w, x), "With `all_pieces=True` every piece should have"),
        (only_with_all_pieces(lambda labels: [7, *labels[1:-1], 7]), "special tokens have a label"),
        (only_with_all_pieces(lambda labels: labels[1:]), "With `all_pieces=True`: There should be"),
        (only_with_all_pieces(lambda labels: [-100, 9, *labels[2:]]), "token 1 belongs to word 0"),
        (lambda t, w, x, all_pieces=False: [x[word] for word in word_ids(t, w)], "None is no place in a list"),
        (lambda t, w, x, all_pieces=False: [x[n] for n, _ in enumerate(word_ids(t, w))], "A word may have many tokens"),
        (lambda t, w, x: align(t, w, x), "unexpected keyword argument 'all_pieces'"),
        (lambda t, w, x, all_pieces=False: [None], "a list with a label for each token"),
    ],
)
def test_wrong_alignments(function, diagnosis):
    verdict = check_alignment(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_lists_of_the_caller_stay_as_they_are():
    words = ["such", "film"]
    assert align(small_models.tokenizer(), words, [1, 2]) == [-100, 1, 2, -100]
    check_alignment(lambda t, w, x, all_pieces=False: w.clear())
    assert check_alignment(align).outcome == "right"
