"""A docstring as Markdown for Sphinx: prose with backticks stays, what is indented becomes a block of code."""

import inspect
import re
from textwrap import dedent

from tools.site.prose import blocks

_INDENTED = re.compile(r"(?:(?<=\n\n)|\A)(?P<block>(?: {4,}[^\n]*\n?|\n(?= {4}))+)")
_PROMPTED = re.compile(r"(?:(?<=\n\n)|\A)(?P<block>>>> .*(?:\n(?!\n).*)*)")


def as_markdown(thing: object) -> str:
    """Return the docstring of `thing`, ready to stand in a MyST directive; empty if it has none of its own."""
    return from_text(inspect.getdoc(thing) or "")


def from_text(text: str) -> str:
    """Turn plain text into Markdown.

    >>> print(from_text("Add.\\n\\n    add(1, 2)"))
    Add.
    <BLANKLINE>
    ```python
    add(1, 2)
    ```
    """
    text = _INDENTED.sub(lambda found: _fenced(dedent(found["block"])), text.strip())
    text = _PROMPTED.sub(lambda found: _fenced(found["block"]), text)
    return "".join(part if is_code else _safe(part) for part, is_code in blocks(text.strip()))


def _fenced(code: str) -> str:
    language = "pycon" if code.lstrip().startswith(">>>") else "python"
    return f"```{language}\n{code.strip()}\n```\n"


def _safe(text: str) -> str:
    """A line of a docstring that Markdown would take for a heading, a comment, a break or a target is text."""
    return re.sub(r"^(?=#{1,6} |%|\+\+\+|\([\w-]+\)=\s*$)", r"\\", text, flags=re.MULTILINE)
