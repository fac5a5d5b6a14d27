"""Tables, charts and sources of a document come in; attachments of its PDF with their relations go out.

All of it is made from the tree, so an attachment can say nothing that the pages do not say. Only where the setting
`attach` asks for them, the whole sources and the Word file come with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any
from unicodedata import normalize

from pipeline.document.formats import FORMATS
from pipeline.document.theme import Theme
from pipeline.document.tree import Blocks, Document, Figure, Heading, Inlines, SourceFile, Table
from pipeline.document.walk import walk
from pipeline.write.csv_text import write_csv
from pipeline.write.html.context import show
from pipeline.write.html.inlines import plain_text
from pipeline.write.markdown import write_markdown
from pipeline.write.pdf.engine import load_engine
from pipeline.write.table_cells import lines_of, spread_cells


def write_table(table: Table) -> bytes:
    """Return the table as CSV."""
    places = spread_cells(table)
    return write_csv([_show(cell) for cell in row] for row in (*places.head, *places.body))


def _show(blocks: Blocks) -> str:
    return show("\n".join(filter(None, (plain_text(line).strip() for line in lines_of(blocks)))))


_UNDATED = datetime(1980, 1, 1, tzinfo=UTC)
_LONGEST = 48
# Of what kind a file is, by its ending. Known here, since tables of the machine differ (YAML: RFC 9512, Word: IANA).
_MEDIA = {
    ".csv": "text/csv",
    ".docx": FORMATS["docx"].media,
    ".gif": "image/gif",
    ".j2": "text/plain",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".md": "text/markdown",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".yaml": "application/yaml",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file within a PDF; `relation` is what it is to the document, in the words of ISO 32000."""

    name: str
    data: bytes
    description: str
    relation: str


def make_attachments(document: Document, theme: Theme, docx: bytes = b"") -> tuple[Attachment, ...]:
    """Return what a document carries, by name, as the tree of names in a PDF wants it.

    The text and the Word file `docx` are other forms of the document (`Alternative`), a table is what its pages were
    drawn from (`Data`), and a source what it was made from (`Source`). Tables of facts are left out: they are the head
    of a page, and the text has them.
    """
    name = document.id.rpartition("/")[2] or "document"
    title = document.properties.title or name
    text = write_markdown(document, theme).encode("utf-8")
    made = [Attachment(f"{name}.md", text, f"{title} (Markdown)", "Alternative"), *_make_tables(document)]
    if docx:
        made.append(Attachment(f"{name}.docx", docx, f"{title} (Word)", "Alternative"))
    names = {one.name for one in made}
    made += [_make_source(source, names) for source in document.attached]
    return tuple(sorted(made, key=lambda one: one.name.encode("utf-8")))


def media_type(name: str) -> str:
    """Return what kind of file a name stands for, as an Internet media type."""
    return _MEDIA.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")


def attach(laid: Any, attachments: tuple[Attachment, ...], modified: datetime | None) -> None:
    """Hand the attachments to the laid out document, dated by its revision."""
    time = modified.astimezone(UTC) if modified else _UNDATED
    laid.metadata.attachments = [
        load_engine().Attachment(
            string=one.data, name=one.name, description=one.description, relationship=one.relation, created=time,
            modified=time,
        )
        for one in attachments
    ]  # fmt: skip


def _make_tables(document: Document) -> Iterator[Attachment]:
    names: set[str] = set()
    heading: Inlines = ()
    for node in walk(document.sections):
        if isinstance(node, Heading):
            heading = node.children
        if isinstance(node, Figure) and node.data and not node.annex:
            # The data of a chart, unless they stand in a table of the document, which is attached as such.
            node = replace(node.data, caption=node.caption, label=node.label, number=node.number, role="chart")
        if not isinstance(node, Table) or node.role == "facts" or not (node.head or node.body):
            continue
        name = _free(_name_table(node, heading), ".csv", names)
        words = plain_text(node.caption) or node.description or plain_text(heading)
        label = f"{node.label} {node.number}: " if node.number else ""
        yield Attachment(name, write_table(node), f"{label}{words}", "Data")


def _name_table(table: Table, heading: Inlines) -> str:
    if table.role == "figures":
        return "key-figures"
    what = "figure" if table.role == "chart" else "table"
    kind = f"{what}-{table.number:02}" if table.number else f"other-{what}"
    return "-".join(filter(None, (kind, _slug(plain_text(table.caption or heading)))))


def _make_source(source: SourceFile, names: set[str]) -> Attachment:
    """Return a source under a name without slashes: viewers and `pdfdetach` take a slash for a folder on the disk."""
    path = PurePosixPath(source.path)
    name = _free(f"source-{path.with_suffix('')}".replace("/", "-"), path.suffix, names)
    return Attachment(name, source.data, f"{source.path} (source)", "Source")


def _free(stem: str, ending: str, taken: set[str]) -> str:
    """Return a name that is not yet taken, and take it."""
    number, free = 1, f"{stem}{ending}"
    while free in taken:
        number += 1
        free = f"{stem}-{number}{ending}"
    taken.add(free)
    return free


def _slug(text: str) -> str:
    """Return text as part of a file's name: plain letters and digits of the first words."""
    letters = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    return words if len(words) <= _LONGEST else words[: _LONGEST + 1].rpartition("-")[0] or words[:_LONGEST]
