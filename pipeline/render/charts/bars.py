"""Take named figures; draw them as lying bars with the figures at their ends; give the bar chart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.problems import did_you_mean
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
from pipeline.render.charts.labels import fill, room_for, shorten
from pipeline.render.charts.rows import get, make_data, part_lines, read_number
from pipeline.render.words import Words

_LINE = 17.0
_NAMES = 0.4


@dataclass(frozen=True, slots=True)
class _Bar:
    title: str
    value: Decimal
    strong: bool


def make_bars(
    rows: Iterable[Any],
    look: Look,
    words: Words,
    *,
    label: str = "title",
    value: str = "value",
    format: str = "number",
    title: str = "",
    emphasis: Sequence[str] = (),
) -> tuple[Chart, ...]:
    """Return the bars, in parts where a page is too short: `label` and `value` are paths into a row, `format` a filter.

    `title` is what the figures are. Bars named in `emphasis` have the accent, the others are grey; without any, all
    have the accent. ValueError for an unknown format or a row without a figure, TooLittle without rows.
    """
    write = words.filters().get(format)
    if write is None:
        raise ValueError(f"there is no format `{format}`; {did_you_mean(format, words.filters())}")
    bars = [_read(row, number, label, value, emphasis) for number, row in enumerate(rows, start=1)]
    finding = _say_finding(bars, write, words) if bars else ""
    return tuple(
        _make_part(part, bars, write, title, finding, format, look, words)
        for part in part_lines(bars, _LINE, look.tallest - look.row * 1.5)
    )


def _make_part(
    bars: Sequence[_Bar],
    whole: Sequence[_Bar],
    write: Callable[..., str],
    title: str,
    finding: str,
    format: str,
    look: Look,
    words: Words,
) -> Chart:
    figures = [write(bar.value) for bar in bars]
    names = min(room_for([bar.title for bar in whole], look.size, bold=True), look.width * _NAMES) + 8
    side = room_for([write(bar.value) for bar in whole], look.size, bold=True) + 6
    # Bars that carry their figures need no round axis: it ends with the longest of them.
    low, high = (choose(Decimal(0), *(bar.value for bar in whole)) for choose in (min, max))
    top = look.row * 1.2 if title else 2.0
    frame = frame_plot(look, len(bars) * _LINE, left=names + (side if low < 0 else 0), top=top, right=side, bottom=2)
    x = Scale(low, high if high > low else low + 1, frame.width)
    layers: list[Layer] = [
        *_draw_bars(bars, x, look),
        *draw_lines([(x.at(Decimal(0)), 0.0, x.at(Decimal(0)), frame.height)], look.mid_grey, 0.75),
        *_write_labels(bars, figures, x, frame.left, names, look),
        *write_notes([Note(-frame.left, -top + look.row / 2, title, look.grey, look.size)]),
    ]
    data = _make_data(bars, title or words.say("Value"), format, words)
    return make_chart(frame, layers, look, finding, _say_all(bars, figures, title, words), data)


def _read(row: Any, number: int, label: str, value: str, emphasis: Sequence[str]) -> _Bar:
    name, figure = get(row, label), get(row, value)
    if name is None:
        raise ValueError(f"row {number} has no `{label}`")
    try:
        return _Bar(str(name), read_number(figure), not emphasis or str(name) in emphasis)
    except TypeError:
        raise ValueError(f"row {number}: `{value}` is not a number") from None


def _draw_bars(bars: Sequence[_Bar], x: Scale, look: Look) -> list[Layer]:
    layers: list[Layer] = []
    for strong, colour in ((True, look.accent), (False, look.mid_grey)):
        rows = [
            {
                "title": bar.title,
                "x": Decimal(0),
                "end": bar.value,
                "y": round((at + 0.18) * _LINE, 2),
                "y2": round((at + 0.82) * _LINE, 2),
            }
            for at, bar in enumerate(bars)
            if bar.strong is strong
        ]
        encoding = {"x": x.channel("x"), "x2": {"field": "end"}, "y": pixel("y"), "y2": {"field": "y2"}}
        layers += [draw("rect", rows, encoding, **fill(colour))] if rows else []
    return layers


def _write_labels(
    bars: Sequence[_Bar], figures: Sequence[str], x: Scale, left: float, names: float, look: Look
) -> list[Layer]:
    notes = []
    some = not all(bar.strong for bar in bars)
    for at, (bar, figure) in enumerate(zip(bars, figures, strict=True)):
        y, bold = (at + 0.5) * _LINE, bar.strong and some
        notes.append(
            Note(-left, y, shorten(bar.title, look.size, names - 8, bold=bold), look.text, look.size, bold=bold)
        )
        end = x.at(bar.value)
        if bar.value < 0:
            notes.append(Note(end - 4, y, figure, look.text, look.size, "right", bold=bold))
        else:
            notes.append(Note(end + 4, y, figure, look.text, look.size, bold=bold))
    return write_notes(notes)


def _say_finding(bars: Sequence[_Bar], write: Callable[..., str], words: Words) -> str:
    most = max(bars, key=lambda bar: bar.value)
    return words.say("The highest is %(title)s, %(figure)s.", title=most.title, figure=write(most.value))


def _say_all(bars: Sequence[_Bar], figures: Sequence[str], title: str, words: Words) -> str:
    pairs = "; ".join(f"{bar.title}: {figure}" for bar, figure in zip(bars, figures, strict=True))
    if title:
        return words.say("Bar chart, %(title)s. %(pairs)s.", title=title, pairs=pairs)
    return words.say("Bar chart. %(pairs)s.", pairs=pairs)


def _make_data(bars: Sequence[_Bar], title: str, format: str, words: Words) -> Any:
    rows = [{"title": bar.title, "value": bar.value} for bar in bars]
    return make_data(rows, (("Name", "title", ""), (title, "value", format)), words)
