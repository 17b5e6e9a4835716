import pytest
import small_models
import torch

from hf_tutorial import check


def classify(texts, *, read=None, **call):
    """A right solution of 00.3; the tests take it apart."""
    tokenizer, model = small_models.tokenizer(), small_models.classifier()
    encoding = tokenizer(texts, return_tensors="pt", **({"padding": True, "truncation": True} | call))
    with torch.no_grad():
        logits = model(**encoding).logits
    return (read or read_logits)(logits, model.config)


def classify_without_mask(texts):
    tokenizer, model = small_models.tokenizer(), small_models.classifier()
    encoding = tokenizer(texts, return_tensors="pt", padding=True, truncation=True)
    with torch.no_grad():
        return read_logits(model(encoding["input_ids"]).logits, model.config)


def with_mask_of_ones(texts):
    encoding = small_models.tokenizer()(texts, return_tensors="pt", padding=True, truncation=True)
    mask = torch.ones_like(encoding["input_ids"])
    with torch.no_grad():
        logits = small_models.classifier()(encoding["input_ids"], mask).logits
    return read_logits(logits, small_models.classifier().config)


def read_logits(logits, config, scores=None, names=None):
    """A right solution of 00.2, unless it is told to read other scores or names."""
    scores = logits.softmax(dim=-1) if scores is None else scores
    columns = logits.argmax(dim=-1).tolist()
    names = config.id2label if names is None else names
    return [(names[column], row[column].item()) for column, row in zip(columns, scores, strict=True)]


def right_pairs(logits, config):
    return read_logits(logits, config)


READING = [
    (lambda x, c: read_logits(x, c, names=["POSITIVE", "NEGATIVE"]), "opposite of what the model says"),
    (lambda x, c: read_logits(x, c, names=["negative", "positive"]), "has no label 'negative'"),
    (lambda x, c: read_logits(x, c, names=["NEGATIVE", "POSITIVE"]), "three labels neutral, bad and good"),
    (lambda x, c: read_logits(x, c, x.softmax(dim=0)), "softmax runs down the columns"),
    (lambda x, c: read_logits(x, c, x.sigmoid()), "sigmoid looks at each logit alone"),
    (lambda x, c: read_logits(x, c, x), "the logits themselves"),
    (lambda x, c: read_logits(x, c, x.log_softmax(dim=-1)), "logarithms of probabilities"),
    (lambda x, c: read_logits(x, c, x.softmax(dim=-1).softmax(dim=-1)), "applied twice"),
    (lambda x, c: read_logits(x, c, 100 * x.softmax(dim=-1)), "percentages"),
    (lambda x, c: read_logits(x, c, 1 - x.softmax(dim=-1)), "belong to the other label"),
    (lambda x, c: read_logits(x, c, x.flatten().softmax(dim=-1).view_as(x)), "all numbers of the batch at once"),
    (
        lambda x, c: [(n, row[1].item()) for (n, _), row in zip(right_pairs(x, c), x.softmax(-1), strict=True)],
        "label 1",
    ),
    (lambda x, c: [(n, round(p, 1)) for n, p in right_pairs(x, c)], "rounded"),
    (lambda x, c: [(n, torch.tensor(p)) for n, p in right_pairs(x, c)], "still a tensor"),
    (lambda x, c: [(p, n) for n, p in right_pairs(x, c)], "the wrong way round"),
    (lambda x, c: [(c.label2id[n], p) for n, p in right_pairs(x, c)], "A label should be a name"),
    (lambda x, c: [(n, "much") for n, p in right_pairs(x, c)], "a number between 0 and 1"),
    (lambda x, c: [n for n, p in right_pairs(x, c)], "a pair such as"),
    (lambda x, c: [[*pair, 1] for pair in right_pairs(x, c)], "a pair such as"),
    (
        lambda x, c: right_pairs(x, c)[:1],
        "one pair for each of 3 texts, but got 1. Does something run along the wrong dimension",
    ),
    (lambda x, c: right_pairs(x, c)[0], "This is a single pair"),
    (lambda x, c: [(c.id2label[row.argmax()], 0.5) for row in x], "`.item()` makes it plain"),
    (lambda x, c: [(c.id2label[str(row.argmax().item())], 0.5) for row in x], "whole numbers, not strings"),
    (lambda x, c: x.softmax(dim=-1), "a list of (label, probability) pairs"),
    (lambda x, c: print(x), "should `return` the answer"),
    (lambda x: x, "raises TypeError"),
    (torch.tensor([1.0, 2.0]), "Hand over the function itself"),
]


