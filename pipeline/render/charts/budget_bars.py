"""Take budget, actual cost and forecast by line; draw bars of one scale; give the chart with its figures beside it."""

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
from pipeline.render.charts.rows import make_data, part_lines, read_rows
from pipeline.render.words import Words

_LINE = 19.0
_WIDEST_NAMES = 0.3
_EDGE = 3.0  # a drawing program that sets text a little wider must not cut it off


@dataclass(frozen=True, slots=True)
class BudgetBarsRow:
    """A budget line or work package, in the project's currency; without a forecast it will cost its budget."""

    title: str
    budget: Decimal
    actual: Decimal = Decimal(0)
    forecast: Decimal | None = None

    @property
    def end(self) -> Decimal:
        """Return what the line will have cost at completion."""
        return max(self.budget, self.actual) if self.forecast is None else self.forecast

    @property
    def variance(self) -> Decimal:
        """Return budget less forecast: negative where the line will cost more."""
        return self.budget - self.end


def make_budget_bars(rows: Iterable[Any], look: Look, words: Words) -> tuple[Chart, ...]:
    """Return the chart, a line a row, in parts of one scale where a page is too short; TooLittle without rows."""
    lines = read_rows(rows, BudgetBarsRow)
    top, bottom = look.row * 2.8, look.row * 2.2
    parts = part_lines(lines, _LINE, look.tallest - top - bottom)
    figures = [figure for line in lines for figure in (line.budget, line.actual, line.end)]
    values = make_values(figures, words.currency, words)
    finding = _say_finding(lines, words)
    return tuple(_make_part(part, lines, values, finding, (top, bottom), look, words) for part in parts)


def _make_part(
    lines: Sequence[BudgetBarsRow],
    whole: Sequence[BudgetBarsRow],
    values: Values,
    finding: str,
    margins: tuple[float, float],
    look: Look,
    words: Words,
) -> Chart:
    heads = (words.say("Forecast"), words.say("Variance"))
    columns = _columns(whole, values, heads, look, words)
    names = min(room_for([line.title for line in whole], look.size), look.width * _WIDEST_NAMES) + 8
    top, bottom = margins
    frame = frame_plot(look, len(lines) * _LINE, left=names, top=top, right=sum(columns) + 20 + _EDGE, bottom=bottom)
    x = values.scale(frame.width, down=False)
    edges = (frame.width + 12 + columns[0], frame.width + 20 + sum(columns))
    layers: list[Layer] = [
        *draw_values_below(values, x, frame.height, look, words),
        *_draw_bars(lines, x, look),
        *_write_names(lines, names, look),
        *_write_figures(lines, values, heads, edges, look, words),
        *draw_key(_make_key(look, words), look, -top + look.row / 2, -frame.left),
    ]
    alt = " ".join((words.say("Bar chart of budget, actual cost and forecast."), finding, *_say_lines(lines, words)))
    return make_chart(frame, layers, look, finding, alt, _make_data(lines, words))


def _columns(
    lines: Sequence[BudgetBarsRow], values: Values, heads: tuple[str, str], look: Look, words: Words
) -> tuple[float, float]:
    """Return the widths of the two columns of figures."""
    ends = [_write(line.end, values, words) for line in lines]
    gaps = [_write(line.variance, values, words, sign=True) for line in lines]
    return (
        room_for([*ends, heads[0]], look.size, bold=True),
        room_for([*gaps, heads[1]], look.size, bold=True),
    )


def _write(value: Decimal, values: Values, words: Words, *, sign: bool = False) -> str:
    """Return a figure in the axis's unit, with one decimal where it has a unit of thousands or more."""
    decimals = 1 if values.divisor > 1 else 0
    figure = value / values.divisor
    return words.signed(figure, decimals) if sign else words.number(figure, decimals)


