"""Take risks with likelihood and impact, now and a period ago; set them on the map of levels; give the heat map.

A level has its word in every cell, since its fill is lost in grey; a risk that moved has an arrow from where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import atan2, degrees
from typing import Any

from pipeline.render.charts.canvas import (
    Chart,
    Frame,
    Layer,
    Look,
    Note,
    draw,
    draw_lines,
    make_chart,
    place,
    write_notes,
)
from pipeline.render.charts.labels import Grid, Spot, draw_cells, fill, name_columns, name_rows, pack, room_for
from pipeline.render.charts.rows import make_data, read_rows
from pipeline.render.words import Words

_STEPS = 5
_CELL = 42.0
_LINES = 3


@dataclass(frozen=True, slots=True)
class RiskHeatMapRow:
    """A risk, likelihood and impact from 1 to 5; `before_…` are those at the end of the period before, 0 if new."""

    id: str
    likelihood: int
    impact: int
    before_likelihood: int = 0
    before_impact: int = 0
    title: str = ""

    @property
    def level(self) -> int:
        """Return likelihood × impact."""
        return self.likelihood * self.impact

    @property
    def before(self) -> int:
        """Return the level of the period before, 0 for a new risk."""
        return self.before_likelihood * self.before_impact

    @property
    def moved(self) -> bool:
        """Return whether it stood elsewhere a period ago."""
        return bool(self.before) and self._now != (self.before_likelihood, self.before_impact)

    @property
    def _now(self) -> tuple[int, int]:
        return self.likelihood, self.impact


def make_risk_heat_map(rows: Iterable[Any], look: Look, words: Words, *, levels: Callable[[int], str]) -> Chart:
    """Return the map of risks; `levels` names the band of a level. ValueError for a step that is not 1 to 5."""
    risks = read_rows(rows, RiskHeatMapRow)
    for risk in risks:
        _check(risk)
    steps = tuple(str(step) for step in range(1, _STEPS + 1))
    left = round(look.row + room_for(steps, look.size) + 8, 1)
    notes = _moves(risks, words)
    side = max(room_for(notes, look.size), 90.0) if notes else 0.0
    grid = Grid(_STEPS, _STEPS, round((look.width - left - (side + 18 if side else 0)) / _STEPS, 2), _CELL)
    width, height = grid.size
    frame = Frame(width, height, left, look.row * 1.2, round(look.width - left - width, 2), look.row * 2.2)
    layers: list[Layer] = [
        *_draw_levels(grid, look, words, levels),
        *name_columns(grid, steps, look),
        *name_rows(grid, steps[::-1], look),
        *_title_axes(grid, left, look, words),
        *_draw_risks(risks, grid, look),
        *_write_moves(notes, width + 18, look, words),
    ]
    finding = _say_finding(risks, levels, words)
    alt = " ".join(
        (words.say("Risk heat map of likelihood and impact, each 1 to 5."), finding, *_say_moves(risks, words))
    )
    return make_chart(frame, layers, look, finding, alt, _make_data(risks, levels, words))


def _check(risk: RiskHeatMapRow) -> None:
    for step in (risk.likelihood, risk.impact, risk.before_likelihood or 1, risk.before_impact or 1):
        if not 1 <= step <= _STEPS:
            raise ValueError(f"risk {risk.id}: likelihood and impact are 1 to {_STEPS}, not {step}")


def _spot(likelihood: int, impact: int) -> Spot:
    return impact - 1, _STEPS - likelihood


def _draw_levels(grid: Grid, look: Look, words: Words, levels: Callable[[int], str]) -> list[Layer]:
    bands = {
        _spot(likelihood, impact): levels(likelihood * impact)
        for likelihood in range(1, _STEPS + 1)
        for impact in range(1, _STEPS + 1)
    }
    fills = {spot: look.levels.get(band, look.wash) for spot, band in bands.items()}
    notes = []
    for spot, band in bands.items():
        x, y = grid.corner(spot)
        notes.append(Note(x + 4, y + 7, words.term(band), look.soft, look.small - 0.5))
    return [*draw_cells(grid, fills, look), *write_notes(notes)]


def _title_axes(grid: Grid, left: float, look: Look, words: Words) -> list[Layer]:
    width, height = grid.size
    notes = (
        Note(-left, -look.row * 0.6, words.say("Likelihood"), look.grey, look.size),
        Note(width, height + look.row * 1.7, words.say("Impact"), look.grey, look.size, "right"),
    )
    return write_notes(notes)


def _draw_risks(risks: Sequence[RiskHeatMapRow], grid: Grid, look: Look) -> list[Layer]:
    """Return the ids in their cells, bold where they moved, and the arrows from where they were."""
    by_spot: dict[Spot, list[RiskHeatMapRow]] = {}
    for risk in sorted(risks, key=lambda one: not one.moved):
        by_spot.setdefault(_spot(risk.likelihood, risk.impact), []).append(risk)
    moved = {risk.id: risk for risk in risks if risk.moved}
    notes, arrows = [], []
    for spot, some in by_spot.items():
        ids = [risk.id for risk in some]
        for text, x, y, half in _place(spot, ids, grid, look, upwards=_from(some, 0), backwards=_from(some, 1)):
            notes.append(Note(x, y, text, look.text, look.size, "center", bold=text in moved))
            if text in moved:
                start = grid.corner(_spot(moved[text].before_likelihood, moved[text].before_impact))
                arrows.append(((start[0] + grid.width - 9, start[1] + 8), (x, y), half))
    return [*_draw_arrows(arrows, look), *write_notes(notes)]


def _from(some: Sequence[RiskHeatMapRow], direction: int) -> bool:
    """Return whether a risk of a cell came from below (`direction` 0) or from the right (1)."""
    below = any(risk.moved and risk.likelihood > risk.before_likelihood for risk in some)
    right = any(risk.moved and risk.impact < risk.before_impact for risk in some)
    return right if direction else below


def _place(
    spot: Spot, ids: Sequence[str], grid: Grid, look: Look, *, upwards: bool, backwards: bool
) -> Iterable[tuple[str, float, float, float]]:
    """Yield each id with its middle in the cell and half its width, in lines below the band.

    The first line is at the foot where `upwards`, a line's first id at its right where `backwards`: so an arrow to it
    crosses no other id.
    """
    left, top = grid.corner(spot)
    lines, step = pack(ids, grid.width - 8, _LINES, look.size), look.size * 1.2
    y = top + 12 + (_CELL - 13) / 2 - (len(lines) - 1) * step / 2
    for packed in lines[::-1] if upwards else lines:
        line = packed[::-1] if backwards else packed
        widths = [room_for((text,), look.size, bold=True) for text in line]
        x = left + (grid.width - sum(widths) - 5 * (len(line) - 1)) / 2
        for text, width in zip(line, widths, strict=True):
            yield text, x + width / 2, y, width / 2
            x += width + 5
        y += step


Arrow = tuple[tuple[float, float], tuple[float, float], float]


def _draw_arrows(arrows: Sequence[Arrow], look: Look) -> list[Layer]:
    """Return thin arrows from a ring in the corner of a cell to the edge of the word that they lead to."""
    lines, heads = [], []
    for (x, y), (x2, y2), half in arrows:
        across, along = x2 - x, y2 - y
        # Where the line meets the box around the word: the nearer of its upright and its level side.
        reach = min(abs((half + 4) / across) if across else 1.0, abs(8 / along) if along else 1.0, 1.0)
        end = (x2 - across * reach, y2 - along * reach)
        lines.append((x, y, *end))
        heads.append({"x": round(end[0], 2), "y": round(end[1], 2), "angle": round(degrees(atan2(across, -along)), 1)})
    if not lines:
        return []
    starts = [{"x": round(line[0], 2), "y": round(line[1], 2)} for line in lines]
    turned = place(None, None) | {"angle": {"field": "angle", "type": "quantitative", "scale": None}}
    return [
        *draw_lines(lines, look.text, 0.75),
        draw("point", starts, place(None, None), shape="circle", size=9, **fill(look.paper, look.text, 0.75)),
        draw("point", heads, turned, shape="triangle", size=22, **fill(look.text)),
    ]


def _moves(risks: Sequence[RiskHeatMapRow], words: Words) -> list[str]:
    """Return a line for each risk that moved or is new, gravest first."""
    ranked = sorted(risks, key=lambda risk: -risk.level)
    lines = [f"{risk.id}: {risk.before} → {risk.level}" for risk in ranked if risk.moved and risk.before != risk.level]
    if any(risk.before for risk in risks):
        lines += [f"{risk.id}: {words.say('new')}, {risk.level}" for risk in ranked if not risk.before]
    return lines


def _write_moves(lines: Sequence[str], x: float, look: Look, words: Words) -> list[Layer]:
    if not lines:
        return []
    most = int(_CELL * _STEPS // look.row) - 2
    shown = [*lines[:most], *([f"+{len(lines) - most}"] if len(lines) > most else [])]
    head = Note(x, look.row / 2, words.say("Moved, level"), look.grey, look.size, bold=True)
    notes = [Note(x, look.row * (index + 1.6), line, look.text, look.size) for index, line in enumerate(shown)]
    return write_notes([head, *notes])


def _say_finding(risks: Sequence[RiskHeatMapRow], levels: Callable[[int], str], words: Words) -> str:
    high = sum(levels(risk.level) == "high" for risk in risks)
    up, down = (sum(sign * risk.level > sign * risk.before for risk in risks if risk.moved) for sign in (1, -1))
    values = {"high": high, "all": words.plural(len(risks), "risk"), "up": up, "down": down}
    if not any(risk.before for risk in risks):
        return words.say("High: %(high)s of %(all)s.", **values)
    return words.say("High: %(high)s of %(all)s; since the period before, %(up)s rose and %(down)s fell.", **values)


def _say_moves(risks: Sequence[RiskHeatMapRow], words: Words) -> Iterable[str]:
    for risk in sorted(risks, key=lambda one: -one.level):
        if risk.moved:
            values = {"name": f"{risk.id} {risk.title}".strip(), "before": risk.before, "now": risk.level}
            yield words.say("%(name)s moved from level %(before)s to %(now)s.", **values)


def _make_data(risks: Sequence[RiskHeatMapRow], levels: Callable[[int], str], words: Words) -> Any:
    rows: list[Mapping[str, Any]] = [
        {
            "id": risk.id,
            "title": risk.title,
            "likelihood": risk.likelihood,
            "impact": risk.impact,
            "level": risk.level,
            "band": words.term(levels(risk.level)),
            "before": risk.before or words.say("new"),
        }
        for risk in risks
    ]
    columns = (
        ("No.", "id", ""), ("Risk", "title", ""), ("Likelihood", "likelihood", "number"),
        ("Impact", "impact", "number"),
        ("Level", "level", "number"), ("Band", "band", ""), ("Level before", "before", ""),
    )  # fmt: skip
    return make_data(rows, columns, words)
