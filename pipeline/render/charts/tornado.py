"""Take what an outcome becomes when one assumption moves; rank by the swing; give the tornado chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.render.charts.axes import Values, draw_values_below, make_values
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
    pixel,
    write_notes,
)
from pipeline.render.charts.labels import Entry, draw_key, fill, room_for, shorten
from pipeline.render.charts.rows import make_data, part_lines, read_number, read_rows
from pipeline.render.words import Words

_LINE = 18.0
_NAMES = 0.34
_AIR = 4.0
_TRIES = 3  # a narrower plot moves the bars' ends, so the room is found step by step


@dataclass(frozen=True, slots=True)
class TornadoRow:
    """An assumption: the outcome at its low and at its high value; `low_label`, `high_label` say what those are."""

    title: str
    low: Decimal
    high: Decimal
    low_label: str = ""
    high_label: str = ""

    @property
    def swing(self) -> Decimal:
        """Return how far apart the two outcomes are."""
        return abs(self.high - self.low)


def make_tornado(
    rows: Iterable[Any], look: Look, words: Words, *, base: Any, unit: str | None = None, outcome: str = ""
) -> tuple[Chart, ...]:
    """Return the chart around the outcome `base`, widest swing first, in parts where a page is too short.

    `unit` is the currency where none is given, `outcome` the name of what moves. TooLittle without assumptions.
    """
    factors = sorted(read_rows(rows, TornadoRow), key=lambda row: (-row.swing, row.title))
    middle, unit = _read_base(base), words.currency if unit is None else unit
    top, bottom = look.row * 2.8, look.row * 2.2
    parts = part_lines(factors, _LINE, look.tallest - top - bottom)
    figures = [middle, *(figure for row in factors for figure in (row.low, row.high))]
    values = make_values(figures, unit, words, zero=False)
    names = min(room_for([row.title for row in factors], look.size), look.width * _NAMES) + 8
    left, right = _find_sides(factors, values, look.width - names, look, words)
    finding = _say_finding(factors, outcome, words, unit)
    charts = []
    for part in parts:
        frame = frame_plot(look, len(part) * _LINE, left=names + left, top=top, right=right, bottom=bottom)
        x = values.scale(frame.width, down=False)
        layers: list[Layer] = [
            *draw_values_below(values, x, frame.height, look, words, grid=False),
            *_draw_bars(part, middle, x, look),
            *_write_ends(part, values, x, look, words),
            *_draw_base(middle, outcome, x, values, frame.height, look, words),
            *write_notes(
                Note(-frame.left, (at + 0.5) * _LINE, shorten(row.title, look.size, names - 8), look.text, look.size)
                for at, row in enumerate(part)
            ),
            *draw_key(_make_key(look, words), look, -top + look.row / 2, -frame.left),
        ]
        alt = " ".join((words.say("Tornado chart."), finding, *_say_factors(part, middle, words, unit)))
        charts.append(make_chart(frame, layers, look, finding, alt, _make_data(part, words)))
    return tuple(charts)


def _read_base(base: Any) -> Decimal:
    try:
        return read_number(base)
    except TypeError:
        raise ValueError("`base` is not a number") from None


def _label(row: TornadoRow, high: bool, values: Values, words: Words) -> str:
    given, value = (row.high_label, row.high) if high else (row.low_label, row.low)
    figure = words.number(value / values.divisor, 1 if values.divisor > 1 else 0)
    return f"{figure} ({given})" if given else figure


def _find_sides(
    factors: Sequence[TornadoRow], values: Values, width: float, look: Look, words: Words
) -> tuple[float, float]:
    """Return the room left and right of the plot that the labels of the bars need beyond it."""
    left = right = 0.0
    for _ in range(_TRIES):
        x = values.scale(width - left - right, down=False)
        before, after = [0.0], [room_for(values.labels(words)[-1:], look.size) / 2 + 3]
        for row in factors:
            (low, first), (high, second) = sorted(((row.low, False), (row.high, True)))
            before.append(room_for((_label(row, first, values, words),), look.small) + _AIR - x.at(low))
            after.append(room_for((_label(row, second, values, words),), look.small) + _AIR - x.length + x.at(high))
        left, right = max(left, *before), max(right, *after)
    return left, right


def _draw_bars(factors: Sequence[TornadoRow], middle: Decimal, x: Scale, look: Look) -> list[Layer]:
    layers: list[Layer] = []
    for name, style in (("low", fill(look.pale, look.accent, 0.75)), ("high", fill(look.accent, look.accent, 0.75))):
        rows = [
            {
                "title": row.title,
                "x": middle,
                "end": getattr(row, name),
                "y": round((at + 0.2) * _LINE, 2),
                "y2": round((at + 0.8) * _LINE, 2),
            }
            for at, row in enumerate(factors)
        ]
        encoding = {"x": x.channel("x"), "x2": {"field": "end"}, "y": pixel("y"), "y2": {"field": "y2"}}
        layers.append(draw("rect", rows, encoding, **style))
    return layers


def _write_ends(factors: Sequence[TornadoRow], values: Values, x: Scale, look: Look, words: Words) -> list[Layer]:
    notes = []
    for at, row in enumerate(factors):
        ends = sorted(((row.low, False), (row.high, True)))
        for (value, high), side, shift in zip(ends, ("right", "left"), (-_AIR, _AIR), strict=True):
            label = _label(row, high, values, words)
            notes.append(Note(x.at(value) + shift, (at + 0.5) * _LINE, label, look.grey, look.small, side))  # type: ignore[arg-type]
    return write_notes(notes)


def _draw_base(
    middle: Decimal, outcome: str, x: Scale, values: Values, height: float, look: Look, words: Words
) -> list[Layer]:
    figure = words.number(middle / values.divisor, 1 if values.divisor > 1 else 0)
    label = f"{outcome} {figure}".strip()
    note = Note(x.at(middle), -look.row * 0.7, label, look.text, look.size, "center", bold=True)
    return [*draw_lines([(x.at(middle), -3, x.at(middle), height)], look.text, 1), *write_notes([note])]


def _make_key(look: Look, words: Words) -> list[Entry]:
    return [
        Entry("bar", words.say("Assumption low"), look.pale, look.accent, thick=7),
        Entry("bar", words.say("Assumption high"), look.accent, look.accent, thick=7),
    ]


def _write(value: Decimal, words: Words, unit: str) -> str:
    return words.money(value) if unit == words.currency else f"{words.number(value)}\u00a0{unit}".strip()


def _say_finding(factors: Sequence[TornadoRow], outcome: str, words: Words, unit: str) -> str:
    first = factors[0]
    values = {
        "title": first.title,
        "swing": _write(first.swing, words, unit),
        "outcome": outcome or words.say("The outcome"),
    }
    return words.say("%(outcome)s moves most with %(title)s, by %(swing)s.", **values)


def _say_factors(factors: Sequence[TornadoRow], middle: Decimal, words: Words, unit: str) -> Iterable[str]:
    yield words.say("The base is %(base)s.", base=_write(middle, words, unit))
    for row in factors:
        values = {"title": row.title, "low": _write(row.low, words, unit), "high": _write(row.high, words, unit)}
        yield words.say("%(title)s: %(low)s to %(high)s.", **values)


def _make_data(factors: Sequence[TornadoRow], words: Words) -> Any:
    rows = [
        {
            "title": row.title,
            "low_label": row.low_label,
            "low": row.low,
            "high_label": row.high_label,
            "high": row.high,
            "swing": row.swing,
        }
        for row in factors
    ]
    labelled = any(row.low_label or row.high_label for row in factors)
    columns = [
        ("Assumption", "title", ""), ("Low", "low_label", ""), ("Outcome at low", "low", "amount"),
        ("High", "high_label", ""), ("Outcome at high", "high", "amount"), ("Swing", "swing", "amount"),
    ]  # fmt: skip
    return make_data(rows, [column for column in columns if labelled or not column[1].endswith("_label")], words)
