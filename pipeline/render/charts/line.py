"""Take figures by day, one series or several; draw lines with their names at the ends; give the line chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.render.charts.axes import (
    MOST_LINES,
    Series,
    dash_of,
    draw_series,
    draw_times,
    draw_today,
    draw_values,
    make_times,
    make_values,
    name_ends,
    names_room,
    shape_of,
    values_room,
)
from pipeline.render.charts.canvas import Chart, Layer, Look, draw_lines, frame_plot, make_chart, write_notes
from pipeline.render.charts.labels import shorten
from pipeline.render.charts.rows import MOST_ROWS, TooLittle, get, make_data, read_day, read_number
from pipeline.render.words import Words

_HEIGHT = 150.0
_WIDEST_NAME = 0.26
_MANY = 18  # points from which on marks would hide the line

Lines = Mapping[str, Sequence[tuple[date, Decimal]]]


def make_line(
    rows: Iterable[Any],
    look: Look,
    words: Words,
    *,
    x: str = "date",
    y: Sequence[str] | str = "value",
    names: Sequence[str] = (),
    unit: str = "",
    zero: bool = True,
    status_date: date | None = None,
) -> Chart:
    """Return the lines: `x` is the path of a date in each row, `y` that of a figure or several, `names` theirs.

    A missing figure leaves its day out. ValueError without two days, or for more than twelve lines.
    """
    paths = (y,) if isinstance(y, str) else tuple(y)
    titles = tuple(names) or tuple(path.rpartition(".")[2].replace("_", " ").capitalize() for path in paths)
    if not len(set(titles)) == len(paths) == len(titles) or not 0 < len(paths) <= MOST_LINES:
        raise ValueError(f"a line chart has 1 to {MOST_LINES} lines, and a name of its own for each")
    lines = _read(tuple(rows), x, dict(zip(paths, titles, strict=True)))
    days = sorted({day for line in lines.values() for day, _ in line})
    if len(days) < 2:
        raise TooLittle("a line chart needs figures of two days or more")
    shown = (
        {name: shorten(name, look.size, look.width * _WIDEST_NAME, bold=True) for name in lines}
        if len(lines) > 1
        else {}
    )
    values = make_values((value for line in lines.values() for _, value in line), unit, words, zero=zero)
    left = values_room(values, look, words)
    right = names_room(tuple(shown.values()), look) or 4.0
    frame = frame_plot(look, _HEIGHT, left=left, top=look.row * 2, right=right, bottom=look.row * 2.2)
    times = make_times(days[0], days[-1], frame.width, look.size, words)
    scale = values.scale(frame.height)
    series = [_make_series(name, line, at, look) for at, (name, line) in enumerate(lines.items())]
    ends = [(scale.at(one.points[-1][1]), shown[one.name], one.colour) for one in series if shown]
    last = times.scale.at(max(one.points[-1][0] for one in series))
    notes, leaders = name_ends(ends, look, last, frame.height)
    layers: list[Layer] = [
        *draw_times(times, look, frame.height),
        *draw_values(values, scale, frame.width, look, words, left),
        *(draw_today(status_date, times, look, words, frame.height, look.row * 0.6) if status_date else []),
        *(layer for one in series for layer in draw_series(one, times.scale, scale, look)),
        *draw_lines(leaders, look.line),
        *write_notes(notes),
    ]
    finding = " ".join(_say_lines(lines, unit, words))
    alt = f"{words.say('Line chart.')} {finding}"
    return make_chart(frame, layers, look, finding, alt, _make_data(lines, days, words))


def _read(rows: Sequence[Any], x: str, paths: Mapping[str, str]) -> dict[str, list[tuple[date, Decimal]]]:
    if len(rows) > MOST_ROWS:
        raise ValueError(f"a chart shows {MOST_ROWS} rows at most, not {len(rows)}")
    lines: dict[str, list[tuple[date, Decimal]]] = {name: [] for name in paths.values()}
    for number, row in enumerate(rows, start=1):
        for path, name in paths.items():
            try:
                figure = get(row, path)
                day = read_day(get(row, x))
                if figure is not None:
                    lines[name].append((day, read_number(figure)))
            except TypeError:
                raise ValueError(f"row {number}: `{x}` is not a date, or `{path}` not a number") from None
    return {name: sorted(line) for name, line in lines.items() if line}


def _make_series(name: str, line: Sequence[tuple[date, Decimal]], at: int, look: Look) -> Series:
    shape = shape_of(at) if len(line) <= _MANY else ""
    return Series(
        name, tuple(line), look.accent if at == 0 else look.grey, dash_of(at), 2.0 if at == 0 else 1.3, shape, 18
    )


def _say_lines(lines: Lines, unit: str, words: Words) -> Iterable[str]:
    for name, line in lines.items():
        (first, start), (last, end) = line[0], line[-1]
        values = {
            "name": name,
            "first": words.date(first),
            "start": f"{words.number(start)}\u00a0{unit}".strip(),
            "last": words.date(last),
            "end": f"{words.number(end)}\u00a0{unit}".strip(),
        }
        yield words.say("%(name)s: %(start)s on %(first)s, %(end)s on %(last)s.", **values)


def _make_data(lines: Lines, days: Sequence[date], words: Words) -> Any:
    rows = [
        {"day": day, **{f"line {at}": dict(line).get(day) for at, line in enumerate(lines.values())}} for day in days
    ]
    columns = [(name, f"line {at}", "number") for at, name in enumerate(lines)]
    return make_data(rows, (("Day", "day", ""), *columns), words)
