import pytest
import small_masked

from hf_tutorial import check

TEXT = "The [MASK] of HuggingFace: a [mask] is not a [MASK]!"


def check_places(places, text="A [MASK] HuggingFace [mask] [MASK]!"):
    """Check places in a text whose words the small tokenizer knows, but for "mask", which it spells."""
    return check("11.1", places, tokenizer=small_masked.tokenizer(), text=text)


def test_the_right_places():
    tokens = small_masked.tokenizer()("A [MASK] HuggingFace [mask] [MASK]!").tokens()
    right = [place for place, token in enumerate(tokens) if token == "[MASK]"]
    assert len(right) == 2
    assert check_places(right).outcome == "right"
    assert check_places(right[::-1]).outcome == "right"


class Spelled:
    """A tokenizer that cuts `TEXT` as BERT's does, without its vocabulary of 30,000 tokens."""

    mask_token, mask_token_id = "[MASK]", 4

    def __call__(self, text):
        assert text == TEXT
        return self

    def __getitem__(self, name):
        return [self.mask_token_id if token == self.mask_token else 9 for token in self.tokens()]

    def tokens(self):
        words = "the [MASK] of hugging ##face : a [ mask ] is not a [MASK] !"
        return ["[CLS]", *words.split(), "[SEP]"]

    def word_ids(self):
        return [None, 0, 1, 2, 3, 3, *range(4, 14), None]


def test_the_right_places_of_the_exercise():
    assert check("11.1", [2, 14], tokenizer=Spelled(), text=TEXT).outcome == "right"


@pytest.mark.parametrize(
    ("places", "diagnosis"),
    [
        ([1, 13], "counted without [CLS]"),
        ([1, 9], "places of words between spaces"),
        ([2, 10], "places of words, counted from 1"),
        ([2, 9, 14], "is no mask: for this tokenizer it is three"),
        ([2, 12], "`[mask]` in small letters is not one token"),
        ([2, 13], "“HuggingFace” is not one token"),
        ([2, 11], "Neither “HuggingFace” nor"),
        ([4, 45], "places of characters"),
        ([2], "The last mask is missing"),
        ([14], "The first mask is missing"),
        ([], "you name 0 places"),
        ([3, 15], "Which of them are the mask token?"),
        ("[2, 14]", "Leave out the quotation marks"),
        ([2, "x"], "no whole number"),
    ],
)
def test_wrong_places(places, diagnosis):
    verdict = check("11.1", places, tokenizer=Spelled(), text=TEXT)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


@pytest.mark.parametrize("letters", [{"B", "C", "E"}, "b, c, e", ["E", "C", "B"]])
def test_the_right_statements(letters):
    assert check("11.6", letters).outcome == "right"


@pytest.mark.parametrize(
    ("letters", "diagnosis"),
    [
        ({"A", "B", "C", "E"}, "asked, not the world"),
        ({"C", "E"}, "again about B"),
        ({"B", "E"}, "other texts are chosen"),
        ({"B", "C", "D", "E"}, "one of thousands"),
        ({"B", "C"}, "look first and choose then"),
        ({"B", "C", "E", "F"}, "a new head and new training data"),
        (set(), "At least one"),
        ({"G"}, "have the letters A, B, C, D, E, F"),
    ],
)
def test_wrong_statements(letters, diagnosis):
    verdict = check("11.6", letters)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
