"""Take a Word file; give what a reader meets in it as a list of (kind, text), as the tree's reader does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import docx
from docx.oxml.ns import qn
from lxml import etree

from .read_tree import Item, squeeze

_CELLS = {"TableText", "TableHeading", "FactLabel", "FactValue", "FigureLabel", "FigureValue", "FigureNote"}
_KINDS = {"Caption": "caption", "FootnoteText": "note"} | {f"Heading{level}": "heading" for level in range(1, 7)}
_HYPHENS = {qn("w:noBreakHyphen"): "\u2011", qn("w:softHyphen"): "\u00ad"}


def read_docx(path: Path) -> list[Item]:
    """Return all that the body holds, in reading order, but for contents lists."""
    return list(_read_all(docx.Document(str(path)).element.body))


def read_docx_notes(path: Path) -> list[Item]:
    """Return the footnotes."""
    with ZipFile(path) as archive:
        return list(_read_all(etree.fromstring(archive.read("word/footnotes.xml"))))


def read_contents(path: Path) -> list[str]:
    """Return the lines of the contents list, each with the page it names at its end."""
    paragraphs = docx.Document(str(path)).element.body.iter(qn("w:p"))
    return [squeeze(_words(one)) for one in paragraphs if _style(one).startswith("TOC")]


def count_tables(path: Path) -> tuple[int, int]:
    """Return how many tables show data, and how many tables there are with those that only lay out."""
    tables = list(docx.Document(str(path)).element.body.iter(qn("w:tbl")))
    styled = [table for table in tables if table.find(f"{qn('w:tblPr')}/{qn('w:tblStyle')}") is not None]
    return len(styled), len(tables)


def _read_all(root: etree._Element) -> Iterator[Item]:
    for paragraph in root.iter(qn("w:p")):
        style, text = _style(paragraph), squeeze(_words(paragraph))
        if text and not style.startswith("TOC"):
            kind = "cell" if style in _CELLS else _KINDS.get(style, "paragraph")
            yield Item(kind, text)


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if style is None else str(style.get(qn("w:val")))


def _words(paragraph: etree._Element) -> str:
    return "".join(word for run in paragraph.iter(qn("w:r")) if not _is_mark(run) for word in _run_words(run))


def _is_mark(run: etree._Element) -> bool:
    """Return whether a run is the mark of a footnote, which the tree's reader leaves out as well."""
    style = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
    return style is not None and style.get(qn("w:val")) == "FootnoteReference"


def _run_words(run: etree._Element) -> Iterator[str]:
    for part in run:
        if part.tag == qn("w:t"):
            yield part.text or ""
        elif part.tag in _HYPHENS:
            yield _HYPHENS[part.tag]
