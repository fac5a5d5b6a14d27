"""Take a document and the part it is written into; hold what is open while writing: numbers, names; give them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from pipeline.document.theme import Theme
from pipeline.document.tree import Block, Blocks, Document
from pipeline.write.docx.context import Spot
from pipeline.write.docx.spacing_above import space_above
from pipeline.write.docx.targets import Target
from pipeline.write.spacing import space_after

_TWIP = 0.05  # points

BlockWriter = Callable[["Writing", Any, Spot], str]


@dataclass(slots=True)
class Writing:
    """One document being written; `part` takes the relationships of what is written now.

    The counters and the lists are shared by all parts, since their numbers must be unique in the whole document.
    """

    document: Document
    theme: Theme
    part: Any
    targets: Mapping[str, Target]
    writers: Mapping[type, BlockWriter]
    pages: Mapping[str, int] | None = None
    drawings: count[int] = field(default_factory=lambda: count(1))
    bookmarks: count[int] = field(default_factory=lambda: count(1))
    frames: count[int] = field(default_factory=count)
    lists: list[str] = field(default_factory=list)
    vectors: dict[str, Any] = field(default_factory=dict)
    noted: set[int] = field(default_factory=set)
    marked: set[str] = field(default_factory=set)
    breaks: bool = False
    in_notes: bool = False

    def part_frames(self) -> float:
        """Return a hair that every second framed block is narrower: Word joins neighbours whose frames are equal."""
        return next(self.frames) % 2 * _TWIP

    def take_break(self) -> bool:
        """Return whether a page break waits to be written, and take it as written."""
        waits, self.breaks = self.breaks, False
        return waits

    def write_blocks(self, blocks: Blocks, spot: Spot) -> str:
        """Return the blocks one after the other; the last one ends with the spot's `end`.

        The space that a heading wants above goes below the block before it, see `gaps`.
        """
        parts: list[str] = []
        parted = spot.parted
        for index, block in enumerate(blocks, start=1):
            end = self._space_between(block, blocks[index]) if index < len(blocks) else spot.end
            apart = parted and space_above(block, self.theme) > 0
            alike = end == spot.end and apart == spot.parted
            place = spot if alike else replace(spot, end=end, parted=apart)
            parts.append(self.writers[type(block)](self, block, place))
            parted = bool(parts[-1])
        return "".join(parts)

    def _space_between(self, block: Block, following: Block) -> float | None:
        above = space_above(following, self.theme)
        return space_after(block, self.theme) + above if above else None
