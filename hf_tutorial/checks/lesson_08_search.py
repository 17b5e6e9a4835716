"""Checks of lesson 08, third part: the nearest texts by cosine."""

from collections.abc import Mapping
from typing import Any

from hf_tutorial.checks.answers import items, number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong

Hits = list[tuple[int, float]]

_QUERY = "a dog"
# Of different lengths, so that a dot product and a distance find others; 1, 4 and 6 point the same way. The query lies on
# an axis, so that they tie to the last digit.
_VECTORS = {
    _QUERY: (2.0, 0.0, 0.0),
    "a cat asleep": (1.0, 3.0, 0.0),
    "one dog": (3.0, 4.0, 0.0),
    "a long report on dogs": (5.0, 12.0, 0.0),
    "puppy": (0.8, 0.6, 0.0),
    "two dogs": (6.0, 8.0, 0.0),
    "no dog at all": (-4.0, 3.0, 0.0),
    "half a dog": (1.5, 2.0, 0.0),
}
_TEXTS = list(_VECTORS)[1:]
_CLOSE = 1e-4
_BARE = "embed takes a list of texts, not a bare text"


@exercise("08.3", expects="the function `search`")
def nearest_texts(answer: object) -> str:
    asked: list[list[str]] = []
    _judge(answer, 4, asked)
    _judge(answer, 2, [])
    _judge(answer, 20, [])
    slow = " It asks `embed` once for each text; one call with the whole list costs far less." if len(asked) > 2 else ""
    return f"The nearest come first, however long the vectors are, and however many are asked for.{slow}"


def _judge(function: object, k: int, asked: list[list[str]]) -> None:
    """Compare the student's hits with the right ones; the texts that `embed` gets are noted in `asked`."""
    given = f"query, {len(_TEXTS)} texts, embed, k={k}"
    try:
        value = call(function, _QUERY, list(_TEXTS), _embedding(asked), k, given=given)
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    where, right = f"With k={k}: ", _best(_cosines(), k)
    found = _hits(value, where)
    if not asked:
        raise Wrong("`embed` was never called. Does the function use the `embed` that it is given?")
    if not _equal(found, right):
        raise Wrong(f"{where}{_why_not(found, right, k)}")


def _embedding(asked: list[list[str]]) -> Any:
    """Return a function that looks vectors up, and takes a list of texts as the student's own does by its contract."""
    import torch

    def embed(texts: Any) -> Any:
        if isinstance(texts, str):
            raise TypeError(_BARE)
        names = list(texts)
        asked.append(names)
        return torch.tensor([_VECTORS[name] for name in names]).view(len(names), 3)

    return embed


def _why_failed(error: BaseException) -> str:
    if isinstance(error, TypeError) and str(error) == _BARE:
        return " Some models would read it letter by letter. What makes a list of a single text?"
    if isinstance(error, RuntimeError) and "out of range" in str(error):
        return " More were asked for than there are texts: `topk` cannot give them. How many can?"
    if isinstance(error, IndexError):
        return " More were asked for than there are texts: return as many as there are."
    if isinstance(error, RuntimeError) and ("shape" in str(error) or "size" in str(error)):
        return " `embed` returns one row for each text, (texts, width), also for a single text: (1, width)."
    return ""


def _hits(value: object, where: str) -> Hits:
    """Return (index, cosine) pairs, or say what is wrong with their form."""
    what = "a list of (index, cosine) pairs"
    if isinstance(value, Mapping):
        raise Wrong(f"{where}expected {what}, but got a dictionary. A list can be in order and be cut.")
    rows = items(value, what)
    if len(rows) == 2 and all(is_tensor(row) or (isinstance(row, list) and len(row) != 2) for row in rows):
        raise Wrong(f"{where}these are two lists, the one of indices, the other of cosines. `zip` makes pairs of them.")
    return [_hit(row, where) for row in rows]


def _hit(row: object, where: str) -> tuple[int, float]:
    if not isinstance(row, (list, tuple)) or len(row) != 2:
        raise Wrong(f"{where}each member should be a pair such as (3, 0.8), but one is {shown(row)}.")
    if any(is_tensor(part) for part in row):
        raise Wrong(
            f"{where}the pairs hold tensors. `.tolist()` makes plain numbers of a whole tensor, `.item()` of one."
        )
    if any(isinstance(part, str) for part in row):
        raise Wrong(f"{where}a pair holds a text. Return its index in `texts`: the text can be looked up with it.")
    index, cosine = (number(part) for part in row)
    if index is None or cosine is None:
        raise Wrong(f"{where}each member should be a pair of numbers, but one is {shown(row)}.")
    if index != index // 1 and cosine == cosine // 1:
        raise Wrong(f"{where}the pairs are the wrong way round: the index comes first, then its cosine.")
    if index != index // 1:
        raise Wrong(f"{where}an index should be a whole number, but one is {shown(row[0])}.")
    return int(index), cosine


def _cosines() -> list[float]:
    """Return the cosine of each text with the query, which lies on the first axis."""
    return [row[0] / _length(row) for row in _rows()]


def _rows() -> list[tuple[float, float, float]]:
    return [_VECTORS[text] for text in _TEXTS]


def _length(vector: tuple[float, ...]) -> float:
    return float(sum(x * x for x in vector) ** 0.5)


