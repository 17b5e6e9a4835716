import pytest

from hf_tutorial import check

TEXTS = ["Why?", "A dull film.", "I enjoyed it.", "Two hours lost.", "Go."]
RIGHT = {
    "columns": ["text", "label", "size"],
    "size": [2, 2, 2, 2, 1],
    "text": "WHY?",
    "original": "Why?",
    "rows": 3,
    "works": False,
}


def describe(rows):
    count = len(rows["text"])
    return {"size": [count] * count, "text": [text.upper() for text in rows["text"]]}


def long_only(rows):
    return {"text": [text for text in rows["text"] if len(text.split()) > 1]}


def check_map(**changed):
    from datasets import Dataset

    data = Dataset.from_dict({"text": TEXTS, "label": [0, 0, 1, 0, 1]})
    return check("05.1", {**RIGHT, **changed}, data=data, describe=describe, long_only=long_only)


def test_right_prediction():
    assert check_map().outcome == "right"
    assert check_map(columns={"size", "text", "label"}).outcome == "right"


def test_the_check_agrees_with_map():
    from datasets import Dataset

    data = Dataset.from_dict({"text": TEXTS, "label": [0, 0, 1, 0, 1]})
    described = data.map(describe, batched=True, batch_size=2)
    found = {"columns": described.column_names, "size": described["size"][:], "text": described[0]["text"]}
    longer = data.map(long_only, batched=True, remove_columns=["text", "label"])
    assert check_map(**found, original=data[0]["text"], rows=len(longer)).outcome == "right"


@pytest.mark.parametrize(
    ("changed", "diagnosis"),
    [
        ({"columns": ["size", "text"]}, "does not mention is not lost"),
        ({"columns": ["text", "label"]}, "what the function returns becomes a column"),
        ({"columns": ["text", "label", "size", "text"]}, "a name stands there twice"),
        ({"columns": ["text", "label", "size", "id"]}, "there are 3 afterwards"),
        ({"size": [5] * 5}, "one block of all rows"),
        ({"size": [2, 2, 1]}, "one number for each block"),
        ({"size": [2] * 5}, "left for the last block"),
        ({"size": [1] * 5}, "no text but a list of them"),
        ({"size": [len(text) for text in TEXTS]}, "these are the lengths of the texts"),
        ({"size": [3, 3, 3, 2, 2]}, "The rows come in blocks of 2"),
        ({"text": "Why?"}, "Which of the two is kept?"),
        ({"text": ["WHY?"]}, "the first text as the function returns it"),
        ({"original": "WHY?"}, "returns a new dataset"),
        ({"original": "Go."}, "the first text of `data` itself"),
        ({"rows": 5}, "it may return fewer rows"),
        ({"rows": 2}, "the texts that it leaves out"),
        ({"rows": 4}, "count the texts of more than one word"),
        ({"works": True}, "columns of different length"),
    ],
)
def test_wrong_predictions(changed, diagnosis):
    verdict = check_map(**changed)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_a_prediction_needs_all_its_parts():
    verdict = check("05.1", {"size": [2, 2, 2, 2, 1]}, data=[], describe=describe, long_only=long_only)
    assert "the keys 'columns', 'size', 'text', 'original', 'rows', 'works'" in verdict.message


@pytest.mark.parametrize("answer", [{"A", "C", "D", "G"}, "A, C, D, G", ["g", "d", "c", "a"]])
def test_the_splits_that_leak(answer):
    assert check("05.5", answer).outcome == "right"


@pytest.mark.parametrize(
    ("answer", "diagnosis"),
    [
        ("CDG", "about A: two rows may hold the same text"),
        ("ABCDG", "about B: the reviews are divided first"),
        ("ADG", "about C: the rows that are drawn are windows"),
        ("ACG", "about D: the two orders"),
        ("ACDEG", "about E: no text is left twice"),
        ("ACDFG", "about F: equal cuts"),
        ("ACD", "about G: the split depends on the words"),
        ([], "At least one"),
    ],
)
def test_wrong_splits(answer, diagnosis):
    verdict = check("05.5", answer)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
