"""Slides, polls and the site: Markdown, printed text, code and numbers become our elements and nothing else."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.markup.reading import PAGE, as_shown, read
from tests.odd_texts import MANY, MARKUP, TEXTS
from tools.polls import Poll
from tools.site.figures import numbers
from tools.site.prose import text_of
from tools.site.tables import Table, as_html
from tools.slides.blocks import Section, Slide
from tools.slides.code import code_html, text_html
from tools.slides.deck import poll_section, title_of
from tools.slides.frames import document, frame_block
from tools.slides.markdown import Markdown
from tools.slides.prose import prose_blocks
from tools.slides.render import deck_page, index_page

ATTACK = " ".join(MARKUP)
MARKDOWN = Markdown(decks={"01_tokenizers"})
LISTING = {"pre": ["class", "style"], "code": [], "span": ["class", "style"]}
# What Markdown can come to.
PROSE = LISTING | {
    **dict.fromkeys(
        ("p", "em", "strong", "br", "hr", "blockquote", "ul", "li", "h1", "h2", "h3", "h4", "h5", "h6"), ()
    ),
    "a": ["href"],
    "ol": ["start"],
    "code": ["class"],
    "table": ["style"],
    "colgroup": [],
    "col": ["style"],
    "thead": [],
    "tbody": [],
    "tr": [],
    "th": ["scope", "style"],
    "td": ["style"],
}
# Markdown hands over control characters as they are; a browser shows none of them.
CLEAN = TEXTS.map(lambda text: "".join(one for one in text if one in "\n\t" or as_shown(one) == one))
# Text with what Markdown makes something of.
PIECES = st.sampled_from(
    [
        "# ",
        "\n\n",
        "- ",
        "1. ",
        "> ",
        "`",
        "```\n",
        "```<b> x\n",
        "*",
        "**",
        "| a | b |\n|---|---|\n",
        "[a](",
        ")",
        "    ",
    ]
)
WRITTEN = st.lists(CLEAN | PIECES, max_size=8).map("".join)


def prose(source):
    """Return the tree of some HTML made from Markdown, after checking where its links lead."""
    tree = read(source, PROSE)
    for link in tree.all("a"):
        assert re.match(r"https?://|01_tokenizers\.html$", link.attributes["href"])
    for element in (one for tag in PROSE for one in tree.all(tag)):
        assert re.fullmatch(r"[\w :;.%-]*", element.attributes.get("style") or "")
    return tree


@given(WRITTEN)
@example(ATTACK)
@settings(max_examples=MANY, deadline=None)
def test_markdown_has_no_elements_but_its_own(source):
    prose(MARKDOWN.whole(source))
    prose(MARKDOWN.inline_html(source))


@given(WRITTEN)
@example(f"<details><summary>{ATTACK}</summary>{ATTACK}</details>")
@settings(max_examples=MANY, deadline=None)
def test_blocks_of_slides_hold_prose_and_nothing_else(source):
    for block in prose_blocks(MARKDOWN, source, 1):
        prose(block.html)
        prose(block.notes)


@given(question=WRITTEN, options=st.lists(WRITTEN, min_size=3, max_size=4), why=WRITTEN)
@example(ATTACK, [ATTACK] * 3, ATTACK)
@settings(max_examples=MANY // 2, deadline=None)
def test_a_poll_keeps_its_form(question, options, why):
    poll = Poll("after", question, tuple(options), "A", why)
    (block,) = poll_section(poll, MARKDOWN).blocks
    tree = read(block.html, PROSE | {"p": ["class"]})
    assert [letter.text for letter in tree.all("span", "letter")] == list("ABCD")[: len(options)]
    prose(block.notes)


@given(title=CLEAN)
@example(ATTACK)
@settings(max_examples=MANY // 2, deadline=None)
def test_a_deck_and_the_list_of_decks_name_themselves(title):
    expected = PAGE | PROSE | {
        "link": ["rel", "href"],
        "script": ["src"],
        "main": ["class"],
        "body": ["class"],
        "div": ["class", "data-width", "data-height"],
        "section": ["class"],
        "p": ["class"],
        "kbd": [],
    }  # fmt: skip
    slide = Slide(Section(title, 1, True), ())
    name = title_of([slide], MARKDOWN)
    deck = read(deck_page([slide], name, MARKDOWN), expected)
    assert deck.one("title").text == deck.one("p", "corner").text == name
    listed = read(index_page([{"address": "01.html", "title": name, "slides": 3}]), expected)
    assert listed.one("a").text == name


@given(source=TEXTS, language=st.sampled_from(["ipython3", "python", "html", "text", "<b>", ""]))
@example(ATTACK, "ipython3")
@example("\ufeffa = 1\r\nb = 2\rc", "ipython3")
@settings(max_examples=MANY, deadline=None)
def test_code_and_printed_text_come_back_line_by_line(source, language):
    code = re.sub("\r\n?", "\n", source.removeprefix("\ufeff"))
    for made, text in ((code_html(source, language, 20, "source"), code), (text_html(source, 20, "printed"), source)):
        tree = read(made, LISTING)
        lines = [as_shown(line) if line.strip() else "" for line in text.split("\n")]
        assert [line.text for line in tree.all("span", "line")] == lines
        assert tree.text == "".join(lines)


@given(TEXTS)
@example(ATTACK)
@settings(max_examples=MANY, deadline=None)
def test_a_frame_holds_its_page_as_data(fragment):
    block = frame_block(fragment, "a\nb", 3)
    tree = read(block.html, {"iframe": ["title", "sandbox", "data-page"], "p": ["class"]})
    assert tree.one("iframe").attributes["data-page"] == as_shown(document(fragment))
    assert tree.one("iframe").attributes["sandbox"] == "allow-scripts allow-downloads"


@given(caption=TEXTS, names=st.lists(TEXTS, min_size=1, max_size=3), first=TEXTS, value=st.floats())
@example(ATTACK, [ATTACK], ATTACK, 1.0)
@settings(max_examples=MANY, deadline=None)
def test_a_table_of_numbers_says_what_the_figure_says(caption, names, first, value):
    rows = [[first, *([value] * (len(names) - 1))]]
    expected = {
        **dict.fromkeys(("details", "summary", "caption", "thead", "tbody", "tr", "td"), ()),
        "div": ["class"],
        "table": ["class"],
        "th": ["scope"],
    }
    tree = read(as_html(Table(caption, names, rows)), expected)
    assert tree.one("caption").text == as_shown(caption)
    assert [head.text for head in tree.one("thead").all("th")] == [as_shown(name) for name in names]
    assert tree.one("tbody").one("th").text == as_shown(first)
    read(numbers([{"caption": caption, "columns": names, "rows": rows}]), expected)


@given(WRITTEN)
@example(ATTACK)
@settings(max_examples=MANY)
def test_a_title_on_the_site_holds_no_html_and_no_column_mark(source):
    title = text_of(source.replace("\n", " "))
    (line,) = MarkdownIt("commonmark", {"html": True}).parseInline(title)
    assert "html_inline" not in [token.type for token in line.children or []]
    assert not re.search(r"(?<!\\)\|", title)
