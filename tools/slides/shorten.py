"""A paragraph in short form: whole sentences of it, never half of one. The speaker notes hold it whole.

What is set in bold is a term where it is defined, or a rule, so these sentences are kept.
"""

import re
from collections.abc import Collection, Sequence

MOST_WORDS = 30
# A sentence of fewer says too little by itself, such as “**Normalise.**” or “You can ask for more.”
FEWEST_WORDS = 9
# Beside a sentence in bold it needs fewer, and so does what leads on to the next block, since that completes it.
FEWEST_BESIDE_BOLD = 7
FEWEST_LEADING_ON = 5

_SENTENCE_END = re.compile(r"[.!?…]['\"”’)*_]*(?=\s+[\"“(*_`\[]*[A-Z0-9`])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|Dr|Mr|Mrs|Fig|No|St)|\b[A-Z])\.$")
_CODE_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
# A sentence that begins so goes on from the one before.
_POINTS_BACK = re.compile(r"[(*_]*(?:It|Its|They|Their|These|This|That|Those|Both|Such|So|And|But)\b")
# One that asks, or that says what only seems so, is not left without the next.
_POINTS_ON = re.compile(r"\?$|\bseems?\b")


def shorten(markdown: str) -> str:
    """Return the paragraph whole if it is short, else its sentences in bold and its first one.

    If it leads on to the next block without any in bold, that sentence stands in place of the first. One that says
    little by itself takes along the next, or gives way to those in bold. A long aside, a paragraph that stands in
    brackets as a whole, comes back empty.

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
    bold = {place for place, part in enumerate(parts) if _is_bold(part)}
    leading = {len(parts) - 1} if leads_on(parts[-1]) and not _is_slight(parts[-1]) else set()
    beside_bold = bool(bold - leading)
    needs_first = len(parts[0].split()) >= FEWEST_BESIDE_BOLD if beside_bold else not leading
    return sorted({0, *bold, *leading} if needs_first else bold | leading)


def _in_company(parts: Sequence[str], chosen: Collection[int]) -> set[int]:
    """Return the places chosen with those that a slight sentence or a question leads to, or that one points back to."""
    kept: set[int] = set()
    for place in chosen:
        kept.add(place)
        before = place
        while before and _POINTS_BACK.match(parts[before]):
            before -= 1
            kept.add(before)
        run = parts[place]
        while place + 1 < len(parts) and (_is_slight(run) or _POINTS_ON.search(parts[place])):
            place += 1
            kept.add(place)
            run += f" {parts[place]}"
    return kept


def _is_slight(text: str) -> bool:
    fewest = FEWEST_LEADING_ON if leads_on(text) else FEWEST_BESIDE_BOLD if _is_bold(text) else FEWEST_WORDS
    return len(text.split()) < fewest


def _is_bold(text: str) -> bool:
    """Tell whether any of it is in bold; `**` in code means something else."""
    return "**" in _CODE_SPAN.sub("", text)


def leads_on(text: str) -> bool:
    """Tell whether a paragraph goes on in the next block: it ends in a colon, or in the middle of a sentence.

    >>> [leads_on(text) for text in ("It prints:", "It lies within", "It ends.", "*So it does.*")]
    [True, True, False, False]
    """
    return text.endswith(":") or text[-1:].isalpha()


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
