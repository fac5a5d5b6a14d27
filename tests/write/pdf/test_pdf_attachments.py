"""Take documents; write them as PDF; take the attached files out with tools of others; compare them with the tree."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from shutil import which
from subprocess import run
from typing import Any

import pikepdf
import pytest
from writers_tables import cell, columns, head, words

from pipeline.document.theme import Theme
from pipeline.document.tree import Cell, Document, Furniture, Heading, Paragraph, Properties, Row, Section, Table, Text
from pipeline.document.walk import walk
from pipeline.write.csv_text import disarm
from pipeline.write.html.inlines import plain_text
from pipeline.write.markdown import write_markdown
from pipeline.write.pdf import Pdf, write_pdf
from pipeline.write.pdf.attachments import make_attachments, write_table

NAMES = [
    "key-figures.csv",
    "other-table-document-control.csv",
    "report.md",
    "table-01-milestones.csv",
    "table-02-budget-thousand-eur.csv",
    "table-03-engagement-current-c-and-desired-d.csv",
]


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


def make_table(*rows: tuple[str, ...], caption: str = "T") -> Table:
    body = tuple(Row(tuple(cell(text) for text in row)) for row in rows)
    return Table(columns(400, *((1.0, "left"),) * len(rows[0])), (), body, caption=words(caption))


@pytest.mark.skipif(not which("pdfdetach"), reason="poppler (pdfdetach) is not installed")
def test_pdfdetach_gives_back_the_text_and_the_tables(
    sample_pdf: Pdf, sample_document: Document, theme: Theme, tmp_path: Path
) -> None:
    file = tmp_path / "sample.pdf"
    file.write_bytes(sample_pdf.data)
    run(["pdfdetach", "-saveall", "-o", str(tmp_path), str(file)], check=True, capture_output=True)
    assert sorted(path.name for path in tmp_path.iterdir() if path != file) == NAMES
    assert (tmp_path / "report.md").read_text(encoding="utf-8") == write_markdown(sample_document, theme)
    tables = [node for node in walk(sample_document.sections) if isinstance(node, Table) and node.number]
    for table in tables:
        name = next(name for name in NAMES if name.startswith(f"table-{table.number:02}-"))
        shown = [text for row in read_csv((tmp_path / name).read_bytes()) for text in row if text]
        cells = [node for node in walk(table) if isinstance(node, Cell)]
        texts = ["".join(plain_text(p.children) for p in walk(one) if isinstance(p, Paragraph)) for one in cells]
        assert set(shown) == {text for text in texts if text}


def test_every_file_says_what_it_is_and_when_it_was_made(sample_pdf: Pdf) -> None:
    with pikepdf.open(BytesIO(sample_pdf.data)) as file:
        tree = pikepdf.NameTree(file.Root.Names.EmbeddedFiles)
        assert list(tree) == NAMES
        assert len(file.Root.AF) == len(NAMES)
        for spec in file.Root.AF:
            stream = spec.EF.F
            text = str(spec.UF).endswith(".md")
            assert str(spec.AFRelationship) == ("/Alternative" if text else "/Data")
            assert str(stream.Subtype) == ("/text/markdown" if text else "/text/csv")
            assert str(stream.Params.ModDate) == str(stream.Params.CreationDate) == "D:20260930120000Z"
            assert str(spec.Desc)


def test_the_time_of_a_file_is_in_utc_and_fixed_where_none_is_known(theme: Theme) -> None:
    table = make_table(("a",))
    for modified, shown in (
        (datetime.fromisoformat("2026-10-05T01:30:00+02:00"), "D:20261004233000Z"),
        (None, "D:19800101000000Z"),
    ):
        document = Document("p/d", Properties("T", modified=modified), Furniture(), (Section((table,)),))
        with pikepdf.open(BytesIO(write_pdf(document, theme).data)) as file:
            assert {str(spec.EF.F.Params.ModDate) for spec in file.Root.AF} == {shown}


def test_headers_are_repeated_over_their_span_and_figures_are_not(sample_document: Document) -> None:
    budget = next(node for node in walk(sample_document.sections) if isinstance(node, Table) and node.number == 2)
    rows = read_csv(write_table(budget))
    assert rows[0] == ["Work package", "Spent", "Spent", "Ahead", "Ahead"]
    assert rows[1] == ["Work package", "Budget", "Actual", "Earned", "Forecast"]
    assert rows[3:5] == [["WP 4 Integration", "112.0", "41.0", "34.0", "135.1"], ["", "12.0", "4.0", "3.0", "13.1"]]


def test_a_row_header_is_repeated_down_and_a_wide_cell_leaves_blanks() -> None:
    tall = Cell((Paragraph(words("Year")),), header=True, rowspan=2)
    wide = Cell((Paragraph(words("100")),), colspan=2)
    table = Table(
        columns(300, (1, "left"), (1, "left"), (1, "left")), (), (Row((tall, wide)), Row((cell("1"), cell("2"))))
    )
    assert read_csv(write_table(table)) == [["Year", "100", ""], ["Year", "1", "2"]]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+SUM(A1)", "'+SUM(A1)"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1", "' =1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("safe;=1+1", "safe;'=1+1"),
        ("two\n=1+1", "two\n'=1+1"),
        ("+19", "+19"),
        ("-5", "-5"),
        ("−3.5", "−3.5"),
        ("-1,234.50", "-1,234.50"),
        ("+4\u00a0%", "+4\u00a0%"),
        ("a = b", "a = b"),
        ("–", "–"),
        ("", ""),
    ],
)
def test_what_looks_like_a_formula_is_disarmed_and_a_number_is_not(text: str, shown: str) -> None:
    assert disarm(text) == shown


def test_tables_of_one_name_and_of_no_name_all_get_a_file(theme: Theme) -> None:
    nodes = (
        Heading(1, words("Ämter & Rollen"), "x"),
        replace(make_table(("1",), caption=""), caption=()),
        make_table(("2",), caption="Same"),
        make_table(("3",), caption="Same"),
        make_table(("4",), caption="Ελληνικά"),
        replace(make_table(("5",)), number=7, label="Table", caption=words("A " + "very " * 20 + "long one")),
    )
    document = Document("p/documents/läuft", Properties("T"), Furniture(), (Section(nodes),))
    assert [one.name for one in make_attachments(document, theme)] == [
        "läuft.md",
        "other-table-amter-rollen.csv",
        "other-table-same-2.csv",
        "other-table-same.csv",
        "other-table.csv",
        "table-07-a-very-very-very-very-very-very-very-very-very.csv",
    ]


def test_no_value_from_outside_the_tree_gets_into_the_file(theme: Theme) -> None:
    """Every text that the file holds, shown, attached or said of it, is a text of the tree or a word of the writer."""
    table = make_table(("alpha", "beta"), caption="gamma")
    document = Document(
        "delta/epsilon",
        Properties("zeta", "eta", "theta", "", ("iota",), modified=datetime(2026, 9, 30, tzinfo=UTC)),
        Furniture("kappa", "lambda"),
        (Section((Heading(1, words("mu"), "mu"), Paragraph((Text("nu"),)), table, Paragraph((Text("xi"),)))),),
    )
    known = set(re.findall(r"\w+", "alpha beta gamma epsilon zeta eta theta iota kappa lambda mu nu xi"))
    ours = {"Markdown", "Deedbox", "WeasyPrint", "Page", "of", "md", "csv", "other", "table"}
    with pikepdf.open(BytesIO(write_pdf(document, theme).data)) as file:
        attached = {str(spec.UF): bytes(spec.EF.F.read_bytes()).decode("utf-8-sig") for spec in file.Root.AF}
        said = [str(spec.Desc) for spec in file.Root.AF] + list(attached) + list(attached.values())
        said += [str(value) for key, value in file.docinfo.items() if "Date" not in key]
        xmp = bytes(file.Root.Metadata.read_bytes()).decode()
    found = set(re.findall(r"[^\W\d_]+", " ".join(said)))
    assert found - known - ours == set()
    texts = re.findall(r">([^<>]*[a-z][^<>]*)<", xmp.split("pdfaExtension:schemas")[0])
    assert set(re.findall(r"[^\W\d_]+", " ".join(texts))) - known - ours - {"T", "Z"} == set()


def test_a_cell_that_the_head_joins_is_read_once(theme: Theme) -> None:
    table = Table(
        columns(200, (1, "left"), (1, "left")), (Row((head("One", colspan=2),)),), (Row((cell("1"), cell("2"))),)
    )
    document = Document("p/d", Properties("T"), Furniture(), (Section((table,)),))
    assert write_markdown(document, theme) == "| One | One |\n| --- | --- |\n| 1 | 2 |\n"


def test_the_same_document_gives_the_same_files(sample_document: Document, theme: Theme) -> None:
    def made() -> list[Any]:
        return [(one.name, one.data, one.description) for one in make_attachments(sample_document, theme)]

    assert made() == made()
