"""Take headings, paragraphs and the blocks made of them; write each as paragraphs of its style; give XML."""

from __future__ import annotations

from dataclasses import replace

from pipeline.document.tree import Callout, Code, Group, Heading, PageBreak, Paragraph, Quote, Rule
from pipeline.write.docx.bookmarks import write_shown, write_target
from pipeline.write.docx.context import EN_SPACE, Look, Spot
from pipeline.write.docx.fields import write_property
from pipeline.write.docx.inlines import write_inlines
from pipeline.write.docx.paragraphs import choose_role, write_indent, write_paragraph
from pipeline.write.docx.properties import find_title, title_words
from pipeline.write.docx.runs import write_text
from pipeline.write.docx.writing import Writing
from pipeline.write.spacing import CODE_PADDING_X, INDENT, LONG_CODE


def write_heading(writing: Writing, node: Heading, spot: Spot) -> str:
    """Return a heading; its number is literal text, as it was computed on the tree."""
    number = write_shown(writing, node.id, write_text(node.number)) + write_text(EN_SPACE) if node.number else ""
    words = number + write_inlines(writing, node.children)
    level = min(max(node.level, 1), 6)
    return write_paragraph(writing, f"heading-{level}", write_target(writing, node.id, words), spot)


def write_plain(writing: Writing, node: Paragraph, spot: Spot) -> str:
    """Return a paragraph in the style of its role."""
    title = title_words(node) if node.role == "title" else ""
    known = title and title == find_title(writing.document)
    words = write_property("Document Title", title) if known else write_inlines(writing, node.children, spot.look)
    words = write_target(writing, node.id, words)
    return write_paragraph(writing, choose_role(node.role, spot, writing), words, spot)


def write_quote(writing: Writing, node: Quote, spot: Spot) -> str:
    """Return the blocks of a quotation, indented."""
    end = spot.end if spot.end is not None else writing.theme.text["quote"].after
    inner = replace(spot, role="quote", indent=spot.indent + INDENT, width=spot.width - INDENT, end=end)
    return writing.write_blocks(node.blocks, inner)


def write_code(writing: Writing, node: Code, spot: Spot) -> str:
    """Return a block of code as one paragraph, its lines parted by breaks."""
    properties = {} if node.text.count("\n") >= LONG_CODE else {"keepLines": "<w:keepLines/>"}
    properties["ind"] = write_indent(spot.indent + CODE_PADDING_X, right=CODE_PADDING_X + writing.part_frames())
    return write_paragraph(writing, "code", write_text(node.text), replace(spot, align="left", tight=False), properties)


def write_rule(writing: Writing, node: Rule, spot: Spot) -> str:
    """Return a thin line across."""
    return write_paragraph(writing, "rule", "", replace(spot, tight=False))


def write_page_break(writing: Writing, node: PageBreak, spot: Spot) -> str:
    """Return nothing: the next paragraph starts on a new page, so that no empty line stands on top of it."""
    writing.breaks = True
    return ""


def write_group(writing: Writing, node: Group, spot: Spot) -> str:
    """Return the blocks of a group, its place marked before them."""
    return write_target(writing, node.id) + writing.write_blocks(node.blocks, spot)


def write_title_line(writing: Writing, node: Callout, spot: Spot) -> str:
    """Return the title of a callout as a paragraph of its own, kept with what follows."""
    words = write_inlines(writing, node.title, Look(bold=True))
    return write_paragraph(writing, "callout", words, spot, {"keepNext": "<w:keepNext/>"})
