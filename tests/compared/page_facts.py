"""Take a PDF file and the charter's tree; read its pages, bookmarks, tags and attachments; give the facts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import run
from typing import Any

from pypdf import PdfReader

from pipeline.document.tree import Document, Figure, Heading
from pipeline.document.walk import walk
from pipeline.write.html.inlines import plain_text
from tests.conformance.judges import Missing
from tests.conformance.pandoc import squeeze
from tests.conformance.steps import read_outline


@dataclass(frozen=True)
class PageFacts:
    """What a PDF shows and holds: pairs are how many, of how many."""

    headings: tuple[tuple[str, int], ...]
    pages: int
    turned: int
    running: tuple[int, int]
    entries: tuple[int, int]
    right_pages: tuple[int, int]
    bookmarks: tuple[int, int]
    pictures: tuple[int, int]


def read_pdf(file: Path, document: Document) -> PageFacts:
    """Return what a PDF shows and holds."""
    reader = PdfReader(file)
    nodes = list(walk(document.sections))
    headings = tuple(read_outline(reader, reader.outline))
    wanted = [node for node in nodes if isinstance(node, Heading)]
    figures = [node for node in nodes if isinstance(node, Figure)]
    texts = _read_texts(file)
    chapters = [node for node in wanted if node.level == 1]
    shown = {node.id: _find_shown(node, texts) for node in chapters}
    titles = {squeeze(title): page for title, page in headings}
    return PageFacts(
        headings=headings,
        pages=len(texts),
        turned=sum(page.mediabox.width > page.mediabox.height for page in reader.pages),
        running=(_count_running(texts, document.furniture.header_left), len(texts)),
        entries=(sum(page > 0 for page in shown.values()), len(chapters)),
        right_pages=(sum(0 < shown[node.id] == _find_page(node, titles) for node in chapters), len(chapters)),
        bookmarks=(sum(_find_page(node, titles) > 0 for node in wanted), len(wanted)),
        pictures=_count_described(reader, figures),
    )


def list_attached(file: Path) -> tuple[str, ...]:
    """Return the names of the files within a PDF."""
    return tuple(sorted(PdfReader(file).attachments))


def _read_texts(file: Path) -> list[str]:
    program = shutil.which("pdftotext")
    if not program:
        raise Missing("pdftotext", "sudo apt-get install poppler-utils")
    text = run([program, "-layout", "-enc", "UTF-8", str(file), "-"], capture_output=True, check=True).stdout
    # Word joiners, which typst puts before page numbers, have no width.
    return text.decode("utf-8").replace("\u2060", "").split("\f")[:-1]


def _find_page(heading: Heading, titles: Mapping[str, int]) -> int:
    """Return the page of a heading; WeasyPrint's bookmarks may lack its number, LibreOffice's have it."""
    words = squeeze(plain_text(heading.children))
    return titles.get(squeeze(heading.number) + words, titles.get(words, 0))


def _find_shown(heading: Heading, texts: Sequence[str]) -> int:
    """Return the page number that the contents list shows for a heading, 0 where it has none."""
    title = r"\s+".join(map(re.escape, plain_text(heading.children).split()))
    entry = re.compile(rf"^[ ]*{re.escape(heading.number)}[ ]+{title}[ .…]*?[ .…](\d+)[ ]*$", re.MULTILINE)
    found = next(filter(None, map(entry.search, texts[:2])), None)
    return int(found.group(1)) if found else 0


def _count_running(texts: Sequence[str], header: str) -> int:
    """Return how many pages show the running header and their own number."""
    last = len(texts)
    return sum(
        header in text and re.search(rf"Page {number} of {last}\b", text) is not None
        for number, text in enumerate(texts, start=1)
    )


def _count_described(reader: PdfReader, figures: Sequence[Figure]) -> tuple[int, int]:
    """Return how many pictures have their alternative text in the tags."""
    catalogue: Any = reader.trailer["/Root"].get_object()
    root = catalogue.get("/StructTreeRoot")
    found = {squeeze(alt) for alt in _list_alts(root)} if root else set()
    return sum(squeeze(figure.alt) in found for figure in figures), len(figures)


def _list_alts(node: Any) -> Iterator[str]:
    waiting = [node]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, list):
            waiting.extend(kid for kid in one if not isinstance(kid, int))
        elif isinstance(one, dict) and one.get("/Type") not in ("/MCR", "/OBJR"):
            if one.get("/S") == "/Figure" and "/Alt" in one:
                yield str(one["/Alt"])
            if "/K" in one and not isinstance(one["/K"], int):
                waiting.append(one["/K"])
