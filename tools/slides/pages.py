"""From a section to slides: as many of its blocks on each as fit, in order, and together what belongs together."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tools.slides.blocks import OUTPUTS, Block, Section, Slide
from tools.slides.measure import GAP

_WORDS = ("prose", "list", "quote", "question")


def paginate(section: Section, room: int, larger: Sequence[Section] = ()) -> list[Slide]:
    """Return the slides of a section, at least one; `room` is the height below its heading.

    `larger` are the same section with larger code, the largest first: a slide that has the room for it takes it.
    """
    pages = _with_their_outputs(section.blocks, _pages(section.blocks, room), room)
    slides = []
    for part, page in enumerate(pages, start=1):
        choices = [[each.blocks[place] for place in page] for each in (*larger, section)]
        blocks = next((choice for choice in choices if _need(choice) <= room), choices[-1])
        slides.append(Slide(section, _stepwise(_spread(blocks, room)), part, len(pages)))
    return slides


def _pages(blocks: Sequence[Block], room: int) -> list[range]:
    """Return the places of the blocks that stand on each slide."""
    starts, place, needed = [0], 0, 0
    while place < len(blocks):
        chain = _together(blocks, place, room)
        if any(block.visible for block in blocks[starts[-1] : place]) and needed + _need(chain) > room:
            starts.append(place)
            needed = 0
        needed += _need(chain)
        place += len(chain)
    return [range(start, end) for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True)]


def _together(blocks: Sequence[Block], start: int, room: int) -> list[Block]:
    """Return the block at `start` with those after it that belong to it, as far as all fit on one slide."""
    chain = [blocks[start]]
    for block in blocks[start + 1 :]:
        if not _belongs(block, chain[-1]) or _need([*chain, block]) > room:
            break
        chain.append(block)
    return chain


def _belongs(block: Block, before: Block) -> bool:
    """Tell whether a block belongs to the one before: an output to its code, a word on a figure to the figure."""
    if block.kind in OUTPUTS:
        return before.stays or block.cell == before.cell
    # What leads on to the next block stays with that one.
    return before.stays or (block.kind == "prose" and not block.stays and before.kind == "figure")


def _with_their_outputs(blocks: Sequence[Block], pages: Sequence[range], room: int) -> list[range]:
    """Return the pages so that words about an output do not stand alone: the output moves to them from its code."""
    moved = list(pages)
    for number in range(1, len(moved)):
        before, page = moved[number - 1], moved[number]
        start = page.start
        while start > before.start and (blocks[start - 1].kind in OUTPUTS or not blocks[start - 1].visible):
            start -= 1
        alone = all(block.kind in _WORDS for block in _visible(blocks[page.start : page.stop]))
        left = _visible(blocks[before.start : start])
        if alone and left and left[-1].kind == "code" and _need(blocks[start : page.stop]) <= room:
            moved[number - 1], moved[number] = range(before.start, start), range(start, page.stop)
    return moved


def _visible(blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if block.visible]


def _need(blocks: Sequence[Block]) -> int:
    return sum(block.need + _gap(block) for block in blocks)


def _gap(block: Block) -> int:
    """Return the space above a block; what stands in the notes alone needs none."""
    return GAP if block.visible else 0


def _spread(blocks: Sequence[Block], room: int) -> Iterator[Block]:
    """Yield the blocks with the heights that they are given: what they need, and from the first on what is left."""
    free = room - _need(blocks)
    for block in blocks:
        height = min(block.height, block.need + free)
        free -= height - block.need
        yield replace(block, height=height, full_height=block.height)


def _stepwise(page: Iterator[Block]) -> tuple[Block, ...]:
    """Let all that follows a question and its code appear step by step: whoever guesses must not see the answer."""
    asked = answered = False
    blocks = []
    for block in page:
        answered = answered or (asked and block.visible and block.kind not in ("code", "prose", "question"))
        blocks.append(replace(block, fragment=True) if answered and block.visible else block)
        asked = asked or (block.kind == "question" and block.stays)
        answered = answered or (asked and block.kind == "code")
    return tuple(blocks)
