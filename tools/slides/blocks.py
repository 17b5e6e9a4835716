"""What stands on a slide: blocks, each with its HTML, the height that it takes, and what the speaker's notes say about it."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "prose", "question", "list", "quote", "listing", "table", "code", "output", "figure", "frame", "poll", "notes"
]

# These belong to the code above them.
OUTPUTS: tuple[Kind, ...] = ("output", "figure", "frame")


# Below this height, the words of a slide can be set 1.22 times as large, which takes 1.5 times the room.
ROOMY = 300


@dataclass(frozen=True)
class Block:
    """A piece of a slide.

    `height` is what it takes, in pixels of a slide of 1280 × 720, and `least` what it can do with: a figure can be
    drawn smaller, and code that is higher than a slide scrolls. On a slide, `height` is what the block was given, and
    `full_height` what it would take. A block of height 0 stands in the notes alone. `stays` keeps it with the next
    one, and `fragment` lets it appear at a keystroke; `cell` is the number of the notebook's cell, from 1.
    """

    kind: Kind
    html: str
    height: int
    cell: int
    least: int = 0
    notes: str = ""
    stays: bool = False
    fragment: bool = False
    label: str = ""
    full_height: int = 0

    @property
    def need(self) -> int:
        return self.least or self.height

    @property
    def visible(self) -> bool:
        return self.height > 0

    @property
    def scrolls(self) -> bool:
        return self.kind in ("code", "output") and self.height < self.full_height


@dataclass
class Section:
    """A heading, in Markdown, and the blocks below it, up to the next heading or the next cell that starts a slide.

    `level` is 1 for the title, 2 and 3 for headings, 0 where the notebook only goes on under the last one.
    `starts_stack` says whether it stands to the right of what came before, and not below it.
    """

    heading: str
    level: int
    starts_stack: bool
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True)
class Slide:
    """One slide: `part` of `parts` slides under the same heading; `starts_stack` as for its section."""

    section: Section
    blocks: tuple[Block, ...]
    part: int = 1
    parts: int = 1

    @property
    def starts_stack(self) -> bool:
        return self.section.starts_stack and self.part == 1

    @property
    def shown(self) -> list[Block]:
        return [block for block in self.blocks if block.visible]

    @property
    def notes(self) -> list[str]:
        return [block.notes for block in self.blocks if block.notes]

    @property
    def look(self) -> str:
        """The name of its layout."""
        if self.section.level == 1:
            return "title"
        if any(block.kind == "poll" for block in self.blocks):
            return "poll"
        if not self.shown:
            return "divider"
        return "roomy" if self._is_roomy else "plain"

    @property
    def _is_roomy(self) -> bool:
        """Tell whether there are words alone, and so few that they can be larger."""
        used = sum(block.height for block in self.shown)
        return used < ROOMY and all(block.kind in ("prose", "list", "quote", "question") for block in self.shown)
