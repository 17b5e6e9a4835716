"""A paragraph in short form: whole sentences of it, never half of one. The speaker notes hold it whole."""

import re

MOST_WORDS = 30
# A first sentence such as “**Normalise.**” is a label, and the next one belongs to it; so does the one after a question.
FEWEST_WORDS = 5

_SENTENCE_END = re.compile(r"[.!?…]['\"”’)*_]*(?=\s+[\"“(*_`\[]*[A-Z0-9`])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|Dr|Mr|Mrs|Fig|No|St)|\b[A-Z])\.$")
_CODE_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)


def shorten(markdown: str) -> str:
    """Return the paragraph whole if it is short, else its first sentence; if it ends in a colon, the one that leads on.

    A long aside, a paragraph that stands in brackets as a whole, comes back empty.

    >>> shorten("One. Two.")
    'One. Two.'
    """
    text = " ".join(markdown.split())
    if len(text.split()) <= MOST_WORDS:
        return text
    parts = sentences(text)
    if len(parts) == 1 and text.startswith("("):
        return ""
    if text.endswith(":") and len(parts[-1].split()) >= FEWEST_WORDS:
        return parts[-1]
    kept = parts[0]
    for part in parts[1:]:
        if len(kept.split()) >= FEWEST_WORDS and not kept.endswith("?"):
            break
        kept += f" {part}"
    return kept


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
