"""Take the load and capacity of resources by period; draw bars against a line; give the resource histogram.

What lies above capacity is a bar with an outline and its figure, so that it is seen without colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pipeline.render.charts.axes import Times, Values, draw_times, make_times, make_values, values_room
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
from pipeline.render.charts.labels import Entry, draw_key, fill, room_for, wrap
from pipeline.render.charts.rows import make_data, part_lines, read_rows
from pipeline.render.words import Words

_LARGE, _SMALL = 130.0, 46.0
_AIR = 14.0
_NAMES = 0.26


@dataclass(frozen=True, slots=True)
class ResourceHistogramRow:
    """The load of a resource in the period that begins on `start`, in person-days or hours, and its capacity then."""

    start: date
    load: Decimal
    capacity: Decimal
    resource: str = ""

    @property
    def over(self) -> Decimal:
        """Return the load above capacity, 0 where there is none."""
        return max(self.load - self.capacity, Decimal(0))


Bands = Mapping[str, Sequence[ResourceHistogramRow]]


def make_resource_histogram(rows: Iterable[Any], look: Look, words: Words, *, unit: str = "") -> tuple[Chart, ...]:
    """Return the histogram, a band a resource, in parts where a page is too short; TooLittle without rows.

    `unit` is that of load, person-days where none is given.
    """
    read = sorted(read_rows(rows, ResourceHistogramRow), key=lambda row: row.start)
    bands = {
        name: [row for row in read if row.resource == name] for name in dict.fromkeys(row.resource for row in read)
    }
    top, bottom = look.row * 2.4, look.row * 2.2
    parts = part_lines(list(bands.items()), _SMALL + _AIR, look.tallest - top - bottom)
    each = _LARGE if len(bands) == 1 else _SMALL
    axis = make_values([figure for row in read for figure in (row.load, row.capacity)], "", words, most=4)
    left, right = _find_sides(bands, axis, look, words)
    unit = unit or words.say("person-days")
    finding = _say_finding(bands, unit, words)
    charts = []
    for part in parts:
        frame = frame_plot(look, len(part) * (each + _AIR), left=left, top=top, right=right, bottom=bottom)
        times = make_times(read[0].start, _end(read), frame.width, look.size, words)
        layers: list[Layer] = [*draw_times(times, look, frame.height)]
        for at, (name, rows_of) in enumerate(part):
            base = round((at + 1) * (each + _AIR), 2)
            most = max(max(row.load, row.capacity) for row in rows_of) or Decimal(1)
            band = _Band(base, Scale(Decimal(0), most if name else axis.ticks[-1], each), times, left)
            named = list(bands) != [""]
            layers += _name_band(name, rows_of, band, look, words) if named else _draw_ticks(axis, band, look, words)
            layers += _draw_band(name, rows_of, band, look, words)
        layers += draw_key(_make_key(look, words), look, -top + look.row / 2, -frame.left)
        layers += write_notes([Note(-frame.left, -look.row * 0.6, unit, look.grey, look.size)])
        told = _say_overloads(dict(part), unit, words)
        alt = " ".join((words.say("Histogram of load against capacity."), finding, *told))
        data = _make_data([row for _, rows_of in part for row in rows_of], words)
        charts.append(make_chart(frame, layers, look, finding, alt, data))
    return tuple(charts)


def _find_sides(bands: Bands, axis: Values, look: Look, words: Words) -> tuple[float, float]:
    """Return the room left and right of the plot: names and capacities of several resources, ticks of one."""
    if list(bands) == [""]:
        return values_room(axis, look, words), 2.0
    # As narrow as names of two lines can be.
    widest = max(room_for([word for name in bands for word in name.split()], look.size), _half(bands, look))
    capacities = [words.number(rows[-1].capacity, _decimals(rows[-1].capacity)) for rows in bands.values()]
    return min(widest + 10, look.width * _NAMES), room_for(capacities, look.size) + 8


def _half(bands: Bands, look: Look) -> float:
    """Return the width of the longer line of each name in two lines, of the widest."""
    widths = [0.0]
    for name in bands:
        said = name.split()
        halves = ((" ".join(said[:at]), " ".join(said[at:])) for at in range(len(said)))
        widths.append(min((room_for(half, look.size) for half in halves), default=0.0))
    return max(widths)


def _draw_ticks(axis: Values, band: _Band, look: Look, words: Words) -> list[Layer]:
    """Return the ticks left of a single histogram, and their lines."""
    notes = [
        Note(-6, band.y(tick), label, look.grey, look.size, "right")
        for tick, label in zip(axis.ticks, axis.labels(words), strict=True)
    ]
    lines = [(0.0, band.y(tick), band.times.scale.length, band.y(tick)) for tick in axis.ticks[1:]]
    return [*draw_lines(lines, look.line), *write_notes(notes)]


def _end(rows: Sequence[ResourceHistogramRow]) -> date:
    """Return the last day of the last period, which is as long as the one before it."""
    starts = sorted({row.start for row in rows})
    length = min((two - one for one, two in pairwise(starts)), default=timedelta(28))
    return starts[-1] + length - timedelta(1)


@dataclass(frozen=True, slots=True)
class _Band:
    """Where one resource is drawn: the height of its zero line, its scale upwards, the time, the room for its name."""

    base: float
    scale: Scale
    times: Times
    left: float

    def y(self, value: Decimal) -> float:
        """Return the height of a value."""
        return round(self.base - self.scale.at(value), 2)


def _spans(rows: Sequence[ResourceHistogramRow], times: Times) -> list[tuple[float, float]]:
    """Return where each period begins and ends, in points."""
    starts = [row.start for row in rows]
    ends = [*starts[1:], _end(rows) + timedelta(1)]
    length = min((two - one for one, two in pairwise([*starts, ends[-1]])), default=timedelta(28))
    # A period that is missing leaves a gap: no bar is longer than a month where months follow each other.
    longest = length * 1.2
    return [
        (times.scale.at(one), times.scale.at(min(two, one + longest))) for one, two in zip(starts, ends, strict=True)
    ]


def _draw_band(name: str, rows: Sequence[ResourceHistogramRow], band: _Band, look: Look, words: Words) -> list[Layer]:
    spans = _spans(rows, band.times)
    within, above, steps, notes = [], [], [], []
    for row, (start, end) in zip(rows, spans, strict=True):
        gap = min(3.0, (end - start) * 0.15)
        bar = {"x": round(start + gap, 2), "x2": round(end - gap, 2)}
        within.append({"resource": name, **bar, "y": band.y(min(row.load, row.capacity)), "y2": band.base})
        if row.over:
            above.append({"resource": name, **bar, "y": band.y(row.load), "y2": band.y(row.capacity)})
            notes.append(_name_excess(row, (start + end) / 2, band, look, words))
        steps.append((start, band.y(row.capacity), end, band.y(row.capacity)))
    joins = [(one[2], one[1], one[2], two[1]) for one, two in pairwise(steps) if one[2] == two[0] and one[1] != two[1]]
    encoding = place(None, None, x2="x2", y2="y2")
    return [
        draw("rect", within, encoding, **fill(look.pale)),
        *([draw("rect", above, encoding, **fill(look.alarm, look.text, 0.75))] if above else []),
        *draw_lines([(0.0, band.base, band.times.scale.length, band.base)], look.mid_grey, 0.75),
        *draw_lines([*steps, *joins], look.text, 1.4),
        *write_notes(_thin_out(notes, look)),
    ]


def _name_excess(row: ResourceHistogramRow, x: float, band: _Band, look: Look, words: Words) -> Note:
    label = f"+{words.number(row.over, 0)}" if row.over >= Decimal("0.5") else ""
    return Note(x, band.y(row.load) - 1.5, label, look.alarm, look.small, "center", "bottom", bold=True)


def _thin_out(notes: Sequence[Note], look: Look) -> list[Note]:
    """Return the labels that have room beside each other, the highest bars first."""
    kept: list[Note] = []
    for note in sorted(notes, key=lambda one: one.y):
        half = room_for((note.text,), look.small, bold=True)
        if all(abs(note.x - other.x) >= half + 2 for other in kept):
            kept.append(note)
    return kept


def _name_band(name: str, rows: Sequence[ResourceHistogramRow], band: _Band, look: Look, words: Words) -> list[Layer]:
    """Return the name of a resource left of its band, and the figure of its last capacity right of the line."""
    lines = wrap(name, look.size, band.left - 8, 2)
    middle = band.base - band.scale.length / 2
    figure = rows[-1].capacity
    capacity, y = words.number(figure, _decimals(figure)), band.y(figure)
    return write_notes(
        [
            Note(band.times.scale.length + 4, y, capacity, look.text, look.size),
            *(
                Note(-band.left, middle + (at - (len(lines) - 1) / 2) * look.size * 1.2, line, look.text, look.size)
                for at, line in enumerate(lines)
            ),
        ]
    )


def _make_key(look: Look, words: Words) -> list[Entry]:
    return [
        Entry("bar", words.say("Load"), look.pale),
        Entry("bar", words.say("Above capacity"), look.alarm, look.text),
        Entry("line", words.say("Capacity"), look.text, thick=1.4),
    ]


def _say_finding(bands: Bands, unit: str, words: Words) -> str:
    over = [row for rows in bands.values() for row in rows if row.over]
    if not over:
        return words.say("No load is above capacity.")
    worst = max(over, key=lambda row: row.over)
    values = {
        "periods": words.plural(len(over), "period"),
        "over": f"{words.number(worst.over, _decimals(worst.over))} {unit}",
        "month": words.month(worst.start),
    }
    if worst.resource:
        return words.say(
            "Load is above capacity in %(periods)s, most for %(resource)s in %(month)s, by %(over)s.",
            resource=worst.resource,
            **values,
        )
    return words.say("Load is above capacity in %(periods)s, most in %(month)s, by %(over)s.", **values)


def _decimals(figure: Decimal) -> int:
    return 0 if figure == figure.to_integral_value() else 1


def _say_overloads(bands: Bands, unit: str, words: Words) -> Iterable[str]:
    for name, rows in bands.items():
        load, capacity = sum(row.load for row in rows), sum(row.capacity for row in rows)
        values = {"load": words.number(load, 0), "capacity": words.number(capacity, 0), "unit": unit}
        if name:
            yield words.say("%(name)s: %(load)s of %(capacity)s %(unit)s.", name=name, **values)
        else:
            yield words.say("In all %(load)s of %(capacity)s %(unit)s.", **values)


def _make_data(rows: Sequence[ResourceHistogramRow], words: Words) -> Any:
    named = any(row.resource for row in rows)
    shown = [
        {"resource": row.resource, "start": row.start, "load": row.load, "capacity": row.capacity, "over": row.over}
        for row in rows
    ]
    columns = [
        ("Resource", "resource", ""), ("Period from", "start", ""), ("Load", "load", "number"),
        ("Capacity", "capacity", "number"), ("Above capacity", "over", "number"),
    ]  # fmt: skip
    return make_data(shown, columns if named else columns[1:], words)
