"""Take inline nodes and the look they stand in; write each as runs, fields, links or drawings; give XML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from pipeline.document.addresses import is_address
from pipeline.document.tree import (
    CodeSpan,
    Emphasis,
    Inlines,
    LineBreak,
    Link,
    NoteRef,
    Picture,
    Ref,
    Span,
    Status,
    Strike,
    Strong,
    Text,
)
from pipeline.write.docx.context import PLAIN, Look, Writing, write_bookmark
from pipeline.write.docx.drawings import draw_asset, measure_asset
from pipeline.write.docx.runs import write_field, write_run, write_text
from pipeline.write.docx.styles import character_style_id
from pipeline.write.docx.xml import clean, escape_attribute

_SAFE_IN_URL = "%/:=&?~#+!$,;'@()*[]-._"
_LONGEST_TIP = 250


def write_inlines(writing: Writing, nodes: Inlines, look: Look = PLAIN) -> str:
    """Return a line of inline nodes as runs."""
    return "".join(INLINE_WRITERS[type(node)](writing, node, look) for node in nodes)


def _write_text(writing: Writing, node: Text, look: Look) -> str:
    # A line end in running text is a space, as in HTML; breaks are nodes of their own.
    return write_text(clean(node.text).replace("\n", " "), look)


def _write_emphasis(writing: Writing, node: Emphasis, look: Look) -> str:
    return write_inlines(writing, node.children, replace(look, italic=True))


def _write_strong(writing: Writing, node: Strong, look: Look) -> str:
    return write_inlines(writing, node.children, replace(look, bold=True))


def _write_strike(writing: Writing, node: Strike, look: Look) -> str:
    return write_inlines(writing, node.children, replace(look, strike=True))


def _write_span(writing: Writing, node: Span, look: Look) -> str:
    style = character_style_id(node.role, writing.theme) or look.style
    language = node.language or look.language
    return write_inlines(writing, node.children, replace(look, style=style, language=language))


def _write_code_span(writing: Writing, node: CodeSpan, look: Look) -> str:
    return write_text(node.text, replace(look, style="CodeCharacter"))


def _write_link(writing: Writing, node: Link, look: Look) -> str:
    place = "" if look.linked else _find_place(writing, node.target)
    if not place:
        return write_inlines(writing, node.children, look)
    words = write_inlines(writing, node.children, replace(look, style="Hyperlink", linked=True))
    tip = f' w:tooltip="{escape_attribute(node.title[:_LONGEST_TIP])}"' if node.title else ""
    return f'<w:hyperlink {place}{tip} w:history="1">{words}</w:hyperlink>'


def _find_place(writing: Writing, target: str) -> str:
    """Return the attribute that leads to a link's target, or nothing where Word could not open it."""
    if target.startswith("#"):
        found = writing.targets.get(target[1:])
        return f'w:anchor="{found.bookmark}"' if found else ""
    url = make_url(target)
    return f'r:id="{_relate_url(writing, url)}"' if url else ""


def _relate_url(writing: Writing, url: str) -> str:
    from docx.opc.constants import RELATIONSHIP_TYPE

    return str(writing.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))


def make_url(target: str) -> str:
    """Return a link's address as Word accepts it, or nothing."""
    return quote(target, safe=_SAFE_IN_URL) if is_address(target) else ""


def _write_ref(writing: Writing, node: Ref, look: Look) -> str:
    target = writing.targets.get(node.target)
    words = node.text or (target.shown if target else "") or node.target
    if target is None or look.linked:
        return write_text(words, look)
    linked = replace(look, style="Hyperlink", linked=True)
    if target.reference and words.endswith(target.shown):
        # The field repeats `2.1` alone: in `Section 2.1` the word is ours.
        before = words.removesuffix(target.shown)
        return write_text(before, linked) + write_field(
            f"REF {target.reference} \\h \\* MERGEFORMAT", target.shown, linked
        )
    inner = write_text(words, linked)
    return f'<w:hyperlink w:anchor="{target.bookmark}" w:history="1">{inner}</w:hyperlink>'


def _write_note_ref(writing: Writing, node: NoteRef, look: Look) -> str:
    if not look.marks:
        return ""
    number, mark = node.number, replace(look, style="FootnoteReference")
    bookmark = f"_RefNote{number}"
    if number in writing.noted and not writing.in_notes:
        return write_field(f"NOTEREF {bookmark} \\f \\h", str(number), mark)
    if writing.in_notes or all(note.number != number for note in writing.document.notes):
        return write_text(str(number), mark)
    writing.noted.add(number)
    return write_bookmark(writing, bookmark, write_run(f'<w:footnoteReference w:id="{number}"/>', mark))


def _write_line_break(writing: Writing, node: LineBreak, look: Look) -> str:
    return write_run("<w:br/>", look)


def _write_status(writing: Writing, node: Status, look: Look) -> str:
    state = writing.theme.status[node.state]
    return write_text(f"{state.shape}\u00a0{node.word}", replace(look, bold=True, colour=state.colour))


def _write_picture(writing: Writing, node: Picture, look: Look) -> str:
    width, height = measure_asset(writing, node.asset)
    return draw_asset(writing, node.asset, node.alt, width, height) or write_text(f"[{node.alt}]", look)


INLINE_WRITERS: dict[type, Callable[[Writing, Any, Look], str]] = {
    Text: _write_text,
    Emphasis: _write_emphasis,
    Strong: _write_strong,
    Strike: _write_strike,
    Span: _write_span,
    CodeSpan: _write_code_span,
    Link: _write_link,
    Ref: _write_ref,
    NoteRef: _write_note_ref,
    LineBreak: _write_line_break,
    Status: _write_status,
    Picture: _write_picture,
}
