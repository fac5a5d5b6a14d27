"""Take a PDF; give its words in reading order as one text without spaces, running header and footer left out."""

from __future__ import annotations

import re
from pathlib import Path

from golden.print_pdf import read_pages
from pypdf import PdfReader

from pipeline.document.tree import Document, Furniture, Toc
from pipeline.document.walk import walk
from pipeline.render.templates.islands import words_of

from .read_tree import squeeze

# Marks of list items stand in lines of their own: bullets, boxes, numbers with a dot. A dash may be an empty cell.
_MARK = re.compile(r"[•▪◦‣□■☐☑☒✓]|\d{1,3}[.)]")
_FURNITURE_LINES = 5
_HYPHENS = str.maketrans("", "", "-\u00ad\u2010\u2011")


def read_stream(path: Path, document: Document) -> str:
    """Return the words of the pages, one after the other; contents lists are left out, drawn late as they are."""
    pages = read_pages(path.read_bytes(), "-raw")
    furniture = _furniture(document.furniture, len(pages))
    lines = [squeeze(line) for page in pages for line in _body_lines(page, furniture)]
    return "".join(map(unhyphen, _without_contents(lines, document)))


def _body_lines(page: str, furniture: dict[str, set[str]]) -> list[str]:
    """Return the lines of a page; header and footer are drawn last, so only there can a line be theirs, and once."""
    lines = [line for line in page.splitlines() if not _MARK.fullmatch(line.strip())]
    done: set[str] = set()
    for at in reversed(range(max(len(lines) - _FURNITURE_LINES, 0), len(lines))):
        line = squeeze(lines[at])
        if line in furniture and line not in done:
            done |= furniture[line]
            del lines[at]
    return lines


def _without_contents(lines: list[str], document: Document) -> list[str]:
    """Return the lines without those of a contents list; of equal ones the last: a heading can look like its entry."""
    left = list(lines)
    for entry in (entry for node in walk(document.sections) if isinstance(node, Toc) for entry in node.entries):
        shape = re.compile(rf"({re.escape(entry.number)})?{re.escape(squeeze(words_of(entry.children)))}\d{{1,3}}")
        found = [at for at, line in enumerate(left) if shape.fullmatch(line)]
        if found:
            del left[found[-1]]
    return left


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


def _furniture(furniture: Furniture, pages: int) -> dict[str, set[str]]:
    """Return each line that running header and footer can make, and what stands on the page once it does."""
    header = (furniture.header_left, furniture.header_right)
    footers = [
        (furniture.footer_left, furniture.footer_center, furniture.page_words.format(page=page, pages=pages))
        for page in range(1, pages + 1)
    ]
    lines: dict[str, set[str]] = {}
    for parts in (tuple(map(squeeze, line)) for line in (header, *footers)):
        lines |= {part: {part} for part in parts}
        lines["".join(parts)] = {"".join(parts), *parts}
    return lines