def _draw_bars(lines: Sequence[BudgetBarsRow], x: Scale, look: Look) -> list[Layer]:
    spans = (("budget", 0.18, 0.82, look.pale), ("actual", 0.36, 0.64, look.accent))
    layers: list[Layer] = []
    for name, upper, lower, colour in spans:
        rows = [
            {
                "title": line.title,
                "x": Decimal(0),
                "end": getattr(line, name),
                "y": round((index + upper) * _LINE, 2),
                "y2": round((index + lower) * _LINE, 2),
            }
            for index, line in enumerate(lines)
        ]
        encoding = {"x": x.channel("x"), "x2": {"field": "end"}, "y": pixel("y"), "y2": {"field": "y2"}}
        layers.append(draw("rect", rows, encoding, **fill(colour)))
    ticks = [(x.at(line.end), (i + 0.08) * _LINE, x.at(line.end), (i + 0.92) * _LINE) for i, line in enumerate(lines)]
    return [*layers, *draw_lines(ticks, look.text, 2)]


def _write_names(lines: Sequence[BudgetBarsRow], room: float, look: Look) -> list[Layer]:
    return write_notes(
        Note(-room, (index + 0.5) * _LINE, shorten(line.title, look.size, room - 8), look.text, look.size)
        for index, line in enumerate(lines)
    )


def _write_figures(
    lines: Sequence[BudgetBarsRow],
    values: Values,
    heads: tuple[str, str],
    edges: tuple[float, float],
    look: Look,
    words: Words,
) -> list[Layer]:
    """Return the columns of figures, right-aligned at two edges; an overrun is bold and has its sign."""
    notes = [
        Note(edge, -look.row * 0.6, head, look.grey, look.size, "right")
        for edge, head in zip(edges, heads, strict=True)
    ]
    for index, line in enumerate(lines):
        y, over = (index + 0.5) * _LINE, line.variance < 0
        gap = _write(line.variance, values, words, sign=True)
        notes.append(Note(edges[0], y, _write(line.end, values, words), look.text, look.size, "right"))
        notes.append(Note(edges[1], y, gap, look.alarm if over else look.grey, look.size, "right", bold=over))
    return write_notes(notes)


def _make_key(look: Look, words: Words) -> list[Entry]:
    return [
        Entry("bar", words.say("Budget"), look.pale, thick=9),
        Entry("bar", words.say("Actual cost"), look.accent, thick=4),
        Entry("tick", words.say("Forecast at completion"), look.text, thick=2),
    ]


def _say_finding(lines: Sequence[BudgetBarsRow], words: Words) -> str:
    budget, end = sum(line.budget for line in lines), sum(line.end for line in lines)
    values = {"forecast": words.money(end), "budget": words.money(budget), "gap": words.money(abs(end - budget))}
    if end > budget:
        return words.say("The forecast of %(forecast)s is %(gap)s above the budget of %(budget)s.", **values)
    if end < budget:
        return words.say("The forecast of %(forecast)s is %(gap)s below the budget of %(budget)s.", **values)
    return words.say("The forecast equals the budget of %(budget)s.", **values)


def _say_lines(lines: Sequence[BudgetBarsRow], words: Words) -> Iterable[str]:
    for line in sorted((line for line in lines if line.variance < 0), key=lambda line: line.variance):
        values = {"title": line.title, "forecast": words.money(line.end), "gap": words.money(-line.variance)}
        yield words.say("%(title)s will cost %(forecast)s, %(gap)s over its budget.", **values)


def _make_data(lines: Sequence[BudgetBarsRow], words: Words) -> Any:
    rows = [
        {"title": line.title, "budget": line.budget, "actual": line.actual, "forecast": line.end, "gap": line.variance}
        for line in lines
    ]
    columns = (
        ("Line", "title", ""), ("Budget", "budget", "amount"), ("Actual cost", "actual", "amount"),
        ("Forecast", "forecast", "amount"), ("Variance", "gap", "amount"),
    )  # fmt: skip
    return make_data(rows, columns, words)
