"""Take block nodes of the tree; write each as an HTML element; give the content of a section."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipeline.document.tree import (
    Blocks,
    Callout,
    Code,
    DefinitionList,
    Figure,
    Group,
    Heading,
    List,
    ListItem,
    PageBreak,
    Paragraph,
    Quote,
    Rule,
    SignatureBlock,
    Signer,
    Table,
    Toc,
    TocEntry,
)
from pipeline.write.html.context import Context, attributes, length, link_target
from pipeline.write.html.inlines import plain_text, write_inlines
from pipeline.write.html.tables import write_caption, write_table
from pipeline.write.spacing import (
    CALLOUT_BAR,
    CALLOUT_PADDING_X,
    INDENT,
    LONG_CODE,
    space_after,
    space_before,
)

_DEEPEST = 3  # the deepest level of the contents that the theme has a style for


def write_blocks(blocks: Blocks, context: Context) -> str:
    """Return blocks as HTML, each heading parted from the block before it."""
    out = []
    above = context.above
    plain = replace(context, above=0.0) if above else context
    for block in blocks:
        place = replace(plain, above=above) if above and isinstance(block, (Heading, Group, Toc)) else plain
        out.append(WRITERS[type(block)](block, place))
        above = space_after(block, context.theme)
    return "".join(out)


def _write_heading(node: Heading, context: Context) -> str:
    # Word adds the space before a heading to the space after the block above, CSS takes the larger: so give the sum.
    look = context.rule(f"margin-top:{length(context.above + space_before(node, context.theme))}")
    number = f'<span class="number">{context.text(node.number)}\u2002</span>' if node.number else ""
    outline = f"{node.number} {plain_text(node.children)}".strip()
    start = f"h{node.level}{attributes(id=node.id, class_=look, data_outline=outline)}"
    return f"<{start}>{number}{write_inlines(node.children, context)}</h{node.level}>\n"


def _write_paragraph(node: Paragraph, context: Context) -> str:
    role = node.role if node.role in context.theme.text else "body"
    return f"<p{attributes(id=node.id, class_=role)}>{write_inlines(node.children, context)}</p>\n"


def _write_list(node: List, context: Context) -> str:
    inside = replace(context, width=context.width - INDENT)
    tag = "ol" if node.ordered else "ul"
    task = any(item.checked is not None for item in node.items)
    start = str(node.start) if node.ordered and node.start != 1 else ""
    # WeasyPrint takes `start` as a presentational hint, which it is not asked to follow.
    count = context.rule(f"counter-reset:list-item {node.start - 1}") if start else ""
    look = " ".join(filter(None, ("tight" if node.tight else "loose", "tasks" if task else "", count)))
    items = "".join(_write_item(item, inside) for item in node.items)
    return f"<{tag}{attributes(class_=look, start=start)}>\n{items}</{tag}>\n"


def _write_item(item: ListItem, context: Context) -> str:
    look = "" if item.checked is None else "done" if item.checked else "open"
    return f"<li{attributes(class_=look)}>{write_blocks(item.blocks, context)}</li>\n"


def _write_definitions(node: DefinitionList, context: Context) -> str:
    inside = replace(context, width=context.width - INDENT)
    items = (
        f'<dt class="term">{write_inlines(item.term, context)}</dt>\n<dd>{write_blocks(item.blocks, inside)}</dd>\n'
        for item in node.items
    )
    return f"<dl>\n{''.join(items)}</dl>\n"


def _write_quote(node: Quote, context: Context) -> str:
    inside = replace(context, width=context.width - INDENT)
    return f"<blockquote>{write_blocks(node.blocks, inside)}</blockquote>\n"


def _write_callout(node: Callout, context: Context) -> str:
    inside = replace(context, width=context.width - CALLOUT_BAR - 2 * CALLOUT_PADDING_X)
    title = f'<p class="callout callout-title">{write_inlines(node.title, context)}</p>\n' if node.title else ""
    # What Word can only keep in a cell is not parted in the PDF either.
    whole = not all(isinstance(block, Paragraph) for block in node.blocks)
    look = attributes(class_="callout whole" if whole else "callout", role="note")
    return f"<aside{look}>\n{title}{write_blocks(node.blocks, inside)}</aside>\n"


def _write_code(node: Code, context: Context) -> str:
    look = "code long" if node.text.count("\n") >= LONG_CODE else "code"
    return f'<pre class="{look}"><code>{context.verbatim(node.text)}</code></pre>\n'


def _write_rule(node: Rule, context: Context) -> str:
    return "<hr>\n"


def _write_table(node: Table, context: Context) -> str:
    return write_table(node, context, write_blocks)


def _write_figure(node: Figure, context: Context) -> str:
    size = ""
    if node.width and node.height:
        room = context.theme.page
        scale = min(1.0, context.width / node.width, (room.height - room.top - room.bottom) / 2 / node.height)
        size = context.rule(f"width:{length(node.width * scale)};height:{length(node.height * scale)}")
    picture = attributes(class_=size, src=context.pictures[node.asset])
    caption = write_caption("figcaption", node.label, node.number, node.caption, context)
    start = attributes(id=node.id)
    return f'<figure{start}>\n<img{picture} alt="{context.text(node.alt)}">\n{caption}</figure>\n'


def _write_toc(node: Toc, context: Context) -> str:
    space = length(context.above + context.theme.space.get("heading-1", 0.0))
    look = f"toc-title {context.rule(f'margin-top:{space}')}"
    title = f"<p{attributes(class_=look)}>{context.text(node.title)}</p>\n" if node.title else ""
    entries = "".join(_write_toc_entry(entry, context) for entry in node.entries)
    named = attributes(role="doc-toc", aria_label=node.title)
    return f'<nav{named}>\n{title}<ul class="toc">\n{entries}</ul>\n</nav>\n'


def _write_toc_entry(entry: TocEntry, context: Context) -> str:
    number = f'<span class="number">{context.text(entry.number)}</span>' if entry.number else ""
    target = link_target(f"#{entry.target}")
    level = f"toc-{min(max(entry.level, 1), _DEEPEST)}"
    look = attributes(class_=f"{level} numbered" if number else level, data_target=target)
    return f"<li{look}><a{attributes(href=target)}>{number}{write_inlines(entry.children, context)}</a></li>\n"


def _write_signatures(node: SignatureBlock, context: Context) -> str:
    return f'<div class="signatures">\n{"".join(_write_signer(signer, context) for signer in node.signers)}</div>\n'


def _write_signer(signer: Signer, context: Context) -> str:
    lines = (("signer", signer.role), ("", signer.name), ("", signer.note))
    words = (
        f"<p{attributes(class_=f'signature {look}'.strip())}>{context.text(text)}</p>" for look, text in lines if text
    )
    return f'<div class="signature">{"".join(words)}</div>\n'


def _write_page_break(node: PageBreak, context: Context) -> str:
    return '<div class="page-break"></div>\n'


def _write_group(node: Group, context: Context) -> str:
    return f"<div{attributes(id=node.id, class_='group')}>\n{write_blocks(node.blocks, context)}</div>\n"


WRITERS: dict[type, Callable[[Any, Context], str]] = {
    Heading: _write_heading,
    Paragraph: _write_paragraph,
    List: _write_list,
    DefinitionList: _write_definitions,
    Quote: _write_quote,
    Callout: _write_callout,
    Code: _write_code,
    Rule: _write_rule,
    Table: _write_table,
    Figure: _write_figure,
    Toc: _write_toc,
    SignatureBlock: _write_signatures,
    PageBreak: _write_page_break,
    Group: _write_group,
}
