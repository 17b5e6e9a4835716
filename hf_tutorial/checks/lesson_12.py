"""Checks of lesson 12: the types that a CSV file gets, and a loss that does not move."""

from io import StringIO

from hf_tutorial.checks.answers import judge_statements, shown
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

_NAMES = ("int64", "float64", "string", "bool")
_SAME = {"int": "int64", "float": "float64", "str": "string", "large_string": "string", "boolean": "bool"}


@exercise("12.1", expects='a dictionary of columns and types, such as `{"title": "string"}`')
def types_of_columns(answer: object, text: str) -> str:
    if not isinstance(answer, dict):
        raise Wrong(f"Expected a dictionary with a type for each column, but got {shown(answer)}.")
    right, cells = _types(text), _cells(text)
    if set(answer) != set(right):
        raise Wrong(f"The columns are {', '.join(right)}; the dictionary has {shown(sorted(map(str, answer)))}.")
    for column, type_ in right.items():
        if _name(answer[column], column) != type_:
            raise Wrong(f"Think again about `{column}`: {_why(_name(answer[column], column), type_, cells[column])}")
    return (
        "Each column has the narrowest type that all of its cells fit into, and a missing cell fits into no whole number."
        f"{_eaten(text, right)}"
    )


def _types(text: str) -> dict[str, str]:
    """Return what `load_dataset("csv", …)` makes of the columns of a file with this text."""
    import pandas
    from datasets import Dataset

    features = Dataset.from_pandas(pandas.read_csv(StringIO(text)), preserve_index=False).features
    return {column: _SAME.get(feature.dtype, feature.dtype) for column, feature in features.items()}


def _cells(text: str) -> dict[str, list[str]]:
    import pandas

    frame = pandas.read_csv(StringIO(text), dtype=str, keep_default_na=False)
    return {column: [str(cell) for cell in frame[column]] for column in frame}


def _eaten(text: str, types: dict[str, str]) -> str:
    """Name a cell that was a text in the file and is missing in the table, if there is one."""
    import pandas

    frame, cells = pandas.read_csv(StringIO(text)), _cells(text)
    for column in (column for column, type_ in types.items() if type_ == "string"):
        for cell, gone in zip(cells[column], frame[column].isna(), strict=True):
            if gone and cell:
                return f" (Also, the `{column}` called '{cell}' is now missing.)"
    return ""


def _name(value: object, column: str) -> str:
    """Return the name of a type, given as a name, as a Python type, or as a feature of datasets."""
    plain = value.__name__ if isinstance(value, type) else getattr(value, "dtype", value)
    name = _SAME.get(plain, plain) if isinstance(plain, str) else ""
    if name not in _NAMES:
        raise Wrong(f"The type of `{column}` should be one of {', '.join(_NAMES)}, but is {shown(value)}.")
    return name


def _why(found: str, right: str, cells: list[str]) -> str:
    odd = next((cell for cell in cells if not cell.replace(".", "", 1).isdigit()), "")
    match found, right:
        case "int64", "float64":
            return f"the cell '{odd}' counts as missing, and whole numbers have no way to say so."
        case "string", "float64":
            return f"'{odd}' is not kept as a text: it is one of the signs for a missing cell."
        case "string", "int64":
            return "a CSV file has no types. Cells of digits are read as numbers, and zeros in front are lost."
        case "bool", "string":
            return f"only True and False make a bool. '{cells[0]}' is a text like any other."
        case (("int64" | "float64"), "string"):
            return f"'{odd}' is no number, and a column has one type for all of its cells."
    return f"its cells are {shown(cells)}. Which is the narrowest type that fits them all?"


@exercise("12.5", expects='a set of letters, such as `{"A", "B"}`')
def why_the_loss_stays(answer: object) -> str:
    judge_statements(answer, _STATEMENTS)
    return "The loss stays where it began if the model cannot tell the rows apart, or if nothing moves the model."


_STATEMENTS = {
    "A": (True, "what can a model do that reads the same ids in every row? Try it."),
    "B": (False, "the labels no longer fit the texts, but eight rows can be learnt by heart. Where would it show?"),
    "C": (True, "`step` changes the parameters that the optimizer was given. Whose are they?"),
    "D": (False, "an answer that is always the same is easily learnt. Where does the loss go?"),
    "E": (
        False,
        "the loss is a mean over the labels that count. How many do? Try it: it does not stay, it is not there.",
    ),
    "F": (True, "which two tokens are left of each text?"),
}
