"""Take a document tree; give what a reader meets in it as a list of (kind, text), note marks kept as seams."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.render.theme import Theme
from pipeline.render.tree import (
    Blocks,
    Callout,
    Code,
    DefinitionList,
    Document,
    Figure,
    Heading,
    LineBreak,
    NoteRef,
    Paragraph,
    Picture,
    Ref,
    Signer,
    Status,
    Table,
    Toc,
)

SEAM = "\0"  # where a note's mark stands


@dataclass(frozen=True)
class Item:
    """One thing to read: heading, caption, cell or paragraph, and its words without any space."""

    kind: str
    text: str

    @property
    def pieces(self) -> tuple[str, ...]:
        """Return the text parted at the marks of notes."""
        return tuple(piece for piece in self.text.split(SEAM) if piece)

    @property
    def plain(self) -> tuple[str, str]:
        """Return kind and text without the marks of notes."""
        return self.kind, self.text.replace(SEAM, "")


def read_tree(document: Document, theme: Theme) -> list[Item]:
    """Return all that the sections hold, in reading order, but for contents lists."""
    return [item for section in document.sections for item in read_blocks(section.blocks, theme)]


def read_notes(document: Document, theme: Theme) -> list[Item]:
    """Return the footnotes."""
    return [item for note in document.notes for item in read_blocks(note.blocks, theme, "note")]


def read_blocks(blocks: Blocks, theme: Theme, kind: str = "paragraph") -> list[Item]:
    """Return what some blocks hold; `kind` is that of their paragraphs."""
    return [item for block in blocks for item in _read(block, theme, kind)]


def squeeze(text: str) -> str:
    """Return a text without spaces of any kind."""
    return "".join(text.split())


def _read(node: Any, theme: Theme, kind: str) -> Iterator[Item]:
    if isinstance(node, Toc):
        return
    if isinstance(node, Table):
        yield from _read_table(node, theme)
    elif isinstance(node, Heading):
        yield from _item("heading", node.number + _words(node.children, theme))
    elif isinstance(node, Figure):
        yield from _read_caption(node, theme)
    elif isinstance(node, Signer):
        for text in (node.role, node.name, node.note):
            yield from _item(kind, text)
    elif isinstance(node, Code):
        yield from _item(kind, node.text)
    elif isinstance(node, Paragraph):
        yield from _item(kind, _words(node.children, theme))
    else:
        yield from _read_below(node, theme, kind)


def _read_below(node: Any, theme: Theme, kind: str) -> Iterator[Item]:
    if isinstance(node, Callout):
        yield from _item(kind, _words(node.title, theme))
    if isinstance(node, DefinitionList):
        for item in node.items:
            yield from _item(kind, _words(item.term, theme))
            yield from _read_below(item, theme, kind)
        return
    for name in ("items", "blocks", "signers"):
        for child in getattr(node, name, ()):
            yield from _read(child, theme, kind)


def _read_table(table: Table, theme: Theme) -> Iterator[Item]:
    yield from _read_caption(table, theme)
    for row in (*table.head, *table.body):
        for cell in row.cells:
            for block in cell.blocks:
                yield from _read(block, theme, "cell")


def _read_caption(node: Table | Figure, theme: Theme) -> Iterator[Item]:
    number = f"{node.label}{node.number}" if node.number else ""
    if node.caption:
        yield from _item("caption", number + _words(node.caption, theme))


def _item(kind: str, text: str) -> Iterator[Item]:
    if squeezed := squeeze(text):
        yield Item(kind, squeezed)


def _words(inlines: Any, theme: Theme) -> str:
    return "".join(_word(node, theme) for node in inlines)


def _word(node: Any, theme: Theme) -> str:
    if isinstance(node, NoteRef):
        return SEAM
    if isinstance(node, Status):
        return theme.status[node.state].shape + node.word
    if isinstance(node, (LineBreak, Picture)):
        return ""
    if isinstance(node, Ref):
        return node.text
    return str(node.text) if hasattr(node, "text") else _words(node.children, theme)
