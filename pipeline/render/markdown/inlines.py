"""Take the inline nodes of a Markdown syntax tree; swap tokens for their nodes; give inline nodes of our tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import cast

from markdown_it.tree import SyntaxTreeNode

from pipeline.document.tree import (
    CodeSpan,
    Emphasis,
    Inline,
    Inlines,
    LineBreak,
    NoteRef,
    Ref,
    Span,
    Strike,
    Strong,
    Text,
)
from pipeline.render.markdown import html
from pipeline.render.markdown.links import read_image, read_link
from pipeline.render.markdown.parser import Reader, normalize_target
from pipeline.render.templates.islands import words_of

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_REFERENCE = re.compile(r"\[@([A-Za-z][\w:.-]*)\]")


def read_inlines(nodes: Iterable[SyntaxTreeNode], reader: Reader) -> Inlines:
    """Return the inline nodes for the children of a Markdown inline node."""
    return tidy(inline for node in _expand(nodes, reader) for inline in _READ[node.type](node, reader))


def _expand(nodes: Iterable[SyntaxTreeNode], reader: Reader) -> Iterator[SyntaxTreeNode]:
    """Yield the nodes, counting the lines that they pass."""
    for node in nodes:
        yield node
        if node.type in ("softbreak", "hardbreak"):
            reader.line += 1


def tidy(inlines: Iterable[Inline]) -> Inlines:
    """Return inlines with neighbouring texts joined and empty ones left out."""
    out: list[Inline] = []
    for is_text, run in groupby(inlines, key=lambda inline: isinstance(inline, Text)):
        if not is_text:
            out.extend(run)
        elif joined := "".join(cast(Text, one).text for one in run):
            out.append(Text(joined))
    return tuple(out)


def _read_text(node: SyntaxTreeNode, reader: Reader) -> Iterator[Inline]:
    for part in reader.split(node.content):
        if isinstance(part, str):
            yield from _read_references(part, reader)
        else:
            yield part


def _read_references(text: str, reader: Reader) -> Iterator[Inline]:
    end = 0
    for match in _REFERENCE.finditer(text):
        yield Text(text[end : match.start()])
        yield reader.page.mark(Ref(match.group(1)), reader.place)
        end = match.end()
    yield Text(text[end:])


def _read_code(node: SyntaxTreeNode, reader: Reader) -> Iterator[Inline]:
    if reader.page.islands.holds_block(node.content):
        reader.fail_block()
    yield CodeSpan(reader.page.islands.plain(node.content))


def _read_footnote(node: SyntaxTreeNode, reader: Reader) -> Iterator[Inline]:
    key = str(node.meta["id"])
    if key not in reader.notes:
        reader.notes[key] = reader.page.reserve_note()
    yield NoteRef(reader.notes[key])


def _read_span(node: SyntaxTreeNode, reader: Reader) -> Iterator[Inline]:
    language = str(node.attrs.get("lang", ""))
    known = language if _LANGUAGE.fullmatch(language) else ""
    yield Span(str(node.attrs.get("class", "")).split(" ")[0], read_inlines(node.children, reader), known)


def _read_html(node: SyntaxTreeNode, reader: Reader) -> Iterator[Inline]:
    yield from html.read_inline(node.content, reader)


def _wrap(kind: Callable[[Inlines], Inline]) -> Callable[[SyntaxTreeNode, Reader], Iterator[Inline]]:
    def read(node: SyntaxTreeNode, reader: Reader) -> Iterator[Inline]:
        yield kind(read_inlines(node.children, reader))

    return read


def _read_link(node: SyntaxTreeNode, reader: Reader) -> Iterator[Inline]:
    target = normalize_target(reader.page.islands.plain(str(node.attrs.get("href", ""))))
    children = read_inlines(node.children, reader) or (Text(target),)
    yield from read_link(target, children, reader.page.islands.plain(str(node.attrs.get("title", ""))), reader)


def _read_image(node: SyntaxTreeNode, reader: Reader) -> Iterator[Inline]:
    alt = words_of(read_inlines(node.children, reader))
    source = reader.page.islands.plain(str(node.attrs.get("src", "")))
    yield from read_image(source, alt, reader)


_READ: dict[str, Callable[[SyntaxTreeNode, Reader], Iterator[Inline]]] = {
    "text": _read_text,
    "softbreak": lambda _node, _reader: iter((Text(" "),)),
    "hardbreak": lambda _node, _reader: iter((LineBreak(),)),
    "code_inline": _read_code,
    "em": _wrap(Emphasis),
    "strong": _wrap(Strong),
    "s": _wrap(Strike),
    "link": _read_link,
    "image": _read_image,
    "span": _read_span,
    "html_inline": _read_html,
    "footnote_ref": _read_footnote,
    "footnote_anchor": lambda _node, _reader: iter(()),
}
