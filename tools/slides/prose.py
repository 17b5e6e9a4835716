"""A Markdown cell as blocks: short on the slide, whole in the notes."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from markdown_it.token import Token

from tools.rules.template import BOX
from tools.slides.blocks import Block, Kind
from tools.slides.code import code_html
from tools.slides.markdown import Details, Markdown, parts
from tools.slides.measure import (
    ACROSS,
    CODE_SIZES,
    LEAST_ROOM,
    TEXT_LINE,
    TEXT_SIZE,
    chunks,
    code_height,
    text_lines,
)
from tools.slides.shorten import leads_on, shorten
from tools.slides.tables import table_blocks

# What the room is asked before it sees the answer.
QUESTIONS = ("*Before you run", "*Before you look", "*Before you read")

# What deck.css takes on both sides of each: bars, bullets, padding.
_SIDES: dict[Kind, int] = {"prose": 0, "list": 44, "quote": 36, "question": 52}
_ENDS: dict[Kind, int] = {"prose": 0, "list": 0, "quote": 8, "question": 24}
_BETWEEN_ITEMS = 8


def prose_blocks(markdown: Markdown, source: str, cell: int) -> Iterator[Block]:
    """Yield the blocks of a Markdown cell without its heading."""
    for part in parts(source):
        if isinstance(part, Details):
            yield _folded(markdown, part, cell)
        else:
            yield from _blocks(markdown, part, cell)


def _blocks(markdown: Markdown, source: str, cell: int) -> Iterator[Block]:
    tokens = markdown.parse(source)
    for start, end in _top_level(tokens):
        group = tokens[start : end + 1]
        match group[0].type:
            case "paragraph_open":
                yield _paragraph(markdown, group[1].content, cell)
            case "bullet_list_open" | "ordered_list_open":
                yield from _lists(markdown, group, cell)
            case "blockquote_open":
                yield _quote(markdown, group, cell)
            case "fence" | "code_block":
                yield _listing(group[0], cell)
            case "table_open":
                yield from table_blocks(markdown, group, cell)


def _top_level(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield where each block of the document begins and ends."""
    begin = 0
    for place, token in enumerate(tokens):
        if token.level == 0 and token.nesting >= 0:
            begin = place
        if token.level == 0 and token.nesting <= 0:
            yield begin, place


def text_block(markdown: Markdown, kind: Kind, source: str, cell: int, notes: str = "", stays: bool = False) -> Block:
    """Return a block of running text."""
    lines = text_lines(markdown.inline(source), TEXT_SIZE, ACROSS - _SIDES[kind])
    height = lines * TEXT_LINE + _ENDS[kind]
    return Block(kind, f"<p>{markdown.inline_html(source)}</p>", height, cell, notes=notes, stays=stays)


def _paragraph(markdown: Markdown, source: str, cell: int) -> Block:
    notes = f"<p>{markdown.inline_html(source)}</p>"
    if source.startswith(QUESTIONS):
        return text_block(markdown, "question", source, cell, notes=notes, stays=True)
    if not (short := shorten(source)):
        return Block("notes", "", 0, cell, notes=notes)
    return text_block(markdown, "prose", short, cell, notes=notes, stays=leads_on(short))


def _folded(markdown: Markdown, details: Details, cell: int) -> Block:
    """Return the question on the slide, and with its answer in the notes."""
    question = markdown.inline_html(details.summary)
    notes = f"<p><strong>{question}</strong></p>{markdown.whole(details.inside)}"
    return text_block(markdown, "question", details.summary, cell, notes=notes)


def _quote(markdown: Markdown, group: Sequence[Token], cell: int) -> Block:
    notes = markdown.html(group)
    paragraphs = [token.content for token in group if token.type == "inline"]
    if not paragraphs or BOX.removeprefix("> ") in paragraphs[0]:
        return Block("notes", "", 0, cell, notes=notes)
    lines = sum(text_lines(markdown.inline(text), TEXT_SIZE, ACROSS - _SIDES["quote"]) for text in paragraphs)
    height = lines * TEXT_LINE + (len(paragraphs) - 1) * _BETWEEN_ITEMS + _ENDS["quote"]
    return Block("quote", notes, height, cell, notes=notes)


def _listing(token: Token, cell: int) -> Block:
    """Return code that the prose shows and nobody runs."""
    language = token.info.split()[0] if token.info.strip() else "text"
    lines = token.content.rstrip("\n").split("\n")
    size = min(CODE_SIZES)
    page = code_html("\n".join(lines), language, size, "listing")
    return Block("listing", page, code_height(lines, size), cell)


def _lists(markdown: Markdown, group: Sequence[Token], cell: int) -> Iterator[Block]:
    """Yield a list as one block, or as several if it is too high for a slide. The first has the whole list for its notes."""
    ordered = group[0].type == "ordered_list_open"
    first = int(group[0].attrs.get("start", 1)) if ordered else 1
    items = [_item(markdown, item) for item in _items(group)]
    notes = markdown.html(group)
    for chosen in chunks([height for _, height in items], LEAST_ROOM, _BETWEEN_ITEMS):
        body = "".join(f"<li>{items[place][0]}</li>" for place in chosen)
        height = sum(items[place][1] for place in chosen) + _BETWEEN_ITEMS * (len(chosen) - 1)
        opening = f'<ol start="{first + chosen[0]}">' if ordered else "<ul>"
        yield Block("list", f"{opening}{body}{'</ol>' if ordered else '</ul>'}", height, cell, notes=notes)
        notes = ""


def _items(group: Sequence[Token]) -> Iterator[Sequence[Token]]:
    starts = [place for place, token in enumerate(group) if token.type == "list_item_open" and token.level == 1]
    for start, end in pairwise([*starts, len(group)]):
        yield group[start:end]


def _item(markdown: Markdown, tokens: Sequence[Token]) -> tuple[str, int]:
    """Return the HTML of an item and its height: each of its paragraphs in short form, one below the other."""
    texts = [shorten(token.content) for token in tokens if token.type == "inline"]
    shown = [text for text in texts if text]
    lines = [text_lines(markdown.inline(text), TEXT_SIZE, ACROSS - _SIDES["list"]) for text in shown]
    return "<br>".join(map(markdown.inline_html, shown)), sum(lines) * TEXT_LINE
