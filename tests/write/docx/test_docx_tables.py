"""Take tables, ordinary and odd ones; write them; look at their grid, spans, rules and headers."""

from __future__ import annotations

import pytest
from lxml import etree
from word_file import W, find, words_of, write_blocks

from pipeline.document.theme import Theme
from pipeline.document.tree import Cell, Column, Figure, List, ListItem, Paragraph, Row, Table, Text
from pipeline.write.grid import place_cells


def cell(text: str, colspan: int = 1, rowspan: int = 1, role: str = "", header: bool = False) -> Cell:
    return Cell((Paragraph((Text(text),), "cell"),), header=header, colspan=colspan, rowspan=rowspan, role=role)


def row(*texts: str, role: str = "") -> Row:
    return Row(tuple(cell(text) for text in texts), role)


def columns(*widths: float) -> tuple[Column, ...]:
    return tuple(Column(width=width) for width in widths)


def grid_of(table: etree._Element) -> list[int]:
    return [int(column.get(f"{W}w") or 0) for column in find(table, "w:tblGrid/w:gridCol")]


def value(element: etree._Element, path: str) -> list[str | None]:
    return [node.get(f"{W}val") for node in find(element, path)]


def test_widths_are_the_same_in_grid_and_cells(theme: Theme) -> None:
    table = find(
        write_blocks(theme, Table(columns(100, 50.025, 33.3), (row("a", "b", "c"),), (row("d", "e", "f"),))), "w:tbl"
    )[0]
    grid = grid_of(table)
    assert grid == [2000, 1000, 666]
    for line in find(table, "w:tr"):
        assert [int(node.get(f"{W}w") or 0) for node in find(line, "w:tc/w:tcPr/w:tcW")] == grid
    assert find(table, "w:tblPr/w:tblLayout")[0].get(f"{W}type") == "fixed"


def test_header_rows_repeat_and_no_row_breaks(theme: Theme) -> None:
    body = tuple(row(letter, letter) for letter in "cdefg")
    table = find(write_blocks(theme, Table(columns(9, 9), (row("a", "b"),), body)), "w:tbl")[0]
    assert [len(find(line, "w:trPr/w:tblHeader")) for line in find(table, "w:tr")] == [1, 0, 0, 0, 0, 0]
    assert [len(find(line, "w:trPr/w:cantSplit")) for line in find(table, "w:tr")] == [1, 1, 1, 1, 1, 1]
    # The head and the first row stay with what follows, and so does the last row but one: no row stands alone.
    assert [len(find(line, ".//w:keepNext")) for line in find(table, "w:tr")] == [2, 2, 0, 0, 2, 0]


def test_spans_become_grid_spans_and_vertical_merges(theme: Theme) -> None:
    body = (Row((cell("a", rowspan=2), cell("b", colspan=2))), row("c", "d"), row("e", "f", "g"))
    table = find(write_blocks(theme, Table(columns(9, 9, 9), (), body)), "w:tbl")[0]
    lines = find(table, "w:tr")
    assert [len(find(line, "w:tc")) for line in lines] == [2, 3, 3]
    assert value(lines[0], "w:tc/w:tcPr/w:vMerge") == ["restart"]
    assert value(lines[1], "w:tc/w:tcPr/w:vMerge") == [None]
    assert value(lines[0], "w:tc/w:tcPr/w:gridSpan") == ["2"]


@pytest.mark.parametrize(
    "rows",
    [
        (Row((cell("a", colspan=9, rowspan=9),)), row("b")),
        (Row((cell("a", rowspan=3), cell("b", colspan=2, rowspan=2))), row("c", "d", "e"), row("f")),
        (Row(()), row("a", "b", "c", "d")),
        (Row((cell("a"), cell("b", rowspan=2))), Row((cell("c", colspan=2),))),
        (Row((cell("a", colspan=0, rowspan=0),)),),
    ],
)
def test_odd_spans_still_fill_every_row(rows: tuple[Row, ...], theme: Theme) -> None:
    body = write_blocks(theme, Table(columns(10, 10), (), rows))
    table = find(body, "w:tbl")[0]
    count = len(grid_of(table))
    for line in find(table, "w:tr"):
        assert sum(int((value(node, "w:tcPr/w:gridSpan") or ["1"])[0] or 1) for node in find(line, "w:tc")) == count
    wanted = "".join(part.text for line in rows for box in line.cells for part in box.blocks[0].children)  # type: ignore[union-attr]
    assert sorted(words_of(table)) == sorted(wanted)


