"""The Markdown of notebooks and pages, as the site needs it: every change works on text outside code."""

import os
import re
from collections.abc import Callable, Collection, Iterator
from html import escape
from pathlib import Path, PurePosixPath

from tools.links import BADGE_IMAGE
from tools.notebooks import Project

# A run of backticks begins a span only as a whole, and not behind a backslash.
_SPAN = re.compile(r"(?<![`\\])(?P<ticks>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`)", re.S)
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,}|:{3,})(?P<info>.*)$")
# Directives whose body is code; the body of any other is prose.
_CODE_DIRECTIVE = re.compile(r"\{(code|code-block|code-cell|literalinclude|toctree)\}")
_LINK = re.compile(r"\]\((?!\w+:|#|/)(?P<target>[^)\s#]+)(?P<fragment>#[^)\s]*)?\)")
_BADGE = re.compile(r"^\[!\[Open in Colab\]\([^)]*\)\]\((?P<address>[^)\s]+)\)", re.M)
_BOX = re.compile(r"^> \*\*(?P<title>[^*\n]+?)\.\*\*(?P<text>.*(?:\n>.*)*)", re.M)
# Not an address in angle brackets.
_TAG = re.compile(r"<(?=/?(?P<name>[A-Za-z][\w-]*)(?![\w.+-]*[:@])|!|\?)")

# The HTML that lessons write themselves. Whatever else looks like a tag is shown as text.
OWN_TAGS = {
    "a",
    "b",
    "br",
    "code",
    "details",
    "div",
    "dl",
    "dt",
    "dd",
    "em",
    "i",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "span",
}
OWN_TAGS |= {"strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"}


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Return `text` with everything but its code changed.

    >>> outside_code("a `a` a", str.upper)
    'A `a` A'
    """
    return "".join(part if is_code else _outside_spans(part, change) for part, is_code in blocks(text))


def _outside_spans(text: str, change: Callable[[str], str]) -> str:
    parts, end = [], 0
    for found in _SPAN.finditer(text):
        parts += [change(text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*parts, change(text[end:])])


def blocks(text: str) -> Iterator[tuple[str, bool]]:
    """Split a text into prose and fenced code. What a directive holds is prose; its fences are kept with the code."""
    gathered: list[str] = []
    code, directives = "", list[str]()
    for line in text.splitlines(keepends=True):
        fence = _FENCE.match(line.rstrip("\n"))
        closes = bool(fence) and not fence["info"].strip()
        if code:
            gathered.append(line)
            if closes and fence["fence"].startswith(code):
                yield "".join(gathered), True
                gathered, code = [], ""
        elif fence and closes and directives and fence["fence"].startswith(directives[-1]):
            directives.pop()
            yield from (("".join(gathered), False), (line, True))
            gathered = []
        elif fence and _is_directive(fence["info"]):
            directives.append(fence["fence"])
            yield from (("".join(gathered), False), (line, True))
            gathered = []
        elif fence and not fence["fence"].startswith(":"):
            yield "".join(gathered), False
            gathered, code = [line], fence["fence"]
        else:
            gathered.append(line)
    yield "".join(gathered), bool(code)


def _is_directive(info: str) -> bool:
    return info.strip().startswith("{") and not _CODE_DIRECTIVE.match(info.strip())


def without_foreign_html(text: str) -> str:
    """Turn what looks like a tag, and is none that lessons use, into text; comments too.

    >>> without_foreign_html("# A <script> and <b>bold</b>")
    '# A &lt;script> and <b>bold</b>'
    """
    return _TAG.sub(lambda tag: tag[0] if (tag["name"] or "").lower() in OWN_TAGS else "&lt;", text)


def with_colab_button(text: str) -> str:
    """Turn the badge, a picture that Colab's host would serve, into a link with the look of a button."""
    return _BADGE.sub(r'<a class="course-colab" href="\g<address>">Open in Colab</a>', text.replace(BADGE_IMAGE, ""))


def with_boxes(text: str) -> str:
    """Turn a quotation that begins with a bold sentence, as “Here / on the Hub.” does, into an admonition."""
    return _BOX.sub(_box, text)


def _box(found: re.Match[str]) -> str:
    lines = [re.sub(r"^> ?", "", line) for line in found["text"].strip().split("\n")]
    return "\n".join([f"::::{{admonition}} {found['title']}", ":class: course-box", "", *lines, "::::"])


def with_site_links(text: str, project: Project, home: Path, page: str, pages: Collection[str]) -> str:
    """Lead links to where the site has their targets, and what it leaves out to the repository.

    `home` is the folder of the text in the checkout, `page` its page; `pages` are the names of all pages. What is
    nowhere is left as it is: Sphinx refuses it.
    """
    return _LINK.sub(lambda link: f"]({_target(link, project, home, page, pages)})", text)


def _target(link: re.Match[str], project: Project, home: Path, page: str, pages: Collection[str]) -> str:
    path = Path(os.path.normpath(home / link["target"]))
    if not path.is_relative_to(project.root) or not path.exists():
        return link[0][2:-1]
    fragment = link["fragment"] or ""
    for root in (project.notebooks, project.root / "docs" / "course"):
        if path.is_relative_to(root):
            place = path.relative_to(root)
            if place.with_suffix("").as_posix() in pages:
                return _relative(place, page) + fragment
    if path.suffix in (".png", ".svg", ".jpg"):
        return link[0][2:-1]
    where = "https://github.com/{owner}/{repository}/blob/{branch}".format(**project.settings)
    return f"{where}/{path.relative_to(project.root).as_posix()}{fragment}"


def _relative(place: Path, page: str) -> str:
    return os.path.relpath(place.as_posix(), PurePosixPath(page).parent.as_posix()).replace(os.sep, "/")


def text_of(markdown: str) -> str:
    """Return one line of Markdown as a table cell or a title: no tag and no column mark survives."""
    return _outside_spans(markdown, lambda part: escape(part, quote=False)).replace("|", "\\|")
