"""Take the lists of a document; define their marks once, and a count for each numbered list; give the part."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.write.docx.writing import Writing
from pipeline.write.docx.xml import DECLARED, attributes, twips, val
from pipeline.write.spacing import INDENT

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
