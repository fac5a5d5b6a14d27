"""Take a resolved document and the theme; write each format that is asked for; give bytes, page count and problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.problems import Problem
from pipeline.render.theme import Theme
from pipeline.render.tree import Document
from pipeline.write.checks import check_file


@dataclass(frozen=True, slots=True)
class Written:
    """One document as files, by format; `pages` counts those of the laid-out document, 0 where nothing was laid out."""

    files: Mapping[str, bytes]
    pages: int = 0
    problems: tuple[Problem, ...] = ()


def write_document(document: Document, theme: Theme, formats: Iterable[str]) -> Written:
    """Return the document in the formats `docx`, `pdf`, `html`.

    The PDF is laid out first: its page numbers go into the contents list of the Word file, which breaks pages alike.
    What is written is checked: a fault of ours is a problem too, see `checks`.
    Stop with exit code 4 where the machine lacks what the layout needs.
    """
    wanted = tuple(formats)
    files: dict[str, bytes] = {}
    pages = 0
    numbers: Mapping[str, int] = {}
    problems: tuple[Problem, ...] = ()
    if "pdf" in wanted:
        from pipeline.write.pdf import write_pdf

        pdf = write_pdf(document, theme)
        files["pdf"], pages, numbers, problems = pdf.data, pdf.pages, pdf.heading_pages, pdf.problems
    if "docx" in wanted:
        from pipeline.write.docx import write_docx
        from pipeline.write.raster import add_pngs

        if "pdf" not in wanted:
            pages, numbers = _lay_out(document, theme)
        whole, found = add_pngs(document)
        problems = (*problems, *found)
        files["docx"] = write_docx(whole, theme, numbers)
    if "html" in wanted:
        from pipeline.write.html import write_html

        files["html"] = write_html(document, theme)
    faults = (fault for format in wanted for fault in check_file(document.id, format, files[format]))
    return Written({format: files[format] for format in wanted}, pages, (*problems, *faults))


def _lay_out(document: Document, theme: Theme) -> tuple[int, Mapping[str, int]]:
    from pipeline.write.pdf import layout_pages

    return layout_pages(document, theme)
