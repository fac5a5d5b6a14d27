"""Take a table's role and rows; say which rules, fills and paddings its cells get; give the dress of the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.document.theme import Theme
from pipeline.document.tree import Align, Row, Table
from pipeline.write.spacing import FACTS_RULE, PANEL_GAP, PANEL_PADDING_X, PANEL_PADDING_Y

PANELS = ("facts", "figures")


class Line(NamedTuple):
    """A rule: its width in points and its colour; a width of 0 is no rule."""

    width: float = 0.0
    colour: str = ""


NO_LINE = Line()


@dataclass(frozen=True, slots=True)
class Dress:
    """How a table is dressed: `lines` has one rule more than there are rows; paddings in points by row."""

    lines: tuple[Line, ...]
    fills: tuple[str, ...]
    tops: tuple[float, ...]
    bottoms: tuple[float, ...]
    left: float
    right: float
    gap: Line = NO_LINE
    together: bool = False


@dataclass(frozen=True, slots=True)
class CellLook:
    """How a cell role looks: its fill, whether its words are bold, how they are aligned."""

    fill: str = ""
    bold: bool = False
    align: Align | None = None


_PLAIN = CellLook()


def dress_table(table: Table, theme: Theme) -> Dress:
    """Return the dress of a table by its role; an unknown role is dressed as the house table."""
    return _DRESSES.get(table.role, _dress_grid)(table, theme)


def look_of_cell(role: str, theme: Theme) -> CellLook:
    """Return the look of a cell role; an unknown one changes nothing."""
    if not role:
        return _PLAIN
    level = role.removeprefix("level-")
    if level != role:
        return CellLook(fill=theme.levels.get(level, ""))
    return _cell_looks(theme).get(role, _PLAIN)


def _cell_looks(theme: Theme) -> Mapping[str, CellLook]:
    return {
        "wash": CellLook(fill=theme.colours["wash"]),
        "strong": CellLook(bold=True),
        "number": CellLook(align="right"),
        "current": CellLook(theme.colours["tint"], bold=True, align="center"),
        "desired": CellLook(theme.colours["tint"], bold=True, align="center"),
    }


def _dress_grid(table: Table, theme: Theme) -> Dress:
    rows = (*table.head, *table.body)
    look = theme.table
    lines = [NO_LINE, *(Line(look.rule, theme.colours["line"]) for _ in rows)]
    if table.head:
        lines[len(table.head)] = Line(look.head_rule, theme.colours["accent"])
    for index, row in enumerate(rows):
        if row.role == "total":
            lines[index] = Line(look.total_rule, theme.colours["title"])
            lines[index + 1] = NO_LINE
    fills = tuple(theme.colours["wash"] if index < len(table.head) else "" for index in range(len(rows)))
    return Dress(
        tuple(lines),
        fills,
        (look.padding_y,) * len(rows),
        (look.padding_y,) * len(rows),
        look.padding_x,
        look.padding_x,
    )


def _dress_facts(table: Table, theme: Theme) -> Dress:
    rows = (*table.head, *table.body)
    top, bottom = Line(FACTS_RULE, theme.colours["accent"]), Line(theme.table.rule, theme.colours["line"])
    lines = (top, *(NO_LINE for _ in rows[1:]), bottom)
    tops, bottoms = _outer(rows, theme.table.padding_y)
    return Dress(lines, ("",) * len(rows), tops, bottoms, 0.0, 2 * theme.table.padding_x, together=True)


def _dress_figures(table: Table, theme: Theme) -> Dress:
    rows = (*table.head, *table.body)
    tops, bottoms = _outer(rows, PANEL_PADDING_Y)
    gap = Line(PANEL_GAP, theme.colours["paper"])
    fills = (theme.colours["wash"],) * len(rows)
    lines = (NO_LINE,) * (len(rows) + 1)
    return Dress(lines, fills, tops, bottoms, PANEL_PADDING_X, theme.table.padding_x, gap, together=True)


def _outer(rows: tuple[Row, ...], padding: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return paddings above the first row and below the last alone."""
    last = len(rows) - 1
    tops = tuple(padding if index == 0 else 0.0 for index in range(len(rows)))
    return tops, tuple(padding if index == last else 0.0 for index in range(len(rows)))


_DRESSES: dict[str, Callable[[Table, Theme], Dress]] = {
    "grid": _dress_grid,
    "facts": _dress_facts,
    "figures": _dress_figures,
}
