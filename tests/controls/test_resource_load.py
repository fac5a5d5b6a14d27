"""Take resources and tasks that use them; work out load and cost; compare with sums done by hand and with T10."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.controls.calendar import WorkCalendar
from pipeline.controls.resources import ResourceCosts, ResourceLoad, Use, compute_load, compute_resource_cost, list_uses
from pipeline.model.calendar import Calendar
from pipeline.model.resources import Resource
from pipeline.model.schedule import Task

PLAIN = WorkCalendar()
FEAST = WorkCalendar(Calendar.model_validate({"holidays": [{"date": date(2026, 3, 4), "name": "Feast"}]}))


def resource(id: str = "R1", unit: str = "day", rate: int = 500, **more: Any) -> Resource:
    kind = "material" if unit == "piece" else "human"
    values = {"id": id, "title": id, "kind": kind, "unit": unit, "rate": Decimal(rate), **more}
    return Resource.model_validate(values)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def task(id: str, start: str, finish: str, days: int, units: dict[str, int], package: str = "WP1") -> Task:
    return Task.model_validate(
        {
            "id": id,
            "work_package": package,
            "title": id,
            "duration": days,
            "baseline": {"start": day(start), "finish": day(finish)},
            "owner": "ann.owner",
            "effort": 1,
            "assignments": [{"resource": key, "units": Decimal(value)} for key, value in units.items()],
        }
    )


def load(resources: Iterable[Resource], *tasks: Task, calendar: WorkCalendar = PLAIN) -> dict[str, ResourceLoad]:
    return {one.resource.id: one for one in compute_load(resources, list_uses(tasks), calendar)}


def cost(resources: Iterable[Resource], *tasks: Task, calendar: WorkCalendar = PLAIN) -> ResourceCosts:
    return compute_resource_cost(resources, list_uses(tasks), calendar)


# Monday 2 March to Friday 6 March is week 10, and so on.
BOTH = (task("T1", "03-02", "03-13", 10, {"R1": 60}), task("T2", "03-09", "03-20", 10, {"R1": 60}))


def test_week_in_which_two_tasks_want_too_much_is_listed_with_both() -> None:
    found = load([resource()], *BOTH)["R1"]
    assert [(week.week, week.percent) for week in found.weeks] == [
        ("2026-W10", 60), ("2026-W11", 120), ("2026-W12", 60),
    ]  # fmt: skip
    (over,) = found.over
    assert (over.week, over.tasks, over.needed, over.available, over.excess) == ("2026-W11", ("T1", "T2"), 6, 5, 1)
    assert found.peak == over


def test_share_is_that_of_what_the_project_may_use() -> None:
    found = load([resource(availability=Decimal(50))], BOTH[0])["R1"]
    assert [week.percent for week in found.weeks] == [120, 120]
    assert [week.excess for week in found.weeks] == [Decimal("0.5"), Decimal("0.5")]


def test_group_has_as_many_days_as_people() -> None:
    found = load([resource(quantity=Decimal(3))], task("T1", "03-02", "03-06", 5, {"R1": 200}))["R1"]
    assert (found.needed, found.available, found.over) == (10, 15, ())


def test_absence_is_honoured() -> None:
    away = [{"from": day("03-04"), "to": day("03-10")}]
    found = load([resource(absences=away)], task("T1", "03-02", "03-13", 10, {"R1": 50}))["R1"]
    assert [(week.needed, week.available) for week in found.weeks] == [(Decimal("2.5"), 2), (Decimal("2.5"), 3)]
    assert [week.week for week in found.over] == ["2026-W10"]


def test_absences_that_overlap_count_once() -> None:
    away = [{"from": day("03-02"), "to": day("03-04")}, {"from": day("03-03"), "to": day("03-05")}]
    found = load([resource(absences=away)], task("T1", "03-02", "03-06", 5, {"R1": 10}))["R1"]
    assert found.available == 1


def test_week_of_absence_has_no_share_but_an_excess() -> None:
    away = [{"from": day("03-02"), "to": day("03-06")}]
    (week,) = load([resource(absences=away)], task("T1", "03-02", "03-06", 5, {"R1": 20}))["R1"].weeks
    assert (week.percent, week.available, week.excess) == (None, 0, 1)


def test_first_and_last_day_bound_what_is_there() -> None:
    stay = {"from": day("03-05"), "to": day("03-16")}
    found = load([resource(**stay)], task("T1", "03-02", "03-20", 15, {"R1": 20}))["R1"]
    assert [week.available for week in found.weeks] == [2, 5, 1]


def test_holiday_takes_a_day_from_both_sides() -> None:
    found = load([resource()], task("T1", "03-02", "03-06", 4, {"R1": 100}), calendar=FEAST)["R1"]
    assert [(week.needed, week.available) for week in found.weeks] == [(4, 4)]


def test_work_is_spread_evenly_over_other_dates_too() -> None:
    # Ten days of work, forecast to take twenty.
    uses = list_uses([task("T1", "03-02", "03-13", 10, {"R1": 100})], {"T1": (day("03-02"), day("03-27"))})
    (found,) = compute_load([resource()], uses, PLAIN)
    assert [week.needed for week in found.weeks] == [Decimal("2.5")] * 4


def test_idle_weeks_are_there_and_idle_resources_too() -> None:
    late = task("T2", "03-23", "03-27", 5, {"R1": 100})
    found = load([resource(), resource("R2")], task("T1", "03-02", "03-06", 5, {"R1": 100}), late)
    assert [week.needed for week in found["R1"].weeks] == [5, 0, 0, 5]
    assert [week.demands for week in found["R2"].weeks] == [()] * 4
    assert found["R2"].peak is None


def test_pieces_are_no_load_and_unknown_resources_neither() -> None:
    assert list(load([resource("R2", "piece")], task("T1", "03-02", "03-06", 5, {"R2": 100, "R9": 100}))) == []


def test_thirds_of_a_day_are_no_overload() -> None:
    # Each of them needs two thirds of a day on the Friday; Tuesday to Friday are there for that.
    thirds = [task(f"T{number}", "03-06", "03-10", 2, {"R1": 100}) for number in range(6)]
    first, second = load([resource(absences=[{"from": day("03-02"), "to": day("03-02")}])], *thirds)["R1"].weeks
    assert first.needed > first.available == 4
    assert first.excess == 0
    assert second.excess == pytest.approx(3)


def test_project_without_tasks_has_no_weeks() -> None:
    assert load([resource()])["R1"].weeks == ()


def test_weeks_of_the_turn_of_the_year_are_those_of_iso_8601() -> None:
    found = load([resource()], task("T1", "12-28", "12-31", 4, {"R1": 100}))["R1"]
    assert [week.week for week in found.weeks] == ["2026-W53"]


# T10: table of resources in the PM² Project Work Plan template.
T10 = {
    "R1": ("day", 500, 40, 20_000),
    "R2": ("day", 400, 20, 8_000),
    "R3": ("piece", 800, 100, 80_000),
    "R4": ("day", 500, 10, 5_000),
}


def test_cost_of_the_published_work_plan() -> None:
    resources = [
        resource(id, unit, rate, quantity=Decimal(count if unit == "piece" else 1))
        for id, (unit, rate, count, _) in T10.items()
    ]
    finish = {count: PLAIN.day_at(PLAIN.position(day("03-02")) + count - 1) for count in (40, 20, 10, 100)}
    tasks = [
        task(f"T{place}", "03-02", f"{finish[count]:%m-%d}", count, {id: 100})
        for place, (id, (_, _, count, _)) in enumerate(T10.items())
    ]
    found = cost(resources, *tasks)
    assert {row.resource.id: (row.quantity, row.amount) for row in found.resources} == {
        id: (count, amount) for id, (_, _, count, amount) in T10.items()
    }
    assert found.total == 113_000


def test_cost_is_summed_by_task_and_work_package() -> None:
    first = task("T1", "03-02", "03-06", 5, {"R1": 50, "R2": 100})
    second = task("T2", "03-09", "03-13", 5, {"R1": 100, "R3": 25}, "WP2")
    third = task("T10", "03-09", "03-13", 5, {"R3": 75}, "WP2")
    resources = [
        resource("R1", rate=400), resource("R2", "hour", 50), resource("R3", "piece", 10, quantity=Decimal(8)),
    ]  # fmt: skip
    found = cost(resources, first, second, third)
    assert list(found.tasks.items()) == [("T1", 1000 + 2000), ("T2", 2000 + 20), ("T10", 60)]
    assert found.packages == {"WP1": 3000, "WP2": 2080}
    assert found.total == 5080


def test_pieces_that_no_task_uses_are_paid_for_all_the_same() -> None:
    found = cost([resource("R3", "piece", 10, quantity=Decimal(8)), resource("R1")])
    assert (found.total, found.tasks) == (80, {"": 80})


def test_full_month_costs_one_rate_however_many_days_it_has() -> None:
    def amount(start: str, finish: str, days: int, units: int = 100) -> Decimal:
        return cost([resource("R1", "month", 6600)], task("T1", start, finish, days, {"R1": units})).total

    assert amount("02-01", "02-28", 20) == 6600
    assert amount("03-01", "03-31", 22) == 6600
    assert amount("02-01", "03-31", 42, 50) == pytest.approx(Decimal(6600))
    # Five of the twenty days of February, eleven of the twenty-two of March.
    assert amount("02-23", "03-13", 15) == pytest.approx(Decimal(6600) * 5 / 20 + Decimal(6600) * 10 / 22)


def test_task_on_days_off_needs_nothing_of_a_month() -> None:
    found = cost([resource("R1", "month", 6600)], task("T1", "03-07", "03-08", 0, {"R1": 100}))
    assert found.total == 0


TASKS = st.lists(
    st.tuples(
        st.dates(date(2026, 1, 1), date(2026, 6, 30)),
        st.integers(0, 60),
        st.sampled_from([10, 25, 50, 100, 150]),
        st.sampled_from(["R1", "R2"]),
    ),
    max_size=8,
)


@given(TASKS)
@settings(max_examples=60, deadline=None)
def test_no_work_is_lost_between_tasks_weeks_and_costs(planned: list[tuple[date, int, int, str]]) -> None:
    uses = []
    for number, (start, length, units, id) in enumerate(planned):
        finish = start + timedelta(days=length)
        days = Decimal(max(PLAIN.count_both(start, finish), 0)) * units / 100
        uses.append(Use(f"T{number}", "WP1", id, start, finish, days, Decimal(units)))
    resources = [resource("R1", rate=1), resource("R2", rate=1)]
    found = {one.resource.id: one for one in compute_load(resources, uses, FEAST)}
    costs = {row.resource.id: row for row in compute_resource_cost(resources, uses, FEAST).resources}
    for id in ("R1", "R2"):
        wanted = sum(
            (use.days for use in uses if use.resource == id and FEAST.count_both(use.start, use.finish)), Decimal(0)
        )
        assert found[id].needed == pytest.approx(wanted)
        assert costs[id].amount == sum(use.days for use in uses if use.resource == id)
        for week in found[id].weeks:
            assert bool(week.excess) == (week.needed - week.available > Decimal("1e-9"))
            assert 0 <= week.available <= 5
            assert week.monday.weekday() == 0
            in_week = {
                use.task for use in uses if use.start <= week.monday + timedelta(6) and use.finish >= week.monday
            }
            assert set(week.tasks) <= in_week
