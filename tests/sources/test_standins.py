"""The prepared stand-ins are what they say they are. Needs them: `hf-tutorial prepare`."""

import json
import re
from importlib.resources import files

import pytest

from hf_tutorial import hub_or_local
from hf_tutorial.sources.prepare import state_of
from hf_tutorial.sources.registry import STAND_INS

pytestmark = pytest.mark.standins

LECTURE_SENTENCE = "Hugging Face Transformers is great!"


@pytest.mark.parametrize("stand_in", STAND_INS, ids=lambda stand_in: stand_in.name)
def test_every_stand_in_is_prepared_and_whole(stand_in):
    assert state_of(stand_in, thorough=True).ready


def test_distilbert_computes_what_minilm_computes():
    import torch
    from transformers import AutoModel, AutoTokenizer, DistilBertModel

    name = hub_or_local("distilbert/distilbert-base-uncased")
    converted = AutoModel.from_pretrained(name, attn_implementation="eager")
    original = AutoModel.from_pretrained(
        hub_or_local("sentence-transformers/all-MiniLM-L6-v2"), attn_implementation="eager"
    )
    assert isinstance(converted, DistilBertModel)
    texts = [LECTURE_SENTENCE, "A second, longer sentence so that one of the two rows is padded.", "word " * 400]
    inputs = AutoTokenizer.from_pretrained(name)(texts, padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        ours = converted(**inputs, output_attentions=True, output_hidden_states=True)
        theirs = original(**inputs, output_attentions=True, output_hidden_states=True)
    read = inputs["attention_mask"].bool()
    for mine, other in zip(ours.hidden_states, theirs.hidden_states, strict=True):
        torch.testing.assert_close(mine[read], other[read], atol=1e-5, rtol=0)
    for mine, other in zip(ours.attentions, theirs.attentions, strict=True):
        torch.testing.assert_close(mine, other, atol=1e-5, rtol=0)


def test_token_ids_are_those_of_bert_s_uncased_vocabulary():
    from transformers import AutoTokenizer

    for hub_id in ("distilbert/distilbert-base-uncased", "siebert/sentiment-roberta-large-english"):
        ids = AutoTokenizer.from_pretrained(hub_or_local(hub_id))(LECTURE_SENTENCE)["input_ids"]
        assert ids == [101, 17662, 2227, 19081, 2003, 2307, 999, 102]


def test_imdb_has_the_hub_s_rows():
    from datasets import ClassLabel, load_dataset

    reviews = load_dataset(hub_or_local("stanfordnlp/imdb"))
    assert list(reviews) == ["train"]
    train = reviews["train"]
    assert train.num_rows == 25_000
    assert train.features["label"] == ClassLabel(names=["neg", "pos"])
    assert train[0]["text"].startswith("I rented I AM CURIOUS-YELLOW")
    assert train["label"][:12_500] == [0] * 12_500


def test_rotten_tomatoes_has_the_hub_s_rows():
    from datasets import load_dataset

    snippets = load_dataset(hub_or_local("cornell-movie-review-data/rotten_tomatoes"))["train"]
    assert snippets.num_rows == 8_530
    assert sum(snippets["label"]) == 4_265
    assert snippets[0]["text"].startswith("the rock is destined to be the 21st century's new")


@pytest.fixture(scope="module")
def sentiment():
    import os

    os.environ["HF_TUTORIAL_SOURCE"] = "local"
    from transformers import pipeline

    return pipeline("text-classification", model=hub_or_local("siebert/sentiment-roberta-large-english"))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I'm excited to learn about Hugging Face Transformers!", "POSITIVE"),
        ("I enjoyed the movie!", "POSITIVE"),
        ("The food was cold and nobody apologised.", "NEGATIVE"),
    ],
)
def test_sentiment_answers_the_lessons_sentences(sentiment, text, label):
    assert sentiment(text)[0]["label"] == label


def test_sentiment_is_right_on_held_out_reviews(sentiment):
    from datasets import load_dataset

    from hf_tutorial import split_reviews

    held_out = split_reviews(load_dataset(hub_or_local("stanfordnlp/imdb"))["train"])["held_out"]
    sample = held_out.shuffle(seed=0).select(range(100))
    answers = sentiment(list(sample["text"]), truncation=True, max_length=128, batch_size=10)
    right = sum(
        sentiment.model.config.label2id[answer["label"]] == label
        for answer, label in zip(answers, sample["label"], strict=True)
    )
    # The card's figures are measured on all 4,109 and on longer texts; 100 reviews leave ten points of doubt.
    assert right >= 75


def test_the_model_card_tells_the_measured_figures():
    weights = files("hf_tutorial.sources") / "weights" / "sentiment"
    card = (weights / "README.md").read_text(encoding="utf-8")
    figures = json.loads((weights / "figures.json").read_text(encoding="utf-8"))
    assert figures["run"]["clean"], "the run that made the weights started from a clean clone"
    measured = [*figures["held_out"].values(), *figures["tfidf_logistic_regression"].values()]
    for figure in measured:
        row = rf"\| {figure['texts']:,} \| (\*\*)?{figure['accuracy']:.1f} %"
        assert re.search(row, card), f"the card lacks {figure}"
    assert figures["run"]["commit"][:7] in card
    assert figures["held_out"]["imdb_head_and_tail_128"]["accuracy"] >= 88
    assert figures["held_out"]["rotten_tomatoes"]["accuracy"] >= 82


def test_smollm2_knows_the_capital_of_france():
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    name = hub_or_local("HuggingFaceTB/SmolLM2-135M-Instruct")
    tokenizer = AutoTokenizer.from_pretrained(name)
    model = AutoModelForCausalLM.from_pretrained(name, dtype=torch.float32)
    question = [{"role": "user", "content": "What is the capital of France?"}]
    prompt = tokenizer.apply_chat_template(question, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    answer = model.generate(**prompt, max_new_tokens=12, do_sample=False)[0, prompt["input_ids"].shape[1] :]
    assert "Paris" in tokenizer.decode(answer)
    assert tokenizer.tokenize("2024") == ["2", "0", "2", "4"], "SmolLM2 reads each digit by itself"
