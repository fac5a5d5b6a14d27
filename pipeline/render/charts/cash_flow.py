"""Take the cash flow of each option by year; cumulate it; give the chart of when each option pays back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any

from pipeline.render.charts.axes import (
    MOST_LINES,
    Series,
    dash_of,
    draw_series,
    draw_values,
    make_values,
    name_ends,
    names_room,
    shape_of,
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
from pipeline.render.charts.labels import fill, shorten
from pipeline.render.charts.rows import TooLittle, make_data, read_rows
from pipeline.render.words import Words

_HEIGHT = 165.0
_WIDEST_NAME = 0.26


@dataclass(frozen=True, slots=True)
class CashFlowRow:
    """What an option costs (below 0) or brings in a year; `chosen` options are drawn with emphasis."""

    option: str
    year: int
    amount: Decimal
    chosen: bool = False


Option = Sequence[tuple[int, Decimal]]


def make_cash_flow(rows: Iterable[Any], look: Look, words: Words) -> Chart:
    """Return the chart of cumulated cash flow; ValueError where no option has two years, or there are too many options.

    An option's payback is where its line meets zero, by linear interpolation within the year.
    """
    read = read_rows(rows, CashFlowRow)
    options = {name: _cumulate(read, name) for name in dict.fromkeys(row.option for row in read)}
    years = sorted({row.year for row in read})
    if len(years) < 2:
        raise TooLittle("a cash flow needs two years or more")
    if len(options) > MOST_LINES:
        raise ValueError(f"this chart shows {MOST_LINES} options at most, not {len(options)}")
    chosen = {row.option for row in read if row.chosen} or {next(iter(options))}
    names = {name: shorten(name, look.size, look.width * _WIDEST_NAME, bold=True) for name in options}
    values = make_values((amount for option in options.values() for _, amount in option), words.currency, words, most=6)
    left = values_room(values, look, words)
    right = names_room(tuple(names.values()), look) + 4
    frame = frame_plot(look, _HEIGHT, left=left, top=look.row * 1.6, right=right, bottom=look.row * 1.4)
    x, y = Scale(years[0], years[-1], frame.width), values.scale(frame.height)
    ranked = sorted(options, key=lambda name: name not in chosen)
    lines = [_make_series(name, options[name], ranked.index(name), name in chosen, look) for name in options]
    ends = [(y.at(line.points[-1][1]), names[line.name], line.colour) for line in lines]
    notes, leaders = name_ends(ends, look, frame.width, frame.height, 10)
    layers: list[Layer] = [
        *_draw_years(years, x, frame.height, look),
        *draw_values(values, y, frame.width, look, words, left),
        *(layer for line in lines for layer in draw_series(line, x, y, look)),
        *_draw_paybacks(options, lines, x, y, look, words),
        *draw_lines(leaders, look.line),
        *write_notes(notes),
    ]
    finding = _say_finding(options, chosen, words)
    alt = " ".join((words.say("Line chart of cumulated cash flow."), finding, *_say_ends(options, words)))
    return make_chart(frame, layers, look, finding, alt, _make_data(options, years, words))


def _cumulate(rows: Sequence[CashFlowRow], option: str) -> Option:
    """Return the sum of an option's flows up to each year, years without a flow included."""
    own = [row for row in rows if row.option == option]
    years = range(min(row.year for row in own), max(row.year for row in own) + 1)
    flows = [sum((row.amount for row in own if row.year == year), Decimal(0)) for year in years]
    return tuple(zip(years, accumulate(flows), strict=True))


def _make_series(name: str, option: Option, at: int, chosen: bool, look: Look) -> Series:
    colour = look.accent if chosen else look.grey
    return Series(name, tuple(option), colour, dash_of(at), 2.2 if chosen else 1.3, shape_of(at), 22)


def _draw_years(years: Sequence[int], x: Scale, height: float, look: Look) -> list[Layer]:
    every = range(years[0], years[-1] + 1, 1 + (years[-1] - years[0]) // 12)
    notes = [Note(x.at(year), height + look.row * 0.7, str(year), look.grey, look.size, "center") for year in every]
    return [*draw_lines([(x.at(year), 0.0, x.at(year), height) for year in every], look.line), *write_notes(notes)]


def find_payback(option: Option) -> Decimal | None:
    """Return when the cumulated flow reaches zero from below and stays there; None where it never does."""
    found = None
    for (_, before), (year, after) in pairwise(option):
        if before < 0 <= after:
            found = Decimal(year - 1) + -before / (after - before)
        elif after < 0:
            found = None
    return found


def _draw_paybacks(
    options: Mapping[str, Option], lines: Sequence[Series], x: Scale, y: Scale, look: Look, words: Words
) -> list[Layer]:
    layers: list[Layer] = []
    notes = []
    for line in lines:
        payback = find_payback(options[line.name])
        if payback is not None:
            here = [{"x": x.at(payback), "y": y.at(Decimal(0))}]
            layers.append(
                draw("point", here, place(None, None), shape="circle", size=42, **fill(look.paper, line.colour, 1.5))
            )
            notes.append(
                Note(here[0]["x"] - 5, here[0]["y"] - 7, _year(payback), line.colour, look.size, "right", bold=True)
            )
    return [*layers, *write_notes(notes)]


def _year(payback: Decimal) -> str:
    """Return the year in which an option has paid back: the flows of a year are known at its end."""
    return str(int(payback) + (payback != int(payback)))


def _say_finding(options: Mapping[str, Option], chosen: Iterable[str], words: Words) -> str:
    name = next(name for name in options if name in set(chosen))
    payback, end = find_payback(options[name]), options[name][-1]
    values = {"name": name, "amount": words.money(end[1]), "year": str(end[0])}
    if payback is None:
        return words.say("%(name)s comes to %(amount)s by %(year)s and has not paid back.", **values)
    return words.say(
        "%(name)s pays back in %(payback)s and comes to %(amount)s by %(year)s.", payback=_year(payback), **values
    )


def _say_ends(options: Mapping[str, Option], words: Words) -> Iterable[str]:
    for name, option in options.items():
        yield words.say(
            "%(name)s: %(amount)s in %(year)s.", name=name, amount=words.money(option[-1][1]), year=str(option[-1][0])
        )


def _make_data(options: Mapping[str, Option], years: Sequence[int], words: Words) -> Any:
    every = range(years[0], years[-1] + 1)
    rows = [{"year": str(year), **{name: dict(option).get(year) for name, option in options.items()}} for year in every]
    columns = [(name, name, "amount") for name in options]
    return make_data(rows, (("Year", "year", ""), *columns), words)
