"""Take the figures of a chart; choose round steps and a unit; give the scale of values and its lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from pipeline.render.charts.canvas import Layer, Note, Scale, draw_lines, write_notes
from pipeline.render.charts.labels import room_for
from pipeline.render.charts.look import Look
from pipeline.render.words import Words

_STEPS = tuple(Decimal(step) for step in ("1", "2", "2.5", "5", "10"))
_ONE = Decimal(1)
_UNITS = (
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
    for least, divisor, pattern in _UNITS:
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
