"""The calendar of a project comes in; working days are listed and counted; counts, days so far off, and times in months
go out.

A position is a moment between working days, counted from an arbitrary one: a task of two days that starts on a Friday
at position 7 ends at position 9, after the Monday. Positions turn dates into whole numbers, and back at the end.

A reporting period is a calendar month. A whole month counts 1, whatever its length; a part of a month counts by its
working days, so a status date inside a period, or a start in the middle of one, is a fraction of it.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from math import ceil

from pipeline.model.base import FIRST_DAY, LAST_DAY
from pipeline.model.calendar import WEEKDAYS, Calendar
from pipeline.model.public_holidays import list_public_holidays

_NEXT = timedelta(days=1)
_ANCHOR = 2000
_FIRST_YEAR, _LAST_YEAR = FIRST_DAY.year - 1, LAST_DAY.year + 1


class WorkCalendar:
    """The working days of a project, listed for the years that are asked for.

    A day is worked if `working_days` of the calendar says so; else it is off if it is a holiday of the list or of the
    country; else it is as its weekday is.
    """

    def __init__(self, calendar: Calendar | None = None) -> None:
        self.calendar = calendar or Calendar()
        self._weekdays = frozenset(WEEKDAYS.index(day) for day in self.calendar.weekdays)
        self._off = {day.toordinal() for day in self.calendar.days_off}
        self._on = self.calendar.days_on
        self._first = self._last = _ANCHOR
        self._days = self._list_year(_ANCHOR)
        # How many of the listed days lie before the anchor.
        self._earlier = 0

    def is_working(self, day: date) -> bool:
        """Return whether the day is worked."""
        return self.position(day + _NEXT) > self.position(day)

    def position(self, day: date) -> int:
        """Return the position at which the day begins: how many working days lie before it, from the anchor."""
        self._reach(day.year)
        return bisect_left(self._days, day.toordinal()) - self._earlier

    def day_at(self, position: int) -> date:
        """Return the working day that begins at a position; the last day that can be written, 2199-12-31, beyond it."""
        while position + self._earlier < 0 and self._first > _FIRST_YEAR:
            self._reach(self._first - 1)
        while position + self._earlier >= len(self._days) and self._last < _LAST_YEAR:
            self._reach(self._last + 1)
        index = max(position + self._earlier, 0)
        return min(date.fromordinal(self._days[index]), LAST_DAY) if index < len(self._days) else LAST_DAY

    def count_working_days(self, start: date, end: date) -> int:
        """Return how many working days `end` lies after `start`: 0 for the same day, negative if it lies before."""
        return self.position(end + _NEXT) - self.position(start + _NEXT)

    def count_both(self, first: date, last: date) -> int:
        """Return the working days from one day to another with both of them: NETWORKDAYS of spreadsheets.

        Negative if the last lies before the first.
        """
        if last < first:
            return -self.count_both(last, first)
        return self.position(last + _NEXT) - self.position(first)

    def _reach(self, year: int) -> None:
        """List the years up to one that is asked for; days outside the years that can be written are all off."""
        while self._last < min(year, _LAST_YEAR):
            self._last += 1
            self._days += self._list_year(self._last)
        while self._first > max(year, _FIRST_YEAR):
            self._first -= 1
            earlier = self._list_year(self._first)
            self._days[:0] = earlier
            self._earlier += len(earlier)

    def _list_year(self, year: int) -> list[int]:
        """Return the ordinals of a year's working days; ordinal 1 is a Monday."""
        first, end = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
        worked = {day for day in range(first, end) if (day - 1) % 7 in self._weekdays}
        worked -= self._off
        if self.calendar.country:
            off = list_public_holidays(self.calendar.country, self.calendar.subdivision, year)
            worked -= {day.toordinal() for day in off}
        worked |= {day.toordinal() for day in self._on if day.year == year}
        return sorted(worked)


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
