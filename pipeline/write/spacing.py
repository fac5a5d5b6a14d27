"""Take the theme and a block; say how far it is indented and how much space follows it; give points.

Word and PDF break pages alike only while both writers use the same numbers, so those that are no setting of the theme
stand here. Space is kept after a block; only headings also have space before them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline.document.theme import TextStyle, Theme
from pipeline.document.tree import (
    Asset,
    Block,
    Blocks,
    Callout,
    Code,
    DefinitionList,
    Figure,
    Group,
    Heading,
    List,
    PageBreak,
    Paragraph,
    Quote,
    Rule,
    SignatureBlock,
    Table,
    Toc,
)

INDENT = 18.0  # of each level of a list, of a quotation, of a definition
CALLOUT_BAR = 3.0
CALLOUT_PADDING_X = 10.0
CALLOUT_PADDING_Y = 7.5  # Word takes whole points, besides the edge of half a point
CODE_PADDING_X = 8.0
CODE_PADDING_Y = 6.0
SIGNING_ROOM = 36.0  # above the line to sign on
SIGNATURE_GAP = 24.0  # between two signatures abreast
FACTS_RULE = 1.5  # above a table of facts
PANEL_GAP = 3.0  # between the panels of a table of key figures
PANEL_PADDING_X = 9.0
PANEL_PADDING_Y = 6.0
# Above and below the line over the footnotes: LibreOffice's own, which no Word file can change.
NOTES_GAP = 2.83
NOTES_RULE = 0.5
LONG_CODE = 30  # lines; a longer block of code may break over pages
LOGO_HEIGHT = 34.0  # at most; the logo keeps its shape
LOGO_WIDTH = 142.0
LOGO_GAP = 12.0  # left of it and below it
TOC_NUMBER = 18.0  # the width that a contents entry's number takes, a level


def style_of(role: str, theme: Theme) -> TextStyle:
    """Return the style of a paragraph role; an unknown role looks like body text."""
    return theme.text.get(role, theme.text["body"])


def space_before(heading: Heading, theme: Theme) -> float:
    """Return the space that a heading adds to what the block before it leaves."""
    return theme.space.get(f"heading-{heading.level}", 0.0)


def item_space(items: List, theme: Theme) -> float:
    """Return the space after a paragraph of a list: none in a tight list."""
    return 0.0 if items.tight else theme.text["list"].after


def space_after(block: Block, theme: Theme) -> float:
    """Return the space below a block that stands in a section (at the end of a callout or a cell there is none)."""
    return _AFTER[type(block)](block, theme)


def fit_widths(table: Table, columns: int, room: float) -> list[float]:
    """Return the columns' widths in points, made smaller alike where the table is wider than its place.

    Columns without a width share what the others leave.
    """
    widths = [column.width for column in table.columns] + [0.0] * (columns - len(table.columns))
    unset = widths.count(0.0)
    if unset:
        left = max(room - sum(widths), room * unset / columns / 2)
        widths = [width or left / unset for width in widths]
    scale = min(1.0, room / sum(widths)) if widths else 1.0
    return [width * scale for width in widths]


def fit_logo(logo: Asset) -> tuple[float, float]:
    """Return the size of a logo on the page in points."""
    width, height = max(1, logo.width), max(1, logo.height)
    scale = min(LOGO_WIDTH / width, LOGO_HEIGHT / height)
    return width * scale, height * scale


def _after_last(blocks: Blocks, theme: Theme) -> float:
    return space_after(blocks[-1], theme) if blocks else 0.0


_AFTER: dict[type, Callable[[Any, Theme], float]] = {
    Heading: lambda block, theme: style_of(f"heading-{block.level}", theme).after,
    Paragraph: lambda block, theme: style_of(block.role, theme).after,
    List: lambda block, theme: item_space(block, theme) + theme.space["list"],
    DefinitionList: lambda block, theme: theme.text["body"].after,
    Quote: lambda block, theme: theme.text["quote"].after,
    Callout: lambda block, theme: theme.space["callout"],
    Code: lambda block, theme: theme.text["code"].after,
    Rule: lambda block, theme: theme.text["body"].after,
    Table: lambda block, theme: theme.space["table"],
    Figure: lambda block, theme: theme.space["figure"],
    Toc: lambda block, theme: theme.space["table"],
    SignatureBlock: lambda block, theme: theme.space["table"],
    PageBreak: lambda block, theme: 0.0,
    Group: lambda block, theme: _after_last(block.blocks, theme),
}
