"""Take a document tree; give what a reader meets in it as a list of (kind, text), marks of notes kept between seams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.document.theme import Theme
from pipeline.document.tree import (
    Blocks,
    Callout,
    Code,
    DefinitionList,
    Document,
    Figure,
    Heading,
    LineBreak,
    Note,
    NoteRef,
    Paragraph,
    Picture,
    Ref,
    Signer,
    Status,
    Table,
    Toc,
    content_of,
)
from pipeline.document.walk import walk

SEAM = "\0"  # stands before and after the mark of a note


@dataclass(frozen=True)
class Item:
    """One thing to read: heading, caption, cell or paragraph, and its words without any space."""

    kind: str
    text: str

    @property
    def pieces(self) -> tuple[str, ...]:
        """Return the text parted at the marks of notes, without them."""
        return tuple(piece for piece in self.text.split(SEAM)[::2] if piece)

    @property
    def shown(self) -> str:
        """Return the text as a page shows it: the numbers of notes follow the words that call them."""
        return self.text.replace(SEAM, "")

    @property
    def marked(self) -> tuple[str, str]:
        """Return kind and text, the marks of notes in brackets."""
        parts = self.text.split(SEAM)
        return self.kind, "".join(f"[^{part}]" if at % 2 else part for at, part in enumerate(parts))


def read_tree(document: Document, theme: Theme) -> list[Item]:
    """Return all that the sections hold, in reading order, but for contents lists."""
    return [item for section in document.sections for item in read_blocks(section.blocks, theme)]


def read_notes(document: Document, theme: Theme) -> list[Item]:
    """Return the footnotes; one that only a note calls follows the first that does, as in Word."""
    return [item for note in order_notes(document) for item in read_blocks(note.blocks, theme, "note")]


def order_notes(document: Document) -> list[Note]:
    """Return the footnotes in the order in which they are read."""
    numbers = {note.number: note for note in document.notes}
    outer = _find_calls(document.sections, numbers)
    ordered: list[Note] = []

    def add(number: int) -> None:
        ordered.append(numbers[number])
        for inner in _find_calls(numbers[number].blocks, numbers):
            if inner not in outer and numbers[inner] not in ordered:
                add(inner)

    for number in sorted(outer):
        add(number)
    return ordered


def _find_calls(nodes: object, numbers: Mapping[int, Note]) -> list[int]:
    calls = (node.number for node in walk(nodes) if isinstance(node, NoteRef))
    return list(dict.fromkeys(number for number in calls if number in numbers))


def read_blocks(blocks: Blocks, theme: Theme, kind: str = "paragraph") -> list[Item]:
    """Return what some blocks hold; `kind` is that of their paragraphs."""
    return [item for block in blocks for item in _read(block, theme, kind)]


def read_words(inlines: Any, theme: Theme) -> str:
    """Return the words of a line without spaces and without the marks of notes."""
    return "".join(squeeze(_words(inlines, theme)).split(SEAM)[::2])


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
            for block in content_of(cell):
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
        return f"{SEAM}{node.number}{SEAM}"
    if isinstance(node, Status):
        return theme.status[node.state].shape + node.word
    if isinstance(node, (LineBreak, Picture)):
        return ""
    if isinstance(node, Ref):
        return node.text
    return str(node.text) if hasattr(node, "text") else _words(node.children, theme)
