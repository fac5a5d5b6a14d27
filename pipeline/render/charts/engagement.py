"""Take stakeholders with current and desired engagement; draw the way between; give the engagement chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.render.charts.canvas import (
    Chart,
    Layer,
    Look,
    Note,
    draw,
    draw_lines,
    frame_plot,
    make_chart,
    place,
    write_notes,
)
from pipeline.render.charts.labels import Entry, draw_key, fill, room_for, shorten
from pipeline.render.charts.rows import make_data, part_lines, read_rows
from pipeline.render.words import Words

LEVELS = ("unaware", "resistant", "neutral", "supportive", "leading")
_LINE = 16.0
_WIDEST_NAMES = 0.36


@dataclass(frozen=True, slots=True)
class EngagementRow:
    """A stakeholder: engagement now and wanted, each `unaware`, `resistant`, `neutral`, `supportive` or `leading`."""

    name: str
    current: str
    desired: str
    id: str = ""

    @property
    def label(self) -> str:
        """Return the id with the name."""
        return f"{self.id} {self.name}".strip()

    @property
    def gap(self) -> int:
        """Return the steps that are missing, negative where there is more than wanted."""
        return LEVELS.index(self.desired) - LEVELS.index(self.current)


def make_engagement(rows: Iterable[Any], look: Look, words: Words) -> tuple[Chart, ...]:
    """Return the chart, a line a stakeholder, in parts where a page is too short.

    ValueError for an unknown level, TooLittle without stakeholders.
    """
    people = read_rows(rows, EngagementRow)
    for one in people:
        for level in (one.current, one.desired):
            if level not in LEVELS:
                raise ValueError(f"{one.label}: engagement is {', '.join(LEVELS)}, not `{level}`")
    parts = part_lines(people, _LINE, look.tallest - look.row * 2.6)
    names = round(min(room_for([one.label for one in people], look.size), look.width * _WIDEST_NAMES) + 8, 1)
    finding = _say_finding(people, words)
    return tuple(_make_part(part, names, finding, look, words) for part in parts)


def _make_part(people: Sequence[EngagementRow], names: float, finding: str, look: Look, words: Words) -> Chart:
    frame = frame_plot(look, len(people) * _LINE, left=names, top=look.row * 2.6, bottom=2)
    step = frame.width / len(LEVELS)
    layers: list[Layer] = [
        *_draw_levels(step, frame.height, names, look, words),
        *_draw_ways(people, step, look, words),
        *write_notes(
            Note(-names, (index + 0.5) * _LINE, shorten(one.label, look.size, names - 8), look.text, look.size)
            for index, one in enumerate(people)
        ),
        *draw_key(_make_key(look, words), look, -frame.top + look.row / 2, -names),
    ]
    alt = " ".join((words.say("Chart of current and desired engagement."), finding, *_say_gaps(people, words)))
    return make_chart(frame, layers, look, finding, alt, _make_data(people, words))


def _draw_levels(step: float, height: float, names: float, look: Look, words: Words) -> list[Layer]:
    width = step * len(LEVELS)
    edges = [(index * step, 0.0, index * step, height) for index in range(1, len(LEVELS))]
    rows = [(-names, y * _LINE, width, y * _LINE) for y in range(1, round(height / _LINE))]
    notes = [
        Note((index + 0.5) * step, -look.row * 0.6, words.term(level), look.grey, look.size, "center")
        for index, level in enumerate(LEVELS)
    ]
    return [
        *draw_lines([*edges, *rows], look.line),
        *draw_lines([(-names, 0.0, width, 0.0)], look.mid_grey, 0.75),
        *write_notes(notes),
    ]


def _draw_ways(people: Sequence[EngagementRow], step: float, look: Look, words: Words) -> list[Layer]:
    """Return a ring with C where engagement is, a disc with D where it should be, and the way between."""
    lines, rings, discs, notes = [], [], [], []
    current, desired = words.say("C"), words.say("D")
    for index, one in enumerate(people):
        y = (index + 0.5) * _LINE
        now, then = ((LEVELS.index(level) + 0.5) * step for level in (one.current, one.desired))
        if one.gap:
            lines.append((now, y, then, y))
            rings.append({"x": round(now, 2), "y": y})
            notes.append(Note(now, y, current, look.accent, look.small, "center", bold=True))
        discs.append({"x": round(then, 2), "y": y})
        notes.append(
            Note(then, y, desired if one.gap else f"{current}={desired}", look.paper, look.small, "center", bold=True)
        )
    full = [disc for disc, one in zip(discs, people, strict=True) if one.gap]
    same = [disc for disc, one in zip(discs, people, strict=True) if not one.gap]
    return [
        *draw_lines(lines, look.accent, 2),
        *_draw_dots(rings, fill(look.paper, look.accent, 1.2)),
        *_draw_dots(full, fill(look.accent)),
        *_draw_pills(same, look),
        *write_notes(notes),
    ]


def _draw_dots(places: Sequence[dict[str, float]], style: dict[str, Any]) -> list[Layer]:
    return [draw("point", places, place(None, None), shape="circle", size=125, **style)] if places else []


def _draw_pills(places: Sequence[dict[str, float]], look: Look) -> list[Layer]:
    rows = [{"x": at["x"] - 12, "x2": at["x"] + 12, "y": at["y"] - 6.2, "y2": at["y"] + 6.2} for at in places]
    encoding = place(None, None, x2="x2", y2="y2")
    return [draw("rect", rows, encoding, cornerRadius=6, **fill(look.grey))] if rows else []


def _make_key(look: Look, words: Words) -> list[Entry]:
    return [
        Entry("circle", words.say("C: current engagement"), look.paper, look.accent, thick=8),
        Entry("circle", words.say("D: desired engagement"), look.accent, thick=8),
        Entry("circle", words.say("C=D: as desired"), look.grey, thick=8),
    ]


def _say_finding(people: Sequence[EngagementRow], words: Words) -> str:
    short = sum(one.gap > 0 for one in people)
    values = {"count": short, "all": words.plural(len(people), "stakeholder")}
    return words.say("Engaged less than desired: %(count)s of %(all)s.", **values)


def _say_gaps(people: Sequence[EngagementRow], words: Words) -> Iterable[str]:
    for one in people:
        if one.gap:
            values = {"name": one.label, "current": words.term(one.current), "desired": words.term(one.desired)}
            yield words.say("%(name)s: %(current)s, desired %(desired)s.", **values)


def _make_data(people: Sequence[EngagementRow], words: Words) -> Any:
    rows = [
        {
            "name": one.label,
            "current": words.term(one.current),
            "desired": words.term(one.desired),
            "gap": one.gap,
        }
        for one in people
    ]
    columns = (
        ("Stakeholder", "name", ""), ("Current engagement", "current", ""), ("Desired engagement", "desired", ""),
        ("Steps missing", "gap", "number"),
    )  # fmt: skip
    return make_data(rows, columns, words)
