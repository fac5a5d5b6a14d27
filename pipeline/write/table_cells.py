"""Take a table of the tree; lay its cells out so that every place of every row has its own; give rows of blocks.

For formats that know no spans. A header cell names all that it spans, so it stands in each of those places; any other
cell stands in its first place alone, or a sum over a column would count it twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.document.tree import (
    Align,
    Blocks,
    Cell,
    Code,
    CodeSpan,
    Definition,
    Figure,
    Heading,
    Inlines,
    Paragraph,
    Row,
    Table,
    Text,
    content_of,
)
from pipeline.document.walk import walk
from pipeline.write.grid import Slot, count_columns, place_cells


@dataclass(frozen=True, slots=True)
class Places:
    """The blocks in each place of a table, header rows and body rows apart; the alignment of each column."""

    head: tuple[tuple[Blocks, ...], ...]
    body: tuple[tuple[Blocks, ...], ...]
    aligns: tuple[Align, ...]


def spread_cells(table: Table) -> Places:
    """Return the table without spans; each row has as many places as there are columns."""
    columns = max(count_columns(table.head, len(table.columns)), count_columns(table.body, 1))
    aligns: list[Align] = [column.align for column in table.columns]
    aligns += ["left"] * (columns - len(aligns))
    head = _spread(table.head, columns, in_head=True)
    return Places(head, _spread(table.body, columns, in_head=False), tuple(aligns))


def lines_of(blocks: Blocks) -> Iterator[Inlines]:
    """Yield the lines that a cell shows: one for each paragraph, heading, term, line of code or picture in it."""
    for node in walk(blocks):
        match node:
            case Paragraph() | Heading():
                yield node.children
            case Definition():
                yield node.term
            case Code():
                yield from ((CodeSpan(line),) for line in node.text.split("\n"))
            case Figure():
                yield (Text(node.alt),)
                yield node.caption


def _spread(rows: tuple[Row, ...], columns: int, *, in_head: bool) -> tuple[tuple[Blocks, ...], ...]:
    contents: dict[int, Blocks] = {}  # by the identity of a cell: what is one cell stays one object in all its places
    placed = place_cells(rows, columns)
    for slots in placed:
        contents.update((id(slot.cell), content_of(slot.cell)) for slot in slots if slot.first)
    return tuple(
        tuple(blocks for slot in slots for blocks in _fill(slot, contents[id(slot.cell)], in_head)) for slots in placed
    )


def _fill(slot: Slot, content: Blocks, in_head: bool) -> Iterator[Blocks]:
    repeated = in_head or (isinstance(slot.cell, Cell) and slot.cell.header)
    for place in range(slot.span):
        shown = repeated or (slot.first and place == 0)
        yield content if shown else ()
