"""From a section to slides: as many of its blocks on each as fit, in order, and together what belongs together."""

from collections.abc import Sequence
from dataclasses import replace

from tools.slides.blocks import OUTPUTS, Block, Section, Slide
from tools.slides.measure import GAP


def paginate(section: Section, room: int) -> list[Slide]:
    """Return the slides of a section, at least one; `room` is the height below its heading."""
    pages: list[list[Block]] = [[]]
    free, place = room, 0
    while place < len(section.blocks):
        chain = _together(section.blocks, place, room)
        needed = _need(chain)
        if any(block.visible for block in pages[-1]) and needed > free:
            pages.append([])
            free = room
        for block in chain:
            needed -= _gap(block) + block.need
            height = min(block.height, free - needed - _gap(block))
            pages[-1].append(replace(block, height=height, full_height=block.height))
            free -= _gap(block) + height
        place += len(chain)
    return [Slide(section, _stepwise(page), part, len(pages)) for part, page in enumerate(pages, start=1)]


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
    return before.stays or (block.kind == "prose" and before.kind == "figure")


def _need(blocks: Sequence[Block]) -> int:
    return sum(block.need + _gap(block) for block in blocks)


def _gap(block: Block) -> int:
    """Return the space above a block; what stands in the notes alone needs none."""
    return GAP if block.visible else 0


def _stepwise(page: Sequence[Block]) -> tuple[Block, ...]:
    """Let all that follows a question's code appear step by step: whoever guesses must not see the answer."""
    asked = answered = False
    blocks = []
    for block in page:
        blocks.append(replace(block, fragment=True) if answered and block.visible else block)
        asked = asked or (block.kind == "question" and block.stays)
        answered = answered or (asked and block.kind == "code")
    return tuple(blocks)
