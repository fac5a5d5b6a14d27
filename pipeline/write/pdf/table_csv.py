"""Take a table of the tree; gather what its cells show, header rows first; give it as CSV."""

from __future__ import annotations

from pipeline.document.tree import Blocks, Table
from pipeline.write.csv_text import write_csv
from pipeline.write.html.context import show
from pipeline.write.html.inlines import plain_text
from pipeline.write.table_cells import lines_of, spread_cells


def write_table(table: Table) -> bytes:
    """Return the table as CSV."""
    places = spread_cells(table)
    return write_csv([_show(cell) for cell in row] for row in (*places.head, *places.body))


def _show(blocks: Blocks) -> str:
    return show("\n".join(filter(None, (plain_text(line).strip() for line in lines_of(blocks)))))
