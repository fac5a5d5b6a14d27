"""Take a document and the theme; write its text as Markdown and its tables as CSV; give what a PDF carries within.

All of it is made from the tree, so an attachment can say nothing that the pages do not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unicodedata import normalize

from pipeline.render.theme import Theme
from pipeline.render.tree import Document, Heading, Inlines, Table
from pipeline.render.walk import walk
from pipeline.write.html.inlines import plain_text
from pipeline.write.markdown import write_markdown
from pipeline.write.pdf.engine import load_engine
from pipeline.write.pdf.table_csv import write_csv

_UNDATED = datetime(1980, 1, 1, tzinfo=UTC)
_LONGEST = 48


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file within a PDF; `relation` is what it is to the document, in the words of ISO 32000."""

    name: str
    data: bytes
    description: str
    relation: str


def make_attachments(document: Document, theme: Theme) -> tuple[Attachment, ...]:
    """Return the text and the tables of a document by name, as the tree of names in a PDF wants them.

    The text is another form of the document (`Alternative`), a table what its pages were drawn from (`Data`). Tables of
    facts are left out: they are the head of a page, and the text has them.
    """
    name = document.id.rpartition("/")[2] or "document"
    text = write_markdown(document, theme).encode("utf-8")
    made = Attachment(f"{name}.md", text, f"{document.properties.title or name} (Markdown)", "Alternative")
    return tuple(sorted((made, *_make_tables(document)), key=lambda one: one.name.encode("utf-8")))


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
        if not isinstance(node, Table) or node.role == "facts" or not (node.head or node.body):
            continue
        name = _free(_name_table(node, heading), names)
        names.add(name)
        words = plain_text(node.caption) or node.description or plain_text(heading)
        label = f"{node.label} {node.number}: " if node.number else ""
        yield Attachment(f"{name}.csv", write_csv(node), f"{label}{words}", "Data")


def _name_table(table: Table, heading: Inlines) -> str:
    if table.role == "figures":
        return "key-figures"
    kind = f"table-{table.number:02}" if table.number else "other-table"
    return "-".join(filter(None, (kind, _slug(plain_text(table.caption or heading)))))


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def _slug(text: str) -> str:
    """Return text as part of a file's name: plain letters and digits of the first words."""
    letters = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    return words if len(words) <= _LONGEST else words[: _LONGEST + 1].rpartition("-")[0] or words[:_LONGEST]
