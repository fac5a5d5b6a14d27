"""Take a document tree, the theme and page numbers; write a Word file from them; give its bytes, always the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pipeline.document.theme import Theme
from pipeline.document.tree import Document, Toc
from pipeline.document.walk import walk

if TYPE_CHECKING:
    from pipeline.write import FileSet


def write(made: FileSet) -> bytes:
    """Return the document as a Word file; it is laid out first if it shows page numbers and nobody has done that."""
    from pipeline.write.raster import add_pngs

    if made.heading_pages is None and any(isinstance(node, Toc) for node in walk(made.document.sections)):
        from pipeline.write.pdf import layout_pages

        made.pages, made.heading_pages = layout_pages(made.document, made.theme)
    whole, problems = add_pngs(made.document, made.drawings)
    made.problems += problems
    return write_docx(whole, made.theme, made.heading_pages or {})


def find_faults(data: bytes) -> Iterator[str]:
    """Return what is wrong with a Word file that we wrote."""
    from pipeline.write.docx.faults import find_docx_faults  # lxml is loaded only when a file is written

    return find_docx_faults(data)


def write_docx(document: Document, theme: Theme, pages: Mapping[str, int] | None = None) -> bytes:
    """Return the document as a Word file; equal input gives equal bytes.

    `pages` maps heading ids to page numbers for the contents list; None writes the list without page numbers.
    """
    from pipeline.write.docx.package import make_package  # python-docx is slow to import: only when a file is written

    return make_package(document, theme, pages)
