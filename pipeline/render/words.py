"""Take a language and a currency; speak it: translated words, dates, numbers, money; give plain text.

Every word that a template or block writes passes `Words.say`; every figure passes a method of `Words`. Catalogues are
PO files in `locale/<language>.po` beside this file; English is the source language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date as Day
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from pipeline.render.views.records import Measured

_CATALOGUES = Path(__file__).with_name("locale")
_MINUS = "−"
NOTHING = "–"
_MOST_DECIMALS = 12
_GAP = re.compile(r"%(?:\((\w+)\)s|%|)")
_PYTHONS_OWN: Any = object.__str__


@cache
def _catalogue(language: str) -> Mapping[str, Any]:
    file = _CATALOGUES / f"{language}.po"
    if not file.is_file():
        return {}
    with file.open("rb") as stream:
        return {str(m.id if isinstance(m.id, str) else m.id[0]): m.string for m in read_po(stream) if m.id and m.string}


def find_locale(language: str) -> Locale | None:
    """Return how a language (BCP 47) writes dates and numbers; None if that is not known."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def _figure(value: Any, decimals: int | None = 0) -> Decimal:
    """Return a number rounded half to even, never a negative zero; ValueError for what is no number."""
    if decimals is not None and not 0 <= decimals <= _MOST_DECIMALS:
        raise ValueError(f"a number is written with 0 to {_MOST_DECIMALS} decimals, not {decimals}")
    try:
        figure = Decimal(str(value) if isinstance(value, float) else value)
        rounded = figure if decimals is None else figure.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
    except (ArithmeticError, TypeError, ValueError):
        raise ValueError(f"`{value}` is no number that can be written") from None
    return rounded if rounded else abs(rounded)


def _reasoned(write: Callable[..., str]) -> Callable[..., str]:
    """Let a method write a measure too: its value, or the reason why it has none."""

    @wraps(write)
    def wrapped(words: Words, value: Any, *more: Any, **named: Any) -> str:
        if isinstance(value, Measured):
            return write(words, value.value, *more, **named) if value.defined else words.say(value.reason)
        return write(words, value, *more, **named)

    return wrapped


