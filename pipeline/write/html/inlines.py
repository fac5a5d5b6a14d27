"""Take inline nodes of the tree; write each as an HTML element; give the text of a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
from pipeline.write.html.context import Context, attributes, length, link_target

_POINTS_PER_PIXEL = 0.75


def write_inlines(nodes: Inlines, context: Context) -> str:
    """Return a line of inline nodes as HTML."""
    return "".join(WRITERS[type(node)](node, context) for node in nodes)


def plain_text(nodes: Inlines) -> str:
    """Return the words of a line, without marks of footnotes."""
    return "".join(_plain(node) for node in nodes)


def _plain(node: Any) -> str:
    match node:
        case Text() | CodeSpan() | Ref():
            return node.text
        case Status():
            return node.word
        case Picture():
            return node.alt
        case LineBreak():
            return " "
        case NoteRef():
            return ""
        case _:
            return plain_text(node.children)


def _write_text(node: Text, context: Context) -> str:
    return context.text(node.text)


def _write_emphasis(node: Emphasis, context: Context) -> str:
    return f"<em>{write_inlines(node.children, context)}</em>"


def _write_strong(node: Strong, context: Context) -> str:
    return f"<strong>{write_inlines(node.children, context)}</strong>"


def _write_strike(node: Strike, context: Context) -> str:
    return f"<del>{write_inlines(node.children, context)}</del>"


def _write_span(node: Span, context: Context) -> str:
    known = node.role in context.theme.text or node.role in context.theme.colours
    role = attributes(class_=node.role) if known else ""
    role += attributes(lang=node.language) if node.language else ""
    return f"<span{role}>{write_inlines(node.children, context)}</span>"


def _write_code_span(node: CodeSpan, context: Context) -> str:
    return f"<code>{context.text(node.text)}</code>"


def _write_link(node: Link, context: Context) -> str:
    words = write_inlines(node.children, context)
    target = link_target(node.target)
    return f"<a{attributes(href=target, title=node.title)}>{words}</a>" if target else words


def _write_ref(node: Ref, context: Context) -> str:
    target = link_target(f"#{node.target}")
    return f"<a{attributes(class_='ref', href=target)}>{context.text(node.text)}</a>"


def _write_note_ref(node: NoteRef, context: Context) -> str:
    # A note may be called more than once; the way back leads to its first call.
    first = node.number not in context.noted
    context.noted.add(node.number)
    name = f"call-{node.number}" if first else ""
    link = attributes(id=name, href=f"#note-{node.number}", role="doc-noteref")
    return f'<sup class="call"><a{link}>{node.number}</a></sup>'


def _write_line_break(node: LineBreak, context: Context) -> str:
    return "<br>"


def _write_status(node: Status, context: Context) -> str:
    shape = context.text(context.theme.status[node.state].shape)
    return f'<span class="status {node.state}">{shape}\u00a0{context.text(node.word)}</span>'


def _write_picture(node: Picture, context: Context) -> str:
    asset = context.document.assets[node.asset]
    size = ""
    if asset.width and asset.height:
        width = min(asset.width * _POINTS_PER_PIXEL, context.width)
        size = context.rule(f"width:{length(width)};height:{length(width * asset.height / asset.width)}")
    look = attributes(class_=f"inline {size}".strip(), src=context.pictures[node.asset])
    return f'<img{look} alt="{context.text(node.alt)}">'


WRITERS: dict[type, Callable[[Any, Context], str]] = {
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
