"""A user's chart, from a file or a template, comes in; it is checked, given numbers and dates of its language, and
tried; a chart goes out.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale

from pipeline.document.tree import Table
from pipeline.problems import Place
from pipeline.render.charts.canvas import Look
from pipeline.render.charts.own import Path, check_own, dress_own, make_own_data
from pipeline.render.charts.trial import try_spec
from pipeline.render.page import Page
from pipeline.render.templates.budget import Budget, TooMuch
from pipeline.render.words import Words
from pipeline.sources.yaml.file import read_yaml

_SUNDAY_FIRST = (6, 0, 1, 2, 3, 4, 5)


def make_locale(words: Words) -> dict[str, Any]:
    """Return the number and time locale in the form of d3-format and d3-time-format."""
    locale = words.locale
    symbols = locale.number_symbols.get("latn", locale.number_symbols)
    return {
        "number": {
            "decimal": str(symbols.get("decimal", ".")),
            "thousands": str(symbols.get("group", ",")),
            "grouping": [3],
            "currency": ["", f"\u00a0{words.currency}"],
            "minus": "−",
            "percent": "\u00a0%",
        },
        "time": {
            "dateTime": "%x, %X",
            "date": "%-d %b %Y",
            "time": "%H:%M",
            "periods": [_period(locale, "am"), _period(locale, "pm")],
            **_names(locale),
        },
    }


def _period(locale: Locale, name: str) -> str:
    return str(locale.day_periods["format"]["wide"].get(name, name))


def _names(locale: Locale) -> dict[str, list[str]]:
    # Not the names that stand alone: Babel 2.18 gives those of the language asked for before, where one borrows them.
    days, months = locale.days["format"], locale.months["format"]
    return {
        "days": [str(days["wide"][day]) for day in _SUNDAY_FIRST],
        "shortDays": [str(days["abbreviated"][day]) for day in _SUNDAY_FIRST],
        "months": [str(months["wide"][month]) for month in range(1, 13)],
        "shortMonths": [str(months["abbreviated"][month]) for month in range(1, 13)],
    }


_LARGEST = 1_000_000  # what a spec may hold, in characters: more than twice of what the engine is given
_TRIAL = 20_000  # what drawing a chart costs, in characters
_FAILED = 1_000_000  # what a chart costs that cannot be drawn: the trial may have taken all the time it is given
_ENDINGS = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class OwnChart:
    """A user's own chart: its spec in the house look as JSON, its size in points, its rows as a table."""

    spec: str
    width: float
    height: float
    data: Table | None


def read_own(spec: Any, alt: str, page: Page, words: Words, look: Look) -> OwnChart | None:
    """Return a user's own chart; None, and the problems with their places, where it cannot stand in a document."""
    here = find_caller(page)
    found = _read_file(spec, page, here) if isinstance(spec, str) else (spec, lambda path: here)
    if found is None:
        return None
    spec, place = found
    try:
        Budget(_LARGEST).weigh(spec)
    except TooMuch:
        page.fail("DB375", "the chart is too large", place(()), "sum its rows up first")
        return None
    faults = check_own(spec, look.face)
    for fault in faults:
        page.fail(fault.code, fault.message, place(fault.path), fault.hint)
    if not alt.strip():
        hint = 'say what it shows: chart("atlas/charts/own.yaml", alt="Requests fall from 120 to 80 a month")'
        page.fail("DB377", "the chart has no alternative text", here, hint)
    return None if faults or not alt.strip() else _try(spec, page, words, look, place(()))


def _read_file(path: str, page: Page, here: Place) -> tuple[Any, Callable[[Path], Place]] | None:
    """Return the value of a file and how to find a place in it."""
    if not path.endswith(_ENDINGS) or path not in page.door:
        message = f"the chart `{path}` does not exist" if path.endswith(_ENDINGS) else f"`{path}` is no chart's file"
        page.fail("DB371", message, here, f"paths start at the repository's root and end in {', '.join(_ENDINGS)}")
        return None
    data = page.door.read(path)
    page.budget.spend(len(data))
    file = read_yaml(path, data)
    page.problems.extend(file.problems)
    return None if file.problems else (file.value, file.place)


def _try(spec: Mapping[str, Any], page: Page, words: Words, look: Look, place: Place) -> OwnChart | None:
    try:
        dressed = dress_own(spec, look, make_locale(words))
    except (ValueError, RecursionError) as error:
        page.fail("DB372", f"the chart cannot be read: {error}", place, "give texts, numbers, dates, true or false")
        return None
    page.budget.spend(_TRIAL)
    trial = try_spec(dressed)
    if trial.fault:
        page.budget.spend(_FAILED)
        hint = "try it in the editor at vega.github.io/editor"
        page.fail("DB376", f"the chart cannot be drawn: {trial.fault}", place, hint)
        return None
    return OwnChart(dressed, trial.width, trial.height, make_own_data(spec, words))


def find_caller(page: Page) -> Place:
    """Return the line of the template that is being run, from the frames above; the page's source outside of any."""
    frame = sys._getframe(1)
    while frame is not None:
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            return Place(template.filename or "", template.get_corresponding_lineno(frame.f_lineno))
        frame = frame.f_back  # type: ignore[assignment]
    return Place(page.home)
