"""Take the bytes of a PDF; give what a reader finds in it as text: size, outline, metadata, words page by page."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader


def print_pdf(data: bytes) -> str:
    """Return facts and words of the file; runs of spaces are two, since poppler's versions differ in them."""
    reader = PdfReader(BytesIO(data))
    pages = read_pages(data)
    lines = [f"pages {len(reader.pages)}", *_sizes(reader), *_metadata(reader), "outline"]
    lines += [f"{'  ' * depth}{title} → page {page}" for depth, title, page in _outline(reader, reader.outline, 1)]
    for number, text in enumerate(pages, start=1):
        lines += [f"== page {number}", *_tidy(text)]
    return "\n".join(lines) + "\n"


def read_pages(data: bytes, *options: str) -> tuple[str, ...]:
    """Return the words of each page as poppler lays them out."""
    command = ["pdftotext", *(options or ("-layout",)), "-enc", "UTF-8", "-", "-"]
    text = subprocess.run(command, input=data, check=True, capture_output=True).stdout.decode()
    return tuple(text.split("\f")[:-1])


def _tidy(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.strip():
            yield re.sub(" {2,}", "  ", line).rstrip()


def _sizes(reader: PdfReader) -> Iterator[str]:
    boxes = [(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages]
    for box in dict.fromkeys(boxes):
        numbers = [str(number) for number, other in enumerate(boxes, start=1) if other == box]
        yield f"size {box[0]}×{box[1]} points: page {', '.join(numbers)}"


def _metadata(reader: PdfReader) -> Iterator[str]:
    root: Any = reader.trailer["/Root"]
    for key, value in sorted((reader.metadata or {}).items()):
        yield f"{key[1:]}: {value}"
    for key in ("/Lang", "/PageMode", "/ViewerPreferences", "/MarkInfo"):
        if key in root:
            yield f"{key[1:]}: {root[key]}"


def _outline(reader: PdfReader, entries: Any, depth: int) -> Iterator[tuple[int, str, int]]:
    for entry in entries:
        if isinstance(entry, list):
            yield from _outline(reader, entry, depth + 1)
        else:
            yield depth, str(entry.title), (reader.get_destination_page_number(entry) or 0) + 1
