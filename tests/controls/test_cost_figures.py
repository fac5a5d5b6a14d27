"""Take budgets and what was spent; work out the cost on several days; check sums, forecasts and lights."""

from __future__ import annotations

from decimal import Decimal

import pytest
from controls_work import figures_on, load, schedule
from hypothesis import given, settings
from hypothesis import strategies as st

BUDGET = """\
lines:
  - {id: B01, title: Staff, category: staff, work_package: WP1, years: {2026: 100000, 2027: 20000.50}}
  - {id: B02, title: Tools, category: licences, work_package: WP2, years: {2026: 30000}}
  - {id: B03, title: Trips, category: travel, years: {2026: 1000}}
contingency: 9000
"""
PACKAGES = schedule(packages="{id: WP1, title: One, owner: ann.owner}, {id: WP2, title: Two, owner: ann.owner}")
AUGUST = (
    "status_date: 2026-08-31\ncosts: {B01: {actual: 50000, committed: 60000, forecast: 118000}, B02: {actual: 31000}}\n"
)
SEPTEMBER = "status_date: 2026-09-30\ncosts: {B01: {actual: 70000}, B03: {actual: 10, forecast: 900}}\n"


def test_line_costs_what_was_said_last_and_its_budget_where_nothing_was() -> None:
    project = load(budget=BUDGET, schedule=PACKAGES, progress__2026_08=AUGUST, progress__2026_09=SEPTEMBER)
    rows = {row.id: row for row in figures_on(project, "2026-09-30").cost.lines}
    said = {id: (row.budget, row.actual, row.committed, row.forecast, row.variance) for id, row in rows.items()}
    assert said == {
        "B01": (Decimal("120000.50"), 70000, 60000, 118000, Decimal("2000.50")),
        "B02": (30000, 31000, 31000, 31000, -1000),
        "B03": (1000, 10, 10, 900, 100),
    }
    assert rows["B03"].spent == 1


def test_cost_is_that_of_the_newest_period_up_to_the_day() -> None:
    project = load(budget=BUDGET, schedule=PACKAGES, progress__2026_08=AUGUST, progress__2026_09=SEPTEMBER)
    spent = {
        day: figures_on(project, day).cost.project.actual
        for day in ("2026-08-30", "2026-08-31", "2026-09-29", "2026-09-30")
    }
    assert spent == {"2026-08-30": 0, "2026-08-31": 81000, "2026-09-29": 81000, "2026-09-30": 101010}
    before = figures_on(project, "2026-08-30").cost
    assert (before.project.forecast, before.variance, before.light) == (before.project.budget, 9000, "on_track")


def test_packages_add_up_to_the_project_and_lines_without_one_stand_apart() -> None:
    cost = figures_on(load(budget=BUDGET, schedule=PACKAGES, progress__2026_08=AUGUST), "2026-08-31").cost
    assert [(row.id, row.title, row.budget) for row in cost.packages] == [
        ("WP1", "One", Decimal("120000.50")), ("WP2", "Two", 30000), ("", "", 1000),
    ]  # fmt: skip
    assert cost.total == cost.project.budget + 9000 == Decimal("160000.50")


def test_what_is_ordered_and_what_is_to_be_ordered_stand_apart_from_what_is_spent() -> None:
    project = load(budget=BUDGET, schedule=PACKAGES, progress__2026_08=AUGUST)
    rows = {row.id: row for row in figures_on(project, "2026-08-31").cost.lines}
    said = {id: (row.outstanding, row.to_go, row.to_order) for id, row in rows.items()}
    # B01: 60,000 ordered, 50,000 spent, 118,000 expected; B02: 31,000 spent of 30,000, with no order told.
    assert said == {"B01": (10000, 68000, 58000), "B02": (0, 0, 0), "B03": (0, 1000, 1000)}


def test_more_spent_than_ordered_leaves_nothing_outstanding() -> None:
    said = "status_date: 2026-08-31\ncosts: {B03: {actual: 500, committed: 400}}\n"
    (row,) = figures_on(load(budget=BUDGET, schedule=PACKAGES, progress__2026_08=said), "2026-08-31").cost.lines[2:]
    assert (row.outstanding, row.to_order) == (0, 500)


