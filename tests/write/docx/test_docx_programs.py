"""Take the sample as a Word file; let pandoc and LibreOffice read it; compare what they found with the tree."""

from __future__ import annotations

from json import loads
from pathlib import Path
from shutil import which
from subprocess import run
from typing import Any

import pypandoc
import pytest

from pipeline.document.tree import Document, Heading, Table
from pipeline.document.walk import walk
from pipeline.write.docx.table import plain_words


def find_pandoc() -> str:
    try:
        return str(pypandoc.get_pandoc_path())
    except OSError:
        return ""


PANDOC = find_pandoc()
SOFFICE = which("soffice") or ""
PDFTOTEXT = which("pdftotext") or ""


def read_with_pandoc(data: bytes, folder: Path) -> dict[str, Any]:
    file = folder / "sample.docx"
    file.write_bytes(data)
    result = run([PANDOC, "--from=docx", "--to=json", str(file)], capture_output=True, text=True, check=True)
    document: dict[str, Any] = loads(result.stdout)
    return document


def blocks_of(kind: str, value: Any) -> list[Any]:
    """Return what pandoc's blocks of a kind hold, in reading order."""
    if isinstance(value, list):
        return [found for part in value for found in blocks_of(kind, part)]
    if not isinstance(value, dict):
        return []
    own = [value["c"]] if value.get("t") == kind else []
    return own + [found for part in value.values() for found in blocks_of(kind, part)]


def words(value: Any) -> str:
    if isinstance(value, list):
        return "".join(words(part) for part in value)
    if not isinstance(value, dict):
        return ""
    return {"Str": value.get("c"), "Space": " ", "SoftBreak": " "}.get(value.get("t", "")) or words(value.get("c"))


@pytest.mark.skipif(not PANDOC, reason="pandoc is not installed (pip install pypandoc-binary)")
def test_pandoc_reads_back_the_headings(sample_docx: bytes, sample_document: Document, tmp_path: Path) -> None:
    found = [
        (level, words(text))
        for level, _, text in blocks_of("Header", read_with_pandoc(sample_docx, tmp_path)["blocks"])
    ]
    wanted = [
        (node.level, f"{node.number}\u2002{plain_words(node.children)}".lstrip("\u2002"))
        for node in walk(sample_document.sections, running=False)
        if isinstance(node, Heading)
    ]
    assert found == wanted


@pytest.mark.skipif(not PANDOC, reason="pandoc is not installed (pip install pypandoc-binary)")
def test_pandoc_reads_back_the_tables(sample_docx: bytes, sample_document: Document, tmp_path: Path) -> None:
    tables = blocks_of("Table", read_with_pandoc(sample_docx, tmp_path)["blocks"])
    sizes = [(len(table[2]), len(table[3][1]), sum(len(body[3]) for body in table[4])) for table in tables]
    wanted = [
        (len(node.columns), len(node.head), len(node.body))
        for node in walk(sample_document.sections, running=False)
        if isinstance(node, Table)
    ]
    # A callout that holds a list, and the lines to sign, are laid out in tables of their own.
    layout = [size for size in sizes if size[1] == 0]
    assert [size for size in sizes if size[1]] == wanted
    assert len(layout) == 2
    assert len(blocks_of("Note", read_with_pandoc(sample_docx, tmp_path)["blocks"])) == 2


@pytest.mark.skipif(not (SOFFICE and PDFTOTEXT), reason="LibreOffice (soffice) or poppler (pdftotext) is not installed")
def test_libreoffice_lays_the_file_out(sample_docx: bytes, tmp_path: Path) -> None:
    file = tmp_path / "sample.docx"
    file.write_bytes(sample_docx)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [SOFFICE, "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    run(command, capture_output=True, check=True, timeout=120)
    text = run(
        [PDFTOTEXT, "-layout", str(tmp_path / "sample.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    pages = text.split("\f")[:-1]
    assert len(pages) == 6
    assert all(f"Page {number} of 6" in page and "DRAFT" in page for number, page in enumerate(pages, start=1))
    assert "Error! Reference source not found" not in text
    assert "Table 2, Figure 1, Section 1.1" in text
