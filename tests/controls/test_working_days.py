"""Take pairs of dates; count the working days between them; check published answers and the laws of counting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.controls.calendar import count_working_days

DAYS = st.dates(date(2000, 1, 1), date(2002, 12, 31))
OFF = st.frozensets(st.dates(date(2000, 6, 1), date(2002, 6, 1)), max_size=30)
THANKS, FOURTH, KING = date(2012, 11, 22), date(2012, 12, 4), date(2013, 1, 21)
NEW_YEAR = {date(2001, 12, 24), date(2001, 12, 25), date(2001, 12, 31), date(2002, 1, 1), date(2002, 1, 2)}

# NETWORKDAYS counts both ends, we count the steps from one day to the other: one less where the first is a working day.
NETWORKDAYS = (
    (date(2012, 10, 1), date(2013, 3, 1), set(), 110),
    (date(2012, 10, 1), date(2013, 3, 1), {THANKS}, 109),
    (date(2012, 10, 1), date(2013, 3, 1), {THANKS, FOURTH, KING}, 107),
    (date(2001, 12, 15), date(2002, 1, 15), NEW_YEAR, 17),
)
WORKDAY = (
    (date(2008, 10, 1), 151, set(), date(2009, 4, 30)),
    (date(2008, 10, 1), 151, {date(2008, 11, 26), date(2008, 12, 4), date(2009, 1, 21)}, date(2009, 5, 5)),
)


@pytest.mark.parametrize(("start", "end", "off", "both"), NETWORKDAYS)
def test_networkdays_of_the_published_examples(start: date, end: date, off: set[date], both: int) -> None:
    first = int(start.weekday() < 5 and start not in off)
    assert count_working_days(start, end, off) + first == both


@pytest.mark.parametrize(("start", "steps", "off", "end"), WORKDAY)
def test_workday_of_the_published_examples(start: date, steps: int, off: set[date], end: date) -> None:
    assert count_working_days(start, end, off) == steps
    assert count_working_days(start, end - timedelta(days=1), off) == steps - 1


CASES = (
    ("2026-09-04", "2026-09-04", 0),
    ("2026-09-04", "2026-09-07", 1),
    ("2026-09-07", "2026-09-04", -1),
    ("2026-09-05", "2026-09-06", 0),
    ("2026-09-04", "2026-09-06", 0),
    ("2026-09-06", "2026-09-07", 1),
    ("2026-09-07", "2026-09-14", 5),
    ("2026-12-31", "2027-01-01", 1),
)


@pytest.mark.parametrize(("start", "end", "days"), CASES)
def test_days_over_a_weekend_are_counted_as_people_do(start: str, end: str, days: int) -> None:
    assert count_working_days(date.fromisoformat(start), date.fromisoformat(end)) == days


@given(DAYS, DAYS, OFF)
def test_there_and_back_are_equally_long(start: date, end: date, off: frozenset[date]) -> None:
    assert count_working_days(start, end, off) == -count_working_days(end, start, off)


@given(st.lists(DAYS, min_size=3, max_size=3).map(sorted), OFF)
def test_parts_of_a_way_add_up(days: list[date], off: frozenset[date]) -> None:
    first, middle, last = days
    whole = count_working_days(first, last, off)
    assert whole == count_working_days(first, middle, off) + count_working_days(middle, last, off)


@given(DAYS, DAYS, OFF)
def test_never_more_than_the_calendar_days_and_a_holiday_never_adds(
    start: date, end: date, off: frozenset[date]
) -> None:
    some, all_days = abs(count_working_days(start, end, off)), abs(count_working_days(start, end))
    assert some <= all_days <= abs((end - start).days)


@given(DAYS, st.integers(0, 100))
def test_weeks_hold_five_days(start: date, weeks: int) -> None:
    assert count_working_days(start, start + timedelta(weeks=weeks)) == 5 * weeks
