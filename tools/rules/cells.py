"""Rules on single cells: slides, tags, sizes, prose, images and links."""

import re
from collections.abc import Iterator
from statistics import median, quantiles
from urllib.parse import unquote

from tools.links import BADGE_START, is_setup
from tools.notebooks import tags
from tools.rules.sheet import Finding, Sheet, without_fences

SLIDE_TYPES = ("slide", "subslide", "fragment", "skip", "notes", "-")
TAGS = ("setup", "nbval-ignore-output", "nbval-check-output", "raises-exception", "shows-removed", "solution")
MEDIAN_LINES, NINTH_DECILE_LINES = 8, 20
FEWEST_WORDS, MOST_WORDS = 1_500, 3_000

_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<address>[^)\s]+)[^)]*\)")
_IMAGE_TAG = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_LINK = re.compile(r"\]\((?P<address>[^)\s]+)[^)]*\)")


def slides(sheet: Sheet) -> Iterator[Finding]:
    """Every cell says which kind of slide it is; a heading begins its cell and its slide, as Colab's slideshow does."""
    for number, cell in sheet.cells:
        if cell.metadata.get("slideshow", {}).get("slide_type") not in SLIDE_TYPES:
            yield number, f"has no slide type; set slideshow.slide_type to one of {', '.join(SLIDE_TYPES)}"
    for heading in sheet.headings:
        slide = sheet.notebook.cells[heading.cell - 1].metadata.get("slideshow", {}).get("slide_type")
        if not heading.first:
            yield heading.cell, f"“{heading.text}” is a heading inside a cell; begin a new cell with it"
        elif slide not in ("slide", "subslide"):
            yield heading.cell, f"“{heading.text}” is a heading; make its slide type slide or subslide"


def known_tags(sheet: Sheet) -> Iterator[Finding]:
    """A tag that no tool knows is a slip of the pen; `nbval-skip` would leave names undefined."""
    for number, cell in sheet.cells:
        for tag in tags(cell):
            if tag not in TAGS:
                yield number, f"has the unknown tag {tag}; the tags are {', '.join(TAGS)}"
        if {"nbval-ignore-output", "nbval-check-output"} <= set(tags(cell)):
            yield number, "is tagged both to be ignored and to be compared; remove one tag"


def comment_markers(sheet: Sheet) -> Iterator[Finding]:
    """nbval's comments would show up in the code that students read."""
    for number, cell in sheet.code:
        if marker := re.search(r"^\s*#\s*(NBVAL_\w+|PYTEST_VALIDATE_IGNORE_OUTPUT)", cell.source, re.MULTILINE):
            yield number, f"has the comment {marker[1]}; use the tag {marker[1].lower().replace('_', '-')} instead"


def code_sizes(sheet: Sheet) -> Iterator[Finding]:
    """Code cells are short: one idea each. Blank lines do not count."""
    sizes = [(sum(1 for line in cell.source.split("\n") if line.strip()), number) for number, cell in sheet.code]
    lines = [size for size, _ in sizes]
    if lines and median(lines) > MEDIAN_LINES:
        yield None, f"half of its code cells have more than {MEDIAN_LINES} lines; split them"
    if len(lines) > 1 and (decile := quantiles(lines, n=10, method="inclusive")[-1]) > NINTH_DECILE_LINES:
        size, number = max(sizes)
        yield (
            number,
            f"has {size} lines; a tenth of the code cells may exceed {NINTH_DECILE_LINES}, here {decile:.0f}; split it",
        )


def no_empty_cells(sheet: Sheet) -> Iterator[Finding]:
    """An empty code cell has no execution count, and an empty markdown cell is an empty slide."""
    for number, cell in sheet.cells:
        if not cell.source.strip():
            yield number, "is empty; delete it"


def prose(sheet: Sheet) -> Iterator[Finding]:
    """A lesson is read: not code dumped, and not a chapter."""
    count = sum(words(text) for _, text in sheet.markdown)
    if not FEWEST_WORDS <= count <= MOST_WORDS:
        yield None, f"has {count:,} words of prose; write {FEWEST_WORDS:,} to {MOST_WORDS:,}"


def words(markdown: str) -> int:
    """Count the words that a reader reads: no code blocks, no badge, no tags, no addresses.

    >>> words("**Two** [words](https://example.org)")
    2
    """
    text = "\n".join(line for line in without_fences(markdown).split("\n") if not line.startswith(BADGE_START))
    text = re.sub(r"<[^>]+>", " ", _LINK.sub("]", text))
    return sum(1 for word in text.split() if re.search(r"\w", word))


def image_texts(sheet: Sheet) -> Iterator[Finding]:
    """Every image in the prose has an alternative text, and comes from the notebook's own folder."""
    for number, text in sheet.markdown:
        prose = "\n".join(line for line in text.split("\n") if not line.startswith(BADGE_START))
        for image in _IMAGE.finditer(prose):
            if not image["alt"].strip():
                yield number, f"the image {image['address']} has no alternative text; write ![what it shows](…)"
            if "//" in image["address"]:
                yield number, f"the image {image['address']} is loaded from another host; keep it beside the notebook"
        for tag in _IMAGE_TAG.findall(prose):
            if not re.search(r"\balt=([\"'])\s*[^\"'\s]", tag):
                yield number, f'{tag} has no alternative text; add alt="what it shows"'


def links(sheet: Sheet) -> Iterator[Finding]:
    """A link within the course leads to a file that is there."""
    for number, text in sheet.markdown:
        for link in _LINK.finditer(text):
            address = unquote(link["address"].split("#")[0])
            local = address and not re.match(r"[a-z]+:", address)
            if local and not (sheet.path.parent / address).exists():
                yield number, f"links {address}, which does not exist; mend the link"


def only_setup_installs(sheet: Sheet) -> Iterator[Finding]:
    """Only the set-up cell installs: `!` and `%pip` anywhere else change the reader's machine."""
    for number, cell in sheet.code:
        if not is_setup(cell) and re.search(r"^\s*(!|%pip|%conda)", cell.source, re.MULTILINE):
            yield number, "runs a shell command; only the set-up cell installs, so find a Python way"
