import pytest
import small_models
import torch
import transformers

from hf_tutorial import check
from hf_tutorial.checks.lesson_02 import output_shape, picked_class
from hf_tutorial.checks.models import tiny

CALLS = {
    "AutoModel": {},
    "AutoModelForSequenceClassification": {"num_labels": 5},
    "AutoModelForTokenClassification": {"num_labels": 7},
    "AutoModelForMaskedLM": {},
    "AutoModelForSeq2SeqLM": {},
}
BODY, TEXT, TOKEN, MASKED, BOTH = CALLS
CONFIG = tiny("DistilBertModel").config
IDS = torch.tensor([[1, 2, 3, 4], [1, 2, 0, 0]])
RIGHT = {
    BODY: ("DistilBertModel", (2, 4, 8)),
    TEXT: ("DistilBertForSequenceClassification", (2, 5)),
    TOKEN: ("DistilBertForTokenClassification", (2, 4, 7)),
    MASKED: ("DistilBertForMaskedLM", (2, 4, 50)),
    BOTH: "refused",
}


def predict(answer):
    return check("02.1", answer, config=CONFIG, encoding={"input_ids": IDS}, calls=CALLS)


def test_the_right_classes_and_shapes():
    assert predict(RIGHT).outcome == "right"
    assert predict(RIGHT | {BOTH: "Refused "}).outcome == "right"
    assert predict(RIGHT | {BODY: [transformers.DistilBertModel, torch.Size([2, 4, 8])]}).outcome == "right"


@pytest.mark.parametrize(
    ("auto", "found", "diagnosis"),
    [
        (BODY, ("AutoModel", (2, 4, 8)), "no model is an Auto class"),
        (BODY, ("BertModel", (2, 4, 8)), "Here it is 'distilbert'"),
        (BODY, ("DistilbertModel", (2, 4, 8)), "right but for its capitals"),
        (BODY, ("DistilBertForMaskedLM", (2, 4, 8)), "Does 'DistilBertForMaskedLM' do what AutoModel says?"),
        (BODY, ("Something", (2, 4, 8)), "as in BertModel or BertForMaskedLM"),
        (BODY, (5, (2, 4, 8)), "should be the name of a class, but is 5"),
        (BODY, "refused", "this one loads"),
        (BODY, "DistilBertModel", "expected a pair"),
        (BODY, ("DistilBertModel", (4, 2, 8)), "not their order"),
        (BODY, ("DistilBertModel", (1, 4, 8)), "that of a single text"),
        (BODY, ("DistilBertModel", (4, 8)), "that of a single text"),
        (BODY, ("DistilBertModel", (2, 8)), "every token has a row of its own"),
        (BODY, ("DistilBertModel", (2, 3, 8)), "Look at the shape of `input_ids`, (2, 4)"),
        (BODY, ("DistilBertModel", (2, 4, 50)), "the width of this body, `config.hidden_size`, and not 50"),
        (BOTH, "error", "expected a pair"),
        (TEXT, ("DistilBertModelForSequenceClassification", (2, 5)), "the word Model is too much"),
        (BODY, ("DistilBertModel", (2, 4, 8, 1)), "The shape has 3 dimensions"),
        (BODY, ("DistilBertModel", "(2, 4, 8)"), "Leave out the quotation marks"),
        (TEXT, ("DistilBertForSequenceClassification", (2, 4, 5)), "scores each text as a whole"),
        (TEXT, ("DistilBertForSequenceClassification", (2, 2)), "How many does the call ask for? Not 2."),
        (TOKEN, ("DistilBertForTokenClassification", (2, 7)), "every token has a row of its own"),
        (TOKEN, ("DistilBertForTokenClassification", (2, 4, 2)), "Not 2."),
        (
            MASKED,
            ("DistilBertForMaskedLM", (2, 4, 8)),
            "every entry of the vocabulary, `config.vocab_size`, for each token, and these are not 8",
        ),
        (BOTH, ("DistilBertForSeq2SeqLM", (2, 4, 50)), "Which of them does distilbert lack?"),
    ],
)
def test_wrong_predictions(auto, found, diagnosis):
    verdict = predict(RIGHT | {auto: found})
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
    assert auto in verdict.message or "Expected a tuple" in verdict.message


def test_a_missing_prediction_is_named():
    assert "Expected a dictionary with the keys 'AutoModel'" in predict({BODY: RIGHT[BODY]}).message


@pytest.mark.parametrize("architecture", ["BertModel", "DistilBertModel"])
@pytest.mark.parametrize("auto", [BODY, TEXT, TOKEN, MASKED])
def test_what_the_check_expects_is_what_the_model_does(architecture, auto):
    config = tiny(architecture).config
    config.num_labels = CALLS[auto].get("num_labels", 2)
    model = getattr(transformers, auto).from_config(config)
    outputs = model(input_ids=IDS)
    assert type(model).__name__ == picked_class(auto, config)
    assert tuple(outputs[0].shape) == output_shape(auto, config, {"input_ids": IDS}, CALLS[auto])


def test_a_prediction_is_judged_by_the_students_own_configuration():
    config = small_models.body().config
    right = RIGHT | {BODY: ("BertModel", (2, 4, 16))}
    message = check("02.1", right, config=config, encoding={"input_ids": IDS}, calls=CALLS).message
    assert message.startswith("AutoModelForSequenceClassification: the head is right, the architecture is not")


VERDICTS = {"A": "ready", "B": "train the head", "C": "wrong class", "D": "ready", "E": "ready", "F": "train the head"}


@pytest.mark.parametrize("answer", [VERDICTS, {letter: word.upper() for letter, word in VERDICTS.items()}])
def test_the_right_verdicts(answer):
    assert check("02.5", answer).outcome == "right"


@pytest.mark.parametrize("letter", VERDICTS)
def test_each_wrong_verdict_has_a_hint_of_its_own(letter):
    said = {word: check("02.5", VERDICTS | {letter: word}) for word in set(VERDICTS.values()) - {VERDICTS[letter]}}
    assert {verdict.outcome for verdict in said.values()} == {"wrong"}
    assert all(verdict.message.startswith(f"Think again about {letter}: ") for verdict in said.values())
    assert len({verdict.message for verdict in said.values()}) == 2


@pytest.mark.parametrize(
    ("answer", "diagnosis"),
    [
        ({"A": "ready"}, "the keys A, B, C, D, E, F"),
        (list(VERDICTS.values()), "the keys A, B, C, D, E, F"),
        (VERDICTS | {"B": "fine"}, "B: 'fine' is none of 'ready', 'train the head', 'wrong class'"),
        (VERDICTS | {"B": ["ready"]}, "B: ['ready'] is none of"),
    ],
)
def test_verdicts_in_another_form(answer, diagnosis):
    verdict = check("02.5", answer)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
