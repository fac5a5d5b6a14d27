"""Take a working calendar and the start of a project; count working days from there; turn dates into it and back.

Day 0 begins at the project's first working day. A day's work lies between two moments: a task of one day that starts on
a Monday at 0 ends at 1 and is finished on that Monday; the next one starts at 1, on the Tuesday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.controls.calendar import WorkCalendar
from pipeline.controls.network import PARTS
from pipeline.model.base import LAST_DAY

_NEXT = timedelta(days=1)


@dataclass(frozen=True)
class Axis:
    """Abstract time of a project on its calendar; `origin` is the position of the project's start."""

    calendar: WorkCalendar
    origin: int

    def start_of(self, day: date) -> int:
        """Return the moment at which work can begin on a day, in working days from the start."""
        return self.calendar.position(day) - self.origin

    def end_of(self, day: date) -> int:
        """Return the moment at which the work of a day is over, in working days from the start."""
        return self.calendar.position(day + _NEXT) - self.origin

    def first_day(self, start: int) -> date:
        """Return the day on which work begins that starts at a moment, given in parts of a day."""
        return self.calendar.day_at(self.origin + start // PARTS)

    def last_day(self, start: int, finish: int, earliest: int = 0) -> date:
        """Return the day on which work ends that lies between two moments, given in parts of a day.

        What takes no time falls on the day that ends at its moment, unless it may not be before the next one begins.
        """
        day = -(-finish // PARTS) - 1
        return self.calendar.day_at(self.origin + (max(day, earliest // PARTS) if start == finish else day))

    def overruns(self, finish: int) -> bool:
        """Return whether a moment, given in parts of a day, lies beyond the last day that can be written."""
        return finish > self.end_of(LAST_DAY) * PARTS


def make_axis(calendar: WorkCalendar, start: date) -> Axis:
    """Return the axis of a project that starts on a day, or on the first working day after it."""
    return Axis(calendar, calendar.position(start))
