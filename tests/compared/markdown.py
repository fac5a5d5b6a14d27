"""Take a charter's tree; write its Markdown as somebody would who writes for pandoc; give text.

The words are those that Deedbox's own Markdown writer gives. What that writer leaves to the page, pandoc is told in its
own dialect: identifiers, pictures, captions, widths of columns, references, landscape pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pipeline.document.theme import Theme
from pipeline.document.tree import Document, Figure, Heading, Link, Paragraph, Ref, Section, Table, Text, Toc
from pipeline.document.walk import rewrite
from pipeline.write.html.inlines import plain_text
from pipeline.write.markdown.blocks import write_blocks
from pipeline.write.markdown.inlines import Context, write_inlines
from pipeline.write.markdown.tables import write_grid

_HERE = "https://charter.invalid/"  # stands for the document itself until the text is written
_DASHES = 120  # more than a line of pandoc's holds: then it takes the widths of columns from them


def write_pandoc(document: Document, theme: Theme, pictures: Mapping[str, str]) -> str:
    """Return the charter for pandoc; `pictures` gives the file of each asset."""
    context = Context({state: look.shape for state, look in theme.status.items()})
    parts = [_write_head(document)]
    for section in document.sections:
        parts.append(_write_section(rewrite(section, _link), context, pictures))
    return "\n\n".join(parts).replace(_HERE, "") + "\n"


def find_head(document: Document, role: str) -> str:
    """Return the words of the paragraph that has a role on the first page."""
    blocks = document.sections[0].blocks
    return next(plain_text(one.children) for one in blocks if isinstance(one, Paragraph) and one.role == role)


def _write_head(document: Document) -> str:
    about = document.properties
    lines = {
        "title": find_head(document, "title"),
        "subtitle": find_head(document, "kicker"),
        "author": about.author,
        "lang": about.language,
        "toc-title": "Contents",
    }
    return "\n".join(("---", *(f"{key}: {value}" for key, value in lines.items()), "---"))


def _link(node: Any) -> Any:
    if isinstance(node, Ref):
        return Link(f"{_HERE}#{node.target}", (Text(node.text),))
    return node


def _write_section(section: Section, context: Context, pictures: Mapping[str, str]) -> str:
    text = "\n\n".join(filter(None, (_write_block(block, context, pictures) for block in section.blocks)))
    return f"::: landscape\n\n{text}\n\n:::" if section.landscape else text


def _write_block(block: Any, context: Context, pictures: Mapping[str, str]) -> str:
    if isinstance(block, Toc) or (isinstance(block, Paragraph) and block.role in ("title", "kicker")):
        return ""  # pandoc writes these from the head and its options
    if isinstance(block, Heading):
        return f"{write_blocks((replace(block, number=''),), context)} {{#{block.id}}}"
    if isinstance(block, Figure):
        alt = block.alt.replace('"', "'")
        caption = write_inlines(block.caption, context)
        return f'![{caption}]({pictures[block.asset]}){{#{block.id} alt="{alt}" width=100%}}'
    if isinstance(block, Table):
        return "\n\n".join(_write_table(block, context))
    if isinstance(block, Paragraph) and block.role == "label":
        return f"**{write_inlines(block.children, context)}**"
    return write_blocks((block,), context)


def _write_table(table: Table, context: Context) -> Iterator[str]:
    head, _, *body = write_grid(table, context).split("\n")
    whole = sum(column.width for column in table.columns)
    rules = (_rule(column.align, column.width / whole) for column in table.columns)
    yield "\n".join((head, f"|{'|'.join(rules)}|", *body))
    if table.number:
        yield f": {write_inlines(table.caption, context)} {{#{table.id}}}"


def _rule(align: str, share: float) -> str:
    dashes = "-" * max(3, round(share * _DASHES))
    return {"left": dashes, "right": f"{dashes[1:]}:", "center": f":{dashes[2:]}:"}[align]
