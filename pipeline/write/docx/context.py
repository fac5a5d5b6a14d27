"""A document and its theme come in; what all parts of the Word writer share (place, space above, bookmarks, parts) goes
out.

Word adds this space to the space below the block before, or takes the larger of the two, depending on a setting that
its newer versions hide. So a gap is never made of both: all of it goes below the block before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from re import sub
from typing import Any

from pipeline.document.theme import Theme
from pipeline.document.tree import Align, Block, Blocks, Document, Figure, Group, Heading, Table, Toc
from pipeline.document.walk import walk
from pipeline.write.spacing import space_after, space_before

EN_SPACE = "\u2002"  # between a number and the words that it counts
CELL_ROLES = ("cell", "cell-head")


@dataclass(frozen=True, slots=True)
class Look:
    """How runs look here besides their paragraph's style; `linked` says that they already stand in a hyperlink.

    `language` is a tag where it is not the document's, which stands in the defaults.
    """

    bold: bool = False
    italic: bool = False
    strike: bool = False
    style: str = ""
    colour: str = ""
    size: float = 0.0
    linked: bool = False
    marks: bool = True
    language: str = ""


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a block stands; lengths in points.

    `role` takes the place of the plain paragraph roles; `end` is the space below the last paragraph, instead of its
    own; `parted` says that the block above has left the space that a heading wants; `frame` holds paragraph properties
    that every paragraph here carries.
    """

    width: float
    indent: float = 0.0
    role: str = ""
    depth: int = 0
    look: Look = PLAIN
    align: Align = "left"
    tight: bool = False
    keep: bool = False
    end: float | None = None
    parted: bool = False
    frame: Mapping[str, str] = field(default_factory=dict)


def space_above(block: Block, theme: Theme) -> float:
    """Return the space that a block wants above: headings do, and what begins with a heading."""
    if isinstance(block, Heading):
        return space_before(block, theme)
    if isinstance(block, Toc) and block.title:
        return theme.space.get("heading-1", 0.0)
    if isinstance(block, Group) and block.blocks:
        return space_above(block.blocks[0], theme)
    return 0.0


_LONGEST = 40
_ROOM_FOR_COUNT = 6


@dataclass(frozen=True, slots=True)
class Target:
    """A place that links lead to: its bookmark, and the hidden bookmark around `shown`, which a REF field repeats."""

    bookmark: str
    reference: str = ""
    shown: str = ""


def make_targets(document: Document) -> dict[str, Target]:
    """Return the target of every id in the document, in reading order, under names unique whatever their case."""
    taken: set[str] = set()
    targets: dict[str, Target] = {}
    for node in walk(document.sections, running=False):
        name = getattr(node, "id", "")
        if name and name not in targets:
            bookmark = _name_bookmark(name, taken)
            shown = shown_words(node)
            targets[name] = Target(bookmark, _name_bookmark(f"_Ref_{name}", taken) if shown else "", shown)
    return targets


def shown_words(node: object) -> str:
    """Return what a reference to a node repeats: `Table 3` of a caption, `2.1` of a heading, or nothing."""
    if isinstance(node, Table | Figure) and node.number:
        return f"{node.label} {node.number}".strip()
    return node.number if isinstance(node, Heading) else ""


def _name_bookmark(name: str, taken: set[str]) -> str:
    plain = sub(r"[^0-9A-Za-z_]", "_", name)
    plain = plain if plain[:1].isalpha() or plain.startswith("_Ref") else f"b_{plain}"
    stem = plain[: _LONGEST - _ROOM_FOR_COUNT]
    count, unique = 1, stem
    while unique.lower() in taken:
        count += 1
        unique = f"{stem}_{count}"
    taken.add(unique.lower())
    return unique


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


def write_bookmark(writing: Writing, name: str, content: str = "") -> str:
    """Return the content between the marks of a bookmark; a name is marked once, where it stands first."""
    if name in writing.marked:
        return content
    writing.marked.add(name)
    number = next(writing.bookmarks)
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'


def write_target(writing: Writing, name: str, content: str = "") -> str:
    """Return the content in the bookmark of an id of the tree; an empty id marks nothing."""
    target = writing.targets.get(name)
    return write_bookmark(writing, target.bookmark, content) if target else content


def write_shown(writing: Writing, name: str, content: str) -> str:
    """Return the words that references to an id repeat, in the hidden bookmark that their fields name."""
    target = writing.targets.get(name)
    return write_bookmark(writing, target.reference, content) if target and target.reference else content
