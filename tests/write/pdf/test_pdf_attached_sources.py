"""Take documents that ask for sources and the Word file; write them as PDF; check what each attached file is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from shutil import which
from subprocess import run

import pikepdf
import pytest
from writers_tables import para

from pipeline.document.theme import Theme
from pipeline.document.tree import Asset, Document, Furniture, Properties, Section, SourceFile
from pipeline.write import write_document
from pipeline.write.pdf import write_pdf
from pipeline.write.pdf.attachments import make_attachments, media_type

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = b"Words\n"


def make_document(*sources: SourceFile, docx: bool = False, id: str = "p/d") -> Document:
    properties = Properties("T", modified=datetime(2026, 9, 30, tzinfo=UTC))
    return Document(id, properties, Furniture(), (Section((para("Words"),)),), attached=sources, attach_docx=docx)


def read_specs(data: bytes) -> dict[str, tuple[str, str, str, bytes]]:
    """Return relation, kind, description and content of each attached file by name."""
    with pikepdf.open(BytesIO(data)) as file:
        tree = pikepdf.NameTree(file.Root.Names.EmbeddedFiles)
        assert [str(spec.UF) for spec in file.Root.AF] == list(tree)
        return {
            str(spec.UF): (
                str(spec.AFRelationship)[1:],
                str(spec.EF.F.Subtype)[1:],
                str(spec.Desc),
                spec.EF.F.read_bytes(),
            )
            for spec in file.Root.AF
        }


def test_sources_and_the_word_file_say_what_they_are(theme: Theme) -> None:
    sources = (SourceFile("p/risks.yaml", b"risks: []\r\n\xff"), SourceFile("p/images/a.PNG", b"\x89PNG"))
    written = write_document(make_document(*sources, docx=True), theme, ("docx", "pdf"))
    assert written.problems == ()
    assert read_specs(written.files["pdf"]) == {
        "d.docx": ("Alternative", WORD, "T (Word)", written.files["docx"]),
        "d.md": ("Alternative", "text/markdown", "T (Markdown)", TEXT),
        "source-p-images-a.PNG": ("Source", "image/png", "p/images/a.PNG (source)", b"\x89PNG"),
        "source-p-risks.yaml": ("Source", "application/yaml", "p/risks.yaml (source)", b"risks: []\r\n\xff"),
    }


def test_files_of_equal_content_keep_what_each_is(theme: Theme) -> None:
    specs = read_specs(write_pdf(make_document(SourceFile("p/d.md", TEXT), SourceFile("p/e.j2", TEXT)), theme).data)
    assert {name: spec[:2] for name, spec in specs.items()} == {
        "d.md": ("Alternative", "text/markdown"),
        "source-p-d.md": ("Source", "text/markdown"),
        "source-p-e.j2": ("Source", "text/plain"),
    }


def test_paths_that_would_have_one_name_all_get_a_file(theme: Theme) -> None:
    paths = ("a-b/c.yaml", "a/b-c.yaml", "a/b/c.yaml", "a/b/c-2.yaml", "a/läuft/Ελ.md", "a/none")
    document = make_document(*(SourceFile(path, path.encode()) for path in paths), id="p/source-a-none")
    files = {one.name: one.data.decode() for one in make_attachments(document, theme) if one.relation == "Source"}
    assert files == {
        "source-a-b-c-2.yaml": "a/b-c.yaml",
        "source-a-b-c-2-2.yaml": "a/b/c-2.yaml",
        "source-a-b-c-3.yaml": "a/b/c.yaml",
        "source-a-b-c.yaml": "a-b/c.yaml",
        "source-a-läuft-Ελ.md": "a/läuft/Ελ.md",
        "source-a-none": "a/none",
    }


@pytest.mark.skipif(not which("pdfdetach"), reason="poppler (pdfdetach) is not installed")
@pytest.mark.parametrize("name", ["plan 2 0 R.md", "a(b.md", "a)b [c] >>.md", "läuft.md", "empty.md"])
def test_whatever_a_source_is_called_it_comes_out_as_it_went_in(name: str, theme: Theme, tmp_path: Path) -> None:
    data = b"" if name == "empty.md" else b"\nendobj\nendstream\n\x00\xff"
    written = write_document(make_document(SourceFile(f"p/{name}", data)), theme, ("pdf",))
    assert written.problems == ()
    file = tmp_path / "made.pdf"
    file.write_bytes(written.files["pdf"])
    run(["pdfdetach", "-enc", "UTF-8", "-saveall", "-o", str(tmp_path), str(file)], check=True, capture_output=True)
    assert (tmp_path / f"source-p-{name}").read_bytes() == data


def test_the_word_file_within_a_pdf_is_the_one_that_a_build_of_both_writes(theme: Theme) -> None:
    document = make_document(docx=True)
    both, alone = write_document(document, theme, ("docx", "pdf")), write_document(document, theme, ("pdf",))
    assert alone.files.keys() == {"pdf"}
    assert alone.files["pdf"] == both.files["pdf"]
    assert read_specs(alone.files["pdf"])["d.docx"][3] == both.files["docx"]
    assert write_document(document, theme, ("docx",)).files["docx"] == both.files["docx"]


def test_what_is_wrong_with_the_word_file_is_told_once_though_it_is_only_attached(theme: Theme) -> None:
    document = replace(make_document(docx=True), assets={"a.svg": Asset(b"<svg", "image/svg+xml", 9, 9)})
    for formats in (("pdf",), ("docx", "pdf")):
        assert [problem.code for problem in write_document(document, theme, formats).problems] == ["DB421"]


def test_a_document_that_asks_for_neither_carries_its_text_alone(theme: Theme) -> None:
    written = write_document(make_document(), theme, ("docx", "pdf"))
    assert list(read_specs(written.files["pdf"])) == ["d.md"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.yaml", "application/yaml"),
        ("charter.md.j2", "text/plain"),
        ("a.JPG", "image/jpeg"),
        ("a.bin", "application/octet-stream"),
        ("a", "application/octet-stream"),
        ("yaml", "application/octet-stream"),
    ],
)
def test_the_kind_of_a_file_comes_from_its_name_and_not_from_the_machine(name: str, kind: str) -> None:
    assert media_type(name) == kind
