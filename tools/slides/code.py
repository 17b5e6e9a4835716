"""Code and printed output as lines that go on in the next one rather than run out of the slide."""

from collections.abc import Iterator

from pygments import lex
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES
from pygments.util import ClassNotFound

from hf_tutorial.page import escape
from tools.slides.measure import HANGING


def code_html(source: str, language: str, size: int, name: str) -> str:
    """Return highlighted code as a `<pre>`."""
    # The lexer takes every line end for a newline and drops a mark of the byte order; the lines must be the same ones.
    source = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = "".join(
        _line(line, inner) for line, inner in zip(source.split("\n"), _highlighted(source, language), strict=True)
    )
    return _pre(lines, size, name)


def text_html(text: str, size: int, name: str) -> str:
    """Return text as it was printed, escaped, as a `<pre>`."""
    return _pre("".join(_line(line, escape(line)) for line in text.split("\n")), size, name)


def _pre(lines: str, size: int, name: str) -> str:
    return f'<pre class="{name}" style="font-size: {size}px"><code>{lines}</code></pre>'


def _line(line: str, inner: str) -> str:
    """Return one line; where it is wrapped, it goes on under its own indent and a little to the right."""
    if not line.strip():
        return '<span class="line empty"></span>'
    inset = len(line) - len(line.lstrip(" ")) + HANGING
    return f'<span class="line" style="--inset: {inset}ch">{inner}</span>'


def _highlighted(source: str, language: str) -> Iterator[str]:
    """Yield each line of `source` with a `<span>` for each piece that has a colour."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", stripnl=False, ensurenl=False)
    line = ""
    for kind, text in lex(source, lexer):
        name = STANDARD_TYPES.get(kind, "")
        for position, piece in enumerate(text.split("\n")):
            if position:
                yield line
                line = ""
            line += f'<span class="{name}">{escape(piece)}</span>' if name and piece else escape(piece)
    yield line
