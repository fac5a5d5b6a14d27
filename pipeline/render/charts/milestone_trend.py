"""Take what each report foresaw for each milestone; draw a line a milestone; give the milestone trend chart.

A level line is a milestone that holds its date, a rising one a milestone that slips; where a line meets the diagonal,
the milestone is reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.render.charts.axes import Series, draw_series, draw_times, draw_times_upright, make_times, name_upright
from pipeline.render.charts.canvas import (
    Chart,
    Layer,
    Look,
    Note,
    Scale,
    draw_lines,
    frame_plot,
    make_chart,
    write_notes,
)
from pipeline.render.charts.labels import Entry, draw_key, room_for, shorten, spread
from pipeline.render.charts.rows import TooLittle, make_data, read_rows
from pipeline.render.words import Words

_HEIGHT = 190.0
_WIDEST_NAME = 0.3
_MOST_COLUMNS = 7


@dataclass(frozen=True, slots=True)
class MilestoneTrendRow:
    """The day that a report of `reported` foresaw for a milestone; `reached` once it is the actual day."""

    title: str
    reported: date
    forecast: date
    reached: bool = False


Lines = Mapping[str, Sequence[MilestoneTrendRow]]


def make_milestone_trend(rows: Iterable[Any], look: Look, words: Words) -> Chart:
    """Return the chart; ValueError where there are not two reports."""
    read = sorted(read_rows(rows, MilestoneTrendRow), key=lambda row: row.reported)
    lines = {title: _until_reached(read, title) for title in dict.fromkeys(row.title for row in read)}
    reports = sorted({row.reported for row in read})
    if len(reports) < 2:
        raise TooLittle("a milestone trend needs two reports or more")
    upright = make_times(
        min(r.forecast for r in read), max(r.forecast for r in read), _HEIGHT, look.size, words, upright=True
    )
    names = {title: shorten(title, look.size, look.width * _WIDEST_NAME, bold=True) for title in lines}
    frame = frame_plot(
        look,
        _HEIGHT,
        left=room_for(name_upright(upright), look.size) + 8,
        top=look.row * 1.6,
        right=room_for(tuple(names.values()), look.size, bold=True) + 10,
        bottom=look.row * 2.2,
    )
    times = make_times(reports[0], reports[-1], frame.width, look.size, words)
    series = [_make_series(title, some, look) for title, some in lines.items()]
    layers: list[Layer] = [
        *draw_times(times, look, frame.height),
        *draw_times_upright(upright, look, frame.width),
        *_draw_diagonal(times.scale, upright.scale, look),
        *(layer for one in series for layer in draw_series(one, times.scale, upright.scale, look)),
        *_name_lines(series, names, times.scale, upright.scale, look),
        *draw_key(_make_key(look, words), look, -frame.top + look.row / 2, -frame.left),
    ]
    finding = _say_finding(lines, words)
    alt = " ".join((words.say("Milestone trend chart."), finding, *_say_slips(lines, words)))
    return make_chart(frame, layers, look, finding, alt, _make_data(lines, reports, words))


def _until_reached(rows: Sequence[MilestoneTrendRow], title: str) -> list[MilestoneTrendRow]:
    """Return what the reports foresaw for a milestone, up to the first that knows it reached."""
    own = [row for row in rows if row.title == title]
    end = next((at for at, row in enumerate(own, start=1) if row.reached), len(own))
    return own[:end]


def _make_series(title: str, rows: Sequence[MilestoneTrendRow], look: Look) -> Series:
    slipped = _slipped(rows)
    points = tuple((row.reported, row.forecast) for row in rows)
    return Series(
        title,
        points,
        look.accent if slipped else look.mid_grey,
        width=2 if slipped else 1.2,
        shape="square" if slipped else "circle",
        size=18,
        hollow=not rows[-1].reached,
    )


def _slipped(rows: Sequence[MilestoneTrendRow]) -> bool:
    return rows[-1].forecast > rows[0].forecast


def _draw_diagonal(x: Scale, y: Scale, look: Look) -> list[Layer]:
    """Return the line on which a report's day and the day it foresees are the same."""
    first, last = max(x.low, y.low), min(x.high, y.high)
    if last <= first:
        return []
    return draw_lines([(x.at(first), y.at(first), x.at(last), y.at(last))], look.grey, 0.75, (2, 2))


def _name_lines(lines: Sequence[Series], names: Mapping[str, str], x: Scale, y: Scale, look: Look) -> list[Layer]:
    """Return the names of the milestones right of their last points, moved apart."""
    ends = [(x.at(line.points[-1][0]), y.at(line.points[-1][1])) for line in lines]
    places = spread([here for _, here in ends], look.row, 0.0, y.length)
    notes = [
        Note(right + 8, place, names[line.name], line.colour if line.width > 1.5 else look.grey, look.size, bold=True)
        for line, (right, _), place in zip(lines, ends, places, strict=True)
    ]
    leaders = [
        (right + 2, here, right + 7, place)
        for (right, here), place in zip(ends, places, strict=True)
        if abs(place - here) > 1
    ]
    return [*draw_lines(leaders, look.mid_grey), *write_notes(notes)]


def _make_key(look: Look, words: Words) -> list[Entry]:
    return [
        Entry("square", words.say("Slips"), look.accent, thick=5),
        Entry("circle", words.say("Holds its date"), look.mid_grey, thick=5),
        Entry("circle", words.say("Not yet reached (hollow)"), look.paper, look.grey, thick=5),
        Entry("line", words.say("Report and milestone on the same day"), look.grey, dash=(2, 2), thick=0.75),
    ]


def _say_finding(lines: Lines, words: Words) -> str:
    slips = {title: (rows[-1].forecast - rows[0].forecast).days for title, rows in lines.items() if _slipped(rows)}
    if not slips:
        return words.say("No milestone slips.")
    worst = max(slips, key=lambda title: slips[title])
    count = words.say("%(count)s of %(all)s", count=len(slips), all=words.plural(len(lines), "milestone"))
    return words.say(
        "%(count)s slipped; the furthest is %(title)s, by %(days)s.",
        count=count,
        title=worst,
        days=_days(slips[worst], words),
    )


def _days(count: int, words: Words) -> str:
    return words.plural(count, "calendar day")


def _say_slips(lines: Lines, words: Words) -> Iterable[str]:
    for title, rows in lines.items():
        values = {
            "title": title,
            "first": words.short_date(rows[0].forecast),
            "last": words.short_date(rows[-1].forecast),
        }
        if rows[-1].reached:
            yield words.say("%(title)s: first %(first)s, reached %(last)s.", **values)
        else:
            yield words.say("%(title)s: first %(first)s, now %(last)s.", **values)


def _make_data(lines: Lines, reports: Sequence[date], words: Words) -> Any:
    """Return a column a report, or, where there are too many for a page, a row a report and milestone."""
    if len(reports) > _MOST_COLUMNS:
        told = [row for rows in lines.values() for row in rows]
        rows = [{"title": one.title, "reported": one.reported, "forecast": one.forecast} for one in told]
        columns = [("Milestone", "title", ""), ("Report of", "reported", ""), ("Expected on", "forecast", "")]
        return make_data(rows, columns, words)
    rows = [
        {"title": title, **{row.reported.isoformat(): row.forecast for row in some}} for title, some in lines.items()
    ]
    columns = [(words.short_date(day), day.isoformat(), "") for day in reports]
    return make_data(rows, (("Milestone", "title", ""), *columns), words)
