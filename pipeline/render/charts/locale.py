"""Take the words of a language; say how it writes numbers and dates; give the locale that Vega's own labels use."""

from __future__ import annotations

from typing import Any

from babel import Locale

from pipeline.render.words import Words

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
