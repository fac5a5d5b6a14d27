"""Take a table or figure; write its caption, the number as a field in the bookmark that references repeat; give XML."""

from __future__ import annotations

from pipeline.document.tree import Figure, Table
from pipeline.write.docx.bookmarks import write_shown, write_target
from pipeline.write.docx.context import EN_SPACE, Look, Spot
from pipeline.write.docx.fields import write_field
from pipeline.write.docx.inlines import write_inlines
from pipeline.write.docx.paragraphs import write_paragraph
from pipeline.write.docx.runs import write_text
from pipeline.write.docx.writing import Writing

_SEQUENCES = {Table: "Table", Figure: "Figure"}


def write_caption(writing: Writing, node: Table | Figure, spot: Spot) -> str:
    """Return the caption of a table or figure, its number first, or nothing where it has neither."""
    if not (node.caption or node.number):
        return ""
    number = _write_number(writing, node) if node.number else ""
    words = number + write_inlines(writing, node.caption)
    return write_paragraph(writing, "caption", write_target(writing, node.id, words), spot)


def _write_number(writing: Writing, node: Table | Figure) -> str:
    look = Look(bold=True, colour=writing.theme.colours["text"])
    label = write_text(f"{node.label} ", look) if node.label else ""
    field = write_field(f"SEQ {_SEQUENCES[type(node)]} \\* ARABIC", str(node.number), look)
    return write_shown(writing, node.id, label + field) + (write_text(EN_SPACE, look) if node.caption else "")
