"""Take rows whose spanned cells are left out, as in HTML; find the cell that stands in each place; give whole rows."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.document.tree import Cell, Row

_EMPTY = Cell(())


class Slot(NamedTuple):
    """A place in a row: its cell, first column and columns; `first` and `last` say which of its rows this is.

    As in the tree, a cell of plain text is that text: see `Row`.
    """

    cell: Cell | str
    column: int
    span: int
    first: bool = True
    last: bool = True


def count_columns(rows: tuple[Row, ...], known: int) -> int:
    """Return how many columns the rows really need, at least those that are known, at least one."""
    waiting: dict[int, int] = {}
    most = max(known, 1)
    for row in rows:
        column, after = 0, {at: left - 1 for at, left in waiting.items() if left > 1}
        for cell in row.cells:
            while waiting.get(column, 0):
                column += 1
            if isinstance(cell, str):
                column += 1
                continue
            for at in range(column, column + max(1, cell.colspan)):
                if cell.rowspan > 1:
                    after[at] = cell.rowspan - 1
            column += max(1, cell.colspan)
        most, waiting = max(most, column), after
    return most


def place_cells(rows: tuple[Row, ...], columns: int) -> tuple[tuple[Slot, ...], ...]:
    """Return each row as slots that fill it from the first column to the last; missing cells are empty."""
    placed: list[tuple[Slot, ...]] = []
    open_spans: dict[int, tuple[Slot, int]] = {}
    for index, row in enumerate(rows):
        slots, open_spans = _place_row(row, open_spans, columns, len(rows) - index)
        placed.append(slots)
    return tuple(placed)


def _place_row(
    row: Row, waiting: dict[int, tuple[Slot, int]], columns: int, rows_left: int
) -> tuple[tuple[Slot, ...], dict[int, tuple[Slot, int]]]:
    slots: list[Slot] = []
    still: dict[int, tuple[Slot, int]] = {}
    cells = iter(row.cells)
    column = 0
    while column < columns:
        if column in waiting:
            above, left = waiting[column]
            slot = Slot(above.cell, column, above.span, first=False, last=left == 1)
        else:
            cell = next(cells, _EMPTY)
            if isinstance(cell, str):
                slots.append(Slot(cell, column, 1))
                column += 1
                continue
            left = min(max(1, cell.rowspan), rows_left)
            slot = Slot(cell, column, _fit_span(cell, column, columns, waiting), last=left == 1)
        if left > 1:
            still[column] = (slot, left - 1)
        slots.append(slot)
        column += slot.span
    return tuple(slots), still


def _fit_span(cell: Cell, column: int, columns: int, waiting: dict[int, tuple[Slot, int]]) -> int:
    """Return the cell's columns, fewer where the table or a cell from above leaves it less room."""
    wanted = min(max(1, cell.colspan), columns - column)
    free = next((at for at in range(1, wanted) if column + at in waiting), wanted)
    return free
