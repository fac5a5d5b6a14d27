"""Take a calendar and a day; count working days from it, as spreadsheets do; give the day that is reached."""

from __future__ import annotations

from datetime import date, timedelta

from pipeline.controls.calendar import WorkCalendar


def next_working_day(calendar: WorkCalendar, day: date) -> date:
    """Return the day itself if it is worked, else the first working day after it."""
    return calendar.day_at(calendar.position(day))


def add_working_days(calendar: WorkCalendar, day: date, count: int) -> date:
    """Return the day that lies so many working days after (before, if negative) another: WORKDAY of spreadsheets."""
    if count == 0:
        return day
    return calendar.day_at(calendar.position(day + timedelta(days=1) if count > 0 else day) + count - (count > 0))
