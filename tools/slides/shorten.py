"""A paragraph in short form: whole sentences of it, never half of one. The speaker notes hold it whole.

What is set in bold is a term where it is defined, or a rule, so these sentences are kept.
"""

import re
from collections.abc import Collection, Sequence

MOST_WORDS = 30
# A sentence of fewer says too little by itself, such as “**Normalise.**” or “You can ask for more.”
FEWEST_WORDS = 7
# What ends in a colon needs fewer, since what follows completes it.
FEWEST_LEADING_ON = 5

_SENTENCE_END = re.compile(r"[.!?…]['\"”’)*_]*(?=\s+[\"“(*_`\[]*[A-Z0-9`])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|Dr|Mr|Mrs|Fig|No|St)|\b[A-Z])\.$")
_CODE_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
# A sentence that begins so goes on from the one before.
_POINTS_BACK = re.compile(r"[(*_]*(?:It|Its|They|Their|These|This|That|Those|Both|Such|So|But)\b")


def shorten(markdown: str) -> str:
    """Return the paragraph whole if it is short, else its sentences in bold and its first one.

    If it ends in a colon, what leads on stands in place of the first. A sentence that says little by itself takes
    along the next, or gives way to one in bold. A long aside, a paragraph that stands in brackets as a whole, comes
    back empty.

    >>> shorten("One. Two.")
    'One. Two.'
    """
    text = " ".join(markdown.split())
    if len(text.split()) <= MOST_WORDS:
        return text
    parts = sentences(text)
    if len(parts) == 1 and text.startswith("("):
        return ""
    kept = _in_company(parts, _chosen(parts))
    return " ".join(part for place, part in enumerate(parts) if place in kept)


def _chosen(parts: Sequence[str]) -> list[int]:
    """Return the places of the sentences that matter most."""
    bold = [place for place, part in enumerate(parts) if "**" in _CODE_SPAN.sub("", part)]
    if parts[-1].endswith(":") and not _is_slight(parts[-1]):
        return sorted({*bold, len(parts) - 1})
    return bold if bold and _is_slight(parts[0]) else sorted({0, *bold})


def _in_company(parts: Sequence[str], chosen: Collection[int]) -> set[int]:
    """Return the places chosen with those that a slight sentence or a question leads to, or that one points back to."""
    kept: set[int] = set()
    for place in chosen:
        if place and _POINTS_BACK.match(parts[place]):
            kept.add(place - 1)
        kept.add(place)
        run = parts[place]
        while place + 1 < len(parts) and (_is_slight(run) or run.endswith("?")):
            place += 1
            kept.add(place)
            run += f" {parts[place]}"
    return kept


def _is_slight(text: str) -> bool:
    return len(text.split()) < (FEWEST_LEADING_ON if text.endswith(":") else FEWEST_WORDS)


def sentences(text: str) -> list[str]:
    """Return the sentences of a Markdown paragraph; code, links, emphasis and brackets stay in one piece.

    >>> sentences("It is *one. Two* and. `A. B` ends. So [does. It](a.b)!")
    ['It is *one. Two* and.', '`A. B` ends.', 'So [does. It](a.b)!']
    """
    found, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        sentence = text[start : match.end()]
        if _is_closed(sentence) and not _ABBREVIATION.search(sentence):
            found.append(sentence.strip())
            start = match.end()
    return [*found, text[start:].strip()]


def _is_closed(text: str) -> bool:
    """Tell whether nothing that the text opens, as a bracket or an emphasis, is still open at its end."""
    text = _CODE_SPAN.sub("", text)
    if "`" in text or text.count("**") % 2 or text.replace("**", "").count("*") % 2:
        return False
    return all(text.count(left) == text.count(right) for left, right in ("()", "[]", "“”"))