@pytest.mark.parametrize(
    ("shape", "diagnosis"),
    [
        ((2, 3), "in the other order"),
        ((3,), "after `argmax`"),
        ((2,), "the shape for one text"),
        ((1, 2), "the shape for one text"),
        ((3, 18, 2), "scores for every token"),
        ((3, 18), "counts the labels"),
        ((5, 2), "size of the batch"),
        ((), "Expected two numbers"),
        ((4, 4), "Expected two numbers"),
        (6, "Expected a tuple of whole numbers, such as `(5, 7)`, but got 6."),
        ("(3, 2)", "Leave out the quotation marks"),
        ({3, 2}, "A set has no order"),
        ((3, 2.5), "2.5 is no whole number"),
        ((3, True), "True is no whole number"),
    ],
)
def test_wrong_shapes(shape, diagnosis):
    verdict = check("00.1", shape, model=small_models.classifier())
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


@pytest.mark.parametrize("shape", [(3, 2), [3, 2], torch.Size([3, 2]), (torch.tensor(3), 2.0)])
def test_the_right_shape(shape):
    assert check("00.1", shape, model=small_models.classifier()).outcome == "right"


def test_right_reading():
    assert check("00.2", read_logits, model=small_models.classifier()).outcome == "right"


@pytest.mark.parametrize(("function", "diagnosis"), READING)
def test_wrong_readings(function, diagnosis):
    verdict = check("00.2", function, model=small_models.classifier())
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def check_classifier(function):
    return check("00.3", function, model=small_models.classifier(), tokenizer=small_models.tokenizer())


def test_right_classifiers():
    assert check_classifier(classify).outcome == "right"
    assert check_classifier(lambda texts: [classify([text])[0] for text in texts]).outcome == "right"


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (lambda texts: classify(texts, padding=False), "Look at the tokenizer's `padding`"),
        (lambda texts: classify(texts, truncation=False), "Look at the tokenizer's `truncation`"),
        (classify_without_mask, "it does not get the `attention_mask`"),
        (lambda texts: classify(texts, read=lambda x, c: read_logits(x, c, x.softmax(dim=0))), "down the columns"),
        (
            lambda texts: classify(texts, read=lambda x, c: read_logits(x, c, names=["POSITIVE", "NEGATIVE"])),
            "opposite",
        ),
        (lambda texts: classify(texts, max_length=6), "A text of 29 tokens is cut to 6"),
        (with_mask_of_ones, "it does not get the `attention_mask`"),
        (lambda texts: (pair for pair in classify(texts)), "`list(…)` makes a list of it"),
        (lambda texts: small_models.classifier()(**small_models.tokenizer()(texts)), "`return_tensors`"),
        (lambda texts: small_models.classifier()(small_models.tokenizer()(texts, return_tensors="pt")), "by its name"),
        (lambda texts: undefined(texts), "Has the cell that defines it been run?"),  # noqa: F821
        (lambda texts: classify(texts)[::-1], "a batch of three is not"),
        (lambda texts: classify(texts[:1]) * len(texts), "a batch of three is not"),
    ],
)
def test_wrong_classifiers(function, diagnosis):
    verdict = check_classifier(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_a_model_in_training_mode_is_noticed():
    model = small_models.classifier()
    model.train()
    try:
        assert "`model.eval()`" in check_classifier(classify).message
    finally:
        model.eval()


@pytest.fixture
def sure_model():
    """The small classifier with a bias that decides everything; its own comes back afterwards."""
    head = small_models.classifier().classifier
    usual = head.bias.data
    head.bias.data = torch.tensor([0.0, 50.0])
    yield
    head.bias.data = usual


@pytest.mark.usefixtures("sure_model")
def test_a_lost_mask_is_noticed_although_the_model_is_sure():
    assert "`attention_mask`" in check_classifier(classify_without_mask).message
    assert check_classifier(classify).outcome == "right"
    assert not small_models.classifier()._forward_pre_hooks


@pytest.mark.parametrize("letters", [{"A", "C", "D"}, ["d", "c", "a"], "A, C, D", "acd"])
def test_the_right_statements(letters):
    assert check("00.4", letters).outcome == "right"


@pytest.mark.parametrize(
    ("letters", "diagnosis"),
    [
        ({"C", "D"}, "again about A"),
        ({"A", "B", "C", "D"}, "nothing is trained"),
        ({"A", "D"}, "again about C"),
        ({"A", "C"}, "Who knows the names?"),
        ({"A", "C", "D", "E"}, "not how often it is right"),
        (set(), "At least one"),
        ({"A", "F"}, "have the letters A, B, C, D, E"),
        (3, "Expected letters"),
    ],
)
def test_wrong_statements(letters, diagnosis):
    verdict = check("00.4", letters)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
