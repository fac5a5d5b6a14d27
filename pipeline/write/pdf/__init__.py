"""Take a document and a theme; lay the document out on pages and write it as PDF; give its bytes and page numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.document.theme import Theme
from pipeline.document.tree import Document
from pipeline.problems import Problem
from pipeline.write.pdf.attachments import attach, make_attachments
from pipeline.write.pdf.layout import heading_pages, lay_out
from pipeline.write.pdf.log import gather_problems
from pipeline.write.pdf.standards import paint

if TYPE_CHECKING:
    from pipeline.write import FileSet

__all__ = ["Pdf", "find_faults", "layout_pages", "write", "write_pdf"]


@dataclass(frozen=True, slots=True)
class Pdf:
    """A PDF file: its bytes, the number of its pages, the page (from 1) of each heading that has an id."""

    data: bytes
    pages: int
    heading_pages: Mapping[str, int]
    problems: tuple[Problem, ...] = ()


def write(made: FileSet) -> bytes:
    """Return the document as PDF; the Word file, where it goes into the PDF, is told the pages of the headings."""

    def make_docx(heading_pages: Mapping[str, int]) -> bytes:
        made.heading_pages = heading_pages
        return made.make("docx")

    pdf = write_pdf(made.document, made.theme, make_docx)
    made.pages, made.heading_pages = pdf.pages, pdf.heading_pages
    made.problems += pdf.problems
    return pdf.data


def find_faults(data: bytes) -> Iterator[str]:
    """Return what is wrong with a PDF that we wrote."""
    from pipeline.write.pdf.faults import find_pdf_faults

    return find_pdf_faults(data)


def write_pdf(document: Document, theme: Theme, make_docx: Callable[[Mapping[str, int]], bytes] | None = None) -> Pdf:
    """Return the document as PDF/A-3a and PDF/UA-1 in one, its text and tables attached; equal input, equal bytes.

    `make_docx` gives the Word file, which is attached where the document asks for it, from the pages of the headings.
    Raises Stop with exit code 4 where the machine lacks Pango.
    """
    with gather_problems() as problems:
        laid = lay_out(document, theme, problems)
        numbers = heading_pages(laid)
        docx = make_docx(numbers) if make_docx and document.attach_docx else b""
        attach(laid, make_attachments(document, theme, docx), document.properties.modified)
        data = paint(laid)
    return Pdf(data, len(laid.pages), numbers, tuple(problems))


def layout_pages(document: Document, theme: Theme) -> tuple[int, Mapping[str, int]]:
    """Return the number of pages and the page of each heading, without writing a PDF (for Word's contents list)."""
    with gather_problems() as problems:
        laid = lay_out(document, theme, problems)
    return len(laid.pages), heading_pages(laid)
