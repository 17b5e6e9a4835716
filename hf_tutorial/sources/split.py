"""The one split of the reviews that every lesson and every training script takes.

What a published model has seen must never be what it is judged on, so the split belongs to the text and not to its place
in a file: a review is held out when a hash of its words says so. Two reviews with the same words always fall on the same
side, whatever dataset, order or punctuation they come in. About one review in six is held out, and so are always the 160
reviews that the lecture draws with `shuffle(seed=1111)`.
"""

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict

HELD_OUT_SHARE = 0.16

_MARKUP = re.compile(r"<[^>]*>")
_NOT_A_WORD = re.compile(r"\W+")
# The same for ASCII, and far faster: signs that are part of no word become spaces, capitals small letters.
_ASCII_WORDS = bytes(ord(chr(sign).lower()) if re.match(r"\w", chr(sign), re.ASCII) else 32 for sign in range(256))


def fingerprint(text: str) -> str:
    """Return 16 hex digits that depend on the words of `text` alone.

    Case, punctuation, spacing and HTML tags such as `<br />` do not count.

    >>> fingerprint("A <br />GREAT film!") == fingerprint("a great film")
    True
    """
    text = _MARKUP.sub(" ", text)
    if text.isascii():
        words = b" ".join(text.encode().translate(_ASCII_WORDS).split())
    else:
        words = _NOT_A_WORD.sub(" ", text.casefold()).strip().encode()
    return hashlib.sha256(words).hexdigest()[:16]


@cache
def lecture_fingerprints() -> frozenset[str]:
    """Return the fingerprints of the lecture's 128 training and 32 validation reviews."""
    listed = files("hf_tutorial.sources").joinpath("lecture_reviews.txt").read_text(encoding="utf-8")
    return frozenset(listed.split())


def is_held_out(text: str) -> bool:
    """Say whether `text` belongs to the held-out reviews, which no weights of ours were trained on."""
    mark = fingerprint(text)
    return int(mark, 16) < HELD_OUT_SHARE * 16**16 or mark in lecture_fingerprints()


def split_reviews(reviews: "Dataset", column: str = "text") -> "DatasetDict":
    """Return `reviews` as a `DatasetDict` with the splits `train` and `held_out`, each in the original order."""
    from datasets import DatasetDict

    held_out = [is_held_out(text) for text in reviews[column]]
    return DatasetDict(
        train=reviews.select([row for row, out in enumerate(held_out) if not out]),
        held_out=reviews.select([row for row, out in enumerate(held_out) if out]),
    )
