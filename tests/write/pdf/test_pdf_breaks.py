"""Take documents that end a page at an awkward place; lay them out; check that pages break where Word breaks them."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from writers_tables import cell, columns, para

from pipeline.document.theme import Theme
from pipeline.document.tree import (
    Block,
    Callout,
    Code,
    Document,
    Furniture,
    List,
    ListItem,
    Note,
    NoteRef,
    Paragraph,
    Properties,
    Row,
    Section,
    Table,
    Text,
)
from pipeline.write.pdf import write_pdf
from pipeline.write.pdf.patches import keep_notes


def lay_out(theme: Theme, *nodes: Block, notes: tuple[Note, ...] = (), after: float = 7.0) -> list[str]:
    """Return the words of each page; `after` is the space below each paragraph, by which the pages are filled."""
    body = replace(theme.text["body"], after=after)
    document = Document("p/d", Properties("T"), Furniture(), (Section(nodes),), notes)
    pdf = write_pdf(document, replace(theme, text={**theme.text, "body": body}))
    return [page.extract_text() for page in PdfReader(BytesIO(pdf.data)).pages]


def fill(lines: int) -> list[Block]:
    return [para(f"Line {number}.") for number in range(1, lines + 1)]


def test_the_step_of_weasyprint_that_drives_notes_away_is_known_and_mended() -> None:
    assert keep_notes()


@pytest.mark.parametrize("lines", range(29, 34))
def test_a_note_is_on_the_page_of_its_call_whatever_follows(lines: int, theme: Theme) -> None:
    called = Paragraph((Text("Called here."), NoteRef(1)))
    long = para("word " * 120)
    pages = lay_out(theme, called, *fill(lines), long, notes=(Note(1, (para("The note."),)),))
    assert len(pages) == 2
    assert "The note." in pages[0]


@pytest.mark.parametrize("lines", range(29, 34))
def test_a_line_that_calls_a_note_goes_with_it_to_the_next_page(lines: int, theme: Theme) -> None:
    called = Paragraph((Text("Called here."), NoteRef(1)))
    pages = lay_out(theme, *fill(lines), called, notes=(Note(1, (para("The note."),)),))
    assert ["Called here." in page for page in pages] == ["The note." in page for page in pages]


def test_a_list_may_leave_the_line_that_names_it_as_in_word(theme: Theme) -> None:
    pages = lay_out(theme, *fill(33), List((ListItem((para("Item one."),)),)), after=7.3)
    assert "Line 33." in pages[0]
    assert "Item one." in pages[1]


def test_a_list_within_a_list_adds_no_room_below_itself(theme: Theme) -> None:
    inner = List((ListItem((para("in"),)),))
    items = tuple(ListItem((para("out"), inner)) for _ in range(25))
    assert len(lay_out(theme, List(items))) == 1


def test_code_fills_a_page_to_its_foot(theme: Theme) -> None:
    # 30 lines of 14 + 5.7 points and a block of 109 leave six points of the page free.
    pages = lay_out(theme, *fill(30), Code("\n".join(f"Code {number}" for number in range(8))), after=5.7)
    assert len(pages) == 1


def test_a_callout_does_not_hang_below_the_foot_of_the_page(theme: Theme) -> None:
    pages = lay_out(theme, *fill(30), Callout("note", (para("One."), para("Two."), para("Three."))), after=7.2)
    assert "Two." in pages[0]
    assert "Three." in pages[1]


def test_a_table_of_one_row_does_not_cling_to_what_follows(theme: Theme) -> None:
    one = Table(columns(300, (1, "left")), (), (Row((cell("Only row."),)),))
    pages = lay_out(theme, *fill(31), one, para("word " * 60), after=7.0)
    assert "Only row." in pages[0]
    assert "word" in pages[1]
