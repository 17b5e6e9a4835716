import pandas
import pytest
from datasets import Dataset, Value
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_tutorial import check

TEXT = 'number,title,seen,minutes,stars\n007,A,yes,94,4\n012,"B, C",no,n/a,3.5\n101,None,yes,118,five\n'
RIGHT = {"number": "int64", "title": "string", "seen": "string", "minutes": "float64", "stars": "string"}


def check_types(answer, text=TEXT):
    return check("12.1", answer, text=text)


@pytest.mark.parametrize(
    "types",
    [RIGHT, {"number": int, "title": str, "seen": str, "minutes": float, "stars": str}],
    ids=["names", "types"],
)
def test_right_types(types):
    assert check_types(types).outcome == "right"
    assert check_types(dict(reversed(types.items()))).outcome == "right"


def test_success_names_a_text_that_has_gone_missing():
    assert "the `title` called 'None' is now missing" in check_types(RIGHT).message
    assert "missing.)" not in check_types({"title": "string"}, "title\nA\nB\n").message


def test_features_of_datasets_are_types_too():
    assert check_types(RIGHT | {"number": Value("int64"), "title": Value("large_string")}).outcome == "right"


CELLS = st.sampled_from(["4", "007", "3.5", "n/a", "five", "True", "False"])


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(CELLS, min_size=1, max_size=4))
def test_the_check_agrees_with_reading_the_file(cells, tmp_path_factory):
    folder = tmp_path_factory.mktemp("csv")
    text = "a,b\n" + "".join(f"{cell},x\n" for cell in cells)
    (folder / "file.csv").write_text(text)
    read = Dataset.from_csv(str(folder / "file.csv"), cache_dir=str(folder))
    assert check_types(read.features, text).outcome == "right"
    other = {"a": "int64" if read.features["a"].dtype != "int64" else "float64", "b": "string"}
    assert check_types(other, text).outcome == "wrong"


@pytest.mark.parametrize(
    ("column", "type_", "diagnosis"),
    [
        ("number", "string", "zeros in front are lost"),
        ("number", "float64", "its cells are ['007', '012', '101']. Which is the narrowest type that fits them all?"),
        ("title", "int64", "'A' is no number"),
        ("seen", "bool", "only True and False make a bool. 'yes'"),
        ("minutes", "int64", "the cell 'n/a' counts as missing"),
        ("minutes", "string", "'n/a' is not kept as a text"),
        ("stars", "float64", "'five' is no number"),
        ("stars", "int64", "'five' is no number"),
        ("stars", "category", "should be one of int64, float64, string, bool, but is 'category'"),
        ("stars", pandas.DataFrame, "should be one of int64"),
    ],
)
def test_wrong_types(column, type_, diagnosis):
    verdict = check_types(RIGHT | {column: type_})
    assert verdict.outcome == "wrong"
    assert f"`{column}`" in verdict.message
    assert diagnosis in verdict.message


def test_other_answers_on_types():
    assert "Expected a dictionary" in check_types(["int64"] * 5).message
    assert "The columns are number, title" in check_types({"title": "string"}).message


def test_right_statements():
    assert check("12.5", {"A", "C", "F"}).outcome == "right"
    assert check("12.5", "A, c, F").outcome == "right"


@pytest.mark.parametrize(
    ("letters", "hint"),
    [
        ("CF", "about A: what can a model do that reads the same ids"),
        ("ABCF", "about B: the labels no longer fit"),
        ("AF", "about C: `step` changes"),
        ("ACDF", "about D: an answer that is always the same"),
        ("ACEF", "about E: the loss is a mean"),
        ("AC", "about F: which two tokens"),
    ],
)
def test_wrong_statements(letters, hint):
    verdict = check("12.5", letters)
    assert verdict.outcome == "wrong"
    assert hint in verdict.message
