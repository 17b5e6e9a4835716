"""HTML read strictly: every element closed in order, none but those that are expected, and nothing that acts."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = ("br", "col", "hr", "img", "link", "meta")
Expected = Mapping[str, Collection[str]]

# What `hf_tutorial.page.page` puts around a fragment.
PAGE: Expected = {
    "html": ["lang"],
    "head": [],
    "meta": ["charset", "name", "content", "http-equiv"],
    "title": [],
    "style": [],
    "body": [],
    "main": [],
}
# What `explore_attention` writes.
EXPLORER: Expected = {
    "style": [],
    "script": [],
    "div": ["class", "translate", "data-lm-suppress-shortcuts", "data-explorer", "data-attention"],
    "figure": ["class"],
    "img": ["src", "alt"],
    "figcaption": [],
}


@dataclass
class Element:
    """An element: its attributes, and its text and elements in order."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    inside: list["str | Element"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it, exactly as it stands there; style left out."""
        return "".join(
            part if isinstance(part, str) else "" if part.tag == "style" else part.text for part in self.inside
        )

    def all(self, tag: str, name: str = "") -> list["Element"]:
        """Return the elements of this kind in it, and of this class if one is given."""
        found = [one for one in self._elements() if one.tag == tag]
        return [one for one in found if not name or name in (one.attributes.get("class") or "").split()]

    def one(self, tag: str, name: str = "") -> "Element":
        (element,) = self.all(tag, name)
        return element

    def _elements(self) -> Iterator["Element"]:
        for part in self.inside:
            if isinstance(part, Element):
                yield part
                yield from part._elements()


class _Reader(HTMLParser):
    def __init__(self, expected: Expected) -> None:
        super().__init__(convert_charrefs=True)
        self.expected, self.open, self.declarations = expected, [Element("")], 0

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        assert tag in self.expected, f"an element nobody expects: {self.get_starttag_text()}"
        assert set(names) <= set(self.expected[tag]), f"attributes nobody expects: {self.get_starttag_text()}"
        assert len(set(names)) == len(names)
        element = Element(tag, dict(attributes))
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attributes):
        assert tag in VOID, f"<{tag}/> opens an element and closes none"
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        assert self.open[-1].tag == tag, f"</{tag}> where <{self.open[-1].tag}> is open"
        self.open.pop()

    def handle_data(self, data):
        self.open[-1].inside.append(data)

    def handle_decl(self, declaration):
        assert declaration == "DOCTYPE html"
        self.declarations += 1

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    def handle_pi(self, data):
        raise AssertionError(f"a processing instruction: {data}")

    def unknown_decl(self, data):
        raise AssertionError(f"a declaration: {data}")


def read(document: str, expected: Expected) -> Element:
    """Return the tree of `document`, in which nothing stands but the `expected` elements with their attributes."""
    document.encode()
    for character in document:
        assert character in "\n\t" or not _refused(character), f"{character!r} must not stand in a page"
    reader = _Reader(expected)
    reader.feed(document)
    reader.close()
    assert len(reader.open) == 1, f"never closed: {[element.tag for element in reader.open[1:]]}"
    return reader.open[0]


def _refused(character: str) -> bool:
    code = ord(character)
    return code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000


def as_shown(text: str) -> str:
    """Return what a page shows of `text`: a picture or a question mark for what must not stand in a page."""

    def one(character: str) -> str:
        if character in "\n\t" or not _refused(character):
            return character
        code = ord(character)
        return "␡" if code == 0x7F else chr(0x2400 + code) if code < 0x20 else "\N{REPLACEMENT CHARACTER}"

    return "".join(map(one, text))
