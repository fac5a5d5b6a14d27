"""Take a Word file; give what a reader meets in it as a list of (kind, text), as the tree's reader does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from zipfile import ZipFile

import docx
from docx.oxml.ns import qn
from lxml import etree

from .read_tree import SEAM, Item, squeeze

_CELLS = {"TableText", "TableHeading", "FactLabel", "FactValue", "FigureLabel", "FigureValue", "FigureNote"}
_KINDS = {"Caption": "caption", "FootnoteText": "note"} | {f"Heading{level}": "heading" for level in range(1, 7)}
_HYPHENS = {qn("w:noBreakHyphen"): "\u2011", qn("w:softHyphen"): "\u00ad"}


def read_docx(path: Path) -> list[Item]:
    """Return all that the body holds, in reading order, but for contents lists."""
    body = read_body(path)
    return list(_read_all(body, number_notes(body)))


def read_docx_notes(path: Path) -> list[Item]:
    """Return the footnotes in the order of their numbers."""
    numbers = number_notes(read_body(path))
    notes = {note.get(qn("w:id")): note for note in read_footnotes(path).iter(qn("w:footnote"))}
    return [item for name in numbers for item in _read_all(notes[name], {})]


def read_body(path: Path) -> etree._Element:
    """Return the body of the document part."""
    return docx.Document(str(path)).element.body


def read_footnotes(path: Path) -> etree._Element:
    """Return the footnotes part."""
    with ZipFile(path) as archive:
        return etree.fromstring(archive.read("word/footnotes.xml"))


def number_notes(body: etree._Element) -> dict[str, int]:
    """Return the number that Word shows for each footnote by its id: it counts their references."""
    found = dict.fromkeys(mark.get(qn("w:id")) for mark in body.iter(qn("w:footnoteReference")))
    return {name: number for number, name in enumerate(found, start=1)}


def read_contents(path: Path) -> list[str]:
    """Return the lines of the contents list, each with the page it names at its end."""
    return [squeeze(words_of(one)) for one in read_body(path).iter(qn("w:p")) if style_of(one).startswith("TOC")]


def count_tables(path: Path) -> tuple[int, int]:
    """Return how many tables show data, and how many tables there are with those that only lay out."""
    tables = list(read_body(path).iter(qn("w:tbl")))
    styled = [table for table in tables if table.find(f"{qn('w:tblPr')}/{qn('w:tblStyle')}") is not None]
    return len(styled), len(tables)


def _read_all(root: etree._Element, numbers: Mapping[str, int]) -> Iterator[Item]:
    for paragraph in root.iter(qn("w:p")):
        style, text = style_of(paragraph), squeeze("".join(_pieces(paragraph, numbers)))
        if text and not style.startswith("TOC"):
            kind = "cell" if style in _CELLS else _KINDS.get(style, "paragraph")
            yield Item(kind, text)


def style_of(paragraph: etree._Element) -> str:
    """Return the id of a paragraph's style."""
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if style is None else str(style.get(qn("w:val")))


def words_of(node: etree._Element) -> str:
    """Return the words of a paragraph or link, without the marks of notes."""
    return "".join(word for run in node.iter(qn("w:r")) if not _is_mark(run) for word in _run_words(run))


def _pieces(paragraph: etree._Element, numbers: Mapping[str, int]) -> Iterator[str]:
    """Yield the words of a paragraph, and the marks of notes between seams."""
    begun = False
    for run in paragraph.iter(qn("w:r")):
        words = "".join(_run_words(run))
        if not _is_mark(run):
            yield words
        elif (mark := run.find(qn("w:footnoteReference"))) is not None:
            yield f"{SEAM}{numbers[mark.get(qn('w:id'))]}{SEAM}"
        elif words and begun:
            yield f"{SEAM}{words}{SEAM}"
        # A mark that opens a paragraph is the note's own.
        begun = True


def _is_mark(run: etree._Element) -> bool:
    """Return whether a run belongs to the mark of a footnote."""
    style = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
    return style is not None and style.get(qn("w:val")) == "FootnoteReference"


def _run_words(run: etree._Element) -> Iterator[str]:
    for part in run:
        if part.tag == qn("w:t"):
            yield part.text or ""
        elif part.tag in _HYPHENS:
            yield _HYPHENS[part.tag]
