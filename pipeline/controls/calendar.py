"""Take two dates and the days off; count working days, Monday to Friday; give the number between them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

_SATURDAY = 5


def count_working_days(start: date, end: date, days_off: Collection[date] = ()) -> int:
    """Return how many working days `end` lies after `start`: 0 for the same day, negative if it lies before."""
    if end < start:
        return -count_working_days(end, start, days_off)
    span = (start + timedelta(days=step) for step in range(1, (end - start).days + 1))
    return sum(day.weekday() < _SATURDAY and day not in days_off for day in span)
