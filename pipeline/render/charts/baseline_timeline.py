"""Take baselines with their days; draw a line each over time, a diamond on its day; give the baseline timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.document.tree import Table
from pipeline.render.charts.axes import Times, draw_times, make_times
from pipeline.render.charts.canvas import (
    Chart,
    Layer,
    Look,
    Note,
    draw,
    draw_lines,
    frame_plot,
    make_chart,
    pixel,
    write_notes,
)
from pipeline.render.charts.labels import fill, room_for, shorten
from pipeline.render.charts.rows import TooLittle, make_data, part_lines, read_rows
from pipeline.render.words import Words

_LINE = 16.0
_DIAMOND = 62.0
_WIDEST_NAMES = 0.3
_AIR = 8.0


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """A baseline: its name, its day, how many documents it has, and how many otherwise than the one before."""

    name: str
    date: date
    documents: Decimal = Decimal(0)
    moved: Decimal | None = None


def make_baseline_timeline(rows: Iterable[Any], look: Look, words: Words) -> tuple[Chart, ...]:
    """Return the timeline, oldest baseline first, in parts where a page is too short; TooLittle for fewer than two."""
    baselines = sorted(read_rows(rows, BaselineRow), key=lambda row: row.date)
    if len(baselines) < 2:
        raise TooLittle("a timeline of baselines needs two or more")
    top = look.row * 2.2
    names = round(min(room_for([row.name for row in baselines], look.size), look.width * _WIDEST_NAMES) + 8, 1)
    times = make_times(baselines[0].date, baselines[-1].date, look.width - names, look.size, words)
    finding = _say_finding(baselines, words)
    charts = []
    for part in part_lines(baselines, _LINE, look.tallest - top - 4):
        frame = frame_plot(look, len(part) * _LINE + 2, left=names, top=top, bottom=2)
        layers: list[Layer] = [
            *draw_times(times, look, frame.height, above=True),
            *_draw_days(part, times, look, words),
            *write_notes(
                Note(-names, (at + 0.5) * _LINE, shorten(row.name, look.size, names - 8), look.text, look.size)
                for at, row in enumerate(part)
            ),
        ]
        alt = " ".join((words.say("Timeline of baselines."), finding, *_say_baselines(part, words)))
        charts.append(make_chart(frame, layers, look, finding, alt, _make_data(part, words)))
    return tuple(charts)


def _draw_days(part: Sequence[BaselineRow], times: Times, look: Look, words: Words) -> list[Layer]:
    """Return a diamond for each baseline with its date beside it, and a hardly visible line from its name to there."""
    places = [(times.scale.at(row.date), (at + 0.5) * _LINE) for at, row in enumerate(part)]
    diamonds = [{"name": row.name, "x": row.date, "y": y} for row, (_, y) in zip(part, places, strict=True)]
    encoding = {"x": times.scale.channel("x"), "y": pixel("y")}
    notes, lines = [], []
    for row, (x, y) in zip(part, places, strict=True):
        label = words.short_date(row.date)
        room = _AIR + room_for((label,), look.small)
        fits = x + room <= times.scale.length
        notes.append(Note(x + (_AIR if fits else -_AIR), y, label, look.grey, look.small, "left" if fits else "right"))
        # The line ends before a date that stands left of its diamond: it would strike it out.
        lines.append((0.0, y, max(0.0, x if fits else x - room - 4), y))
    return [
        *draw_lines(lines, look.line),
        draw("point", diamonds, encoding, shape="diamond", size=_DIAMOND, **fill(look.accent)),
        *write_notes(notes),
    ]


def _say_count(row: BaselineRow, words: Words) -> str:
    count = words.plural(row.documents, "document")
    return words.say("%(count)s, %(moved)s changed", count=count, moved=words.number(row.moved)) if row.moved else count


def _say_finding(baselines: Sequence[BaselineRow], words: Words) -> str:
    values = {
        "count": words.plural(len(baselines), "baseline"),
        "first": words.date(baselines[0].date),
        "last": words.date(baselines[-1].date),
    }
    return words.say("%(count)s from %(first)s to %(last)s.", **values)


def _say_baselines(part: Sequence[BaselineRow], words: Words) -> Iterator[str]:
    for row in part:
        values = {"name": row.name, "day": words.short_date(row.date), "what": _say_count(row, words)}
        yield words.say("%(name)s: %(day)s, %(what)s.", **values)


def _make_data(part: Sequence[BaselineRow], words: Words) -> Table:
    rows = [{"name": row.name, "date": row.date, "documents": row.documents, "moved": row.moved} for row in part]
    columns = (
        ("Baseline", "name", ""), ("Date", "date", ""), ("Documents", "documents", "number"),
        ("Changed", "moved", "number"),
    )  # fmt: skip
    return make_data(rows, columns, words)
