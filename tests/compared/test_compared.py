"""Take small documents, files and facts with known faults, and the page; check what the comparison says of them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from shutil import which
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from pipeline.document.theme import Theme
from pipeline.document.tree import (
    Asset,
    Cell,
    Column,
    Document,
    Figure,
    Furniture,
    Heading,
    List,
    ListItem,
    Paragraph,
    Properties,
    Ref,
    Row,
    Section,
    Strong,
    Table,
    Text,
    Toc,
    TocEntry,
)
from pipeline.problems import DONE, MACHINE_LACKS, OUR_BUG, SOURCES_WRONG
from pipeline.render.theme_file import load_theme
from pipeline.write.docx import write_docx
from pipeline.write.pdf import write_pdf
from tests.compared import __main__ as command
from tests.compared.facts import Equal, PdfColumn
from tests.compared.make import PDF, WORD
from tests.compared.markdown import write_pandoc
from tests.compared.page_facts import PageFacts, list_attached, read_pdf
from tests.compared.source import ROOT, make_source
from tests.compared.table import PDF_ROWS, WORD_ROWS
from tests.compared.table import write_pdf as write_pdf_table
from tests.compared.template import make_template
from tests.compared.versions import PACKAGES, say_charter
from tests.compared.word_facts import list_fields, read_word
from tests.compared.word_parts import Bookmarks, add_field
from tests.conformance.judges import Missing

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def"
    "46b80000000049454e44ae426082"
)

needs_poppler = pytest.mark.skipif(not which("pdftotext"), reason="pdftotext is not installed (poppler-utils)")


def text_of(words: str) -> Paragraph:
    return Paragraph((Text(words),))


def make_table() -> Table:
    def row(*words: str, header: bool = False) -> Row:
        return Row(tuple(Cell((Paragraph((Text(word),), "cell"),), header) for word in words))

    columns = (Column(width=120.0), Column("right", width=360.0))
    head, body = row("Step", "Hours", header=True), row("Export", "14")
    return Table(columns, (head,), (body,), (Text("Steps"),), "Table", 1, "tbl-steps")


def make_document() -> Document:
    """Return a document with all that the comparison looks at, a block of each kind."""
    blocks = (
        Paragraph((Text("Mill"),), "kicker"),
        Paragraph((Text("Project charter"),), "title"),
        Paragraph((Text("Flour."),), "standfirst"),
        Toc("Contents", 1, (TocEntry(1, "1", (Text("Why"),), "why"), TocEntry(1, "2", (Text("How"),), "how"))),
        Heading(1, (Text("Why"),), "why", "1"),
        Paragraph((Text("It is "), Strong((Text("late"),)), Text("."))),
        List((ListItem((text_of("Now."),)),)),
        Figure("p.png", "A wheel.", (Text("The wheel"),), "Figure", 1, "fig-1", 48.0, 48.0),
        Heading(1, (Text("How"),), "how", "2"),
        Paragraph((Text("See "), Ref("tbl-steps", "Table 1"), Text(" and "), Ref("why", "Section 1"), Text("."))),
        make_table(),
    )
    wide = Section((Heading(2, (Text("Wide"),), "wide", "2.1"), text_of("Much.")), landscape=True)
    furniture = Furniture("Mill", "Project charter", "Revision 1")
    assets = {"p.png": Asset(PIXEL, "image/png", 1, 1)}
    return Document("mill/charter", Properties("Charter"), furniture, (Section(blocks), wide), (), assets)


def make_theme() -> Theme:
    return load_theme()


def make_pages(**changes: Any) -> PageFacts:
    facts = PageFacts((("1 Why", 1), ("2 How", 1), ("2.1 Wide", 2)), 2, 1, (2, 2), (2, 2), (2, 2), (3, 3), (1, 1))
    return replace(facts, **changes)


# What is read in files.


def test_a_whole_word_file_has_everything(tmp_path: Path) -> None:
    document, file = make_document(), tmp_path / "d.docx"
    file.write_bytes(write_docx(document, make_theme(), {"why": 1, "how": 1, "wide": 2}))
    facts = read_word(file, document, make_pages())
    assert facts.words == (14, 14)
    assert (facts.entries, facts.right_pages, facts.asks) == ((2, 2), (2, 2), False)
    assert (facts.captions, facts.references, facts.links, facts.twice) == ((2, 2), (2, 2), 0, 0)
    assert (facts.pictures, facts.repeated, facts.fixed, facts.widths) == ((1, 1), (1, 1), (1, 1), (1, 1))


def test_a_page_number_that_is_not_the_headings_is_not_right(tmp_path: Path) -> None:
    document, file = make_document(), tmp_path / "d.docx"
    file.write_bytes(write_docx(document, make_theme(), {"why": 1, "how": 7, "wide": 2}))
    assert read_word(file, document, make_pages()).right_pages == (1, 2)


def test_a_bare_word_file_has_nothing(tmp_path: Path) -> None:
    word = docx.Document()
    word.add_paragraph("Table 1: Steps")
    table = word.add_table(1, 2)
    table.autofit = True
    word.save(str(tmp_path / "d.docx"))
    facts = read_word(tmp_path / "d.docx", make_document(), make_pages())
    assert facts.words == (1, 14)  # “Step”, a cell, is in “Steps”
    assert (facts.entries, facts.captions, facts.references) == ((0, 2), (0, 2), (0, 2))
    assert (facts.pictures, facts.repeated, facts.fixed, facts.widths) == ((0, 1), (0, 1), (0, 1), (0, 1))


@pytest.mark.parametrize("mark", ["updateFields", "dirty"])
def test_either_mark_makes_word_ask(tmp_path: Path, mark: str) -> None:
    word = docx.Document()
    paragraph = word.add_paragraph()
    add_field(paragraph, "TOC", "1")
    if mark == "dirty":
        next(paragraph._p.iter(qn("w:fldChar"))).set(qn("w:dirty"), "true")
    else:
        word.settings.element.append(OxmlElement("w:updateFields"))
    word.save(str(tmp_path / "d.docx"))
    assert read_word(tmp_path / "d.docx", make_document(), make_pages()).asks


def test_fields_within_fields_are_told_apart() -> None:
    paragraph = docx.Document().add_paragraph()
    add_field(paragraph, "REF _Ref1 \\h", "Table 1")
    assert [(one.code.split()[0], one.result) for one in list_fields(paragraph._p)] == [("REF", "Table 1")]
    mark = OxmlElement("w:fldSimple")
    mark.set(qn("w:instr"), "SEQ Table")
    paragraph._p.append(mark)
    assert [one.code.split()[0] for one in list_fields(paragraph._p)] == ["SEQ", "REF"]


def test_a_reference_to_a_bookmark_that_is_not_there_does_not_count(tmp_path: Path) -> None:
    word = docx.Document()
    paragraph = word.add_paragraph()
    add_field(paragraph, "REF _Ref_steps \\h", "Table 1")
    word.save(str(tmp_path / "lost.docx"))
    assert read_word(tmp_path / "lost.docx", make_document(), make_pages()).references == (0, 2)
    marks = Bookmarks()
    for _ in range(2):
        marks.put(paragraph, "_Ref_steps")
    word.save(str(tmp_path / "twice.docx"))
    facts = read_word(tmp_path / "twice.docx", make_document(), make_pages())
    assert (facts.references, facts.twice) == ((1, 2), 1)


@needs_poppler
def test_a_whole_pdf_has_everything(tmp_path: Path) -> None:
    file = tmp_path / "d.pdf"
    file.write_bytes(write_pdf(make_document(), make_theme()).data)
    facts = read_pdf(file, make_document())
    assert (facts.pages, facts.turned, facts.running) == (2, 1, (2, 2))
    assert (facts.entries, facts.right_pages, facts.bookmarks, facts.pictures) == ((2, 2), (2, 2), (3, 3), (1, 1))
    assert list_attached(file) == ("charter.md", "table-01-steps.csv")


@needs_poppler
def test_what_a_pdf_lacks_is_not_counted(tmp_path: Path) -> None:
    document = make_document()
    file = tmp_path / "d.pdf"
    bare = replace(document, furniture=Furniture(), sections=(Section((text_of("Words."),)),))
    file.write_bytes(write_pdf(bare, make_theme()).data)
    facts = read_pdf(file, document)
    assert (facts.running, facts.entries, facts.bookmarks, facts.pictures) == ((0, 1), (0, 2), (0, 3), (0, 1))
    assert facts.right_pages == (0, 2)


# What the others are given.


def test_pandoc_is_given_what_it_has_words_for() -> None:
    text = write_pandoc(make_document(), make_theme(), {"p.png": "wheel.png"})
    for words in (
        "title: Project charter\n",
        "# Why {#why}\n",
        '![The wheel](wheel.png){#fig-1 alt="A wheel." width=100%}',
        "See [Table 1](#tbl-steps) and [Section 1](#why).",
        ": Steps {#tbl-steps}",
        "::: landscape\n\n## Wide {#wide}",
    ):
        assert words in text
    left, right = re.findall(r"\|(-+)\|(-+:)\|", text)[0]
    assert len(right) == 3 * len(left)
    assert "Contents" not in text.partition("\n---\n")[2]


def test_the_template_says_nothing_of_one_charter(tmp_path: Path) -> None:
    file = make_template(make_document(), make_theme(), {"why": 1, "how": 4}, tmp_path / "t.docx")
    with ZipFile(file) as archive:
        text = archive.read("word/document.xml").decode()
    for words in ("late", "Now.", "A wheel.", "The wheel", "Export", "Flour."):
        assert words not in text
    for words in ("Steps", "Hours", "{%tr for row in tables[0].rows %}", "{{ pictures[0].alt }}", ">4<"):
        assert words in text


def test_the_template_fills_to_a_file_that_has_everything(tmp_path: Path) -> None:
    pytest.importorskip("docxtpl", reason="docxtpl is not installed (make compare installs it)")
    from tests.compared.by_docxtpl import fill_template

    document = make_document()
    template = make_template(document, make_theme(), {"why": 1, "how": 4}, tmp_path / "t.docx")
    facts = read_word(fill_template(document, template, tmp_path), document, make_pages())
    assert facts.words == (14, 14)
    assert (facts.entries, facts.right_pages, facts.asks) == ((2, 2), (1, 2), True)
    assert (facts.captions, facts.references, facts.pictures, facts.widths) == ((2, 2), (2, 2), (1, 1), (1, 1))


# What is said of it.


def test_a_column_says_what_was_found() -> None:
    broken = {"ua1": ("7.1-3 Content shall be marked",), "3a": ("a b", "c d", "e f"), "3b": ()}
    column = PdfColumn(make_pages(), broken, False, ("a.md", "b.csv", "c.csv"), Equal(2, 1, 0))
    lines = [line.split(" | ") for line in write_pdf_table({"Tool": column}).splitlines()]
    said = {line[0].removeprefix("| "): line[1].removesuffix(" |") for line in lines}
    assert list(said)[2:] == list(PDF_ROWS)
    assert said["Pages with header and page number"] == "2 of 2, 1 of them landscape"
    assert said["veraPDF, PDF/UA-1"] == "breaks 7.1-3"
    assert said["veraPDF, PDF/A-3a"] == "breaks a, c, e and more"
    assert said["veraPDF, PDF/A-3b"] == "passes"
    assert said["Attached"] == "the text, 2 tables as CSV"
    assert said["Same bytes again, same folder"] == "1 of 2 files"
    assert said["Same bytes again, another folder and time zone"] == "no"


@pytest.mark.parametrize(
    ("text", "words", "code"), [("| new |", [], SOURCES_WRONG), ("| old |", [], DONE), ("| new |", ["--write"], DONE)]
)
def test_a_page_that_says_something_else_is_named(
    text: str, words: list[str], code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = tmp_path / "docs" / "compared.md"
    page.parent.mkdir()
    page.write_text("Before.\n\n<!-- made: compared -->\n\n| old |\n\n<!-- end -->\n\nBehind.\n")
    monkeypatch.setattr(command, "PAGE", page)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "measure", lambda folder: text)
    assert command.main(words) == code
    assert ("| new |" in page.read_text()) == bool(words)
    assert page.read_text().startswith("Before.") and page.read_text().endswith("Behind.\n")


def test_what_is_missing_and_what_failed_end_with_their_codes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lack(_: object) -> str:
        raise Missing("typst", "make typst")

    def fail(_: object) -> str:
        raise ChildProcessError("pandoc said no")

    for measure, code, said in ((lack, MACHINE_LACKS, "    make typst"), (fail, OUR_BUG, "pandoc said no")):
        monkeypatch.setattr(command, "measure", measure)
        assert command.main([]) == code
        assert said in capsys.readouterr().out


# The page. That its figures are true, `make compare` says; here is what can be seen in a second.


def page_rows() -> list[list[str]]:
    found = command.REGION.search(command.PAGE.read_text("utf-8"))
    assert found
    return [line.strip("| ").split(" | ") for line in found[2].splitlines() if line.startswith("| ")]


def test_the_page_asks_what_the_program_asks() -> None:
    wanted = [["Word file", *WORD], *([row] for row in WORD_ROWS), ["PDF", *PDF], *([row] for row in PDF_ROWS)]
    rows = [row for row in page_rows() if row[0] != "---"]
    assert [row[0] for row in rows] == [row[0] for row in wanted]
    assert [row for row in rows if row[0] in ("Word file", "PDF")] == [row for row in wanted if len(row) > 1]


def test_the_page_names_the_versions_of_the_lock_files() -> None:
    locks = "".join(path.read_text() for path in sorted(ROOT.glob("requirements*.txt")))
    locked = dict(re.findall(r"^([\w-]+)==(\S+)", locks, re.MULTILINE))
    page = command.PAGE.read_text("utf-8")
    assert [name for name in PACKAGES if f"{name} {locked[name]}" not in page] == []


def test_the_page_counts_what_the_charter_holds(tmp_path: Path) -> None:
    source = make_source(tmp_path)
    assert f"The charter: {say_charter(source.document)}." in command.PAGE.read_text("utf-8")
