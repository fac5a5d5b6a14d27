"""Take lists and definition lists; write their items with Word's own numbering, each list counting anew; give XML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.document.tree import DefinitionList, List, ListItem, Paragraph
from pipeline.write.docx.bookmarks import write_target
from pipeline.write.docx.context import CELL_ROLES, Spot
from pipeline.write.docx.inlines import write_inlines
from pipeline.write.docx.numbering import (
    BULLETS,
    DONE_TASKS,
    HANGING,
    LEVELS,
    NUMBERS,
    OPEN_TASKS,
    start_count,
    write_mark,
)
from pipeline.write.docx.paragraphs import choose_role, write_indent, write_paragraph
from pipeline.write.docx.writing import Writing
from pipeline.write.spacing import INDENT, item_space, space_after


def write_list(writing: Writing, node: List, spot: Spot) -> str:
    """Return a list; its last item ends with the space below the list, unless something around it says otherwise."""
    level = min(spot.depth, LEVELS - 1)
    number = start_count(writing, level, node.start) if node.ordered else BULLETS
    end = spot.end if spot.end is not None else _end(writing, node, spot)
    role = "list" if spot.role in ("", "list") else spot.role
    item = replace(
        spot, role=role, depth=spot.depth + 1, indent=spot.indent + INDENT, width=spot.width - INDENT,
        tight=node.tight, end=None,
    )  # fmt: skip
    last = len(node.items) - 1
    return "".join(
        _write_item(writing, part, replace(item, end=end if index == last else None), number)
        for index, part in enumerate(node.items)
    )


def _end(writing: Writing, node: List, spot: Spot) -> float:
    if spot.depth:
        return item_space(node, writing.theme)
    return 0.0 if spot.role in CELL_ROLES else space_after(node, writing.theme)


def _write_item(writing: Writing, item: ListItem, spot: Spot, number: int) -> str:
    marked = _mark(item, spot, number)
    first, rest = item.blocks[:1], item.blocks[1:]
    opening = replace(spot, end=None) if rest else spot
    if not first or not isinstance(first[0], Paragraph):
        # The mark needs a paragraph to stand at.
        empty = replace(spot, end=None) if item.blocks else spot
        return write_paragraph(writing, spot.role, "", empty, marked) + writing.write_blocks(item.blocks, spot)
    words = write_inlines(writing, first[0].children, spot.look)
    role = choose_role(first[0].role, spot, writing)
    words = write_target(writing, first[0].id, words)
    return write_paragraph(writing, role, words, opening, marked) + writing.write_blocks(rest, spot)


def _mark(item: ListItem, spot: Spot, number: int) -> Mapping[str, str]:
    used = number if item.checked is None else DONE_TASKS if item.checked else OPEN_TASKS
    hanging = HANGING[min(used, NUMBERS)]
    level = min(spot.depth, LEVELS) - 1
    return {"numPr": write_mark(used, level), "ind": write_indent(spot.indent, hanging)}


def write_definitions(writing: Writing, node: DefinitionList, spot: Spot) -> str:
    """Return terms, each kept with what is said of it, which stands indented below."""
    end = spot.end if spot.end is not None else space_after(node, writing.theme)
    inner = replace(spot, indent=spot.indent + INDENT, width=spot.width - INDENT, tight=False, end=end)
    term = replace(spot, tight=False, end=None)
    last = len(node.items) - 1
    parts = []
    for index, item in enumerate(node.items):
        parts.append(write_paragraph(writing, "term", write_inlines(writing, item.term, spot.look), term))
        place = inner if index == last else replace(inner, end=None)
        parts.append(writing.write_blocks(item.blocks, place))
    return "".join(parts)
