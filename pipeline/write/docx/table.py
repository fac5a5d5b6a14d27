"""A table of the tree comes in; rules, paddings and widths are settled for each cell; a Word table goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from pipeline.document.theme import Theme
from pipeline.document.tree import Align, Inlines, Row, Table, content_of, open_cell
from pipeline.write.docx.context import Look, Spot, Writing, write_target
from pipeline.write.docx.figures import write_caption
from pipeline.write.docx.paragraphs import choose_role, fill_cell, open_paragraph, write_spacer
from pipeline.write.docx.runs import TEXT_END, is_plain, open_text
from pipeline.write.docx.xml import attributes, border, escape, measure, shading, twips, val, write_properties
from pipeline.write.grid import Slot, count_columns, place_cells
from pipeline.write.spacing import FACTS_RULE, PANEL_GAP, PANEL_PADDING_X, PANEL_PADDING_Y, fit_widths, space_after

PANELS = ("facts", "figures")


class Line(NamedTuple):
    """A rule: its width in points and its colour; a width of 0 is no rule."""

    width: float = 0.0
    colour: str = ""


NO_LINE = Line()


@dataclass(frozen=True, slots=True)
class Dress:
    """How a table is dressed: `lines` has one rule more than there are rows; paddings in points by row."""

    lines: tuple[Line, ...]
    fills: tuple[str, ...]
    tops: tuple[float, ...]
    bottoms: tuple[float, ...]
    left: float
    right: float
    gap: Line = NO_LINE
    together: bool = False


@dataclass(frozen=True, slots=True)
class CellLook:
    """How a cell role looks: its fill, whether its words are bold, how they are aligned."""

    fill: str = ""
    bold: bool = False
    align: Align | None = None


_PLAIN = CellLook()


def dress_table(table: Table, theme: Theme) -> Dress:
    """Return the dress of a table by its role; an unknown role is dressed as the house table."""
    return _DRESSES.get(table.role, _dress_grid)(table, theme)


def look_of_cell(role: str, theme: Theme) -> CellLook:
    """Return the look of a cell role; an unknown one changes nothing."""
    if not role:
        return _PLAIN
    level = role.removeprefix("level-")
    if level != role:
        return CellLook(fill=theme.levels.get(level, ""))
    return _cell_looks(theme).get(role, _PLAIN)


def _cell_looks(theme: Theme) -> Mapping[str, CellLook]:
    return {
        "wash": CellLook(fill=theme.colours["wash"]),
        "strong": CellLook(bold=True),
        "number": CellLook(align="right"),
        "current": CellLook(theme.colours["tint"], bold=True, align="center"),
        "desired": CellLook(theme.colours["tint"], bold=True, align="center"),
    }


def _dress_grid(table: Table, theme: Theme) -> Dress:
    rows = (*table.head, *table.body)
    look = theme.table
    lines = [NO_LINE, *(Line(look.rule, theme.colours["line"]) for _ in rows)]
    if table.head:
        lines[len(table.head)] = Line(look.head_rule, theme.colours["accent"])
    for index, row in enumerate(rows):
        if row.role == "total":
            lines[index] = Line(look.total_rule, theme.colours["title"])
            lines[index + 1] = NO_LINE
    fills = tuple(theme.colours["wash"] if index < len(table.head) else "" for index in range(len(rows)))
    return Dress(
        tuple(lines),
        fills,
        (look.padding_y,) * len(rows),
        (look.padding_y,) * len(rows),
        look.padding_x,
        look.padding_x,
    )


def _dress_facts(table: Table, theme: Theme) -> Dress:
    rows = (*table.head, *table.body)
    top, bottom = Line(FACTS_RULE, theme.colours["accent"]), Line(theme.table.rule, theme.colours["line"])
    lines = (top, *(NO_LINE for _ in rows[1:]), bottom)
    tops, bottoms = _outer(rows, theme.table.padding_y)
    return Dress(lines, ("",) * len(rows), tops, bottoms, 0.0, 2 * theme.table.padding_x, together=True)


def _dress_figures(table: Table, theme: Theme) -> Dress:
    rows = (*table.head, *table.body)
    tops, bottoms = _outer(rows, PANEL_PADDING_Y)
    gap = Line(PANEL_GAP, theme.colours["paper"])
    fills = (theme.colours["wash"],) * len(rows)
    lines = (NO_LINE,) * (len(rows) + 1)
    return Dress(lines, fills, tops, bottoms, PANEL_PADDING_X, theme.table.padding_x, gap, together=True)


def _outer(rows: tuple[Row, ...], padding: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return paddings above the first row and below the last alone."""
    last = len(rows) - 1
    tops = tuple(padding if index == 0 else 0.0 for index in range(len(rows)))
    return tops, tuple(padding if index == last else 0.0 for index in range(len(rows)))


_DRESSES: dict[str, Callable[[Table, Theme], Dress]] = {
    "grid": _dress_grid,
    "facts": _dress_facts,
    "figures": _dress_figures,
}


def plain_words(nodes: Inlines) -> str:
    """Return the words of inline nodes without marks of footnotes."""
    return "".join(_plain(node) for node in nodes)


def _plain(node: Any) -> str:
    for name in ("text", "word", "alt"):
        if hasattr(node, name):
            return str(getattr(node, name))
    return plain_words(getattr(node, "children", ()))


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
