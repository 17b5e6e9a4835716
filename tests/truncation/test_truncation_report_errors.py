"""What a report cannot be made of is named, and so is the cure."""

import pytest
from datasets import Dataset, DatasetDict

from hf_tutorial import truncation_report
from hf_tutorial.errors import InputError
from tests.tokens.tiny_tokenizers import FAMILIES

REVIEWS = {"text": ["so good", "so bad"], "label": [1, 0]}


def message(dataset=REVIEWS, tokenizer=None, n=1, **more):
    with pytest.raises(InputError) as caught:
        truncation_report(dataset, tokenizer, n, **{"unit": "words", **more})
    return str(caught.value)


def judged(said, **more):
    return message(classifier=lambda texts: said, **more)


def test_settings():
    assert message(unit="word") == 'unit is \'word\'; it says what n counts: "tokens" or "words".'
    assert message(n=0) == "n is 0, which would keep nothing; it is the number of words to keep, 1 or more."
    assert message(classifier=len, label_column=1) == 'label_column is 1; it is the name of a column, such as "text".'
    assert message(keep=["head", "Tail"]).startswith("keep is 'Tail'; it says what is kept of a text")
    assert message(keep=None).startswith("keep is None; it says what is kept of a text")
    assert message(unit="tokens").startswith("tokenizer must be a tokenizer")
    assert message(tokenizer=FAMILIES["WordPiece"], unit="tokens", n=2).startswith("n is 2, which leaves no room")


def test_a_dataset():
    assert message([]) == "the dataset holds no texts: there is nothing to report on."
    splits = DatasetDict(train=Dataset.from_dict(REVIEWS), held_out=Dataset.from_dict(REVIEWS))
    assert message(splits) == "this is a DatasetDict with the splits 'train', 'held_out': pass one of them."
    wanted = "dataset must be a datasets.Dataset, a dict of lists, a data frame or a list of texts, but is "
    assert message("so good").startswith(f"{wanted}str 'so good'.")
    stream = Dataset.from_dict(REVIEWS).to_iterable_dataset()
    assert message(stream).startswith(f"{wanted}IterableDataset")
    assert message(stream).endswith("Of a stream take a part: Dataset.from_list(list(stream.take(1000))).")


def test_a_column():
    assert message({"Review": ["a"], "n": [1]}) == (
        "there is no column 'text'. There are: 'Review', 'n'. Name the one that holds the texts, such as "
        "column='Review'."
    )
    assert message({"text": "a b"}) == "column 'text' holds one text, str 'a b', where a list of texts was expected."
    assert message(["a", None]).startswith("column 'text' of row 1 of the dataset: expected a text but found None")
    assert message(["a", ["b"]]).startswith("column 'text' of row 1 of the dataset: expected a text but found list")


def test_labels():
    assert judged([0], dataset=["a"]) == (
        "a classifier can be judged only where the right labels are known, and a list of texts has none. "
        'Pass a dataset, or {"text": texts, "label": labels}.'
    )
    assert judged([0], dataset={"text": ["a"], "sentiment": [1]}) == (
        "there is no column 'label'. There are: 'text', 'sentiment'. Name the one that holds the labels, such as "
        "label_column='sentiment'."
    )
    assert judged([0], dataset={"text": ["a", "b"], "label": [1]}) == (
        "there must be one label for each text, but there are 1 for 2 texts."
    )
    expected = "column 'label' of row 1 of the dataset: expected the number of a class, 0 or more, but found "
    assert judged([0], dataset={"text": ["a", "b"], "label": [1, "pos"]}) == (
        f"{expected}str 'pos'. Turn names into numbers first: dataset.class_encode_column('label')."
    )
    for missing in (None, -1):
        assert judged([0], dataset={"text": ["a", "b"], "label": [1, missing]}) == (
            f"{expected}{type(missing).__name__} {missing}. Leave out what has no label: "
            "dataset.filter(lambda label: label not in (None, -1), input_columns='label')."
        )


def test_verdicts():
    wanted = "the classifier must return one label id for each text of the list it is given; for a list of 2 it "
    assert judged([1]) == f"{wanted}returned list [1] of 1."
    assert judged(1) == f"{wanted}returned int 1."
    ids = "the classifier must return label ids, whole numbers, but returned "
    assert judged([[0.1, 0.9], [0.8, 0.2]]) == (
        f"{ids}list [0.1, 0.9]. Take the label with the highest score, such as logits.argmax(dim=-1)."
    )
    import torch

    assert "logits.argmax(dim=-1)" in judged(torch.tensor([[0.1, 0.9], [0.8, 0.2]]))
    assert "logits.argmax(dim=-1)" in judged([torch.tensor([0.1, 0.9]), torch.tensor([0.8, 0.2])])
    assert judged(["POSITIVE", "NEGATIVE"]) == (
        f"{ids}str 'POSITIVE'. Turn names into ids, such as [model.config.label2id[name] for name in names]."
    )
    assert judged([True, False]).startswith(f"{ids}bool True.")


def test_pipelines():
    class FillMask:
        task = "fill-mask"

        def __call__(self, texts):
            raise AssertionError("a pipeline for something else is not asked")

    assert message(classifier=FillMask()) == (
        "the classifier is a pipeline for 'fill-mask'; it must be one for 'text-classification'."
    )


def test_a_model_reads_no_texts():
    from transformers import BertConfig, BertModel

    sizes = {"hidden_size": 4, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 4}
    assert message(classifier=BertModel(BertConfig(vocab_size=9, **sizes))) == (
        "the classifier is a BertModel; it must be a function from a list of texts to a label id for each, or "
        'pipeline("text-classification", model=model, tokenizer=tokenizer).'
    )
    assert message(classifier="siebert/sentiment").startswith("the classifier is a str; it must be a function")


def test_a_tokenizer_that_knows_no_places():
    assert judged([1, 0], tokenizer=FAMILIES["CANINE"], n=5, unit="tokens") == (
        "a classifier needs the part of the text that is kept, and CanineTokenizer, which is written in Python, does "
        'not know where its tokens stand in the text. Count words instead, with unit="words".'
    )
