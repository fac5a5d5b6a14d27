"""Take a slot of a table and the table's dress; write the cell with its width, rules, fill and blocks; give XML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipeline.render.tree import Cell, Row, Table
from pipeline.write.docx.dress import CellLook, Dress, Line, look_of_cell
from pipeline.write.docx.grid import Slot
from pipeline.write.docx.paragraphs import fill_cell
from pipeline.write.docx.spot import Look, Spot
from pipeline.write.docx.writing import Writing
from pipeline.write.docx.xml import attributes, border, shading, twips, val, write_properties


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row on its way into the file: the table and dress that it belongs to, and where in them it stands."""

    table: Table
    row: Row
    index: int
    dress: Dress
    widths: tuple[float, ...]
    keep: bool

    @property
    def in_head(self) -> bool:
        """Return whether this is a header row."""
        return self.index < len(self.table.head)


def write_cell(writing: Writing, slot: Slot, row: TableRow) -> str:
    """Return the cell of a slot; one that a cell above covers is empty and joined to it."""
    dress = row.dress
    margins = _write_margins(dress.tops[row.index], dress.left, dress.bottoms[row.index], dress.right)
    look = look_of_cell(slot.cell.role, writing.theme)
    widths = row.widths[slot.column : slot.column + slot.span]
    properties = {
        "tcW": attributes("tcW", {"w": sum(map(twips, widths)), "type": "dxa"}),
        "tcBorders": f"<w:tcBorders>{_write_borders(slot, row)}</w:tcBorders>",
        "tcMar": f"<w:tcMar>{margins}</w:tcMar>",
        **_write_spans(slot),
    }
    if fill := look.fill or dress.fills[row.index]:
        properties["shd"] = shading(fill)
    if row.in_head and not dress.together:
        properties["vAlign"] = val("vAlign", "bottom")
    room = sum(widths) - dress.left - dress.right
    content = _write_content(writing, slot, _make_spot(slot, look, row, room))
    return f"<w:tc>{write_properties('tcPr', properties)}{content}</w:tc>"


def _write_spans(slot: Slot) -> dict[str, str]:
    spans = {"gridSpan": val("gridSpan", slot.span)} if slot.span > 1 else {}
    if not (slot.first and slot.last):
        spans["vMerge"] = '<w:vMerge w:val="restart"/>' if slot.first else "<w:vMerge/>"
    return spans


def _write_borders(slot: Slot, row: TableRow) -> str:
    """Return the cell's four borders; two cells that meet say the same, or Word and LibreOffice choose differently."""
    lines, gap, none = row.dress.lines, row.dress.gap, Line()
    sides = (
        ("top", lines[row.index] if slot.first else none),
        ("left", gap if slot.column else none),
        ("bottom", lines[row.index + 1] if slot.last else none),
        ("right", gap if slot.column + slot.span < len(row.widths) else none),
    )
    return "".join(border(side, line.width, line.colour) for side, line in sides)


@lru_cache(maxsize=64)
def _write_margins(top: float, left: float, bottom: float, right: float) -> str:
    sides = (("top", top), ("left", left), ("bottom", bottom), ("right", right))
    return "".join(attributes(side, {"w": twips(size), "type": "dxa"}) for side, size in sides)


def _make_spot(slot: Slot, look: CellLook, row: TableRow, room: float) -> Spot:
    columns = row.table.columns
    column = columns[slot.column].align if slot.column < len(columns) else "left"
    align = slot.cell.align or look.align or column
    bold = look.bold or row.row.role == "total"
    role = "cell-head" if row.in_head and not row.dress.together else "cell"
    return Spot(width=max(room, 1.0), role=role, look=Look(bold=bold), align=align, keep=row.keep)


def _write_content(writing: Writing, slot: Slot, spot: Spot) -> str:
    cell = slot.cell if slot.first else Cell(())
    return fill_cell(writing, "cell", writing.write_blocks(cell.blocks, spot), spot)
