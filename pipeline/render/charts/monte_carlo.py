"""Take the outcomes of a simulation with their chances; draw the chance to be done by a day, or within an amount.

The chart marks the 50 and 80 per cent chance, and how likely the plan is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.render.charts.axes import (
    Series,
    Values,
    draw_series,
    draw_times,
    draw_values,
    draw_values_below,
    make_times,
    make_values,
    values_room,
)
from pipeline.render.charts.canvas import (
    Chart,
    Layer,
    Look,
    Note,
    Scale,
    draw,
    draw_lines,
    frame_plot,
    make_chart,
    place,
    write_notes,
)
from pipeline.render.charts.labels import fill, room_for
from pipeline.render.charts.rows import TooLittle, make_data, read_day, read_number, read_rows
from pipeline.render.words import Words

_HEIGHT = 150.0
_MARKS = (Decimal(50), Decimal(80))
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class MonteCarloRow:
    """A point of the curve: the chance in percent that the outcome, a date or an amount, is not exceeded."""

    value: Any
    probability: Decimal


def make_monte_carlo(rows: Iterable[Any], look: Look, words: Words, *, plan: Any = None, unit: str = "") -> Chart:
    """Return the curve of cumulated probability; `plan` is the planned date or amount, `unit` that of amounts.

    A curve over days has steps, see `find_value`. ValueError for chances that fall or lie outside 0 to 100, TooLittle
    for fewer than two outcomes.
    """
    points, plan = _read(read_rows(rows, MonteCarloRow), plan)
    dated = isinstance(points[0].value, date)
    chances = Values(tuple(Decimal(step) for step in (0, 20, 40, 60, 80, 100)), "%")
    left = values_room(chances, look, words)
    frame = frame_plot(look, _HEIGHT, left=left, top=look.row * 1.8, right=16, bottom=look.row * 2.2)
    shown = [points[0].value, points[-1].value, *([plan] if plan is not None else [])]
    axis, x = _make_axis(shown, frame.width, frame.height, look, words, unit)
    y = chances.scale(frame.height)
    marks = [(chance, find_value(points, chance)) for chance in _MARKS]
    line = Series("", tuple((row.value, row.probability) for row in points), look.accent, width=2, steps=dated)
    below = {"color": look.tint, "opacity": 1} | ({"interpolate": "step-after"} if dated else {})
    area = draw("area", [{"x": a, "y": b} for a, b in line.points], place(x, y), **below)
    layers: list[Layer] = [
        area,
        *axis,
        *draw_values(chances, y, frame.width, look, words, left),
        *draw_series(line, x, y, look),
        *_draw_marks(marks, x, y, dated, look, words, unit),
        *_draw_plan(points, plan, x, y, look, words, unit),
    ]
    finding = _say_finding(points, plan, words, unit)
    alt = " ".join((words.say("Curve of cumulated probability."), finding))
    return make_chart(frame, layers, look, finding, alt, _make_data(points, words, unit))


def _read(rows: Sequence[MonteCarloRow], plan: Any) -> tuple[list[MonteCarloRow], Any]:
    """Return the points in order and the plan, all outcomes dates or exact numbers, no point there twice."""
    outcomes = [row.value for row in rows] + ([plan] if plan is not None else [])
    read = read_day if all(isinstance(one, date | str) for one in outcomes) else read_number
    try:
        points = sorted({MonteCarloRow(read(row.value), row.probability) for row in rows}, key=_order)
        plan = None if plan is None else read(plan)
    except TypeError:
        raise ValueError("the outcomes and the plan are all dates or all amounts") from None
    if len(points) < 2 or points[0].value == points[-1].value:
        raise TooLittle("a curve of probability needs two different outcomes or more")
    chances = [row.probability for row in points]
    if chances != sorted(chances) or not 0 <= chances[0] <= chances[-1] <= _HUNDRED:
        raise ValueError("probabilities are percent from 0 to 100 and never fall as the outcome grows")
    return points, plan


def _order(row: MonteCarloRow) -> tuple[Any, Decimal]:
    return row.value, row.probability


def _make_axis(
    shown: Sequence[Any], width: float, height: float, look: Look, words: Words, unit: str
) -> tuple[list[Layer], Scale]:
    if isinstance(shown[0], date):
        times = make_times(min(shown), max(shown), width, look.size, words)
        return draw_times(times, look, height), times.scale
    values = make_values(map(read_number, shown), unit, words, zero=False)
    scale = values.scale(width, down=False)
    return draw_values_below(values, scale, height, look, words), scale


def find_value(points: Sequence[MonteCarloRow], chance: Decimal) -> Any:
    """Return the outcome that is not exceeded with a chance.

    A day is the first one with that chance, since work ends on whole days; an amount lies on the straight line between
    two points.
    """
    before = points[0]
    for row in points:
        if row.probability >= chance:
            rise = row.probability - before.probability
            if isinstance(row.value, date) or not rise:
                return row.value
            share = (chance - before.probability) / rise
            return read_number(before.value) + (read_number(row.value) - read_number(before.value)) * share
        before = row
    return points[-1].value


def find_chance(points: Sequence[MonteCarloRow], value: Any) -> Decimal:
    """Return the chance in percent that an outcome is not exceeded, by the same rule as `find_value`."""
    reached = [row for row in points if row.value <= value]
    if not reached:
        return Decimal(0)
    last = reached[-1]
    if isinstance(value, date) or len(reached) == len(points):
        return last.probability
    following = points[len(reached)]
    share = _span(last.value, value) / _span(last.value, following.value)
    return last.probability + (following.probability - last.probability) * share


def _span(one: Any, two: Any) -> Decimal:
    return read_number(two) - read_number(one)


def _draw_marks(
    marks: Sequence[tuple[Decimal, Any]], x: Scale, y: Scale, dated: bool, look: Look, words: Words, unit: str
) -> list[Layer]:
    """Return a line from the axis to the curve and down for each marked chance, with its word left above the curve."""
    lines, notes, dots = [], [], []
    for chance, value in marks:
        here, level = x.at(value), y.at(chance)
        lines += [(0.0, level, here, level), (here, level, here, y.length)]
        label = f"P{words.number(chance)}: {_write(value, words, unit, short=True)}"
        fits = room_for((label,), look.size, bold=True) + 8 <= here
        spot, side = (here - 6, "right") if fits else (here + 7, "left")
        notes.append(Note(spot, level - 7 if fits else level + 7, label, look.text, look.size, side, bold=True))  # type: ignore[arg-type]
        dots.append({"x": here, "y": level})
    dot = draw("point", dots, place(None, None), shape="circle", size=28, **fill(look.accent, look.paper, 1.0))
    return [*draw_lines(lines, look.text, 0.75, (2, 2)), dot, *write_notes(notes)]


def _draw_plan(
    points: Sequence[MonteCarloRow], plan: Any, x: Scale, y: Scale, look: Look, words: Words, unit: str
) -> list[Layer]:
    if plan is None:
        return []
    here = x.at(plan)
    chance = words.percent(find_chance(points, plan))
    label = words.say("Plan %(value)s: %(chance)s", value=_write(plan, words, unit, short=True), chance=chance)
    half = room_for((label,), look.small, bold=True) / 2
    centre = min(max(here, half), x.length - half)
    note = Note(centre, -5, label, look.alarm, look.small, "center", "bottom", bold=True)
    return [*draw_lines([(here, -4, here, y.length)], look.alarm, 1), *write_notes([note])]


def _write(value: Any, words: Words, unit: str, *, short: bool = False) -> str:
    if isinstance(value, date):
        return words.short_date(value) if short else words.date(value)
    return words.money(value) if unit == words.currency else f"{words.number(value)}\u00a0{unit}".strip()


def _say_finding(points: Sequence[MonteCarloRow], plan: Any, words: Words, unit: str) -> str:
    half, safe = (_write(find_value(points, chance), words, unit) for chance in _MARKS)
    values = {"half": half, "safe": safe, "fifty": words.percent(_MARKS[0]), "eighty": words.percent(_MARKS[1])}
    dated = isinstance(points[0].value, date)
    pattern = "%(half)s is met with %(fifty)s probability, %(safe)s with %(eighty)s"
    said = words.say(
        pattern if dated else "%(half)s suffices with %(fifty)s probability, %(safe)s with %(eighty)s", **values
    )
    if plan is None:
        return f"{said}."
    chance = words.percent(find_chance(points, plan))
    planned = words.say("the plan of %(plan)s holds with %(chance)s", plan=_write(plan, words, unit), chance=chance)
    return f"{said}; {planned}."


def _make_data(points: Sequence[MonteCarloRow], words: Words, unit: str) -> Any:
    rows = [{"value": row.value, "probability": row.probability} for row in points]
    dated = isinstance(points[0].value, date)
    title = words.say("Not after") if dated else f"{words.say('Not above')}{f', {unit}' if unit else ''}"
    columns = ((title, "value", "" if dated else "amount"), ("Probability, %", "probability", "number"))
    return make_data(rows, columns, words)
