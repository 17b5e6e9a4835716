import pytest
import small_models

from hf_tutorial import check


def words_of(text, spell=lambda text, start, end, tokens: text[start:end]):
    """A right solution of 01.4, unless it is told to spell words otherwise."""
    encoding = small_models.tokenizer()(text)
    rows = {}
    for token, number in zip(encoding.tokens(), encoding.word_ids(), strict=True):
        if number is not None:
            rows.setdefault(number, []).append(token)
    return [(spell(text, *encoding.word_to_chars(number), tokens), tokens) for number, tokens in rows.items()]


def with_special(text):
    encoding = small_models.tokenizer()(text)
    return [("[CLS]", ["[CLS]"]), *words_of(text), ("[SEP]", encoding.tokens()[-1:])]


def glued(text, start, end, tokens):
    return "".join(token.removeprefix("##") for token in tokens)


def slices_of_none(text):
    encoding = small_models.tokenizer()(text)
    return [encoding.tokens()[slice(*encoding.word_to_tokens(number))] for number in encoding.word_ids()]


def unique(text):
    return list({word: (word, tokens) for word, tokens in words_of(text)}.values())


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (with_special, "special tokens stand among the words"),
        (lambda t: [(None, ["[CLS]"]), *words_of(t)], "One word is None"),
        (lambda t: [(word, []) for word in t.split()], "the words between spaces"),
        (lambda t: dict(words_of(t)), "room for each word only once"),
        (unique, "group by the number of the word"),
        (
            lambda t: [(token, [token]) for _, tokens in words_of(t) for token in tokens],
            "every token has become a word",
        ),
        (lambda t: words_of(t, lambda t, s, e, tokens: t[s:e].lower()), "lost their capitals"),
        (lambda t: words_of(t, glued) if "HuggingFace" not in t else words_of(t), "is made from tokens"),
        (lambda t: [(w, [x.removeprefix("##") for x in p]) for w, p in words_of(t)], "Leave the marks `##`"),
        (lambda t: [(w, p[:1]) for w, p in words_of(t)], "the tokens of 'HuggingFace' are not: got ['hugging']"),
        (slices_of_none, "`word_ids()` holds None for special tokens"),
        (lambda t: words_of(t)[:2], "expected 3 words, but got 2"),
        (lambda t: [(0, p) for w, p in words_of(t)], "which characters does it stand for"),
        (lambda t: [(w, [1, 2]) for w, p in words_of(t)], "strings such as '##izer'"),
        (lambda t: [w for w, p in words_of(t)], "a pair such as"),
        (lambda t: "words", "a list of pairs (word, list of its tokens), but got 'words'"),
    ],
)
def test_wrong_words(function, diagnosis):
    verdict = check("01.4", function, tokenizer=small_models.tokenizer())
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_right_words():
    assert check("01.4", words_of, tokenizer=small_models.tokenizer()).outcome == "right"


def mark(text, chosen, first="[", last="]", order=lambda spans: sorted(spans, reverse=True), shift=0, keep_empty=False):
    """A right solution of 01.5, unless it is told otherwise."""
    offsets = small_models.tokenizer()(text, return_offsets_mapping=True)["offset_mapping"]
    for start, end in order([offsets[min(number + shift, len(offsets) - 1)] for number in chosen]):
        if end > start or keep_empty:
            text = text[:start] + first + text[start:end] + last + text[end:]
    return text


def decoded(text, chosen):
    tokens = small_models.tokenizer()(text).tokens()
    marked = [f"[{token}]" if number in chosen else token for number, token in enumerate(tokens)]
    return small_models.tokenizer().convert_tokens_to_string(marked)


def around_all(text, chosen):
    offsets = small_models.tokenizer()(text, return_offsets_mapping=True)["offset_mapping"]
    start, end = offsets[chosen[0]][0], offsets[chosen[-1]][1]
    return f"{text[:start]}[{text[start:end]}]{text[end:]}"


def strung_together(text, chosen):
    offsets = small_models.tokenizer()(text, return_offsets_mapping=True)["offset_mapping"]
    pieces = [text[start:end] for start, end in offsets]
    return "".join(f"[{piece}]" if number in chosen else piece for number, piece in enumerate(pieces))


def searched(text, chosen):
    token = small_models.tokenizer()(text).tokens()[chosen[0]]
    return text.replace(token, f"[{token}]")


def searched_by_their_letters(text, chosen):
    offsets = small_models.tokenizer()(text, return_offsets_mapping=True)["offset_mapping"]
    marked = text
    for start, end in [offsets[number] for number in chosen]:
        if end > start:
            marked = marked.replace(text[start:end], f"[{text[start:end]}]")
    return marked


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (searched_by_their_letters, "The offsets say which place is meant"),
        (decoded, "tokens stand in the result instead of the text"),
        (lambda t, c: mark(t.lower(), c), "no longer the text"),
        (lambda t, c: mark(t, c, order=sorted), "begin with the last token"),
        (lambda t, c: mark(t, c, keep_empty=True), "a pair of brackets is empty"),
        (lambda t, c: mark(t, c, shift=1), "[CLS] is token 0"),
        (lambda t, c: mark(t, c, order=list), "begin with the last token"),
        (lambda t, c: mark(t, c) if c == sorted(c) else mark(t, c[1:]), "only one token is marked"),
        (searched, "The offsets say which place is meant"),
        (lambda t, c: t, "nothing is marked"),
        (lambda t, c: mark(t, c)[::-1].replace("]", "")[::-1].replace("[", "[]"), "a pair of brackets is empty"),
        (lambda t, c: mark(t, c[:1]), "only one token is marked"),
        (around_all, "Each token gets brackets of its own"),
        (strung_together, "the spaces are not those of the text"),
        (lambda t, c: "[" + t + "]", "in other places than the tokens"),
        (lambda t, c: [t], "Expected the text with brackets in it"),
        (lambda t, c: mark(t, c, "<", ">"), "no longer the text"),
    ],
)
def test_wrong_marks(function, diagnosis):
    verdict = check("01.5", function, tokenizer=small_models.tokenizer())
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_right_marks():
    assert check("01.5", mark, tokenizer=small_models.tokenizer()).outcome == "right"