def _best(values: list[float], k: int, sign: int = -1) -> Hits:
    """Return the `k` largest values with their places (the smallest if `sign` is 1); of equals, the earlier first."""
    return sorted(enumerate(values), key=lambda pair: sign * pair[1])[:k]


def _equal(found: Hits, right: Hits) -> bool:
    return [index for index, _ in found] == [index for index, _ in right] and all(
        abs(one[1] - other[1]) < _CLOSE for one, other in zip(found, right, strict=True)
    )


def _why_not(found: Hits, right: Hits, k: int) -> str:
    if len(found) != len(right):
        reason = " Is `k` used?" if len(found) == len(_TEXTS) or len(found) in (1, 3) else ""
        return f"there should be {len(right)} hits of {len(_TEXTS)} texts, but there are {len(found)}.{reason}"
    for reason, hits in (_wrong_numbers(k) | _wrong_places(right, k)).items():
        if _equal(found, hits):
            return reason
    indices, cosines = [index for index, _ in found], [cosine for _, cosine in found]
    if not all(0 <= index < len(_TEXTS) for index in indices):
        return f"an index lies outside of `texts`, which has the places 0 to {len(_TEXTS) - 1}: {shown(indices)}."
    if len(set(indices)) < len(indices):
        return (
            f"a text is returned twice: {shown(indices)}. `list.index` finds only the first of equal cosines; sort the indices "
            "along with them."
        )
    if indices == [index for index, _ in right]:
        return _why_not_cosines(cosines, [cosine for _, cosine in right])
    if all(abs(_cosines()[index] - cosine) < _CLOSE for index, cosine in found):
        return _why_not_order(indices, cosines)
    return f"the first pair should be {_plain(right[0])}, and the whole {[_plain(hit) for hit in right]}; got {shown(found)}."


def _wrong_numbers(k: int) -> dict[str, Hits]:
    """Return what mistakes in measuring nearness lead to."""
    rows, query = _rows(), _VECTORS[_QUERY][0]
    across = [sum(row[0] ** 2 for row in rows) ** 0.5] * len(rows)
    distances = [_length((x - query, y, z)) for x, y, z in rows]
    return {
        "this is the dot product. A long vector wins with it, wherever it points: divide by both lengths.": _best(
            [row[0] * query for row in rows], k
        ),
        "the query was made 1 long, the texts were not. Long texts' vectors win.": _best([row[0] for row in rows], k),
        "the texts' vectors were made 1 long, the query's was not: a cosine is never above 1.": _best(
            [cosine * query for cosine in _cosines()], k
        ),
        "normalised along the wrong dimension: each column was made 1 long, not each row (`dim=-1`).": _best(
            [row[0] / length for row, length in zip(rows, across, strict=True)], k
        ),
        "this is the distance. Short vectors are near the origin, and so near each other: measure the angle.": _best(
            distances, k, 1
        ),
        "this is the distance, and the farthest come first.": _best(distances, k),
        "this is 1 − cosine, as `cosine` distances are in some libraries. Return the cosine itself.": _best(
            [1 - cosine for cosine in _cosines()], k, 1
        ),
        "the sign of the cosine is lost: a text that points the other way is the farthest, not one of the nearest.": _best(
            [abs(cosine) for cosine in _cosines()], k
        ),
    }


def _wrong_places(right: Hits, k: int) -> dict[str, Hits]:
    """Return what comes out of the right cosines by mistakes in sorting and counting."""
    cosines = _cosines()
    return {
        "the farthest come first. Cosines are sorted downwards: 1 is nearest.": _best(cosines, k, 1),
        "the right hits, but the best of them stands last.": right[::-1],
        "these are the first texts of the list, with their cosines. Nothing is sorted.": list(enumerate(cosines))[:k],
        "the cosines are right, but the index is the place among the hits. Number the texts before you sort.": [
            (place, cosine) for place, (_, cosine) in enumerate(right)
        ],
        "the indices are sorted, and their cosines are not: they still stand in the order of the texts.": [
            (index, cosine) for (index, _), cosine in zip(right, cosines, strict=False)
        ],
        "every index is one too high: does the query stand before the texts in one list?": [
            (index + 1, cosine) for index, cosine in right
        ],
        "the query finds itself. Leave it out of what is searched, and count the texts from 0.": [
            (0, 1.0),
            *((index + 1, cosine) for index, cosine in _best(cosines, k - 1)),
        ],
    }


def _why_not_cosines(found: list[float], right: list[float]) -> str:
    if any(all(one == round(other, digits) for one, other in zip(found, right, strict=True)) for digits in (1, 2, 3)):
        return "the hits are right, but the cosines are rounded. Round only when you print."
    return f"the hits are right, but their numbers are not cosines: the first should be {right[0]:.2f}, and is {found[0]:.2f}."


def _why_not_order(indices: list[int], cosines: list[float]) -> str:
    if cosines == sorted(cosines, reverse=True):
        return (
            f"the cosines are right, but of texts with the same cosine, the earlier should come first; got {indices}. "
            "`topk` promises nothing about equals, and whole pairs are not sorted by their cosine alone: `sorted` with a `key`, or "
            "`torch.sort` with `stable=True`, leaves equals as they were."
        )
    return f"each text has its right cosine, but they are not in order: {indices}."


def _plain(hit: tuple[int, float]) -> tuple[int, float]:
    return hit[0], round(hit[1], 3)
