"""The texts and labels of a whole dataset: of `datasets`, a dict of lists, a data frame, or a plain list of texts."""

from collections.abc import Mapping, Sequence
from typing import Any

from hf_tutorial.errors import InputError
from hf_tutorial.truncation.examples import found, no_column, texts_of
from hf_tutorial.truncation.settings import whole_number


def texts_in(dataset: Any, column: str) -> list[str]:
    """Return all texts of `dataset`, of which there is at least one."""
    values = list(dataset) if _is_list(dataset) else _column(dataset, column)
    texts, _ = texts_of({column: values}, column, range(len(values)))
    if not texts:
        raise InputError("the dataset holds no texts: there is nothing to report on.")
    return texts


def labels_in(dataset: Any, column: str, count: int) -> tuple[int, ...]:
    """Return the label of each of the `count` texts in `dataset`."""
    if _is_list(dataset):
        raise InputError(
            "a classifier can be judged only where the right labels are known, and a list of texts has none. "
            'Pass a dataset, or {"text": texts, "label": labels}.'
        )
    values = _column(dataset, column, "labels", "label_column")
    if len(values) != count:
        raise InputError(f"there must be one label for each text, but there are {len(values)} for {count} texts.")
    return tuple(_label(value, column, row) for row, value in enumerate(values))


def _is_list(dataset: Any) -> bool:
    return isinstance(dataset, (list, tuple))


def _column(dataset: Any, column: str, *role: str) -> list[Any]:
    names = _names(dataset)
    if column not in names:
        raise InputError(no_column(names, column, *role))
    values = dataset[column]
    if isinstance(values, str):
        raise InputError(f"column {column!r} holds one text, {found(values)}, where a list of texts was expected.")
    return list(values.tolist() if hasattr(values, "tolist") else values)


def _names(dataset: Any) -> Sequence[Any]:
    """Return the names of the columns of `dataset`, after checking that it has columns to read from."""
    splits = isinstance(dataset, Mapping) and any(hasattr(value, "column_names") for value in dataset.values())
    if splits:
        raise InputError(
            f"this is a {type(dataset).__name__} with the splits {', '.join(map(repr, dataset))}: pass one of them."
        )
    if isinstance(dataset, Mapping):
        return list(dataset)
    names = getattr(dataset, "column_names", getattr(dataset, "columns", None))
    if names is None or not hasattr(dataset, "__len__"):
        raise InputError(
            "dataset must be a datasets.Dataset, a dict of lists, a data frame or a list of texts, but is "
            f"{found(dataset)}. Of a stream take a part: Dataset.from_list(list(stream.take(1000)))."
        )
    return list(names)


def _label(value: Any, column: str, row: int) -> int:
    number = whole_number(value)
    if number is not None and number >= 0:
        return number
    if value is None or number == -1:
        known = "lambda label: label not in (None, -1)"
        cure = f"Leave out what has no label: dataset.filter({known}, input_columns={column!r})."
    else:
        cure = f"Turn names into numbers first: dataset.class_encode_column({column!r})."
    raise InputError(
        f"column {column!r} of row {row} of the dataset: expected the number of a class, 0 or more, but found "
        f"{found(value)}. {cure}"
    )
