"""Take days and calendars; measure time in months; check whole months, parts of months and the way back."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.controls.calendar import Months, WorkCalendar, month_ends
from pipeline.model.calendar import Calendar

PLAIN = WorkCalendar()
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def months(start: str, **calendar: object) -> Months:
    return Months(date.fromisoformat(start), WorkCalendar(Calendar.model_validate(calendar)))


# February 2026 has 20 working days, the 2nd is the first of them; March 22, of which 10 are over on the 13th.
TIMES = (
    ("2026-02-02", "2026-02-28", Fraction(1)),
    ("2026-02-02", "2026-02-27", Fraction(1)),
    ("2026-02-02", "2026-03-31", Fraction(2)),
    ("2026-02-02", "2026-02-02", Fraction(1, 20)),
    ("2026-02-02", "2026-03-13", 1 + Fraction(10, 22)),
    ("2026-02-16", "2026-02-28", Fraction(1, 2)),
    ("2026-02-16", "2026-03-31", Fraction(3, 2)),
    ("2026-02-02", "2027-01-31", Fraction(12)),
    ("2026-02-02", "2026-02-01", Fraction(0)),
    ("2026-02-02", "2025-06-30", Fraction(0)),
)


@pytest.mark.parametrize(("start", "day", "time"), TIMES)
def test_whole_months_count_one_and_parts_by_their_working_days(start: str, day: str, time: Fraction) -> None:
    assert months(start).at(date.fromisoformat(day)) == time


def test_holiday_makes_the_other_days_of_its_month_count_more() -> None:
    kept = months("2026-05-01", holidays=[{"date": date(2026, 5, 1), "name": "Feast"}])
    assert months("2026-05-01").at(date(2026, 5, 4)) == Fraction(2, 21)
    assert kept.at(date(2026, 5, 4)) == Fraction(1, 20)


def test_month_without_a_working_day_passes_by_the_calendar() -> None:
    august = [{"date": date(2026, 8, day), "name": "Closed"} for day in range(1, 32)]
    closed = months("2026-07-01", holidays=august)
    assert closed.at(date(2026, 8, 31)) == 2
    assert closed.at(date(2026, 8, 15)) == 1 + Fraction(15, 31)
    assert closed.day(1 + Fraction(15, 31)) == date(2026, 8, 15)
    assert closed.day(Fraction(2)) == date(2026, 8, 31)


def test_end_of_a_month_is_its_last_working_day() -> None:
    assert months("2026-02-02").day(Fraction(1)) == date(2026, 2, 27)
    assert months("2026-02-02").day(1 + Fraction(1, 22)) == date(2026, 3, 2)
    assert months("2026-02-02").day(1 + Fraction(1, 1000)) == date(2026, 3, 2)


def test_months_end_on_their_last_day_and_with_the_span() -> None:
    assert list(month_ends(date(2026, 2, 16), date(2026, 4, 10))) == [
        date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 10),
    ]  # fmt: skip
    assert list(month_ends(date(2026, 2, 16), date(2026, 2, 28))) == [date(2026, 2, 28)]
    assert list(month_ends(date(2026, 2, 16), date(2026, 2, 16))) == [date(2026, 2, 16)]


@given(DAYS, DAYS)
def test_time_never_runs_back(start: date, day: date) -> None:
    clock = Months(start, PLAIN)
    assert 0 <= clock.at(day) <= clock.at(day + timedelta(days=1))


@given(DAYS, st.integers(0, 400))
def test_day_of_a_time_is_the_first_with_that_time(start: date, steps: int) -> None:
    clock = Months(start, PLAIN)
    day = start + timedelta(days=steps)
    back = clock.day(clock.at(day))
    assert clock.at(back) == clock.at(day)
    assert back <= day
