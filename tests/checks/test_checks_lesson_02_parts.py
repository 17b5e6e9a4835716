import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_tutorial import check
from hf_tutorial.checks.lesson_02_parts import PARTS, parts_of
from hf_tutorial.checks.models import tiny

MODEL = tiny("DistilBertForMaskedLM")
CLASSES = [
    "BertModel",
    "BertForMaskedLM",
    "DistilBertForMaskedLM",
    "DistilBertForTokenClassification",
    "GPT2LMHeadModel",
    "GPT2ForSequenceClassification",
    "T5ForConditionalGeneration",
]


def judge(function):
    return check("02.3", function, model=MODEL)


def by_difference(model, size=lambda module: module.num_parameters()):
    """A right solution by another way than the check's own."""
    table, body = model.get_input_embeddings().weight.numel(), size(model.base_model)
    return {"embeddings": table, "body": body - table, "head": size(model) - body}


def by_name(model, table="word_embeddings", size=lambda weight: weight.numel()):
    """Sort the parameters by what their names say, which differs from architecture to architecture."""
    counts = dict.fromkeys(PARTS, 0)
    for name, weight in model.named_parameters():
        part = "embeddings" if table in name else "body" if name.startswith(model.base_model_prefix) else "head"
        counts[part] += size(weight)
    return counts


def by_one_name(model):
    head = [weight for name, weight in model.named_parameters() if not name.startswith("distilbert")]
    return by_difference(model) | {"head": sum(weight.numel() for weight in head)}


def changed(**counts):
    return lambda model: parts_of(model) | {part: count(model) for part, count in counts.items()}


def test_right_counts():
    assert judge(parts_of).outcome == "right"
    assert judge(by_difference).outcome == "right"


@settings(max_examples=30, deadline=None)
@given(
    name=st.sampled_from(CLASSES),
    tied=st.booleans(),
    frozen=st.booleans(),
)
def test_every_weight_is_in_one_part(name, tied, frozen):
    model = tiny(name, tie_word_embeddings=tied)
    model.base_model.requires_grad_(not frozen)
    assert sum(parts_of(model).values()) == sum(weight.numel() for weight in model.parameters())
    assert parts_of(model) == by_difference(model)


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (lambda m: by_name(m, size=lambda w: 1), "these are numbers of tensors"),
        (by_one_name, "For a BertForSequenceClassification, whose head is tied to nothing: the whole model is counted"),
        (lambda m: parts_of(m, len), "`len` of a tensor is only its first dimension"),
        (
            lambda m: by_difference(m, lambda x: sum(w.numel() for w in x.state_dict().values())),
            "the very same tensor (tied",
        ),
        (changed(head=lambda m: parts_of(m)["embeddings"] + parts_of(m)["head"]), "the very same tensor (tied"),
        (
            changed(head=lambda m: sum(w.numel() for w in m.get_output_embeddings().parameters())),
            "the very same tensor (tied",
        ),
        (changed(body=lambda m: m.base_model.num_parameters()), "counted twice: in the embeddings and in the body"),
        (changed(body=lambda m: m.num_parameters()), "the body is the whole model"),
        (changed(body=lambda m: m.num_parameters() - parts_of(m)["embeddings"]), "the head is counted with the body"),
        (changed(head=lambda m: 0), "no parameter was found in the head"),
        (changed(embeddings=lambda m: 50), "the number of rows in the embedding table"),
        (changed(embeddings=lambda m: 1, body=lambda m: -1), "'embeddings' should have 400 parameters, but has 1."),
        (changed(body=lambda m: -1), "more was taken off than had been counted"),
        (lambda m: by_name(m, table="embeddings."), "the vectors of positions"),
        (
            by_name,
            "For a GPT2LMHeadModel, where nothing is called `embeddings`: no parameter was found in the embeddings",
        ),
        (
            lambda m: parts_of(m, lambda w: w.numel() * w.requires_grad),
            "For a BERT with a frozen body: only what can be trained is counted",
        ),
        (lambda m: {"embeddings": m.distilbert.embeddings}, "Expected a dictionary with the keys"),
        (
            lambda m: {**parts_of(m), "head": m.vocab_projector},
            "'head' should be a plain whole number, but is a Linear",
        ),
        (lambda m: {part: f"{count:,}" for part, count in parts_of(m).items()}, "is '400'"),
        (lambda m: dict.fromkeys(PARTS, m.get_input_embeddings().weight.sum()), "but is a Tensor of shape ()"),
        (
            lambda m: parts_of(MODEL),
            "For a BertForSequenceClassification, whose head is tied to nothing: these are the numbers of another",
        ),
        (lambda m: m.get_input_embeddings().numel(), "is a module, and its `weight` is the parameter"),
        (lambda m: m.get_input_embeddings().weight in list(m.base_model.parameters())[::-1], "compare `id(…)`"),
        (lambda m: tuple(parts_of(m).values()), "Expected a dictionary with the keys"),
        (
            lambda m: parts_of(m) if m.distilbert else 0,
            "`model.base_model` and `model.get_input_embeddings()` work for all",
        ),
    ],
)
def test_wrong_counts(function, diagnosis):
    verdict = judge(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_the_check_leaves_the_students_model_alone():
    before = [weight.clone() for weight in MODEL.parameters()]
    judge(lambda model: model.requires_grad_(False) and parts_of(model))
    MODEL.requires_grad_(True)
    assert all(bool((one == other).all()) for one, other in zip(before, MODEL.parameters(), strict=True))
