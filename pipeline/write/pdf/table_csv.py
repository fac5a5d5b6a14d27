"""Take a table of the tree; write what its cells show as CSV that a spreadsheet opens and cannot run; give bytes.

UTF-8 with the mark at its start by which Excel tells it, lines as RFC 4180 wants them, header rows first.
"""

from __future__ import annotations

import csv
import re
from io import StringIO

from pipeline.render.tree import Blocks, Table
from pipeline.write.html.context import show
from pipeline.write.html.inlines import plain_text
from pipeline.write.table_cells import lines_of, spread_cells

# A spreadsheet takes a cell for a formula that begins with one of these; full-width forms count in some languages.
_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
_NUMBER = re.compile(r"[-+−]?\d[\d.,'’\s]*%?")
# Where semicolons part the cells, as in much of Europe, a text could go on as a cell of its own.
_PARTS = re.compile(r"([;\t\r\n])")


def write_csv(table: Table) -> bytes:
    """Return the table as CSV; a text that looks like a formula gets an apostrophe before it, a number does not."""
    places = spread_cells(table)
    target = StringIO(newline="")
    rows = csv.writer(target, lineterminator="\r\n")
    rows.writerows([_show(cell) for cell in row] for row in (*places.head, *places.body))
    return target.getvalue().encode("utf-8-sig")


def _show(blocks: Blocks) -> str:
    text = "\n".join(filter(None, (plain_text(line).strip() for line in lines_of(blocks))))
    return disarm(show(text))


def disarm(text: str) -> str:
    """Return the text of a cell so that no spreadsheet runs any part of it."""
    return "".join(_disarm(part) for part in _PARTS.split(text))


def _disarm(part: str) -> str:
    words = part.strip()
    return f"'{part}" if words[:1] in _FORMULA and words and not _NUMBER.fullmatch(words) else part
