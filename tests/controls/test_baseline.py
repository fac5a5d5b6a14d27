"""Take budgets and schedules; spread the money over time; check shares, days and sums by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from earned_work import job, load, money, plan
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.controls.baseline import Baseline, make_baseline

MARCH = {"start": "2026-03-02", "finish": "2026-03-31"}


def baseline(budget: str, schedule: str = "") -> Baseline:
    return make_baseline(load(budget=budget, **({"schedule": schedule} if schedule else {})))


def planned(made: Baseline, *days: str) -> list[Fraction]:
    return [made.planned(date.fromisoformat(day)) for day in days]


def shares(*jobs: str) -> dict[str, Fraction]:
    return {parcel.task: parcel.amount for parcel in baseline(money((120, "WP1")), plan(*jobs)).parcels}


def test_task_is_due_evenly_over_the_working_days_of_its_baseline() -> None:
    # February 2026 has twenty working days from the 2nd: 1,000 are 50 a day; the 7th and 8th are a weekend.
    made = baseline(money((1000, "WP1")), plan(job("T01")))
    days = ("2026-02-01", "2026-02-02", "2026-02-06", "2026-02-08", "2026-02-26", "2026-02-27", "2026-12-31")
    assert planned(made, *days) == [0, 50, 250, 250, 950, 1000, 1000]


def test_holidays_and_extra_days_of_the_project_count() -> None:
    # Without the 3rd and with Saturday the 7th there are still twenty days; four of them are over on the 6th.
    calendar = (
        "calendar: {holidays: [{date: 2026-02-03, name: Feast}], working_days: [{date: 2026-02-07, name: Extra}]}\n"
    )
    made = baseline(money((1000, "WP1")), plan(job("T01"), calendar=calendar))
    assert planned(made, "2026-02-06", "2026-02-07") == [200, 250]


def test_task_without_a_working_day_is_due_on_its_last_one() -> None:
    weekend = job("T01", start="2026-02-07", finish="2026-02-08")
    made = baseline(money((1000, "WP1")), plan(weekend))
    assert planned(made, "2026-02-07", "2026-02-08") == [0, 1000]


def test_package_is_shared_out_by_effort() -> None:
    assert shares(job("T01", effort=1), job("T02", effort=2)) == {"T01": 40, "T02": 80}


def test_weights_win_over_effort() -> None:
    assert shares(job("T01", effort=9, weight=25), job("T02", effort=1, weight=75)) == {"T01": 30, "T02": 90}


def test_tasks_without_effort_share_in_equal_parts() -> None:
    assert shares(job("T01", effort=0), job("T02", effort=0), job("T03", effort=0)) == dict.fromkeys(
        ("T01", "T02", "T03"), Fraction(40)
    )


def test_summary_task_gets_nothing_beside_its_parts() -> None:
    tasks = (
        "  - {id: T01, work_package: WP1, title: Whole, owner: ann.owner}\n",
        job("T02", parent="T01", effort=1),
        job("T03", parent="T01", effort=3),
    )
    assert shares(*tasks) == {"T02": 30, "T03": 90}


def test_several_lines_pay_for_one_task() -> None:
    made = baseline(money((100, "WP1"), (Decimal("0.05"), "WP1")), plan(job("T01")))
    assert [(parcel.task, parcel.amount) for parcel in made.parcels] == [("T01", Fraction("100.05"))]


def test_line_without_tasks_runs_from_start_to_end_of_the_project() -> None:
    # 2026 has 261 working days, 22 in January.
    for budget, schedule in ((money((2610, "")), ""), (money((2610, "WP2")), plan(job("T01")))):
        made = baseline(budget, schedule)
        assert planned(made, "2026-01-01", "2026-01-31", "2026-12-31") == [10, 220, 2610]
        assert made.parcels[0].task == ""


def test_contingency_and_reserve_stand_outside_the_baseline() -> None:
    made = baseline(money((1000, "WP1"), more="contingency: 500\nreserve: 70\n"), plan(job("T01")))
    assert made.bac == 1000


def test_years_of_a_line_play_no_part_in_time() -> None:
    budget = "lines: [{id: B01, title: L, category: staff, work_package: WP1, years: {2026: 1, 2027: 999}}]\n"
    assert planned(baseline(budget, plan(job("T01"))), "2026-02-27") == [1000]


def test_baseline_ends_with_the_last_money_that_is_due() -> None:
    late = job("T02", package="WP2", start="2026-11-02", finish="2026-11-30")
    made = baseline(money((1000, "WP1"), (0, "WP2")), plan(job("T01"), late))
    assert made.finish == date(2026, 2, 27)
    assert baseline(money((1000, "WP1"), (1, "")), plan(job("T01"))).finish == date(2026, 12, 31)


def test_plan_by_month_ends_on_the_last_day_that_money_is_due() -> None:
    made = baseline(money((2000, "WP1")), plan(job("T01"), job("T02", start="2026-03-02", finish="2026-03-10")))
    assert made.by_month == (
        (date(2026, 1, 31), 0), (date(2026, 2, 28), 1000), (date(2026, 3, 10), 2000),
    )  # fmt: skip
    assert [time for time, _ in made.by_time] == [1, 2, 2 + Fraction(7, 22)]


def test_project_without_a_budget_has_no_baseline() -> None:
    made = make_baseline(load(schedule=plan(job("T01"))))
    assert (made.parcels, made.bac, made.finish) == ((), 0, date(2026, 1, 1))


AMOUNTS = st.lists(
    st.tuples(st.decimals(0, 10**7, places=2), st.sampled_from(["WP1", "WP2", ""])), min_size=1, max_size=5
)
SPANS = st.lists(st.tuples(st.integers(1, 334), st.integers(0, 30), st.integers(0, 40)), min_size=1, max_size=6)


@given(AMOUNTS, SPANS)
@settings(max_examples=40, deadline=None)
def test_plan_never_falls_and_ends_with_the_whole_budget(
    amounts: list[tuple[Decimal, str]], spans: list[tuple[int, int, int]]
) -> None:
    def day(number: int) -> date:
        return date.fromordinal(date(2026, 1, 1).toordinal() + number)

    jobs = (
        job(f"T{number:02}", package=f"WP{1 + number % 2}", effort=effort, start=day(first), finish=day(first + length))
        for number, (first, length, effort) in enumerate(spans)
    )
    made = baseline(money(*amounts), plan(*jobs))
    values = [made.planned(day(number)) for number in range(-1, 366, 7)]
    assert values[0] == 0
    assert values == sorted(values)
    assert made.planned(made.finish) == made.bac == sum((Fraction(amount) for amount, _ in amounts), Fraction(0))


@pytest.mark.parametrize("number", [7, 13, 97])
def test_odd_shares_leave_no_cent_over(number: int) -> None:
    made = baseline(money((Decimal("100000.01"), "WP1")), plan(*(job(f"T{one:02}", effort=1) for one in range(number))))
    assert made.planned(date(2026, 2, 12)) == Fraction("100000.01") * 9 / 20