def test_place_cells_says_where_a_span_ends() -> None:
    slots = place_cells((Row((cell("a", rowspan=3), cell("b"))), row("c"), row("d")), 2)
    assert [(line[0].first, line[0].last) for line in slots] == [(True, False), (False, False), (False, True)]


def test_total_row_is_bold_under_its_rule(theme: Theme) -> None:
    body = write_blocks(theme, Table(columns(9, 9), (row("h", "h"),), (row("a", "b"), row("c", "d", role="total"))))
    lines = find(body, "w:tbl/w:tr")
    assert [len(find(line, ".//w:r/w:rPr/w:b")) for line in lines] == [0, 0, 2]
    edges = [find(line, "w:tc/w:tcPr/w:tcBorders")[0] for line in lines]
    assert value(edges[2], "w:bottom") == ["nil"]
    for above, below in ((0, 1), (1, 2)):
        meeting = [find(edges[above], "w:bottom")[0].attrib, find(edges[below], "w:top")[0].attrib]
        assert meeting[0] == meeting[1]


def test_cell_roles_colour_their_cells(theme: Theme) -> None:
    line = Row(
        (cell("a", role="level-high"), cell("b", role="current"), cell("c", role="nobody"), cell("d", role="strong"))
    )
    body = write_blocks(theme, Table(columns(9, 9, 9, 9), (), (line,)))
    cells = find(body, "w:tbl/w:tr/w:tc")
    fills = [[node.get(f"{W}fill") for node in find(box, "w:tcPr/w:shd")] for box in cells]
    assert fills == [[theme.levels["high"][1:].upper()], [theme.colours["tint"][1:].upper()], [], []]
    assert [len(find(box, ".//w:b")) for box in cells] == [0, 1, 0, 1]


def test_table_tells_its_headers_title_and_description(theme: Theme) -> None:
    line = Row((cell("a", header=True), cell("b")))
    table = Table(columns(9, 9), (row("x", "y"),), (line,), caption=(Text("Risks"),), description="Open risks")
    properties = find(write_blocks(theme, table), "w:tbl/w:tblPr")[0]
    look = find(properties, "w:tblLook")[0]
    assert (look.get(f"{W}firstRow"), look.get(f"{W}firstColumn")) == ("1", "1")
    assert value(properties, "w:tblCaption") == ["Risks"]
    assert value(properties, "w:tblDescription") == ["Open risks"]


def test_table_wider_than_its_place_is_made_to_fit(theme: Theme) -> None:
    body = write_blocks(theme, Table(columns(900, 100), (), (row("a", "b"),)))
    grid = grid_of(find(body, "w:tbl")[0])
    assert sum(grid) <= round(theme.page.text_width * 20) + 1
    assert grid[0] == pytest.approx(9 * grid[1], abs=9)


def test_tables_are_parted_by_an_exact_spacer(theme: Theme) -> None:
    table = Table(columns(9), (), (row("a"),))
    body = write_blocks(theme, table, table)
    kinds = [node.tag.removeprefix(W) for node in body]
    assert kinds == ["tbl", "p", "tbl", "p", "sectPr"]
    assert [node.get(f"{W}after") for node in find(body, "w:p/w:pPr/w:spacing")] == ["220", "220"]


def test_table_in_a_cell_is_followed_by_a_paragraph(theme: Theme) -> None:
    inner = Table(columns(40), (), (row("in"),))
    items = List((ListItem((Paragraph((Text("item"),)),)),))
    outer = Table(columns(90, 90), (), (Row((Cell((inner,)), Cell((items, Figure("gone", "alt"))))),))
    cells = find(write_blocks(theme, outer), "w:tbl/w:tr/w:tc")
    assert [node[-1].tag for node in cells] == [f"{W}p", f"{W}p"]
    assert [words_of(node) for node in cells] == ["in", "item[alt]"]


def test_table_without_rows_keeps_its_caption(theme: Theme) -> None:
    body = write_blocks(theme, Table(columns(9), (), (), caption=(Text("None yet"),)))
    assert words_of(body) == "None yet"
    assert not find(body, "w:tbl")
