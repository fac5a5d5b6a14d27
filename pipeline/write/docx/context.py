"""Take what stands around a block or a text; hold what it hands on: width, indent, role, look; give it frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.document.tree import Align

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
