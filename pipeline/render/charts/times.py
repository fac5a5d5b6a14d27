"""Take the first and last day of a chart; part the time in weeks, months, quarters or years; give labels and lines.

A period's label stands in its middle, as on a wall planner: a line between two periods is a day, a label is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from babel.dates import format_date, format_skeleton

from pipeline.render.charts.canvas import Layer, Note, Scale, draw_lines, write_notes
from pipeline.render.charts.labels import room_for
from pipeline.render.charts.look import Look
from pipeline.render.words import Words

_AIR = 5.0  # points beside a label
_QUARTER = 3


@dataclass(frozen=True, slots=True)
class _Unit:
    """How time is parted: about how many days, where the period of a day begins, where the next does, its name."""

    days: int
    begin: Callable[[date], date]
    after: Callable[[date], date]
    name: Callable[[date, Words], str]
    group: bool = True


def _next_month(day: date, months: int = 1) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _month_day(day: date, words: Words) -> str:
    if words.locale.language == "en":
        return format_date(day, "d MMM", locale=words.locale)
    return format_skeleton("MMMd", day, locale=words.locale)


def _named(pattern: str) -> Callable[[date, Words], str]:
    return lambda day, words: format_date(day, pattern, locale=words.locale)


def _years(count: int) -> _Unit:
    """Return the unit of some years."""
    return _Unit(
        count * 365,
        lambda day: date(day.year // count * count, 1, 1),
        lambda day: date(day.year + count, 1, 1),
        _named("y"),
        group=False,
    )


_UNITS = (
    _Unit(7, lambda day: day - timedelta(day.weekday()), lambda day: day + timedelta(7), _month_day),
    _Unit(30, lambda day: day.replace(day=1), _next_month, _named("MMM")),
    _Unit(
        91,
        lambda day: date(day.year, (day.month - 1) // _QUARTER * _QUARTER + 1, 1),
        lambda day: _next_month(day, _QUARTER),
        _named("QQQ"),
    ),
    *map(_years, (1, 2, 5, 10, 20, 50, 100)),
)


@dataclass(frozen=True, slots=True)
class Times:
    """A time axis: its scale, its periods as (first day, label) with the day after the last, and the years above."""

    scale: Scale
    periods: tuple[tuple[date, str], ...]
    years: tuple[tuple[date, str], ...]

    @property
    def lines(self) -> int:
        """Return how many lines of labels the axis has."""
        return 2 if self.years else 1


def make_times(first: date, last: date, length: float, size: float, words: Words, *, upright: bool = False) -> Times:
    """Return the axis that shows both days, in the finest periods whose names have room; `upright` ones run upwards."""
    for unit in _UNITS:
        if (last - first).days / unit.days * size > length:
            continue
        marks = tuple(_part(unit, first, last))
        names = [unit.name(day, words) for day in marks[:-1]]
        need = size * 1.6 if upright else room_for(names, size) + _AIR
        if unit is _UNITS[-1] or need * len(names) <= length:
            break
    scale = Scale(marks[0], marks[-1], length, upright)
    years = tuple((max(day, marks[0]), _named("y")(day, words)) for day in _part(_years(1), marks[0], marks[-2]))
    return Times(scale, tuple(zip(marks, (*names, ""), strict=True)), years[:-1] if unit.group else ())


def _part(unit: _Unit, first: date, last: date) -> Iterator[date]:
    """Yield where each period begins, and the first day that lies after all of them."""
    day = unit.begin(first)
    yield day
    while day <= last:
        day = unit.after(day)
        yield day


def draw_times(times: Times, look: Look, height: float, *, above: bool = False) -> list[Layer]:
    """Return the layers of a time axis: names below the plot (or above it) and hardly visible lines through it."""
    sign, base = (-1, 0.0) if above else (1, height)
    starts = [times.scale.at(day) for day, _ in times.periods]
    notes = [
        Note((one + two) / 2, base + sign * look.row * 0.62, name, look.grey, look.size, "center")
        for (one, two), (_, name) in zip(pairwise(starts), times.periods, strict=False)
    ]
    ends = [times.scale.at(day) for day, _ in times.years[1:]] + [times.scale.length]
    for (day, name), end in zip(times.years, ends, strict=True):
        start = times.scale.at(day)
        if room_for((name,), look.size, bold=True) <= end - start:
            y = base + sign * look.row * 1.55
            notes.append(Note(start + 2, y, name, look.grey, look.size, bold=True))
    edges = [(x, 0.0, x, height) for x in starts[1:-1]]
    axis = [(0.0, base, times.scale.length, base)]
    return [*draw_lines(edges, look.line), *draw_lines(axis, look.mid_grey, 0.75), *write_notes(notes)]


def name_upright(times: Times) -> tuple[str, ...]:
    """Return the names of an upright axis's periods, with the year where one begins."""
    years = dict(times.years)
    shown: list[str] = []
    for day, name in times.periods[:-1]:
        due = [year for first, year in years.items() if first <= day and year not in " ".join(shown)]
        shown.append(f"{name} {due[-1]}" if due else name)
    return tuple(shown)


def draw_times_upright(times: Times, look: Look, width: float) -> list[Layer]:
    """Return the layers of an upright time axis: names left of the plot, hardly visible lines across it."""
    starts = [times.scale.at(day) for day, _ in times.periods]
    notes = [
        Note(-6, (one + two) / 2, name, look.grey, look.size, "right")
        for (one, two), name in zip(pairwise(starts), name_upright(times), strict=True)
    ]
    lines = [(0.0, y, width, y) for y in starts[1:-1]]
    return [*draw_lines(lines, look.line), *write_notes(notes)]


def draw_today(day: date, times: Times, look: Look, words: Words, height: float, rise: float) -> list[Layer]:
    """Return the layers of the status date: a thin line through the plot and `rise` points above, its date on top."""
    if not times.scale.low <= day < times.scale.high:
        return []
    x = times.scale.at(day + timedelta(1))
    label = words.short_date(day)
    half = room_for((label,), look.small, bold=True) / 2
    centre = min(max(x, half), times.scale.length - half)
    note = Note(centre, -rise - 1, label, look.alarm, look.small, "center", "bottom", bold=True)
    return [*draw_lines([(x, -rise, x, height)], look.alarm, 1.0), *write_notes([note])]
