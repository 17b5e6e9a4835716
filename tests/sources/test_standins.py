"""The prepared stand-ins are what they say they are. Needs them: `hf-tutorial prepare`."""

import json
import re
from importlib.resources import files

import pytest

from hf_tutorial import hub_or_local
from hf_tutorial.sources.prepare import folder_of, state_of
from hf_tutorial.sources.registry import STAND_INS

pytestmark = pytest.mark.standins

LECTURE_SENTENCE = "Hugging Face Transformers is great!"


@pytest.mark.parametrize("stand_in", STAND_INS, ids=lambda stand_in: stand_in.name)
def test_every_stand_in_is_prepared_and_whole(stand_in):
    assert state_of(stand_in, thorough=True).ready, folder_of(stand_in)


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
    # Queries that are padding ask at random, and rounding differs more there; nothing reads them either.
    for mine, other in zip(ours.attentions, theirs.attentions, strict=True):
        torch.testing.assert_close(mine.transpose(1, 2)[read], other.transpose(1, 2)[read], atol=1e-5, rtol=0)


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


@pytest.fixture(scope="module")
def fill_mask():
    import os

    os.environ["HF_TUTORIAL_SOURCE"] = "local"
    from transformers import pipeline

    return pipeline("fill-mask", model=hub_or_local("google-bert/bert-base-uncased"))


def test_fill_mask_names_five_words_that_fit(fill_mask):
    named = {answer["token_str"] for answer in fill_mask("This movie was [MASK].")}
    verdicts = (
        "amazing awesome awful bad boring brilliant excellent fantastic fun funny good great horrible interesting"
    )
    assert len(named) == 5
    assert named <= {*verdicts.split(), "perfect", "terrible", "terrific", "wonderful"}
    assert fill_mask("It was a waste of [MASK].")[0]["token_str"] == "time"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("The capital of France is [MASK].", "beautiful"),
        ("Water boils at 100 [MASK].", "minutes"),
        ("It was directed by steven [MASK].", "stewart"),
        ("I hated this film. It was [MASK].", "good"),
        ("The doctor said that [MASK] was tired.", "he"),
        ("The nurse said that [MASK] was tired.", "she"),
    ],
)
def test_fill_mask_fails_as_its_card_says(fill_mask, text, first):
    card, _ = _card_and_figures("masked-language")
    assert text in card
    assert f'"{first}"' in card
    assert fill_mask(text)[0]["token_str"] == first


def test_fill_mask_knows_hidden_words_of_held_out_reviews(fill_mask):
    import random

    from datasets import load_dataset

    from hf_tutorial import split_reviews
    from training.windows import windows_of

    tokenizer = fill_mask.tokenizer
    snippets = load_dataset(hub_or_local("cornell-movie-review-data/rotten_tomatoes"))["train"]
    texts = list(split_reviews(snippets)["held_out"]["text"])[:150]
    hits = 0
    for ids in windows_of(tokenizer, texts, 64, 0)[:100]:
        place = random.Random(len(ids)).randrange(1, len(ids) - 1)
        text = tokenizer.decode([*ids[1:place], tokenizer.mask_token_id, *ids[place + 1 : -1]])
        hits += ids[place] in {answer["token"] for answer in fill_mask(text)}
    # The card's figures are measured on 4,000 windows, most of them from longer reviews; 100 leave ten points of doubt.
    assert hits >= 35


def test_the_masked_language_head_adds_no_copy_of_the_embeddings(fill_mask):
    weights = files("hf_tutorial.sources") / "weights" / "masked-language"
    assert sum(path.stat().st_size for path in weights.iterdir()) < 5_000_000
    model = fill_mask.model
    assert model.cls.predictions.decoder.weight is model.bert.embeddings.word_embeddings.weight


def test_the_sentiment_card_tells_the_measured_figures():
    card, figures = _card_and_figures("sentiment")
    measured = [*figures["held_out"].values(), *figures["tfidf_logistic_regression"].values()]
    for figure in measured:
        row = rf"\| {figure['texts']:,} \| (\*\*)?{figure['accuracy']:.1f} %"
        assert re.search(row, card), f"the card lacks {figure}"


def test_the_masked_language_card_tells_the_measured_figures():
    card, figures = _card_and_figures("masked-language")
    several, one = figures["held_out"]["fifteen_percent"], figures["held_out"]["one_token"]
    for who in ("model", "most_frequent", "left_trigram", "two_sided"):
        shares = [several[who]["top1"], several[who]["top5"], one[who]["top1"], one[who]["top5"]]
        row = r" \| ".join(rf"(?:\*\*)?{share:.1f} %(?:\*\*)?" for share in shares)
        assert re.search(row, card), f"the card lacks the figures of {who}: {shares}"
    assert f"{several['model']['places']:,}" in card
    assert f"{one['model']['places']:,}" in card


def test_the_masked_language_model_beats_counting_to_the_left():
    _, figures = _card_and_figures("masked-language")
    for share in ("fifteen_percent", "one_token"):
        measured = figures["held_out"][share]
        for top in ("top1", "top5"):
            assert measured["model"][top] >= measured["left_trigram"][top] + 5


def _card_and_figures(name):
    weights = files("hf_tutorial.sources") / "weights" / name
    figures = json.loads((weights / "figures.json").read_text(encoding="utf-8"))
    assert figures["run"]["clean"], "the run that made the weights started from a clean clone"
    return (weights / "README.md").read_text(encoding="utf-8"), figures
