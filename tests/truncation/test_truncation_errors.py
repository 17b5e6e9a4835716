"""What is wrong with a text or a setting is named, with its column and row, and so is the cure."""

from types import MappingProxyType

import numpy as np
import pytest
from datasets import Dataset

from hf_tutorial import truncate_tokens, truncate_words
from hf_tutorial.errors import InputError
from tests.tokens.tiny_tokenizers import FAMILIES

BERT = FAMILIES["WordPiece"]
MAKERS = {"words": truncate_words, "tokens": lambda n, *more, **how: truncate_tokens(BERT, n, *more, **how)}


@pytest.fixture(params=MAKERS)
def unit(request):
    return request.param


@pytest.fixture
def make(unit):
    return MAKERS[unit]


def message(call):
    with pytest.raises(InputError) as caught:
        call()
    return str(caught.value)


@pytest.mark.parametrize("n", [True, 2.0, "50", None, [50]])
def test_n_is_a_whole_number(make, unit, n):
    assert message(lambda: make(n)) == f"n is {n!r}; it is the number of {unit} to keep, a whole number such as 50."


@pytest.mark.parametrize("n", [0, -3])
def test_n_is_positive(make, unit, n):
    expected = f"n is {n}, which would keep nothing; it is the number of {unit} to keep, 1 or more."
    assert message(lambda: make(n)) == expected


def test_n_may_come_from_numpy():
    assert truncate_words(np.int64(1))({"text": "a b"}) == {"text": "a"}


@pytest.mark.parametrize("keep", ["Head", "start", None, ["head"], 1])
def test_keep_is_one_of_three(make, keep):
    expected = f'keep is {keep!r}; it says what is kept of a text: "head" (its beginning), "tail" (its end) or "both".'
    assert message(lambda: make(9, keep)) == expected


def test_column_is_a_name(make):
    expected = 'column is 1; it is the name of a column, such as "text".'
    assert message(lambda: make(9, column=1)) == expected


@pytest.mark.parametrize("example", [{"review": "a", "label": 1}, {"review": ["a", "b"], "label": [1, 0]}])
def test_a_missing_column_is_named_with_those_there_are(make, example):
    assert message(lambda: make(9)(example)) == (
        "there is no column 'text'. There are: 'review', 'label'. Name the one that holds the texts, such as "
        "column='review'."
    )
    assert message(lambda: make(9)({})) == "there is no column 'text'. There are no columns at all."


WRONG = {
    "None": (
        None,
        "expected a text but found None, a missing value. Leave such rows out first: "
        "dataset.filter(lambda text: isinstance(text, str), input_columns='text').",
    ),
    "nan": (
        float("nan"),
        "expected a text but found nan, a missing value. Leave such rows out first: "
        "dataset.filter(lambda text: isinstance(text, str), input_columns='text').",
    ),
    "number": (
        3.5,
        "expected a text but found float 3.5. Name the column that holds the texts, or convert it: str(value).",
    ),
    "bytes": (
        b"good",
        "expected a text but found bytes b'good'. Turn bytes into a text first: value.decode('utf-8').",
    ),
    "words": (
        ["I", "love"],
        "expected a text but found list ['I', 'love']. Join words to a text first: ' '.join(words).",
    ),
    "half a character": (
        "ab\ud83e",
        "holds half of a character (U+D83E) at 2, which no tokenizer takes. Read the file with "
        "encoding='utf-8', errors='replace'.",
    ),
}
HINT = " To learn the dataset's row, use map(…, with_indices=True)."


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_text_is_named_with_its_row(make, wrong):
    value, said = WRONG[wrong]
    truncate = make(9)
    row, batch = {"text": value, "label": 1}, {"text": ["good", value], "label": [1, 0]}
    assert message(lambda: truncate(row)) == f"column 'text' of this row: {said}{HINT}"
    assert message(lambda: truncate(batch)) == f"column 'text' of row 1 of this batch: {said}{HINT}"
    assert message(lambda: truncate(row, 41)) == f"column 'text' of row 41 of the dataset: {said}"
    assert message(lambda: truncate(batch, [40, 41])) == f"column 'text' of row 41 of the dataset: {said}"


@pytest.mark.parametrize("batched", [False, True])
def test_map_names_the_row_of_the_dataset(make, batched):
    reviews = Dataset.from_dict({"text": ["good", "bad", "ugly", None]})
    said = message(lambda: reviews.map(make(9), batched=batched, batch_size=2, with_indices=True))
    assert said.startswith("column 'text' of row 3 of the dataset: expected a text but found None")
    said = message(lambda: reviews.map(make(9), batched=batched, batch_size=2))
    assert said.startswith(f"column 'text' of {'row 1 of this batch' if batched else 'this row'}: expected a text")


def test_tokens_that_are_rows_are_not_taken_for_a_batch_of_texts(make):
    words = Dataset.from_dict({"text": [["I", "love"], ["films", "!"]]})
    said = message(lambda: words.map(make(9)))
    assert said.startswith("column 'text' of this row: expected a text but found list ['I', 'love'].")


def test_a_long_value_is_shown_by_its_beginning(make):
    said = message(lambda: make(9)({"text": [["word"] * 500]}))
    assert "found list ['word', 'word', 'word', 'word', 'word',…. Join" in said


def test_anything_else_is_told_what_is_wanted(make):
    said = message(lambda: make(9)("a text"))
    assert said == (
        "this takes a row or a batch of a dataset, a mapping from columns to values, and got a str. "
        "Use dataset.map(…), after dataset.with_format(None) if the dataset has a format."
    )
    assert make(9)(MappingProxyType({"text": "hello"}))
    frames = Dataset.from_dict({"text": ["good"]}).with_format("pandas")
    assert "with_format(None)" in message(lambda: frames.map(make(9), batched=True))


def test_n_leaves_room_between_the_special_tokens():
    assert message(lambda: truncate_tokens(BERT, 2)) == (
        "n is 2, which leaves no room for the text: TokenizersBackend adds 2 special tokens, [CLS] and [SEP], "
        "and n counts them. Choose 3 or more."
    )
    assert message(lambda: truncate_tokens(FAMILIES["Unigram"], 1)) == (
        "n is 1, which leaves no room for the text: TokenizersBackend adds 1 special token, </s>, "
        "and n counts them. Choose 2 or more."
    )
    assert truncate_tokens(FAMILIES["GPT-2"], 1)({"text": "ab"})["input_ids"] == [64]


def test_offsets_need_a_fast_tokenizer():
    assert message(lambda: truncate_tokens(FAMILIES["CANINE"], 9, offsets=True)) == (
        "offsets=True needs a tokenizer that knows where its tokens stand in the text, and CanineTokenizer, which is "
        "written in Python, does not. Leave offsets out, or load a fast tokenizer: AutoTokenizer.from_pretrained(…) "
        "returns one where there is one."
    )


def test_a_tokenizer_is_wanted():
    assert message(lambda: truncate_tokens("bert", 9)).startswith("tokenizer must be a tokenizer")