class Words:
    """The language of one document: its words, and how it writes dates, numbers and amounts."""

    def __init__(self, language: str, currency: str = "EUR") -> None:
        self.language = language
        self.currency = currency
        self.locale = find_locale(language) or Locale("en")
        self._words = _catalogue(language)
        self.paying: Callable[[int], None] | None = None  # a template's budget, told how much is written

    def pay(self, length: int) -> None:
        """Pay for so many characters, where a budget is set."""
        if self.paying is not None:
            self.paying(length)

    def say(self, text: str, /, **values: object) -> str:
        """Return a text in the document's language, `%(name)s` filled from `values`."""
        said = str(self._words.get(text) or text)
        return self._fill(said, {name: self.plain(value) for name, value in values.items()}) if values else said

    def _fill(self, text: str, values: Mapping[str, str]) -> str:
        """Return a text with its gaps filled; ValueError for any other mark, such as a width, which may be endless."""

        def fill(match: re.Match[str]) -> str:
            if match[0] == "%%":
                return "%"
            if match[1] not in values:
                mark = match[1] or text[match.start() : match.start() + 12]
                raise ValueError(f"the text has a gap `{mark}` that nothing fills; gaps are written `%(name)s`")
            self.pay(len(values[match[1]]))
            return values[match[1]]

        return _GAP.sub(fill, text)

    def plural(self, count: Any, one: str, many: str = "") -> str:
        """Return `1 risk`, `4 risks`: the count with the word in the right form."""
        forms = self._words.get(one)
        if isinstance(forms, tuple | list):
            word = str(forms[0 if count == 1 else 1])
        else:
            word = self.say(one) if count == 1 else self.say(many or f"{one}s")
        return f"{self.number(count)} {word}"

    @_reasoned
    def money(self, amount: Any, decimals: int = 0) -> str:
        """Return an amount with its currency, `780,000 EUR`; rounded only here, half to even."""
        return f"{self.amount(amount, decimals)}\u00a0{self.currency}"

    @_reasoned
    def amount(self, amount: Any, decimals: int = 0) -> str:
        """Return an amount without its currency, for table columns that name it in their head."""
        rounded = _figure(amount, decimals)
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return self._signed(format_currency(rounded, self.currency, pattern, locale=self.locale, currency_digits=False))

    @_reasoned
    def thousands(self, amount: Any, decimals: int = 0) -> str:
        """Return an amount in thousands, `780 thousand EUR`."""
        figure = self.number(_figure(amount, None) / 1000, decimals)
        return self.say("%(figure)s thousand", figure=figure) + f"\u00a0{self.currency}"

    @_reasoned
    def number(self, value: Any, decimals: int | None = None) -> str:
        """Return a number in the language's way; with as many decimals as it has, three at most, unless set."""
        figure = _figure(value, 3 if decimals is None else decimals)
        pattern = "#,##0.###" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
        return self._signed(format_decimal(figure, pattern, locale=self.locale))

    def decimal(self, value: Any) -> str:
        """Return a number with one decimal, `17.5`."""
        return self.number(value, 1)

    @_reasoned
    def percent(self, value: Any, decimals: int = 0) -> str:
        """Return a percentage of a value from 0 to 100, `62 %`."""
        return f"{self.number(value, decimals)}\u00a0%"

    @_reasoned
    def signed(self, value: Any, decimals: int = 0) -> str:
        """Return a number with its sign always shown, `+19`, `−3`, and `0`."""
        plus = "+" if _figure(value, decimals) > 0 else ""
        return plus + self.number(value, decimals)

    @_reasoned
    def days(self, count: Any) -> str:
        """Return a number of days, `19 days`."""
        return self.plural(count, "day", "days")

    def date(self, day: Day | None) -> str:
        """Return a date in full, `30 September 2026`."""
        return self._format(day, "long", "d MMMM y")

    def short_date(self, day: Day | None) -> str:
        """Return a short date, `30 Sep 2026`."""
        return self._format(day, "medium", "d MMM y")

    def month(self, day: Day) -> str:
        """Return a month, `September 2026`."""
        return format_date(day, "MMMM y", locale=self.locale)

    def measure(self, value: Measured) -> str:
        """Return a measure in its unit, or the reason why it is undefined: `0.89`, `651,792 EUR`, `8.4 months`."""
        return _MEASURES[value.unit](self, value)

    @_reasoned
    def months(self, count: Any) -> str:
        """Return a time in months with one decimal, `8.4 months`."""
        return f"{self.number(count, 1)}\u00a0{self.say('months')}"

    @_reasoned
    def years(self, count: Any) -> str:
        """Return a time in years with one decimal, `5.2 years`."""
        return f"{self.number(count, 1)}\u00a0{self.say('years')}"

    def plain(self, value: Any) -> str:
        """Return any plain value as a reader expects it in a line or a cell."""
        if value is None or value == "" or value == ():
            return NOTHING
        if isinstance(value, Measured):
            return self.measure(value)
        if isinstance(value, bool):
            return self.say("yes") if value else self.say("no")
        if isinstance(value, Day):
            return self.short_date(value)
        if isinstance(value, int | float | Decimal):
            return self.number(value)
        if isinstance(value, tuple | list):
            return ", ".join(self._part(part) for part in value)
        if isinstance(value, str):
            self.pay(len(value))
            return str(value)
        if type(value).__str__ is _PYTHONS_OWN:
            # Its text would be Python's own, with an address that is another one at every build.
            raise TypeError(f"a value of the kind `{type(value).__name__.lower()}` cannot be printed")
        return str(value)

    def _part(self, value: Any) -> str:
        if isinstance(value, tuple | list):
            raise TypeError("a list within a list cannot be printed")
        return self.plain(value)

    def term(self, value: str | None) -> str:
        """Return a state or a category of the data as a word: `waiting_for_approval` gives `Waiting for approval`."""
        self.pay(len(value or ""))
        text = (value or "").replace("_", " ")
        return self.say(text[:1].upper() + text[1:]) if text else NOTHING

    def _format(self, day: Day | None, form: str, english: str) -> str:
        """English dates are written day first everywhere: month first would be read two ways in Europe."""
        pattern = english if self.locale.language == "en" else form
        return _write_day(day, pattern, self.locale) if day else NOTHING

    def _signed(self, text: str) -> str:
        return text.replace("-", _MINUS) if text.startswith("-") else text

    def filters(self) -> dict[str, Callable[..., str]]:
        """Return the filters that templates and prose may use, by name."""
        methods = (
            self.money, self.amount, self.thousands, self.number, self.decimal, self.percent, self.signed, self.days,
            self.months, self.years, self.date, self.short_date, self.month, self.plural, self.term,
        )  # fmt: skip
        return {method.__name__: method for method in methods}


@lru_cache(maxsize=4096)
def _write_day(day: Day, pattern: str, locale: Locale) -> str:
    return format_date(day, pattern, locale=locale)


_MEASURES: Mapping[str, Callable[[Words, Measured], str]] = {
    "money": Words.money,
    "ratio": lambda words, value: words.number(value, 2),
    "percent": Words.percent,
    "months": Words.months,
    "years": Words.years,
    "days": Words.days,
}
