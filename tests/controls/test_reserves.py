"""Take budgets with reserves and changes; draw what was approved; check contingency, reserve and funding by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from controls_work import figures_on
from earned_work import job, load, money, plan, report
from hypothesis import given
from hypothesis import strategies as st

from pipeline.controls.cost import Draw, Reserves, compute_funding, compute_reserves
from pipeline.controls.measure import NO_FUNDING


def change(id: str, status: str, cost: object, decided: str = "", more: str = "") -> str:
    return (
        f"  - {{id: {id}, title: Change {id}, category: c, description: d, reason: r, status: {status}, "
        f"submitted: 2026-02-01, requested_by: ann.owner, priority: 1, size: 1, schedule_days: 0, cost: {cost}"
        f"{f', decided: {decided}' if decided else ''}{more}}}\n"
    )


CHANGES = "changes:\n" + "".join(
    (
        change("CR-1", "implemented", 5500, "2026-06-25", ", implemented: 2026-09-01"),
        change("CR-2", "approved", 27500, "2026-05-10"),
        change("CR-3", "rejected", 34000, "2026-04-01"),
        change("CR-4", "merged", 2100, "2026-06-25"),
        change("CR-5", "postponed", 8200, "2026-07-01"),
        change("CR-6", "submitted", 1900),
        change("CR-7", "approved", -2300, "2026-08-01"),
        change("CR-8", "approved", 0, "2026-08-01"),
    )
)
FUNDING = "funding: [{source: Town, amount: 900}, {source: State, amount: 150.50}]\n"


def reserves_on(day: str, more: str = "contingency: 40000\nreserve: 10000\n") -> Reserves:
    project = load(budget=money((1000, ""), more=more), registers__changes=CHANGES)
    return compute_reserves(project, date.fromisoformat(day))


def test_approved_changes_are_drawn_on_the_day_of_their_decision() -> None:
    assert [reserves_on(day).drawn for day in ("2026-05-09", "2026-05-10", "2026-06-25")] == [0, 27500, 33000]


def test_what_a_change_saves_goes_back() -> None:
    now = reserves_on("2026-08-01")
    assert now.draws == (
        Draw("CR-2", "Change CR-2", date(2026, 5, 10), Decimal(27500)),
        Draw("CR-1", "Change CR-1", date(2026, 6, 25), Decimal(5500)),
        Draw("CR-7", "Change CR-7", date(2026, 8, 1), Decimal(-2300)),
    )
    assert (now.drawn, now.contingency_left) == (30700, 9300)


def test_contingency_comes_first_then_the_management_reserve_then_nothing() -> None:
    def parts(more: str) -> tuple[Decimal, ...]:
        now = reserves_on("2026-06-25", more)
        return now.contingency_drawn, now.contingency_left, now.reserve_drawn, now.reserve_left, now.uncovered

    assert parts("contingency: 40000\nreserve: 10000\n") == (33000, 7000, 0, 10000, 0)
    assert parts("contingency: 30000\nreserve: 10000\n") == (30000, 0, 3000, 7000, 0)
    assert parts("contingency: 20000\nreserve: 10000\n") == (20000, 0, 10000, 0, 3000)


def test_project_without_a_budget_has_no_reserves() -> None:
    now = compute_reserves(load(registers__changes=CHANGES), date(2026, 6, 25))
    assert (now.contingency, now.reserve, now.uncovered) == (0, 0, 33000)


@given(st.lists(st.decimals(-1000, 10**6, places=2), max_size=6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_every_draw_comes_from_somewhere(amounts: list[Decimal], contingency: int, reserve: int) -> None:
    draws = tuple(Draw(f"CR-{n}", "C", date(2026, 1, 1), amount) for n, amount in enumerate(amounts))
    now = Reserves(Decimal(contingency), Decimal(reserve), draws)
    assert now.contingency_drawn + now.reserve_drawn + now.uncovered == now.drawn == sum(amounts, Decimal(0))
    assert min(now.contingency_left, now.reserve_left, now.uncovered) >= 0


def test_funding_is_held_against_budget_and_forecast() -> None:
    said = report("2026-02-13", costs="B01: {actual: 10, forecast: 1100}")
    budget = money((1000, "WP1"), more="contingency: 40\n" + FUNDING)
    project = load(schedule=plan(job("T01")), budget=budget, progress__2026_02=said)
    view = compute_funding(project, figures_on(project, "2026-02-13").cost)
    assert [source.source for source in view.sources] == ["Town", "State"]
    assert (view.funded.value, view.gap.value, view.forecast_gap.value) == (
        Decimal("1050.5"), Decimal("10.5"), Decimal("-49.5"),
    )  # fmt: skip


def test_without_funding_there_is_no_gap_but_a_reason() -> None:
    project = load(budget=money((1000, "")))
    view = compute_funding(project, figures_on(project, "2026-02-13").cost)
    assert {view.funded.reason, view.gap.reason, view.forecast_gap.reason} == {NO_FUNDING}