DECEMBER = "status_date: 2026-12-30\ncosts: {B01: {actual: 90000}, B02: {actual: 33000}}\n"
MARCH = "status_date: 2027-03-31\ncosts: {B01: {actual: 110000}, B02: {actual: 32500}}\n"


def test_years_hold_what_was_booked_between_their_last_status_dates() -> None:
    project = load(
        budget=BUDGET, schedule=PACKAGES, progress__2026_08=AUGUST, progress__2026_12=DECEMBER, progress__2027_03=MARCH
    )
    cost = figures_on(project, "2027-03-31").cost
    rows = {row.id: [(cell.year, cell.budget, cell.actual) for cell in row.years] for row in cost.lines}
    assert rows["B01"] == [(2026, 100000, 90000), (2027, Decimal("20000.50"), 20000)]
    assert rows["B02"] == [(2026, 30000, 33000), (2027, 0, -500)], "a booking that is taken back is one of its year"
    whole = [(cell.year, cell.budget, cell.actual, cell.left) for cell in cost.project.years]
    assert whole == [(2026, 131000, 123000, 8000), (2027, Decimal("20000.50"), 19500, Decimal("500.50"))]
    assert sum(cell.actual for cell in cost.project.years) == cost.project.actual
    assert sum(cell.budget for cell in cost.packages[0].years) == cost.packages[0].budget


def test_years_stop_at_the_day() -> None:
    project = load(budget=BUDGET, schedule=PACKAGES, progress__2026_08=AUGUST, progress__2026_12=DECEMBER)
    cells = figures_on(project, "2026-08-31").cost.project.years
    assert [(cell.year, cell.actual) for cell in cells] == [(2026, 81000), (2027, 0)]


def test_project_without_a_budget_costs_nothing_and_has_no_share() -> None:
    cost = figures_on(load(), "2026-08-31").cost
    assert (cost.lines, cost.packages, cost.total, cost.project.actual, cost.light) == ((), (), 0, 0, "on_track")
    assert cost.project.spent is None


# 100,000 and 10,000 contingency with 5 % tolerance: at risk above 110,000, off track above 115,500.
LIGHTS = {
    "100000": "on_track", "110000": "on_track", "110000.01": "at_risk", "115500": "at_risk",
    "115500.01": "off_track", "0": "on_track",
}  # fmt: skip


@pytest.mark.parametrize("forecast", LIGHTS)
def test_light_changes_just_beyond_its_limits(forecast: str) -> None:
    budget = "lines: [{id: B01, title: S, category: staff, years: {2026: 100000}}]\ncontingency: 10000\n"
    said = f"status_date: 2026-08-31\ncosts: {{B01: {{actual: 0, forecast: {forecast}}}}}\n"
    assert figures_on(load(budget=budget, progress__2026_08=said), "2026-08-31").cost.light == LIGHTS[forecast]


MONEY = st.decimals(0, 10**9, places=2)
LINE = st.tuples(MONEY, MONEY, st.none() | MONEY, st.sampled_from(["", "WP1", "WP2"]))


@given(st.lists(LINE, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_lines_and_packages_add_up_to_the_same_to_the_cent(
    lines: list[tuple[Decimal, Decimal, Decimal | None, str]],
) -> None:
    budget = "lines:\n" + "".join(
        f"  - {{id: B{number}, title: L, category: staff, years: {{2026: {planned}}}"
        + (f", work_package: {package}" if package else "")
        + "}\n"
        for number, (planned, _, _, package) in enumerate(lines)
    )
    costs = "status_date: 2026-08-31\ncosts:\n" + "".join(
        f"  B{number}: {{actual: {actual}" + (f", forecast: {forecast}" if forecast is not None else "") + "}\n"
        for number, (_, actual, forecast, _) in enumerate(lines)
    )
    cost = figures_on(load(budget=budget, schedule=PACKAGES, progress__2026_08=costs), "2026-08-31").cost
    for name in ("budget", "actual", "committed", "forecast", "variance"):
        expected = getattr(cost.project, name)
        assert sum((getattr(row, name) for row in cost.lines), Decimal(0)) == expected
        assert sum((getattr(row, name) for row in cost.packages), Decimal(0)) == expected
    assert cost.project.budget == sum(planned for planned, _, _, _ in lines)
    assert all(row.forecast >= row.actual or said[2] is not None for row, said in zip(cost.lines, lines, strict=True))
