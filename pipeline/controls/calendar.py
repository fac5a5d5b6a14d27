"""Take the calendar of a project; list its working days year by year; give counts, and days so many working days off.

A position is a moment between working days, counted from an arbitrary one: a task of two days that starts on a Friday
at position 7 ends at position 9, after the Monday. Positions turn dates into whole numbers, and back at the end.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta

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

    def next_working_day(self, day: date) -> date:
        """Return the day itself if it is worked, else the first working day after it."""
        return self.day_at(self.position(day))

    def add_working_days(self, day: date, count: int) -> date:
        """Return the day that lies so many working days after (before, if negative) another: WORKDAY of spreadsheets.

        0 gives the day itself, worked or not.
        """
        if count == 0:
            return day
        return self.day_at(self.position(day + _NEXT) + count - 1 if count > 0 else self.position(day) + count)

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
