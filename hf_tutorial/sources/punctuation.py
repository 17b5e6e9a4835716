"""Words and the marks behind them: what `hf-tutorial/punctuation` learns from, and is judged by.

The labels come free from any text with punctuation: take the marks away, and keep for each word the one that stood
behind it. An exclamation mark ends a sentence and counts as a full stop; colons, brackets and quotes are dropped.
"""

import re
from collections.abc import Sequence

# Names as token classification has them: "O" is outside of all, "B-" begins something (here one word long, so that two
# neighbouring words with the same mark are not taken for one).
LABELS = ("O", "B-comma", "B-stop", "B-question")
NUMBERS = {",": 1, ".": 2, "!": 2, "?": 3}
# In cross-entropy: no label here.
IGNORED = -100
# A number keeps the points inside it; a word its apostrophes and hyphens.
_PARTS = re.compile(r"\d+(?:[.,]\d+)+|\w[\w'-]*|[,.!?]")


def words_and_marks(text: str) -> tuple[list[str], list[int]]:
    """Return the words of `text`, and for each the number in `LABELS` of the first mark behind it, 0 for none."""
    words: list[str] = []
    marks: list[int] = []
    for part in _PARTS.findall(re.sub(r"<br\s*/?>", " ", text)):
        if part not in NUMBERS:
            words.append(part)
            marks.append(0)
        elif marks and marks[-1] == 0:
            marks[-1] = NUMBERS[part]
    return words, marks


def label_pieces(pieces: Sequence[str], word_ids: Sequence[int], marks: Sequence[int]) -> list[int]:
    """Return a label for each token: the first piece of each of the tokenizer's own words has one, the others -100.

    `word_ids` has the number of the word in `marks` for each of the `pieces`. BERT's tokenizer makes three words of
    "don't"; the mark stands behind the last of them.
    """
    labels: list[int] = []
    place: dict[int, int] = {}
    for piece, word in zip(pieces, word_ids, strict=True):
        if piece.startswith("##"):
            labels.append(IGNORED)
        else:
            place[word] = len(labels)
            labels.append(0)
    for word, at in place.items():
        labels[at] = marks[word]
    return labels
