"""The span of a chart in time and in values comes in; round steps, axes with their lines, and series drawn on them go
out.

A period's label stands in its middle, as on a wall planner: a line between two periods is a day, a label is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Any

from babel.dates import format_date, format_skeleton

from pipeline.render.charts.canvas import Layer, Look, Note, Scale, draw, draw_lines, place, write_notes
from pipeline.render.charts.labels import fill, room_for, spread
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


_STEPS = tuple(Decimal(step) for step in ("1", "2", "2.5", "5", "10"))
_ONE = Decimal(1)
_MULTIPLES = (
    (Decimal(10_000_000), Decimal(1_000_000), "million %(unit)s"),
    (Decimal(10_000), Decimal(1000), "thousand %(unit)s"),
)


@dataclass(frozen=True, slots=True)
class Values:
    """An axis of figures: from the first tick to the last, in a unit (`thousand EUR`) that each is divided by."""

    ticks: tuple[Decimal, ...]
    unit: str
    divisor: Decimal = _ONE

    def scale(self, length: float, *, down: bool = True) -> Scale:
        """Return the scale over `length` points."""
        return Scale(self.ticks[0], self.ticks[-1], length, down)

    def write(self, value: Decimal, words: Words) -> str:
        """Return a figure in the axis's unit, with as many decimals as its ticks have."""
        return words.number(value / self.divisor, self.decimals)

    @property
    def decimals(self) -> int:
        """Return how many decimals the ticks need, two at most."""
        shown = ((tick / self.divisor).normalize().as_tuple().exponent for tick in self.ticks)
        return min(2, max((-one for one in shown if isinstance(one, int) and one < 0), default=0))

    def labels(self, words: Words) -> tuple[str, ...]:
        """Return the words of the ticks."""
        return tuple(self.write(tick, words) for tick in self.ticks)


def make_values(figures: Iterable[Decimal], unit: str, words: Words, *, most: int = 5, zero: bool = True) -> Values:
    """Return the axis for some figures: about `most` round steps, with zero on it unless `zero` is False."""
    shown = tuple(figures) or (Decimal(0),)
    low, high = min(shown), max(shown)
    if zero:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    step = _round_step((high - low) / most if high > low else max(abs(high), _ONE) / most)
    first = (low / step).to_integral_value(ROUND_FLOOR) * step
    count = int(((high - first) / step).to_integral_value(ROUND_CEILING)) or 1
    ticks = tuple(first + step * index for index in range(count + 1))
    largest = max(abs(ticks[0]), abs(ticks[-1]))
    for least, divisor, pattern in _MULTIPLES:
        if largest >= least and unit:
            return Values(ticks, words.say(pattern, unit=unit), divisor)
    return Values(ticks, unit)


def _round_step(least: Decimal) -> Decimal:
    """Return the smallest of 1, 2, 2.5, 5, 10 … × a power of ten that is not below `least`."""
    power = Decimal(10) ** least.adjusted()
    return next(step * power for step in _STEPS if step * power >= least)


def values_room(values: Values, look: Look, words: Words) -> float:
    """Return the width that the ticks need left of a plot."""
    return room_for(values.labels(words), look.size) + 6


def draw_values(values: Values, scale: Scale, width: float, look: Look, words: Words, left: float = 0.0) -> list[Layer]:
    """Return the layers of an upright axis: ticks at its left, lines across the plot, the unit above."""
    places = [scale.at(tick) for tick in values.ticks]
    notes = [
        Note(-6, y, label, look.grey, look.size, "right") for y, label in zip(places, values.labels(words), strict=True)
    ]
    notes.append(Note(-left, -look.row, values.unit, look.grey, look.size))
    zero = [scale.at(tick) for tick in values.ticks if tick == 0]
    lines = [(0.0, y, width, y) for y in places if y not in zero]
    return [
        *draw_lines(lines, look.line),
        *draw_lines([(0.0, y, width, y) for y in zero], look.mid_grey, 0.75),
        *write_notes(notes),
    ]


