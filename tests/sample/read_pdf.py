"""Take a PDF; give its words in reading order as one text without spaces, running header and footer left out."""

from __future__ import annotations

import re
from pathlib import Path

from golden.print_pdf import read_pages
from pypdf import PdfReader

from pipeline.render.islands import words_of
from pipeline.render.tree import Document, Furniture, Toc
from pipeline.render.walk import walk

from .read_tree import squeeze

# Marks of list items stand in lines of their own: bullets, boxes, numbers with a dot. A dash may be an empty cell.
_MARK = re.compile(r"[•▪◦‣□■☐☑☒✓]|\d{1,3}[.)]")
_FURNITURE_LINES = 5
_HYPHENS = str.maketrans("", "", "-\u00ad\u2010\u2011")


def read_stream(path: Path, document: Document) -> str:
    """Return the words of the pages, one after the other; contents lists are left out, drawn late as they are."""
    pages = read_pages(path.read_bytes(), "-raw")
    furniture = _furniture(document.furniture, len(pages))
    contents = _contents(document)
    lines = [squeeze(line) for page in pages for line in _body_lines(page, furniture)]
    return "".join(unhyphen(line) for line in lines if not contents.fullmatch(line))


def _body_lines(page: str, furniture: set[str]) -> list[str]:
    """Return the lines of a page; header and footer are drawn last, so only there can a line be theirs."""
    lines = [line for line in page.splitlines() if not _MARK.fullmatch(line.strip())]
    last = len(lines) - _FURNITURE_LINES
    return [line for at, line in enumerate(lines) if at < last or squeeze(line) not in furniture]


def _contents(document: Document) -> re.Pattern[str]:
    entries = (entry for node in walk(document.sections) if isinstance(node, Toc) for entry in node.entries)
    lines = [rf"({re.escape(one.number)})?{re.escape(squeeze(words_of(one.children)))}\d{{1,3}}" for one in entries]
    return re.compile("|".join(lines) or r"(?!)")


def unhyphen(text: str) -> str:
    """Return a text as it can be compared: a line's end may add or hide a hyphen, a style may show capitals."""
    return squeeze(text).translate(_HYPHENS).lower()


def find_heading_pages(path: Path) -> list[int]:
    """Return the pages that the outline names, in its order."""
    reader = PdfReader(path)
    return [(reader.get_destination_page_number(entry) or 0) + 1 for entry in _flat(reader.outline)]


def _flat(entries: object) -> list[object]:
    if not isinstance(entries, list):
        return [entries]
    return [one for entry in entries for one in _flat(entry)]


def _furniture(furniture: Furniture, pages: int) -> set[str]:
    """Return each line that running header and footer can make, whole or part by part."""
    words = [furniture.page_words.format(page=page, pages=pages) for page in range(1, pages + 1)]
    parts = [furniture.header_left, furniture.header_right, furniture.footer_left, furniture.footer_center, *words]
    whole = [furniture.header_left + furniture.header_right]
    whole += [furniture.footer_left + furniture.footer_center + page for page in words]
    return {squeeze(text) for text in (*parts, *whole)}
