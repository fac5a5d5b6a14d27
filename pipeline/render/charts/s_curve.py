"""Take planned value, earned value and actual cost by day; draw them cumulated, with the forecast; give the S-curve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pipeline.render.charts.axes import (
    Series,
    Values,
    draw_series,
    draw_times,
    draw_today,
    draw_values,
    make_times,
    make_values,
    name_ends,
    names_room,
    values_room,
)
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
from pipeline.render.charts.labels import room_for
from pipeline.render.charts.rows import TooLittle, make_data, read_rows
from pipeline.render.words import Words

_HEIGHT = 165.0
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class SCurveRow:
    """What was planned, earned and spent up to a day, cumulated, in the project's currency; `forecast` later on."""

    date: date
    pv: Decimal | None = None
    ev: Decimal | None = None
    ac: Decimal | None = None
    forecast: Decimal | None = None


_NAMES = (("pv", "Planned value"), ("ev", "Earned value"), ("ac", "Actual cost"), ("forecast", "Forecast"))


def make_s_curve(rows: Iterable[Any], look: Look, words: Words, *, status_date: date | None = None) -> Chart:
    """Return the S-curve; ValueError without a planned value, or with fewer than two days."""
    days = tuple(sorted(read_rows(rows, SCurveRow), key=lambda row: row.date))
    if len(days) < 2 or not any(row.pv is not None for row in days):
        raise TooLittle("an S-curve needs the planned value of two days or more")
    lines = _make_series(days, look, words)
    values = make_values((y for line in lines for _, y in line.points), words.currency, words)
    named = [line for line in lines if line.points and line.name in {words.say("Planned value"), words.say("Forecast")}]
    names = [f"{line.name} {values.write(line.points[-1][1], words)}" for line in named]
    left = values_room(values, look, words)
    frame = frame_plot(
        look, _HEIGHT, left=left, top=look.row * 2.2, right=names_room(names, look), bottom=look.row * 2.2
    )
    times = make_times(days[0].date, days[-1].date, frame.width, look.size, words)
    y = values.scale(frame.height)
    ends = [
        (y.at(line.points[-1][1]), name, look.text if line.dash else look.grey)
        for line, name in zip(named, names, strict=True)
    ]
    notes, leaders = name_ends(ends, look, frame.width, frame.height)
    layers: list[Layer] = [
        *draw_times(times, look, frame.height),
        *draw_values(values, y, frame.width, look, words, left),
        *(draw_today(status_date, times, look, words, frame.height, look.row * 0.6) if status_date else []),
        *(layer for line in lines for layer in draw_series(line, times.scale, y, look)),
        *draw_lines(leaders, look.line),
        *write_notes([*notes, *_name_actuals(lines, times.scale, y, values, look, words, frame.right)]),
    ]
    finding = _say_finding(days, words)
    alt = " ".join((words.say("Line chart of cumulated amounts."), finding, *_say_ends(days, words)))
    return make_chart(frame, layers, look, finding, alt, _make_data(days, words))


def _make_series(days: Sequence[SCurveRow], look: Look, words: Words) -> list[Series]:
    """Return the lines; the forecast goes on from the last actual cost."""
    points = {
        name: tuple((row.date, value) for row in days if (value := getattr(row, name)) is not None)
        for name, _ in _NAMES
    }
    if points["forecast"] and points["ac"] and points["ac"][-1][0] < points["forecast"][0][0]:
        points["forecast"] = (points["ac"][-1], *points["forecast"])
    say = words.say
    return [
        Series(say("Planned value"), points["pv"], look.mid_grey, width=2.2),
        Series(say("Forecast"), points["forecast"], look.text, (3, 2.5), 1.4),
        Series(say("Actual cost"), points["ac"], look.text, width=1.6, shape="square", size=13),
        Series(say("Earned value"), points["ev"], look.accent, width=2, shape="circle", size=20),
    ]


