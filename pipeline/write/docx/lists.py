"""Lists of the tree come in; numbered and bulleted paragraphs, and numbering.xml, go out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from pipeline.document.tree import DefinitionList, List, ListItem, Paragraph
from pipeline.write.docx.context import CELL_ROLES, Spot, Writing, write_target
from pipeline.write.docx.inlines import write_inlines
from pipeline.write.docx.paragraphs import choose_role, write_indent, write_paragraph
from pipeline.write.docx.xml import DECLARED, attributes, twips, val
from pipeline.write.spacing import INDENT, item_space, space_after

LEVELS = 9  # Word has no more
BULLETS, OPEN_TASKS, DONE_TASKS, NUMBERS = 1, 2, 3, 4
# How far the text stands from its mark; the numbers end there, so that 9 and 10 stand under each other.
HANGING = {BULLETS: 10.0, OPEN_TASKS: 14.0, DONE_TASKS: 14.0, NUMBERS: 5.0}
_BULLETS = "•–"
_MARKS: dict[int, tuple[str, Callable[[int], str]]] = {
    BULLETS: ("bullet", lambda level: _BULLETS[level % len(_BULLETS)]),
    OPEN_TASKS: ("bullet", lambda level: "□"),
    DONE_TASKS: ("bullet", lambda level: "■"),
    NUMBERS: ("decimal", lambda level: f"%{level + 1}."),
}


def make_numbering(font: str) -> str:
    """Return `numbering.xml` with the kinds of list; bullets and tasks count nothing, so one list of each will do."""
    kinds = "".join(_define_kind(kind, font) for kind in _MARKS)
    lists = "".join(_write_list(kind, kind) for kind in (BULLETS, OPEN_TASKS, DONE_TASKS))
    return f"<w:numbering {DECLARED}>{kinds}{lists}</w:numbering>"


def start_count(writing: Writing, level: int, start: int) -> int:
    """Return the number of a new numbered list that starts at `start` on a level from 0."""
    number = NUMBERS + len(writing.lists)
    override = f'<w:lvlOverride w:ilvl="{level}">{val("startOverride", max(0, start))}</w:lvlOverride>'
    writing.lists.append(_write_list(number, NUMBERS, override))
    return number


def write_mark(number: int, level: int) -> str:
    """Return the property that gives a paragraph its mark."""
    return f"<w:numPr>{val('ilvl', level)}{val('numId', number)}</w:numPr>"


def _write_list(number: int, kind: int, override: str = "") -> str:
    return f'<w:num w:numId="{number}">{val("abstractNumId", kind)}{override}</w:num>'


def _define_kind(kind: int, font: str) -> str:
    levels = "".join(_define_level(kind, level, font) for level in range(LEVELS))
    return (
        f'<w:abstractNum w:abstractNumId="{kind}">{val("nsid", f"0DEED0{kind:02X}")}'
        f"{val('multiLevelType', 'hybridMultilevel')}{levels}</w:abstractNum>"
    )


def _define_level(kind: int, level: int, font: str) -> str:
    form, mark = _MARKS[kind]
    fonts = attributes("rFonts", dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), font))
    indent = attributes("ind", {"left": twips(INDENT * (level + 1)), "hanging": twips(HANGING[kind])})
    return (
        f'<w:lvl w:ilvl="{level}">{val("start", 1)}{val("numFmt", form)}{val("lvlText", mark(level))}'
        f"{val('lvlJc', 'right' if kind == NUMBERS else 'left')}<w:pPr>{indent}</w:pPr><w:rPr>{fonts}</w:rPr></w:lvl>"
    )


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
