"""Take costs by period; work out how fast money is spent; check rates by hand."""

from __future__ import annotations

from fractions import Fraction

from earned_work import load, money, report

from pipeline.controls.cost import Burn, compute_burn
from pipeline.controls.measure import BUDGET_SPENT, NO_BUDGET, NO_REPORT, NOTHING_BOOKED

BUDGET = money((10_000, ""), more="contingency: 2000\n")
ENDS = {"01": "2026-01-30", "02": "2026-02-27", "03": "2026-03-31", "04": "2026-04-30", "05": "2026-05-29"}


def burn(*spent: int, budget: str = BUDGET) -> Burn:
    """Return the burn rate of a project that started in January, with one cumulative cost a month."""
    files = {
        f"progress__2026_{month}": report(day, costs=f"B01: {{actual: {amount}}}")
        for (month, day), amount in zip(ENDS.items(), spent, strict=False)
    }
    project = load(budget=budget, **files)
    return compute_burn(project, project.progress[-1] if project.progress else None)


def test_average_is_over_all_months_and_recent_over_the_last_three_periods() -> None:
    rate = burn(1000, 1500, 2500, 4000, 6000)
    assert rate.average.value == 1200
    assert rate.recent.value == 1500, "4,500 in March, April and May"
    assert rate.lasts.value == 4, "6,000 are left, contingency included"


def test_up_to_three_periods_are_all_recent() -> None:
    rate = burn(1000, 1500, 2400)
    assert rate.average.value == rate.recent.value == 800


def test_periods_that_hold_two_months_count_as_two() -> None:
    files = {
        "progress__2026_02": report("2026-02-27", costs="B01: {actual: 1000}"),
        "progress__2026_03": report("2026-03-31", costs="B01: {actual: 1500}"),
    }
    project = load(budget=BUDGET, **files)
    assert compute_burn(project, project.progress[-1]).average.exact == Fraction(1500, 3)


def test_day_inside_a_month_counts_its_working_days() -> None:
    # January 2026 has 22 working days; eleven are over on the 15th.
    project = load(budget=BUDGET, progress__2026_01=report("2026-01-15", costs="B01: {actual: 1000}"))
    assert compute_burn(project, project.progress[0]).average.value == 2000


def test_without_cost_money_lasts_for_no_time_that_could_be_told() -> None:
    rate = burn(0, 0)
    assert (rate.average.value, rate.recent.value, rate.lasts.reason) == (0, 0, NOTHING_BOOKED)


def test_spent_budget_lasts_no_longer() -> None:
    assert burn(12_000).lasts.reason == burn(13_000).lasts.reason == BUDGET_SPENT


def test_without_budget_or_report_there_is_no_rate() -> None:
    assert {one.reason for one in (burn().average, burn().recent, burn().lasts)} == {NO_REPORT}
    assert compute_burn(load(), None).average.reason == NO_BUDGET
