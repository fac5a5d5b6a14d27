"""Take a document tree, the theme and page numbers; write a Word file from them; give its bytes, always the same."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from pipeline.document.theme import Theme
from pipeline.document.tree import Document
from pipeline.write.docx.zip import normalise_zip


def write_docx(document: Document, theme: Theme, pages: Mapping[str, int] | None = None) -> bytes:
    """Return the document as a Word file; equal input gives equal bytes.

    `pages` maps heading ids to page numbers for the contents list; None writes the list without page numbers.
    """
    from pipeline.write.docx.package import make_package  # python-docx is slow to import: only when a file is written

    target = BytesIO()
    make_package(document, theme, pages).save(target)
    return normalise_zip(target.getvalue())
