"""Take a table; write its caption, grid and rows with fixed widths, and a spacer below; give XML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.document.tree import Table, open_cell
from pipeline.write.docx.bookmarks import write_target
from pipeline.write.docx.captions import write_caption
from pipeline.write.docx.cells import Frames, TableRow, write_cell
from pipeline.write.docx.context import Spot
from pipeline.write.docx.paragraphs import write_spacer
from pipeline.write.docx.table_format import PANELS, dress_table
from pipeline.write.docx.words import plain_words
from pipeline.write.docx.writing import Writing
from pipeline.write.docx.xml import attributes, twips, val, write_properties
from pipeline.write.grid import count_columns, place_cells
from pipeline.write.spacing import fit_widths, space_after

_LONGEST_NOTE = 1000


def write_table(writing: Writing, node: Table, spot: Spot) -> str:
    """Return a table with its caption above and a spacer below, which also parts it from a table that follows."""
    above = write_caption(writing, node, replace(spot, end=None, keep=True))
    if not above:
        above = (write_spacer(writing, 0.0) if writing.breaks else "") + write_target(writing, node.id)
    rows = (*node.head, *node.body)
    if not rows:
        return above
    columns = max(count_columns(node.head, len(node.columns)), count_columns(node.body, 1))
    widths = tuple(fit_widths(node, columns, spot.width))
    below = spot.end if spot.end is not None else space_after(node, writing.theme)
    content = "".join(_write_rows(writing, node, widths))
    return f"{above}<w:tbl>{_table_properties(node, widths, spot)}{content}</w:tbl>{write_spacer(writing, below)}"


def _table_properties(node: Table, widths: tuple[float, ...], spot: Spot) -> str:
    properties = {
        "tblStyle": val("tblStyle", "DeedboxPanel" if node.role in PANELS else "DeedboxTable"),
        "tblW": attributes("tblW", {"w": sum(map(twips, widths)), "type": "dxa"}),
        "tblInd": attributes("tblInd", {"w": twips(spot.indent), "type": "dxa"}),
        "tblLayout": '<w:tblLayout w:type="fixed"/>',
        "tblLook": _table_look(node),
    }
    if words := plain_words(node.caption):
        properties["tblCaption"] = val("tblCaption", words[:_LONGEST_NOTE])
    if node.description:
        properties["tblDescription"] = val("tblDescription", node.description[:_LONGEST_NOTE])
    grid = "".join(attributes("gridCol", {"w": twips(width)}) for width in widths)
    return f"{write_properties('tblPr', properties)}<w:tblGrid>{grid}</w:tblGrid>"


def _table_look(node: Table) -> str:
    """Return which parts of the table name the others: readers for the blind announce them."""
    row = bool(node.head)
    column = any(part.cells and open_cell(part.cells[0]).header for part in node.body)
    bits = 0x0020 * row + 0x0080 * column + 0x0200 + 0x0400
    values = {"val": f"{bits:04X}", "firstRow": int(row), "lastRow": 0, "firstColumn": int(column)}
    return attributes("tblLook", values | {"lastColumn": 0, "noHBand": 1, "noVBand": 1})


def _write_rows(writing: Writing, node: Table, widths: tuple[float, ...]) -> Iterator[str]:
    dress = dress_table(node, writing.theme)
    placed = (*place_cells(node.head, len(widths)), *place_cells(node.body, len(widths)))
    rows = (*node.head, *node.body)
    frames: dict[object, Frames] = {}
    for index, (row, slots) in enumerate(zip(rows, placed, strict=True)):
        last = index == len(rows) - 1
        # No page begins or ends with a single row of a table: least of all with its total.
        edge = index in (len(node.head), len(rows) - 2)
        keep = (index < len(node.head) or edge or dress.together) and not last
        lines = dress.lines[index : index + 2]
        look = (
            row.role,
            index < len(node.head),
            keep,
            lines,
            dress.fills[index],
            dress.tops[index],
            dress.bottoms[index],
        )
        place = TableRow(node, row, index, dress, widths, keep, frames.setdefault(look, {}))
        cells = "".join([write_cell(writing, slot, place) for slot in slots])
        header = "<w:tblHeader/>" if place.in_head else ""
        yield f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{cells}</w:tr>"
