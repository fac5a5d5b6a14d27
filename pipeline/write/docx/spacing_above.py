"""Take a block and the theme; say how much space it wants above itself; give points.

Word adds this space to the space below the block before, or takes the larger of the two, depending on a setting that
its newer versions hide. So a gap is never made of both: all of it goes below the block before.
"""

from __future__ import annotations

from pipeline.document.theme import Theme
from pipeline.document.tree import Block, Group, Heading, Toc
from pipeline.write.spacing import space_before


def space_above(block: Block, theme: Theme) -> float:
    """Return the space that a block wants above: headings do, and what begins with a heading."""
    if isinstance(block, Heading):
        return space_before(block, theme)
    if isinstance(block, Toc) and block.title:
        return theme.space.get("heading-1", 0.0)
    if isinstance(block, Group) and block.blocks:
        return space_above(block.blocks[0], theme)
    return 0.0
