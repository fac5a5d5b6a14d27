"""Take a slot of a table and the table's dress; write the cell with its width, rules, fill and blocks; give XML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipeline.document.tree import Align, Row, Table, content_of, open_cell
from pipeline.write.docx.context import Look, Spot
from pipeline.write.docx.paragraphs import choose_role, fill_cell, open_paragraph
from pipeline.write.docx.runs import TEXT_END, is_plain, open_text
from pipeline.write.docx.table_format import NO_LINE, Dress, Line, look_of_cell
from pipeline.write.docx.writing import Writing
from pipeline.write.docx.xml import attributes, border, escape, measure, shading, twips, val, write_properties
from pipeline.write.grid import Slot

Frames = dict[object, tuple[str, str]]
_SIDES = ("top", "left", "bottom", "right")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row on its way into the file: the table and dress that it belongs to, and where in them it stands.

    `frames` is what stands around plain text in its cells, as far as it has been written: see `_find_frame`. Rows that
    look alike share it.
    """

    table: Table
    row: Row
    index: int
    dress: Dress
    widths: tuple[float, ...]
    keep: bool
    frames: Frames

    @property
    def in_head(self) -> bool:
        """Return whether this is a header row."""
        return self.index < len(self.table.head)


def write_cell(writing: Writing, slot: Slot, row: TableRow) -> str:
    """Return the cell of a slot; one that a cell above covers is empty and joined to it."""
    cell = slot.cell
    text = cell if isinstance(cell, str) else cell.blocks
    if isinstance(text, str) and is_plain(text) and slot.first and not writing.breaks:
        start, end = _find_frame(writing, slot, row)
        return f"{start}{escape(text)}{end}"
    properties, spot = _write_surroundings(writing, slot, row)
    content = writing.write_blocks(content_of(cell) if slot.first else (), spot)
    return f"<w:tc>{properties}{fill_cell(writing, 'cell', content, spot)}</w:tc>"


def _find_frame(writing: Writing, slot: Slot, row: TableRow) -> tuple[str, str]:
    """Return what stands before and behind plain text in a cell; written once for all cells that look alike."""
    cell = slot.cell
    alike = slot.column if isinstance(cell, str) else (slot.column, slot.span, slot.last, cell.role, cell.align)
    if alike not in row.frames:
        properties, spot = _write_surroundings(writing, slot, row)
        paragraph = open_paragraph(writing, choose_role("cell", spot, writing), spot)
        row.frames[alike] = f"<w:tc>{properties}{paragraph}{open_text(spot.look)}", f"{TEXT_END}</w:p></w:tc>"
    return row.frames[alike]


def _write_surroundings(writing: Writing, slot: Slot, row: TableRow) -> tuple[str, Spot]:
    """Return the properties of a cell and the spot of what it holds."""
    dress, index, cell = row.dress, row.index, open_cell(slot.cell)
    look = look_of_cell(cell.role, writing.theme)
    widths = row.widths[slot.column : slot.column + slot.span]
    properties = _write_properties(
        sum(map(twips, widths)),
        _find_lines(slot, row),
        (dress.tops[index], dress.left, dress.bottoms[index], dress.right),
        (slot.span, slot.first, slot.last),
        look.fill or dress.fills[index],
        row.in_head and not dress.together,
    )
    room = sum(widths) - dress.left - dress.right
    columns = row.table.columns
    align = cell.align or look.align or (columns[slot.column].align if slot.column < len(columns) else "left")
    role = "cell-head" if row.in_head and not dress.together else "cell"
    bold = look.bold or row.row.role == "total"
    return properties, _spot(room, role, bold, align, row.keep)


# Most cells of a column are alike in all of this.
@lru_cache(maxsize=512)
def _write_properties(
    width: int, lines: tuple[Line, ...], margins: tuple[float, ...], place: tuple[int, bool, bool], fill: str, low: bool
) -> str:
    borders = "".join(border(side, line.width, line.colour) for side, line in zip(_SIDES, lines, strict=True))
    properties = {
        "tcW": attributes("tcW", {"w": width, "type": "dxa"}),
        "tcBorders": f"<w:tcBorders>{borders}</w:tcBorders>",
        "tcMar": f"<w:tcMar>{_write_margins(*margins)}</w:tcMar>",
        **_write_spans(*place),
    }
    if fill:
        properties["shd"] = shading(fill)
    if low:
        properties["vAlign"] = val("vAlign", "bottom")
    return write_properties("tcPr", properties)


def _write_spans(span: int, first: bool, last: bool) -> dict[str, str]:
    spans = {"gridSpan": val("gridSpan", span)} if span > 1 else {}
    if not (first and last):
        spans["vMerge"] = '<w:vMerge w:val="restart"/>' if first else "<w:vMerge/>"
    return spans


def _find_lines(slot: Slot, row: TableRow) -> tuple[Line, Line, Line, Line]:
    """Return the cell's four borders; two cells that meet say the same, or Word and LibreOffice choose differently."""
    lines, gap = row.dress.lines, row.dress.gap
    return (
        lines[row.index] if slot.first else NO_LINE,
        gap if slot.column else NO_LINE,
        lines[row.index + 1] if slot.last else NO_LINE,
        gap if slot.column + slot.span < len(row.widths) else NO_LINE,
    )


def _write_margins(top: float, left: float, bottom: float, right: float) -> str:
    sizes = (top, left, bottom, right)
    return "".join(measure(side, size) for side, size in zip(_SIDES, sizes, strict=True))


@lru_cache(maxsize=512)
def _spot(room: float, role: str, bold: bool, align: Align, keep: bool) -> Spot:
    return Spot(width=max(room, 1.0), role=role, look=Look(bold=bold), align=align, keep=keep)
