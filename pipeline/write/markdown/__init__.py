"""Take a document and the theme; write its text as Markdown that any reader of CommonMark and GFM reads; give text."""

from __future__ import annotations

from pipeline.document.theme import Theme
from pipeline.document.tree import Document, NoteRef
from pipeline.document.walk import walk
from pipeline.write.markdown.blocks import write_blocks, write_note
from pipeline.write.markdown.inlines import Context

__all__ = ["write_markdown"]


def write_markdown(document: Document, theme: Theme) -> str:
    """Return the text of the pages, footnotes at the end; the same document gives the same text.

    Left out is what only leads through paper: contents list, page numbers, running header and footer. References are
    their words; a picture is its alternative text in brackets.
    """
    context = Context({state: look.shape for state, look in theme.status.items()})
    blocks = tuple(block for section in document.sections for block in section.blocks)
    called = {node.number for node in walk((document.sections, document.notes)) if isinstance(node, NoteRef)}
    notes = (write_note(note, context) for note in document.notes if note.number in called)
    parts = (write_blocks(blocks, context), *notes)
    return "\n\n".join(part for part in parts if part) + "\n"
