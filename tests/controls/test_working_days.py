"""Take pairs of dates; count the working days between them; check published answers and the laws of counting."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from working_days import add_working_days, next_working_day

from pipeline.controls.calendar import WorkCalendar
from pipeline.model.calendar import Calendar

# Across the year from which positions are counted.
DAYS = st.dates(date(1998, 1, 1), date(2002, 12, 31))
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


def calendar(off: Collection[date] = (), **more: object) -> WorkCalendar:
    holidays = [{"date": day, "name": "Off"} for day in sorted(off)]
    return WorkCalendar(Calendar.model_validate({"holidays": holidays, **more}))


def count_working_days(start: date, end: date, off: Collection[date] = ()) -> int:
    return calendar(off).count_working_days(start, end)


@pytest.mark.parametrize(("start", "end", "off", "both"), NETWORKDAYS)
def test_networkdays_of_the_published_examples(start: date, end: date, off: set[date], both: int) -> None:
    assert calendar(off).count_both(start, end) == both
    assert calendar(off).count_both(end, start) == -both
    first = int(start.weekday() < 5 and start not in off)
    assert count_working_days(start, end, off) + first == both


@pytest.mark.parametrize(("start", "steps", "off", "end"), WORKDAY)
def test_workday_of_the_published_examples(start: date, steps: int, off: set[date], end: date) -> None:
    assert add_working_days(calendar(off), start, steps) == end
    assert add_working_days(calendar(off), end, -steps) == start
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


def test_calendar_counts_alike_whichever_year_was_asked_for_first() -> None:
    late, early = calendar(), calendar()
    late.position(date(2030, 1, 1))
    early.position(date(1950, 1, 1))
    # Both are a Monday: 80 years and six days, 4,175 weeks.
    for some in (late, early):
        assert some.count_working_days(date(1950, 1, 2), date(2030, 1, 7)) == 5 * 4175
        assert some.day_at(some.position(date(1950, 1, 2))) == date(1950, 1, 2)


@given(DAYS, st.integers(0, 100))
def test_weeks_hold_five_days(start: date, weeks: int) -> None:
    assert count_working_days(start, start + timedelta(weeks=weeks)) == 5 * weeks


# A working Sunday; a feast on a Wednesday; Friday and Saturday off, as in Cairo.
CAIRO = {
    "weekdays": ["sun", "mon", "tue", "wed", "thu"],
    "holidays": [{"date": date(2026, 7, 1), "name": "Feast"}, {"date": date(2026, 7, 5), "name": "Feast"}],
    "working_days": [{"date": date(2026, 7, 3), "name": "Move"}],
}
WORKED = ("06-28", "06-29", "06-30", "07-02", "07-03", "07-06")


def test_weekdays_holidays_and_working_days_make_the_calendar() -> None:
    cairo = WorkCalendar(Calendar.model_validate(CAIRO))
    days = [date(2026, 6, 26) + timedelta(days=step) for step in range(11)]
    assert tuple(f"{day:%m-%d}" for day in days if cairo.is_working(day)) == WORKED
    assert [next_working_day(cairo, day) for day in (date(2026, 7, 1), date(2026, 7, 3), date(2026, 7, 4))] == [
        date(2026, 7, 2), date(2026, 7, 3), date(2026, 7, 6),
    ]  # fmt: skip
    assert add_working_days(cairo, date(2026, 7, 1), 0) == date(2026, 7, 1)


# Public holidays of Berlin in 2026 on a weekday; Women's Day and Unity Day are a Sunday and a Saturday that year.
BERLIN = ("01-01", "04-03", "04-06", "05-01", "05-14", "05-25", "12-25")


def test_public_holidays_of_the_country_are_days_off() -> None:
    berlin, plain = calendar(country="DE", subdivision="BE"), calendar()
    days = [date(2026, 1, 1) + timedelta(days=step) for step in range(365)]
    off = [day for day in days if plain.is_working(day) and not berlin.is_working(day)]
    assert tuple(f"{day:%m-%d}" for day in off) == BERLIN
    # Brandenburg keeps Reformation Day, a Saturday in 2026 and a Tuesday in 2028, which Berlin does not.
    brandenburg = calendar(country="DE", subdivision="BB")
    assert berlin.is_working(date(2028, 10, 31))
    assert not brandenburg.is_working(date(2028, 10, 31))


def test_public_holiday_can_be_worked_all_the_same() -> None:
    worked = calendar(country="DE", working_days=[{"date": date(2026, 5, 14), "name": "Move"}])
    assert worked.is_working(date(2026, 5, 14))


def test_calendar_ends_where_dates_can_no_longer_be_written() -> None:
    never = calendar([date(2026, 1, day) for day in range(1, 32)], weekdays=["mon"])
    assert next_working_day(never, date(2026, 1, 1)) == date(2026, 2, 2)
    assert add_working_days(never, date(2026, 1, 1), 10**12) == date(2199, 12, 31)
    assert calendar().day_at(-(10**12)).year == 1899


@given(DAYS, st.integers(-400, 400), OFF)
def test_adding_and_counting_are_each_others_way_back(day: date, count: int, off: frozenset[date]) -> None:
    some = calendar(off)
    start = next_working_day(some, day)
    end = add_working_days(some, start, count)
    assert some.is_working(start)
    assert some.is_working(end)
    assert some.count_working_days(start, end) == count


@given(DAYS, DAYS, OFF, st.frozensets(st.sampled_from(["mon", "wed", "sat", "sun"]), min_size=1))
def test_count_is_that_of_going_day_by_day(
    first: date, last: date, off: frozenset[date], weekdays: frozenset[str]
) -> None:
    some = calendar(off, weekdays=sorted(weekdays))
    numbers = {"mon": 0, "wed": 2, "sat": 5, "sun": 6}
    worked = {numbers[name] for name in weekdays}
    days = (first + timedelta(days=step) for step in range((last - first).days + 1))
    assert max(some.count_both(first, last), 0) == sum(day.weekday() in worked and day not in off for day in days)