def draw_values_below(
    values: Values, scale: Scale, height: float, look: Look, words: Words, *, grid: bool = True
) -> list[Layer]:
    """Return the layers of a lying axis: ticks below the plot, lines through it, the unit below them at the right."""
    places = [scale.at(tick) for tick in values.ticks]
    notes = [
        Note(x, height + look.row * 0.7, label, look.grey, look.size, "center")
        for x, label in zip(places, values.labels(words), strict=True)
    ]
    notes.append(Note(scale.length, height + look.row * 1.7, values.unit, look.grey, look.size, "right"))
    if not grid:
        return [*draw_lines([(x, height - 3, x, height) for x in places], look.mid_grey), *write_notes(notes)]
    zero = [scale.at(tick) for tick in values.ticks if tick == 0]
    lines = [(x, 0.0, x, height) for x in places if x not in zero]
    return [
        *draw_lines(lines, look.line),
        *draw_lines([(x, 0.0, x, height) for x in zero], look.mid_grey, 0.75),
        *write_notes(notes),
    ]


# Told apart without colour: each line has its own dash, each set of marks its own shape.
DASHES: tuple[tuple[float, ...], ...] = ((), (6, 2), (2, 2), (8, 2, 2, 2), (1, 1.5), (10, 3))
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
MOST_LINES = 12


def dash_of(rank: int) -> tuple[float, ...]:
    """Return the dash of a line by its rank, the first unbroken."""
    return DASHES[rank % len(DASHES)]


def shape_of(rank: int) -> str:
    """Return the shape of a line's marks; no two of twelve lines have both the same dash and the same shape."""
    return SHAPES[(rank + rank // len(SHAPES)) % len(SHAPES)]


@dataclass(frozen=True, slots=True)
class Series:
    """A line: its name, its points (x, y) in order, and its look; `shape` marks the points, "" for none.

    A line in `steps` holds each value until the next point.
    """

    name: str
    points: tuple[tuple[Any, Any], ...]
    colour: str
    dash: tuple[float, ...] = ()
    width: float = 1.5
    shape: str = ""
    size: float = 16.0
    hollow: bool = False
    steps: bool = False


def draw_series(series: Series, x: Scale, y: Scale, look: Look) -> list[Layer]:
    """Return the layers of a line and its marks; none where there is no point."""
    rows = [{"series": series.name, "x": here, "y": value} for here, value in series.points]
    line = {"color": series.colour, "strokeWidth": series.width, "strokeJoin": "round"}
    line |= {"interpolate": "step-after"} if series.steps else {}
    if series.dash:
        line["strokeDash"] = list(series.dash)
    layers: list[Layer] = [draw("line", rows, place(x, y), **line)] if len(rows) > 1 else []
    if series.shape and rows:
        inside = fill(look.paper, series.colour, 1.2) if series.hollow else fill(series.colour)
        layers.append(draw("point", rows, place(x, y), shape=series.shape, size=series.size, **inside))
    return layers


def name_ends(
    ends: Sequence[tuple[float, str, str]], look: Look, width: float, height: float, gap: float = 6.0
) -> tuple[list[Note], list[tuple[float, float, float, float]]]:
    """Return the names of lines right of the plot, moved apart, and a short leader for each that had to move.

    `ends` are (y in points, name, colour).
    """
    places = spread([y for y, _, _ in ends], look.row, 0.0, height)
    notes = [
        Note(width + gap, place, name, colour, look.size, bold=True)
        for place, (_, name, colour) in zip(places, ends, strict=True)
    ]
    leaders = [
        (width + 1, y, width + gap - 1, place)
        for place, (y, _, _) in zip(places, ends, strict=True)
        if abs(place - y) > 1
    ]
    return notes, leaders


def names_room(names: Sequence[str], look: Look, gap: float = 6.0) -> float:
    """Return the width that the names of lines need right of a plot."""
    return room_for(names, look.size, bold=True) + gap if names else 0.0
