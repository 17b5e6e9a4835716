"""The Markdown of a lesson as tokens and HTML. Raw HTML in it is shown as text, and links lead to decks or away."""

import html
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

_DETAILS = re.compile(r"<details[^>]*>\s*<summary>(.*?)</summary>(.*?)</details>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?(\w+)[^>]*>")


@dataclass(frozen=True)
class Details:
    """What folds out in the notebook: a summary and what is inside, both Markdown."""

    summary: str
    inside: str


def parts(source: str) -> Iterator[str | Details]:
    """Split a cell at its `<details>`, which no Markdown parser would keep together."""
    start = 0
    for match in _DETAILS.finditer(source):
        yield source[start : match.start()]
        yield Details(_as_markdown(match[1]), match[2].strip())
        start = match.end()
    yield source[start:]


def _as_markdown(summary: str) -> str:
    """Return a summary's few tags as Markdown: code stays code, bold type goes, since a slide has its own.

    >>> _as_markdown("<b>Q: What is <code>&lt;pad&gt;</code>?</b>")
    'Q: What is `<pad>`?'
    """
    text = _TAG.sub(lambda tag: "`" if tag[1].lower() == "code" else "", summary)
    return " ".join(html.unescape(text).split())


class Markdown:
    """Reads Markdown; `decks` are the lessons whose slides lie in the same folder."""

    def __init__(self, decks: Collection[str] = ()) -> None:
        self._decks = decks
        self._parser = MarkdownIt("commonmark", {"html": False}).enable("table")
        self._parser.add_render_rule("image", _alternative_text)
        self._parser.core.ruler.push("links", lambda state: self._mend_links(state.tokens))

    def parse(self, source: str) -> list[Token]:
        return self._parser.parse(source)

    def inline(self, source: str) -> list[Token]:
        """Return the inline tokens of one line of Markdown."""
        return self._parser.parseInline(source)[0].children or []

    def html(self, tokens: Sequence[Token]) -> str:
        """Return the HTML of block tokens."""
        return self._parser.renderer.render(tokens, self._parser.options, {})

    def inline_html(self, source: str) -> str:
        return self._parser.renderInline(source)

    def whole(self, source: str) -> str:
        """Return the HTML of a piece of Markdown."""
        return self.html(self.parse(source))

    def _mend_links(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            for child in token.children or []:
                if child.type == "link_open":
                    target = self._target(str(child.attrs.get("href", "")))
                    child.attrs = {"href": target} if target else {}
                    child.tag = "a" if target else "span"
                    opened = child.tag
                elif child.type == "link_close":
                    child.tag = opened

    def _target(self, address: str) -> str | None:
        """Return where a link leads from a deck; None if there is nothing in the folder that it could lead to."""
        if re.match(r"https?://", address):
            return address
        path = PurePosixPath(address.partition("#")[0])
        return f"{path.stem}.html" if path.suffix == ".ipynb" and path.stem in self._decks else None


def _alternative_text(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, environment: object
) -> str:
    return html.escape(tokens[place].content)
