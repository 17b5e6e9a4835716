"""A lesson as slides: its cells in order, its headings as slides, its polls where they are asked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from nbformat import NotebookNode

from tools.links import BADGE_START
from tools.polls import Poll
from tools.slides.blocks import Block, Section, Slide
from tools.slides.markdown import Details, Markdown, parts
from tools.slides.measure import CODE_SIZES, ROOM, heading_lines, room_below
from tools.slides.outputs import Pictures, cell_blocks
from tools.slides.pages import paginate
from tools.slides.prose import prose_blocks


def slides(notebook: NotebookNode, polls: Sequence[Poll], markdown: Markdown, pictures: Pictures) -> list[Slide]:
    """Return the slides of a lesson in order; those that do not start a stack stand below the one before.

    Code is set as large as can be without a slide more.
    """
    sized = (list(_sections(notebook, markdown, pictures, size)) for size in CODE_SIZES)
    found = (without_empty(with_polls(sections, polls, markdown)) for sections in sized)
    return [slide for same in zip(*found, strict=True) for slide in _paginated(same, markdown)]


def _paginated(sizes: Sequence[Section], markdown: Markdown) -> list[Slide]:
    """Return the slides of a section that is given with its code in several sizes, the largest first."""
    room = room_below(heading_lines(markdown.inline(sizes[0].heading)))
    choices = (paginate(section, room, sizes[:place]) for place, section in enumerate(sizes))
    # Of equals `min` takes the first, which is the one with the largest letters.
    return min(choices, key=len)


def _sections(notebook: NotebookNode, markdown: Markdown, pictures: Pictures, largest: int) -> Iterator[Section]:
    section = Section("", 0, starts_stack=True)
    for number, cell in enumerate(notebook.cells, start=1):
        slide_type = cell.metadata.get("slideshow", {}).get("slide_type") or "-"
        if slide_type == "skip":
            continue
        for new in _pieces(cell, number, slide_type, markdown, pictures, largest):
            if new.level or slide_type in ("slide", "subslide"):
                if section.heading or section.blocks:
                    yield section
                section = replace(new, heading=new.heading or section.heading)
            else:
                section.blocks += new.blocks
            # Only the first piece of a cell starts what the cell starts.
            slide_type = "-"
    yield section


def _pieces(
    cell: NotebookNode, number: int, slide_type: str, markdown: Markdown, pictures: Pictures, largest: int
) -> Iterator[Section]:
    """Yield the sections that a cell begins; the first may have no heading, and then goes on under the last one."""
    if cell.cell_type == "code":
        yield Section("", 0, slide_type == "slide", _marked(cell_blocks(cell, number, pictures, largest), slide_type))
        return
    source = _without_links_to_colab(cell.source) if number == 1 else cell.source
    if slide_type == "notes":
        yield Section("", 0, False, [Block("notes", "", 0, number, notes=markdown.whole(source))])
        return
    for level, heading, text in _by_headings(source, markdown):
        blocks = _marked(prose_blocks(markdown, text, number), slide_type)
        yield Section(heading, level, level in (1, 2) or slide_type == "slide", blocks)


def _marked(blocks: Iterator[Block], slide_type: str) -> list[Block]:
    return [replace(block, fragment=slide_type == "fragment") for block in blocks]


def _without_links_to_colab(source: str) -> str:
    """Return the first cell without its badge, and without what it folds away about Colab."""
    kept = "".join(part for part in parts(source) if not isinstance(part, Details))
    return "\n".join(line for line in kept.split("\n") if not line.startswith(BADGE_START))


def _by_headings(source: str, markdown: Markdown) -> Iterator[tuple[int, str, str]]:
    """Yield level, heading and the text below it; 0 and nothing for a text that has no heading above it."""
    lines, start, level, heading = source.split("\n"), 0, 0, ""
    tokens = markdown.parse(source)
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            if (text := "\n".join(lines[start : token.map[0]])).strip() or heading:
                yield level, heading, text
            level, heading, start = int(token.tag[1:]), tokens[place + 1].content, token.map[1]
    yield level, heading, "\n".join(lines[start:])


def with_polls(sections: Sequence[Section], polls: Sequence[Poll], markdown: Markdown) -> list[Section]:
    """Return the sections with each poll below the last slide of the section that it follows."""
    found = list(sections)
    for poll in polls:
        found.insert(_end_of(found, poll.after), poll_section(poll, markdown))
    return found


def _end_of(sections: Sequence[Section], heading: str) -> int:
    start = next(place for place, section in enumerate(sections) if section.level and section.heading == heading)
    level = sections[start].level
    later = (place for place, section in enumerate(sections) if place > start and 0 < section.level <= level)
    return next(later, len(sections))


def without_empty(sections: Sequence[Section]) -> list[Section]:
    """Return the sections without those that show a heading and stand over nothing; the slide before has their notes."""
    kept: list[Section] = []
    for section, after in zip_longest(sections, sections[1:]):
        shows = any(block.visible for block in section.blocks)
        stands_over = after is not None and not after.starts_stack
        if shows or stands_over or not kept:
            kept.append(section)
        else:
            kept[-1].blocks += section.blocks
    return kept


def poll_section(poll: Poll, markdown: Markdown) -> Section:
    options = "".join(
        f'<li><span class="letter">{letter}</span><span>{markdown.inline_html(option)}</span></li>'
        for letter, option in poll.lettered
    )
    page = f'<p class="asked">{markdown.inline_html(poll.question)}</p><ol>{options}</ol>'
    notes = f"<p><strong>Poll: the answer is {poll.answer}.</strong></p>{markdown.whole(poll.why)}"
    # Level 4, so that it ends no other poll's section.
    return Section("What do you say?", 4, False, [Block("poll", page, ROOM, 0, notes=notes)])


def title_of(slides: Sequence[Slide], markdown: Markdown) -> str:
    """Return the lesson's title as plain text."""
    first = slides[0].section.heading
    return "".join(token.content for token in markdown.inline(re.sub(r"\s+", " ", first)))
