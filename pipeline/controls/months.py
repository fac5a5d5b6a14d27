"""Take a first day and a calendar; measure time in months; give the time of a day and the day of a time.

A reporting period is a calendar month. A whole month counts 1, whatever its length; a part of a month counts by its
working days, so a status date inside a period, or a start in the middle of one, is a fraction of it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from math import ceil

from pipeline.controls.calendar import WorkCalendar

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Months:
    """Time since the morning of the first day, in months."""

    start: date
    calendar: WorkCalendar

    def at(self, day: date) -> Fraction:
        """Return the time at the end of a day, in months; 0 before the start."""
        return max(self._mark(day) - self._origin, Fraction(0))

    def day(self, time: Fraction) -> date:
        """Return the first day at whose end that much time has passed."""
        mark = self._origin + time
        whole, part = int(mark), mark - int(mark)
        # A whole number of months is the end of a month, not the morning of the next one.
        first = _first_day(whole if part else whole - 1)
        count = ceil((part or 1) * self._count(first, _last_day(first)))
        if self._is_free(first):
            return first + timedelta(days=count - 1)
        return self.calendar.day_at(self.calendar.position(first) + count - 1)

    @cached_property
    def _origin(self) -> Fraction:
        return self._mark(self.start - ONE_DAY)

    def _mark(self, day: date) -> Fraction:
        first = day.replace(day=1)
        return day.year * 12 + day.month - 1 + Fraction(self._count(first, day), self._count(first, _last_day(day)))

    def _count(self, first: date, last: date) -> int:
        """Return the working days of a part of a month; all its days in a month that has none."""
        if self._is_free(first):
            return (last - first).days + 1
        return self.calendar.count_both(first, last)

    def _is_free(self, day: date) -> bool:
        return not self.calendar.count_both(day.replace(day=1), _last_day(day))


def month_ends(first: date, last: date) -> Iterator[date]:
    """Yield the last day of each month from the month of `first`, and `last` itself instead of the last of them."""
    end = _last_day(first)
    while end < last:
        yield end
        end = _last_day(end + ONE_DAY)
    yield last


def _first_day(mark: int) -> date:
    return date(mark // 12, mark % 12 + 1, 1)


def _last_day(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
