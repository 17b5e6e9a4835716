import pytest
import small_translator
from torch.utils.data import Dataset

from hf_tutorial import check


class Pairs(Dataset):
    """A right solution of 12.2; each wrong one below changes one method."""

    def __init__(self, frame, tokenizer):
        self.frame = frame
        self.tokenizer = tokenizer

    def __len__(self):
        return len(self.frame)

    def __getitem__(self, place):
        row = self.frame.iloc[place]
        return self.encode(row["source"], row["target"])

    def encode(self, source, target):
        return self.tokenizer(source, text_target=target)


def check_class(answer):
    return check("12.2", answer, tokenizer=small_translator.tokenizer())


def with_(**methods):
    return type("Pairs", (Pairs,), methods)


def encoding(encode):
    return with_(encode=encode)


def by_label(self, place):
    return self.encode(self.frame["source"][place], self.frame["target"][place])


def by_label_or_last(self, place):
    labels = list(self.frame.index)
    return Pairs.__getitem__(self, labels.index(place) if place in labels else 1)


def whole_columns(self, place):
    return self.encode(self.frame["source"], self.frame["target"])


def lists_of_columns(self, place):
    return self.encode(list(self.frame["source"]), list(self.frame["target"]))


def with_labels(self, source, target, change):
    made = dict(self.tokenizer(source, text_target=target))
    return {**made, "labels": change(made["labels"])}


class NotOfTorch:
    __init__, __len__, __getitem__, encode = Pairs.__init__, Pairs.__len__, Pairs.__getitem__, Pairs.encode


def test_right_classes():
    assert check_class(Pairs).message.startswith("A loader can count the rows")
    assert check_class(NotOfTorch).outcome == "right"
    assert check_class(encoding(lambda self, s, t: dict(Pairs.encode(self, s, t)))).outcome == "right"


@pytest.mark.parametrize(
    ("answer", "diagnosis"),
    [
        (with_(__len__=None), "`__len__` should return the number of rows"),
        (with_(__len__=lambda self: 4), "should have the length 3, but has 4"),
        (with_(__getitem__=by_label), "so its rows have the labels [1, 7, 0]"),
        (with_(__getitem__=by_label_or_last), "These are the rows with the *labels* 0, 1"),
        (with_(__getitem__=lambda self, place: self.missing), "has no attribute 'missing'"),
        (encoding(lambda self, s, t: self.tokenizer(s, t)), "A row has no `labels`"),
        (encoding(lambda self, s, t: self.tokenizer(s, text_target=s)), "The labels are the ids of the source"),
        (encoding(lambda self, s, t: self.tokenizer(s, t, text_target=t)), "the model could copy it"),
        (
            encoding(lambda self, s, t: self.tokenizer(s, text_target=t, return_tensors="pt")),
            "one row is made a batch of its own. Leave `return_tensors",
        ),
        (encoding(lambda self, s, t: self.tokenizer([s], text_target=[t])), "Pass strings to the tokenizer, not lists"),
        (with_(__getitem__=whole_columns), "The tokenizer takes a string: from a column, one row"),
        (with_(__getitem__=lists_of_columns), "it has the ids of 3 texts. Whole columns"),
        (
            encoding(lambda self, s, t: {**self.tokenizer(s), "labels": self.tokenizer(t)}),
            "`labels` holds all that the tokenizer returned",
        ),
        (encoding(lambda self, s, t: {**self.tokenizer(s), "labels": t}), "`labels` is a string"),
        (encoding(lambda self, s, t: {**Pairs.encode(self, s, t), "source": s}), "`source` is a string"),
        (encoding(lambda self, s, t: {**Pairs.encode(self, s, t), "labels": 3}), "should be a list of ids, but is 3"),
        (encoding(lambda self, s, t: (s, t)), "A row should be one dictionary"),
        (
            encoding(lambda self, s, t: self.tokenizer(s, text_target=t, padding="max_length", max_length=30)),
            "The row is padded already",
        ),
        (encoding(lambda self, s, t: with_labels(self, s, t, lambda ids: [*ids, -100])), "The labels are padded"),
        (encoding(lambda self, s, t: with_labels(self, s, t, lambda ids: ids[:-1])), "A row should be"),
        (encoding(lambda self, s, t: {"labels": Pairs.encode(self, s, t)["labels"]}), "A row should be"),
        (lambda frame, tokenizer: Pairs(frame, tokenizer), "Hand over the class itself"),
        (with_(__init__=lambda self: None), "raises TypeError"),
    ],
)
def test_wrong_classes(answer, diagnosis):
    verdict = check_class(answer)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def stub(self, place):
    """Return a row."""
    ...


@pytest.mark.parametrize("methods", [{"__len__": lambda self: ...}, {"__getitem__": stub}])
def test_a_class_with_a_stub_is_not_done_yet(methods):
    assert check_class(with_(**methods)).outcome == "not done yet"
