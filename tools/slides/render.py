"""Slides as the pages of a deck, and the list of all decks, from the templates beside this file."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tools.slides.blocks import Block, Slide
from tools.slides.markdown import Markdown
from tools.slides.measure import HEIGHT, WIDTH

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def deck_page(slides: Sequence[Slide], title: str, markdown: Markdown) -> str:
    """Return the page of a deck."""
    stacks = [[_slide(slide, markdown) for slide in stack] for stack in stacked(slides)]
    return _TEMPLATES.get_template("deck.html.j2").render(title=title, stacks=stacks, width=WIDTH, height=HEIGHT)


def index_page(decks: Sequence[dict[str, Any]]) -> str:
    """Return the list of decks: of each its `address`, `title` and number of `slides`."""
    return _TEMPLATES.get_template("index.html.j2").render(decks=decks)


def stacked(slides: Sequence[Slide]) -> list[list[Slide]]:
    """Return the slides in stacks: the first of each stands to the right of the last stack, the others below it."""
    number = 0

    def stack_of(slide: Slide) -> int:
        nonlocal number
        number += slide.starts_stack
        return number

    return [list(stack) for _, stack in groupby(slides, key=stack_of)]


def _slide(slide: Slide, markdown: Markdown) -> dict[str, Any]:
    return {
        "look": slide.look,
        "heading": Markup(markdown.inline_html(slide.section.heading)),
        "level": 1 if slide.section.level == 1 else 2,
        "part": slide.part,
        "parts": slide.parts,
        "blocks": [_block(block) for block in slide.shown],
        "notes": [Markup(note) for note in slide.notes],
    }


def _block(block: Block) -> dict[str, Any]:
    """Return what the template shows of a block; only what was given a height keeps it."""
    fixed = block.scrolls or block.kind in ("figure", "frame")
    return {
        "kind": block.kind,
        "cell": block.cell,
        "html": Markup(block.html),
        "fragment": block.fragment,
        "scrolls": block.scrolls,
        "label": block.label,
        "style": f"height: {block.height}px" if fixed else "",
    }
