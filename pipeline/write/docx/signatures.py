"""Take the people who sign; write two lines abreast that stay on one page; give a table."""

from __future__ import annotations

from pipeline.document.tree import SignatureBlock, Signer
from pipeline.write.docx.context import Look, Spot
from pipeline.write.docx.layout import write_layout_cell, write_layout_table
from pipeline.write.docx.paragraphs import write_paragraph, write_spacer, write_spacing
from pipeline.write.docx.runs import write_text
from pipeline.write.docx.writing import Writing
from pipeline.write.docx.xml import border
from pipeline.write.spacing import SIGNATURE_GAP, SIGNING_ROOM, space_after

_RULE = 0.75
_RULE_ROOM = 4.0  # between the line to sign on and the words below it
_ABREAST = 2


def write_signatures(writing: Writing, node: SignatureBlock, spot: Spot) -> str:
    """Return the lines to sign: rows of two, kept together."""
    if not node.signers:
        return ""
    above = write_spacer(writing, 0.0) if writing.breaks else ""
    half = (spot.width - SIGNATURE_GAP) / _ABREAST
    widths = (half, SIGNATURE_GAP, half)
    pairs = [node.signers[at : at + _ABREAST] for at in range(0, len(node.signers), _ABREAST)]
    last = len(pairs) - 1
    rows = (_write_pair(writing, pair, widths, keep=index < last) for index, pair in enumerate(pairs))
    below = spot.end if spot.end is not None else space_after(node, writing.theme)
    return above + write_layout_table(spot.indent, widths, *rows) + write_spacer(writing, below)


def _write_pair(writing: Writing, pair: tuple[Signer, ...], widths: tuple[float, ...], keep: bool) -> tuple[str, ...]:
    spot = Spot(width=widths[0], keep=keep)
    empty = write_paragraph(writing, "signature", "", spot)
    words = [_write_signer(writing, signer, spot) for signer in pair] + [empty]
    contents = (words[0], empty, words[1])
    return tuple(write_layout_cell(width, content) for width, content in zip(widths, contents, strict=True))


def _write_signer(writing: Writing, signer: Signer, spot: Spot) -> str:
    """Return the line to sign on as the first paragraph's upper border, the room to sign as space before it."""
    colour = writing.theme.colours["text"]
    line = {
        "pBdr": f"<w:pBdr>{border('top', _RULE, colour, _RULE_ROOM)}</w:pBdr>",
        "spacing": write_spacing(before=SIGNING_ROOM),
    }
    role = write_paragraph(writing, "signature", write_text(signer.role, Look(colour=colour)), spot, line)
    lines = [
        write_paragraph(writing, "signature", write_text(text), spot) for text in (signer.name, signer.note) if text
    ]
    return role + "".join(lines)
