"""Take the sample document with its plain cells as text, and with them spelled out; check that all writers agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from pipeline.document.theme import Theme
from pipeline.document.tree import Cell, Column, Document, Heading, Paragraph, Row, Section, Table, Text, content_of
from pipeline.document.walk import rewrite, walk
from pipeline.write.docx import write_docx
from pipeline.write.html import write_html
from pipeline.write.markdown import write_markdown
from pipeline.write.pdf.attachments import write_table
from tests.worlds.cells import spell_cells

ODD = ("", "a\u00a0b", "soft\u00adhyphen", "no\u2011break", "tab\there", "line\nend", "<&>\"'", "\u200bx", "\x01", "é")


def shorten(node: Any) -> Any:
    """Return a row whose cells of one plain paragraph are that text, other nodes as they are."""
    return replace(node, cells=tuple(map(shorten_cell, node.cells))) if isinstance(node, Row) else node


def shorten_cell(cell: Cell | str) -> Cell | str:
    if isinstance(cell, str) or len(cell.blocks) != 1 or not isinstance(cell.blocks[0], Paragraph):
        return cell
    line = cell.blocks[0].children
    if cell.blocks[0] != Paragraph(line, "cell") or len(line) != 1 or type(line[0]) is not Text:
        return cell
    short = replace(cell, blocks=line[0].text)
    return line[0].text if short == Cell(line[0].text) else short


def odd_table() -> Table:
    rows = (
        *(Row((Cell(text, header=True), text, Cell(text, role="strong"), Cell(text, align="right"))) for text in ODD),
        Row((Cell("both", rowspan=2), "b", Cell("wide", colspan=2))),
        Row(("b", "c", "d")),
        Row(("short",)),
        Row(("sum", "1", "2", "3"), "total"),
    )
    head = (
        Row((Cell("two rows", header=True, rowspan=2), Cell("three", header=True, colspan=3))),
        Row(("x", "y", "z")),
    )
    return Table((Column("left", 60.0), Column("right", 80.0), Column(), Column("center")), head, rows, (Text("All"),))


@pytest.fixture
def short(sample_document: Document) -> Document:
    sections = rewrite(sample_document.sections, shorten)
    more = Section((Heading(1, (Text("Odd"),), "odd"), odd_table()))
    return replace(sample_document, sections=(*sections, more))


def test_the_short_form_is_used_by_the_sample(short: Document) -> None:
    cells = [cell for node in walk(short.sections) if isinstance(node, Row) for cell in node.cells]
    assert sum(isinstance(cell, str) for cell in cells) > 60
    assert sum(isinstance(cell, Cell) and isinstance(cell.blocks, str) for cell in cells) > 30
    assert spell_cells(short) != short


def test_word_html_and_markdown_are_the_same_in_both_forms(short: Document, theme: Theme) -> None:
    long = spell_cells(short)
    assert write_docx(short, theme, {}) == write_docx(long, theme, {})
    assert write_html(short, theme) == write_html(long, theme)
    assert write_markdown(short, theme) == write_markdown(long, theme)


def test_csv_is_the_same_in_both_forms(short: Document) -> None:
    def tables(document: Document) -> Iterator[Table]:
        return (node for node in walk(document.sections) if isinstance(node, Table))

    assert [write_table(one) for one in tables(short)] == [write_table(one) for one in tables(spell_cells(short))]


def test_text_stands_for_one_paragraph_of_the_role_cell() -> None:
    assert content_of("a") == content_of(Cell("a")) == (Paragraph((Text("a"),), "cell"),)
    assert content_of(Cell(())) == ()