def _name_actuals(
    lines: Sequence[Series], x: Scale, y: Scale, values: Values, look: Look, words: Words, room: float
) -> list[Note]:
    """Return the names of the lines that end at the status date.

    What lies above the plan there is named left above all lines, what lies below right below them: cumulated lines only
    rise, so nothing is drawn at either place. Where the `room` at the right is too short, all are named left above.
    """
    ends = sorted(((*line.points[-1], line) for line in lines if line.shape and line.points), key=lambda end: -end[1])
    if not ends:
        return []
    labels = {line.name: f"{line.name} {values.write(value, words)}" for _, value, line in ends}
    here = max(x.at(day) for day, _, _ in ends)
    plan = _find_plan(lines, max(day for day, _, _ in ends))
    fits = here + 7 + room_for(list(labels.values()), look.size, bold=True) <= x.length + room
    above = [end for end in ends if not fits or plan is None or end[1] >= plan]
    below = [end for end in ends if end not in above]
    notes = []
    for rank, (day, _, line) in enumerate(reversed(above)):
        top = y.at(max(above[0][1], plan or above[0][1])) - 7 - rank * look.row
        notes.append(Note(x.at(day) - 7, top, labels[line.name], line.colour, look.size, "right", bold=True))
    for rank, (day, value, line) in enumerate(below):
        top = max(y.at(value), y.at(below[0][1]) + rank * look.row) + 7
        notes.append(Note(x.at(day) + 7, top, labels[line.name], line.colour, look.size, bold=True))
    return notes


def _find_plan(lines: Sequence[Series], day: date) -> Decimal | None:
    """Return what is planned up to a day, on the straight line between two days of the plan; None outside of it."""
    points = next((line.points for line in lines if not line.shape and not line.dash), ())
    for (first, low), (last, high) in pairwise(points):
        if first <= day <= last:
            return Decimal(low + (high - low) * Decimal((day - first).days) / Decimal((last - first).days))
    return None


def _last(days: Sequence[SCurveRow], name: str) -> tuple[date, Decimal] | None:
    return next(((row.date, value) for row in reversed(days) if (value := getattr(row, name)) is not None), None)


def _say_finding(days: Sequence[SCurveRow], words: Words) -> str:
    """Return what the curves say at the last day with an earned value."""
    earned, spent = _last(days, "ev"), _last(days, "ac")
    planned = next((row.pv for row in days if earned and row.date == earned[0]), None)
    if earned is None:
        end = _last(days, "pv")
        assert end is not None  # make_s_curve asks for it
        return words.say("The plan reaches %(amount)s on %(day)s.", amount=words.money(end[1]), day=words.date(end[0]))
    parts = []
    if planned:
        parts.append(_compare(words.say("Earned value"), earned[1], planned, words.say("planned value"), words))
    if spent and earned[1]:
        parts.append(
            _compare(
                words.say("actual cost") if parts else words.say("Actual cost"),
                spent[1],
                earned[1],
                words.say("earned value"),
                words,
            )
        )
    if not parts:
        parts.append(words.say("Earned value is %(amount)s", amount=words.money(earned[1])))
    said = words.say("%(one)s and %(two)s", one=parts[0], two=parts[1]) if len(parts) == 2 else parts[0]
    return words.say("%(finding)s on %(day)s.", finding=said, day=words.date(earned[0]))


def _compare(name: str, amount: Decimal, base: Decimal, base_name: str, words: Words) -> str:
    """Return `Earned value is 6 % below planned value`."""
    share = (amount - base) / base * _HUNDRED
    figure = words.percent(abs(share))
    if figure == words.percent(0):
        return words.say("%(name)s equals %(base)s", name=name, base=base_name)
    pattern = "%(name)s is %(share)s below %(base)s" if share < 0 else "%(name)s is %(share)s above %(base)s"
    return words.say(pattern, name=name, share=figure, base=base_name)


def _say_ends(days: Sequence[SCurveRow], words: Words) -> Iterable[str]:
    for name, title in _NAMES:
        end = _last(days, name)
        if end:
            values = {"name": words.say(title), "amount": words.money(end[1]), "day": words.date(end[0])}
            yield words.say("%(name)s: %(amount)s on %(day)s.", **values)


def _make_data(days: Sequence[SCurveRow], words: Words) -> Any:
    rows = [{name: getattr(row, name) for name in ("date", *(key for key, _ in _NAMES))} for row in days]
    shown = [(title, name, "amount") for name, title in _NAMES if any(row[name] is not None for row in rows)]
    return make_data(rows, (("Day", "date", ""), *shown), words)
