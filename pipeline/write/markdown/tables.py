"""Take a table of the tree; write it as a pipe table, a line for each row, spans filled; give Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.document.tree import Align, Blocks, Table
from pipeline.write.markdown.inlines import Context, write_inlines
from pipeline.write.table_cells import lines_of, spread_cells

_BREAK = "<br>"
_RULES: dict[Align, str] = {"left": "---", "right": "--:", "center": ":-:"}


def write_grid(table: Table, context: Context) -> str:
    """Return the rows of a table; a pipe table has one header row, so several become the lines of one."""
    places = spread_cells(table)
    head = [_join(column, context) for column in zip(*places.head, strict=True)] or [""] * len(places.aligns)
    rules = [_RULES[align] for align in places.aligns]
    body = ([_join((blocks,), context) for blocks in row] for row in places.body)
    return "\n".join(_write_row(row) for row in (head, rules, *body))


def _join(cells: Sequence[Blocks], context: Context) -> str:
    """Return what cells hold as one line, once where one cell reaches over several rows; a pipe would end the cell."""
    own = (cell for above, cell in zip((None, *cells), cells, strict=False) if cell is not above)
    lines = (write_inlines(line, context).strip() for cell in own for line in lines_of(cell))
    return _BREAK.join(line for line in lines if line).replace("\n", _BREAK).replace("|", "\\|")


def _write_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
