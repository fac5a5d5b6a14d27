"""Take a callout; set its paragraphs apart by a bar and a wash, or its other blocks in a one-cell table; give XML."""

from __future__ import annotations

from dataclasses import replace

from pipeline.document.tree import Callout, Paragraph
from pipeline.write.docx.blocks import write_title_line
from pipeline.write.docx.context import Spot
from pipeline.write.docx.layout import write_layout_cell, write_layout_table
from pipeline.write.docx.paragraphs import fill_cell, write_indent, write_spacer
from pipeline.write.docx.writing import Writing
from pipeline.write.docx.xml import attributes, border, hex_colour, shading, twips
from pipeline.write.spacing import CALLOUT_BAR, CALLOUT_PADDING_X, CALLOUT_PADDING_Y

_EDGE = 0.5  # a line in the wash's colour: Word pads a paragraph only between a border and its text


def write_callout(writing: Writing, node: Callout, spot: Spot) -> str:
    """Return a callout.

    Paragraphs stay paragraphs, since a layout table reads badly aloud; but Word joins borders only between paragraphs
    of equal indents, so that lists, tables and the like need the cell.
    """
    if all(isinstance(block, Paragraph) for block in node.blocks):
        return _write_paragraphs(writing, node, spot)
    return _write_cell(writing, node, spot)


def _inner(spot: Spot) -> Spot:
    return replace(spot, role="callout", width=spot.width - CALLOUT_BAR - 2 * CALLOUT_PADDING_X, depth=0, tight=False)


def _write_paragraphs(writing: Writing, node: Callout, spot: Spot) -> str:
    end = spot.end if spot.end is not None else writing.theme.space["callout"]
    inner = replace(_inner(spot), end=end, frame={**spot.frame, **_frame(writing, spot.indent)})
    title = write_title_line(writing, node, replace(inner, end=None if node.blocks else end)) if node.title else ""
    return title + writing.write_blocks(node.blocks, inner)


def _frame(writing: Writing, indent: float) -> dict[str, str]:
    colours = writing.theme.colours
    beside, above = CALLOUT_PADDING_X - _EDGE, CALLOUT_PADDING_Y - _EDGE
    sides = (
        border("top", _EDGE, colours["wash"], above)
        + border("left", CALLOUT_BAR, colours["accent"], CALLOUT_PADDING_X)
        + border("bottom", _EDGE, colours["wash"], above)
        + border("right", _EDGE, colours["wash"], beside)
    )
    left = indent + CALLOUT_BAR + CALLOUT_PADDING_X
    return {
        "pBdr": f"<w:pBdr>{sides}</w:pBdr>",
        "shd": shading(colours["wash"]),
        "ind": write_indent(left, right=CALLOUT_PADDING_X + writing.part_frames()),
        "keepLines": "<w:keepLines/>",
    }


def _write_cell(writing: Writing, node: Callout, spot: Spot) -> str:
    break_before = write_spacer(writing, 0.0) if writing.breaks else ""
    inner = replace(_inner(spot), indent=0.0, end=0.0, frame={})
    title = write_title_line(writing, node, replace(inner, end=None)) if node.title else ""
    content = fill_cell(writing, "callout", title + writing.write_blocks(node.blocks, inner), inner)
    below = spot.end if spot.end is not None else writing.theme.space["callout"]
    cell = write_layout_cell(spot.width, content, _cell_look(writing))
    table = write_layout_table(spot.indent, (spot.width,), (cell,))
    return break_before + table + write_spacer(writing, below)


def _cell_look(writing: Writing) -> str:
    colour = hex_colour(writing.theme.colours["accent"])
    bar = attributes("left", {"val": "single", "sz": round(CALLOUT_BAR * 8), "space": 0, "color": colour})
    # Word draws a cell's border half inside the cell.
    margins = (
        ("top", CALLOUT_PADDING_Y), ("left", CALLOUT_PADDING_X + CALLOUT_BAR / 2), ("bottom", CALLOUT_PADDING_Y),
        ("right", CALLOUT_PADDING_X),
    )  # fmt: skip
    sides = "".join(attributes(side, {"w": twips(size), "type": "dxa"}) for side, size in margins)
    fill = shading(writing.theme.colours["wash"])
    return f"<w:tcBorders>{bar}</w:tcBorders>{fill}<w:tcMar>{sides}</w:tcMar>"
