"""Take the footnotes of a document; write Word's own footnote part with its separators; give the part."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.document.tree import Blocks, Inlines, Note, NoteRef, Paragraph
from pipeline.document.walk import walk
from pipeline.write.docx.context import EN_SPACE, Look, Spot, Writing
from pipeline.write.docx.inlines import write_inlines
from pipeline.write.docx.paragraphs import write_paragraph
from pipeline.write.docx.runs import write_run, write_text
from pipeline.write.docx.xml import DECLARED, twips
from pipeline.write.spacing import NOTES_GAP, NOTES_RULE

_HEIGHT = twips(2 * NOTES_GAP + NOTES_RULE)
_SPACING = f'<w:pPr><w:spacing w:before="0" w:after="0" w:line="{_HEIGHT}" w:lineRule="exact"/></w:pPr>'
_SEPARATORS = "".join(
    f'<w:footnote w:type="{kind}" w:id="{number}"><w:p>{_SPACING}<w:r><w:{kind}/></w:r></w:p></w:footnote>'
    for kind, number in (("separator", -1), ("continuationSeparator", 0))
)
_CALL = Look(style="FootnoteReference")
_MARK = write_run("<w:footnoteRef/>", _CALL)


def write_notes(writing: Writing, width: float) -> str:
    """Return `footnotes.xml`; `writing.part` must be the part that it is for, since links are kept by part."""
    # A note that nothing calls has no page to stand on: Word takes a file that holds one for damaged.
    called = [note for note in writing.document.notes if note.number in writing.noted]
    notes = "".join(_write_note(writing, note, Spot(width=width, role="footnote")) for note in called)
    return f"<w:footnotes {DECLARED}>{_SEPARATORS}{notes}</w:footnotes>"


def _write_note(writing: Writing, note: Note, spot: Spot) -> str:
    """Return a note; Word has none within notes, so those that this one alone calls follow in it, with their number."""
    parts = [_write_blocks(writing, note, _MARK, spot)]
    for inner in _find_within(writing, note):
        parts.append(_write_blocks(writing, inner, write_text(str(inner.number), _CALL), spot))
    return f'<w:footnote w:id="{note.number}">{"".join(parts)}</w:footnote>'


def _write_blocks(writing: Writing, note: Note, mark: str, spot: Spot) -> str:
    first, rest = _part_first(note)
    opening = mark + write_text(EN_SPACE) + write_inlines(writing, first, spot.look)
    return write_paragraph(writing, "footnote", opening, spot) + writing.write_blocks(rest, spot)


def _find_within(writing: Writing, note: Note) -> Iterator[Note]:
    numbers = {one.number: one for one in writing.document.notes}
    for node in walk(note.blocks):
        if isinstance(node, NoteRef) and node.number in numbers and node.number not in writing.noted:
            writing.noted.add(node.number)
            yield numbers[node.number]
            yield from _find_within(writing, numbers[node.number])


def _part_first(note: Note) -> tuple[Inlines, Blocks]:
    if note.blocks and isinstance(note.blocks[0], Paragraph):
        return note.blocks[0].children, note.blocks[1:]
    return (), note.blocks
