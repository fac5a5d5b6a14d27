"""Take nodes of the document tree; draw them as one short line each; give texts that a test can state and compare."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pipeline.document import tree as t
from pipeline.document.tree import content_of

INLINE: dict[type, Callable[[Any], str]] = {
    t.Text: lambda n: n.text,
    t.Emphasis: lambda n: f"em({words(n.children)})",
    t.Strong: lambda n: f"strong({words(n.children)})",
    t.Strike: lambda n: f"del({words(n.children)})",
    t.Span: lambda n: f"span.{n.role}({words(n.children)})",
    t.CodeSpan: lambda n: f"code({n.text})",
    t.Link: lambda n: f"link({words(n.children)} -> {n.target})",
    t.Ref: lambda n: f"ref({n.text or n.target})",
    t.NoteRef: lambda n: f"note({n.number})",
    t.LineBreak: lambda n: "/",
    t.Status: lambda n: f"status({n.state}: {n.word})",
    t.Picture: lambda n: f"picture({n.alt})",
}


def words(inlines: Iterable[Any]) -> str:
    return "".join(INLINE[type(node)](node) for node in inlines)


def sketch(blocks: Iterable[Any]) -> list[str]:
    """Return one line a block; what is inside a block stands in brackets, its parts divided by bars."""
    return [BLOCK[type(node)](node) for node in blocks]


def inside(blocks: Iterable[Any]) -> str:
    return "[" + " | ".join(sketch(blocks)) + "]"


def _heading(node: t.Heading) -> str:
    name = f"#{node.id}" if node.id else ""
    return f"h{node.level}{name}: {f'{node.number} ' if node.number else ''}{words(node.children)}"


def _paragraph(node: t.Paragraph) -> str:
    role = "" if node.role == "body" else f".{node.role}"
    return f"p{role}: {words(node.children)}"


def _list(node: t.List) -> str:
    kind = f"ol{'' if node.start == 1 else node.start}" if node.ordered else "ul"
    items = "".join(f"{_mark(item)}{inside(item.blocks)}" for item in node.items)
    return f"{kind}{'' if node.tight else '.loose'}: {items}"


def _mark(item: t.ListItem) -> str:
    return {None: "", True: "x", False: "o"}[item.checked]


def _callout(node: t.Callout) -> str:
    title = f" ({words(node.title)})" if node.title else ""
    return f"{node.kind}{title}: {inside(node.blocks)}"


def _table(node: t.Table) -> str:
    aligns = "".join(column.align[0] for column in node.columns)
    rows = [
        " & ".join("/".join(map(_cell, content_of(cell))) for cell in row.cells) for row in (*node.head, *node.body)
    ]
    name = f"#{node.id}" if node.id else ""
    caption = f" ({words(node.caption)})" if node.caption else ""
    return f"table{name} {aligns}{caption}: {'; '.join(rows)}"


def _cell(block: Any) -> str:
    return words(block.children) if isinstance(block, t.Paragraph) else inside((block,))


def _figure(node: t.Figure) -> str:
    name = f"#{node.id}" if node.id else ""
    caption = f" ({words(node.caption)})" if node.caption else ""
    return f"figure{name} {node.width:g}{caption}: {node.alt}"


def _definitions(node: t.DefinitionList) -> str:
    return "dl: " + "".join(f"({words(item.term)}){inside(item.blocks)}" for item in node.items)


BLOCK: dict[type, Callable[[Any], str]] = {
    t.Heading: _heading,
    t.Paragraph: _paragraph,
    t.List: _list,
    t.DefinitionList: _definitions,
    t.Quote: lambda n: f"quote: {inside(n.blocks)}",
    t.Callout: _callout,
    t.Code: lambda n: f"code {n.language}: {n.text}",
    t.Rule: lambda n: "rule",
    t.Table: _table,
    t.Figure: _figure,
    t.Toc: lambda n: f"toc {n.depth}: " + " | ".join(f"{e.number} {words(e.children)}".strip() for e in n.entries),
    t.SignatureBlock: lambda n: "sign: " + " | ".join(signer.role for signer in n.signers),
    t.PageBreak: lambda n: "page break",
    t.Group: lambda n: f"group.{n.role}: {inside(n.blocks)}",
}
