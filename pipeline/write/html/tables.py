"""Take a table of the tree; write its caption, columns, rows and cells as HTML; give the table element."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipeline.document.tree import Align, Blocks, Cell, Inlines, Row, Table, content_of, open_cell
from pipeline.write.html.context import Context, attributes, length
from pipeline.write.html.inlines import write_inlines
from pipeline.write.spacing import fit_widths

WriteBlocks = Callable[[Blocks, Context], str]
Placed = list[list[tuple[int, Cell]]]  # row by row, each cell with the column it starts in
_ROLES = {"grid", "facts", "figures"}
_LETTER = 0.5  # the width of a usual letter, of its size
_CELL_ROLES = {"wash", "strong", "number", "current", "desired"}


def write_table(table: Table, context: Context, write_blocks: WriteBlocks) -> str:
    """Return a table; `write_blocks` writes what its cells hold."""
    columns = _count_columns(table)
    placed = [*_place_cells(table.head, columns), *_place_cells(table.body, columns)]
    widths = fit_widths(table, columns, context.width)
    role = table.role if table.role in _ROLES else "grid"
    described = {"aria_description": table.description} if table.caption else {"aria_label": table.description}
    # WeasyPrint takes the rows alone for the table: a link to it would land below its caption.
    caption = write_caption("caption", table.label, table.number, table.caption, context, table.id)
    look = f"{role} {context.rule(f'width:{length(sum(widths))}')}"
    start = attributes(id="" if caption else table.id, class_=look, **described)
    rows = [
        _write_row(table, row, index, cells, widths, context, write_blocks)
        for index, (row, cells) in enumerate(zip((*table.head, *table.body), placed, strict=True))
    ]
    head, body = rows[: len(table.head)], rows[len(table.head) :]
    parts = (caption, _write_columns(widths, context), _join("thead", head), _join("tbody", body))
    return f"<table{start}>\n{''.join(parts)}</table>\n"


def write_caption(tag: str, label: str, number: int, caption: Inlines, context: Context, name: str = "") -> str:
    """Return the caption of a table or figure, its number first, or nothing if it has neither; `name` is its id."""
    numbered = f'<span class="label">{context.text(f"{label} {number}")}\u2002</span>' if number else ""
    words = write_inlines(caption, context)
    return f"<{tag}{attributes(id=name)}>{numbered}{words}</{tag}>\n" if numbered or words else ""


def _count_columns(table: Table) -> int:
    """Return how many columns the rows need, at least those that the table names."""
    rows = (*_place_cells(table.head, 0), *_place_cells(table.body, 0))
    return max([len(table.columns), 1, *(column + cell.colspan for row in rows for column, cell in row)])


def _place_cells(rows: tuple[Row, ...], columns: int) -> Placed:
    """Return each row's cells with their columns; places that a row leaves open hold an empty cell."""
    covered: dict[int, int] = {}  # column → rows that a cell from above still reaches into
    placed: Placed = []
    for row in rows:
        cells: list[tuple[int, Cell]] = []
        taken = {column for column, rest in covered.items() if rest}
        covered = {column: rest - 1 for column, rest in covered.items() if rest > 1}
        column = 0
        for cell in map(open_cell, row.cells):
            while column in taken:
                column += 1
            cells.append((column, cell))
            span = range(column, column + cell.colspan)
            taken.update(span)
            covered.update(dict.fromkeys(span, cell.rowspan - 1))
        cells.extend((open_, Cell(())) for open_ in range(columns) if open_ not in taken)
        placed.append(sorted(cells, key=lambda entry: entry[0]))
    return placed


def _join(tag: str, rows: list[str]) -> str:
    return f"<{tag}>\n{''.join(rows)}</{tag}>\n" if rows else ""


def _write_columns(widths: list[float], context: Context) -> str:
    columns = (f"<col{attributes(class_=context.rule(f'width:{length(width)}'))}>" for width in widths)
    return f"<colgroup>{''.join(columns)}</colgroup>\n"


def _write_row(
    table: Table,
    row: Row,
    index: int,
    cells: list[tuple[int, Cell]],
    widths: list[float],
    context: Context,
    write: WriteBlocks,
) -> str:
    heads = len(table.head)
    out = []
    tall = False
    for column, cell in cells:
        room = sum(widths[column : column + cell.colspan]) - 2 * context.theme.table.padding_x
        content = write(content_of(cell), replace(context, width=max(room, 1.0)))
        tall = tall or _is_tall(content, max(room, 1.0), context)
        align = cell.align or (table.columns[column].align if column < len(table.columns) else "left")
        # The rule under the head runs below every cell that reaches down to it.
        edge = index < heads <= index + cell.rowspan
        out.append(_write_cell(cell, align, index < heads, edge, content, context))
    last = index == heads + len(table.body) - 1
    marks = ("first", index == 0), ("last", last), ("total", row.role == "total"), ("tall", tall)
    look = " ".join(name for name, holds in marks if holds)
    return f"<tr{attributes(class_=look)}>{''.join(out)}</tr>\n"


def _is_tall(content: str, room: float, context: Context) -> bool:
    """Return whether a cell may well be higher than half a page: kept whole, it would leave a page empty above it."""
    page, style = context.theme.page, context.theme.text["cell"]
    height = len(content) * style.size * _LETTER / room * style.line
    return height > (page.height - page.top - page.bottom) / 2


def _write_cell(cell: Cell, align: Align, in_head: bool, edge: bool, content: str, context: Context) -> str:
    known = cell.role in _CELL_ROLES or cell.role.removeprefix("level-") in context.theme.levels
    names = (align if align != "left" else "", cell.role if known else "", "edge" if edge else "")
    look = " ".join(name for name in names if name)
    spans = {
        "colspan": str(cell.colspan) if cell.colspan > 1 else "",
        "rowspan": str(cell.rowspan) if cell.rowspan > 1 else "",
    }
    if not (cell.header or in_head):
        return f"<td{attributes(class_=look, **spans)}>{content}</td>"
    # A header over several rows or columns is still of scope row or col: it names all that it spans.
    return f"<th{attributes(class_=look, scope='col' if in_head else 'row', **spans)}>{content}</th>"
