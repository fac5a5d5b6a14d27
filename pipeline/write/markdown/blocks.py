"""Take block nodes of the tree; write each as Markdown, an empty line between two; give the text of a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from pipeline.document.tree import (
    Block,
    Blocks,
    Callout,
    Code,
    Definition,
    DefinitionList,
    Figure,
    Group,
    Heading,
    Inlines,
    List,
    ListItem,
    Note,
    PageBreak,
    Paragraph,
    Quote,
    Rule,
    SignatureBlock,
    Signer,
    Strong,
    Table,
    Text,
    Toc,
)
from pipeline.write.html.context import show
from pipeline.write.markdown.inlines import Context, escape_end, escape_start, write_inlines
from pipeline.write.markdown.tables import write_grid

_BESIDE_MARK = "    "  # what belongs to a footnote or definition stands so far in


def write_blocks(blocks: Blocks, context: Context) -> str:
    """Return blocks as Markdown, without a newline at the end."""
    return "\n\n".join(text for _, text in _write_all(blocks, context))


def write_note(note: Note, context: Context) -> str:
    """Return a footnote, to stand at the end of the text."""
    return _hang(f"[^{note.number}]: ", _BESIDE_MARK, write_blocks(note.blocks, context))


def _write_all(blocks: Blocks, context: Context) -> Iterator[tuple[Block, str]]:
    """Yield the blocks that leave something in the text, each with its source."""
    before: Block | None = None
    other = False
    for block in _flatten(blocks):
        same = isinstance(block, List) and isinstance(before, List) and before.ordered == block.ordered
        other = same and not other
        text = WRITERS[type(block)](block, replace(context, other=other))
        if text:
            yield block, text
            before = block


def _flatten(blocks: Blocks) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Group):
            yield from _flatten(block.blocks)
        else:
            yield block


def _hang(first: str, rest: str, text: str) -> str:
    """Return a text with a mark before its first line and room before the others."""
    lines = text.split("\n")
    return "\n".join([f"{first}{lines[0]}".rstrip(), *(f"{rest}{line}" if line else "" for line in lines[1:])])


def _write_words(nodes: Inlines, context: Context) -> str:
    """Return the lines of a paragraph; a backslash breaks a line."""
    lines = (escape_start(line) for line in write_inlines(nodes, context).strip().split("\n"))
    return "\\\n".join(line or "\u00a0" for line in lines) if nodes else ""


def _write_line(nodes: Inlines, context: Context) -> str:
    return " ".join(write_inlines(nodes, context).split("\n")).strip()


def _write_heading(node: Heading, context: Context) -> str:
    words = (Text(f"{node.number} "), *node.children) if node.number else node.children
    return f"{'#' * min(node.level, 6)} {escape_end(_write_line(words, context))}"


def _write_paragraph(node: Paragraph, context: Context) -> str:
    if node.role == "title":
        return _write_heading(Heading(1, node.children), context)
    return _write_words(node.children, context)


def _write_list(node: List, context: Context) -> str:
    parts = []
    for number, item in enumerate(node.items, start=node.start):
        counted = f"{number})" if context.other else f"{number}."
        mark = counted if node.ordered else "+" if context.other else "-"
        parts.append(_hang(f"{mark} ", " " * (len(mark) + 1), _write_item(item, node.tight, context)))
    return ("\n" if node.tight else "\n\n").join(parts)


def _write_item(item: ListItem, tight: bool, context: Context) -> str:
    text = ""
    for block, part in _write_all(item.blocks, context):
        text += (("\n" if tight and _may_follow(block) else "\n\n") if text else "") + part
    if item.checked is None or not item.blocks or not isinstance(item.blocks[0], Paragraph):
        return text
    return f"[{'x' if item.checked else ' '}] {text}"


def _may_follow(block: Block) -> bool:
    """Return whether a block may stand right below a paragraph: a list that a reader takes for one there."""
    return isinstance(block, List) and block.start == 1 and bool(block.items and block.items[0].blocks)


def _write_definitions(node: DefinitionList, context: Context) -> str:
    return "\n\n".join(_write_definition(item, context) for item in node.items)


def _write_definition(item: Definition, context: Context) -> str:
    term = escape_start(_write_line(item.term, context))
    return f"{term}\n{_hang(':   ', _BESIDE_MARK, write_blocks(item.blocks, context))}"


def _write_quote(node: Quote, context: Context) -> str:
    return _quote(write_blocks(node.blocks, context))


def _quote(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _write_callout(node: Callout, context: Context) -> str:
    title = (Paragraph((Strong(node.title),)),) if node.title else ()
    blocks = (*title, *node.blocks)
    gap = "\n" if blocks and isinstance(blocks[0], Paragraph) else "\n\n"
    return _quote(f"[!{node.kind.upper()}]{gap}{write_blocks(blocks, context)}")


def _write_code(node: Code, context: Context) -> str:
    fence = "`" * max(3, max((len(run) for run in re.findall("`+", node.text)), default=0) + 1)
    language = re.sub(r"[^\w.+#-]", "", node.language)
    return f"{fence}{language}\n{show(node.text)}\n{fence}"


def _write_table(node: Table, context: Context) -> str:
    caption = _write_caption(node, context)
    grid = write_grid(node, context) if node.head or node.body else ""
    return "\n\n".join(filter(None, (caption, grid)))


def _write_figure(node: Figure, context: Context) -> str:
    picture = _write_words((Text(f"[{node.alt}]"),), context)
    return "\n\n".join(filter(None, (picture, _write_caption(node, context))))


def _write_caption(node: Table | Figure, context: Context) -> str:
    label = f"{node.label} {node.number}".strip() if node.number else ""
    numbered: Inlines = (Strong((Text(label),)), Text(" ")) if label else ()
    return _write_words((*numbered, *node.caption), context)


def _write_signatures(node: SignatureBlock, context: Context) -> str:
    return "\n\n".join(_write_signer(signer, context) for signer in node.signers)


def _write_signer(signer: Signer, context: Context) -> str:
    role = write_inlines((Strong((Text(signer.role),)),), context)
    rest = (escape_start(write_inlines((Text(text),), context)) for text in (signer.name, signer.note) if text)
    return "\\\n".join((role, *rest))


WRITERS: dict[type, Callable[[Any, Context], str]] = {
    Heading: _write_heading,
    Paragraph: _write_paragraph,
    List: _write_list,
    DefinitionList: _write_definitions,
    Quote: _write_quote,
    Callout: _write_callout,
    Code: _write_code,
    Rule: lambda _node, _context: "***",
    Table: _write_table,
    Figure: _write_figure,
    Toc: lambda _node, _context: "",
    SignatureBlock: _write_signatures,
    PageBreak: lambda _node, _context: "",
    Group: lambda node, context: write_blocks(node.blocks, context),
}
