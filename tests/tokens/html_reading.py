"""Reads HTML as a browser would, strictly: every tag closed in order, and nothing that acts or asks the network."""

import re
from html.parser import HTMLParser

VOID = {"meta", "br", "img", "link"}
ALLOWED_TAGS = set(
    re.findall(
        r"\w+",
        """
    html head meta title style body main div p span ol li bdi i dl dt dd
    details summary table caption thead tbody tr th td
""",
    )
)
ALLOWED_ATTRIBUTES = set(
    re.findall(
        r"[\w-]+",
        """
    lang charset name content http-equiv class style dir title scope open translate role tabindex aria-label aria-hidden
""",
    )
)
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


class Reading(HTMLParser):
    """The visible text of some HTML; raises AssertionError for what should not be there."""

    def __init__(self, document):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.styles, self.texts = [], [], [], []
        assert not FORBIDDEN.search(document), "an invisible character is in the HTML"
        assert "://" not in re.sub("&[a-z]+;|[^<>]*", "", document)
        self.feed(document)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attributes):
        assert tag in ALLOWED_TAGS, tag
        assert {name for name, _ in attributes} <= ALLOWED_ATTRIBUTES, attributes
        self.tags.append(tag)
        self.styles += [value for name, value in attributes if name == "style"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open[-1:] == [tag], f"{tag} closed out of order"
        self.open.pop()

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())
