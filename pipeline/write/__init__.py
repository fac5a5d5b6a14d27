"""Take a resolved document and the theme; write each format that is asked for; give bytes, page count and problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.document.tree import Document, Toc
from pipeline.document.walk import walk
from pipeline.problems import Problem
from pipeline.write.checks import check_file
from pipeline.write.drawings import Drawings

if TYPE_CHECKING:
    from pipeline.document.theme import Theme  # which loads what reads a theme, and a command does not


@dataclass(frozen=True, slots=True)
class Written:
    """One document as files, by format; `pages` counts those of the laid-out document, 0 where nothing was laid out.

    `drawn` are pictures that were drawn for it, by key, for who can keep them: see `drawings`.
    """

    files: Mapping[str, bytes]
    pages: int = 0
    problems: tuple[Problem, ...] = ()
    drawn: Mapping[str, bytes] = field(default_factory=dict)


@dataclass
class _Word:
    """The Word file of a document, written once though it may be wanted twice: as a file and within the PDF."""

    document: Document
    theme: Theme
    drawings: Drawings
    data: bytes = b""
    problems: tuple[Problem, ...] = ()

    def write(self, numbers: Mapping[str, int]) -> bytes:
        """Return the file, its contents list with these page numbers."""
        from pipeline.write.docx import write_docx
        from pipeline.write.raster import add_pngs

        if not self.data:
            whole, self.problems = add_pngs(self.document, self.drawings)
            self.data = write_docx(whole, self.theme, numbers)
        return self.data


def write_document(
    document: Document, theme: Theme, formats: Iterable[str], drawn: Mapping[str, bytes] | None = None
) -> Written:
    """Return the document in the formats `docx`, `pdf`, `html`; `drawn` are pictures known before, by key.

    The PDF is laid out first: its page numbers go into the contents list of the Word file, which breaks pages alike.
    The Word file may then go into the PDF, so it is written in between.
    What is written is checked: a fault of ours is a problem too, see `checks`.
    Stop with exit code 4 where the machine lacks what the layout needs.
    """
    from pipeline.write.charts import draw_charts

    wanted = tuple(formats)
    files: dict[str, bytes] = {}
    pages = 0
    numbers: Mapping[str, int] = {}
    drawings = Drawings(drawn or {})
    document, problems = draw_charts(document, drawings)
    word = _Word(document, theme, drawings)
    if "pdf" in wanted:
        from pipeline.write.pdf import write_pdf

        pdf = write_pdf(document, theme, word.write)
        files["pdf"], pages, numbers = pdf.data, pdf.pages, pdf.heading_pages
        problems = (*problems, *pdf.problems)
    if "docx" in wanted:
        if "pdf" not in wanted and _has_contents(document):
            pages, numbers = _lay_out(document, theme)
        files["docx"] = word.write(numbers)
    if "html" in wanted:
        from pipeline.write.html import write_html

        files["html"] = write_html(document, theme)
    made = {**files, "docx": word.data} if word.data else files
    faults = (fault for format, data in made.items() for fault in check_file(document.id, format, data))
    made_files = {format: files[format] for format in wanted}
    return Written(made_files, pages, (*problems, *word.problems, *faults), drawings.made)


def _has_contents(document: Document) -> bool:
    """Return whether the document shows on which page each heading is; if not, the Word file needs no layout."""
    return any(isinstance(node, Toc) for node in walk(document.sections))


def _lay_out(document: Document, theme: Theme) -> tuple[int, Mapping[str, int]]:
    from pipeline.write.pdf import layout_pages

    return layout_pages(document, theme)
