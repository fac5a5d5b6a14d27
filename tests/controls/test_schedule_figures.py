"""Take schedules and what was done; work out milestones, slip and completion on several days; check them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from controls_work import figures_on, load, milestone, schedule, task
from hypothesis import given, settings
from hypothesis import strategies as st

TWO = ", ".join(f"{{id: WP{number}, title: Package {number}, owner: ann.owner}}" for number in (1, 2, 3))
PLAN = "calendar: {holidays: [{date: 2026-07-06, name: Feast}]}\n" + schedule(
    task("T01", 30)
    + task("T02", 10, "WP2", "2026-04-01", "2026-05-04")
    + task("T03", 20, "WP2", "2026-03-02", "2026-04-30"),
    milestone("M1", "2026-06-30") + milestone("M2", "2026-10-30") + milestone("M3", "2026-09-15"),
    TWO,
)
JULY = (
    "status_date: 2026-07-31\ntasks: {T01: 50, T02: 100}\neffort: {WP1: 12.5}\n"
    "milestones: {M1: {forecast: 2026-07-14}, M2: {forecast: 2026-10-23}}\n"
)
AUGUST = (
    "status_date: 2026-08-31\ntasks: {T01: 100}\nmilestones: {M1: {actual: 2026-07-15}, M3: {forecast: 2026-09-16}}\n"
)
PROJECT = load(schedule=PLAN, progress__2026_07=JULY, progress__2026_08=AUGUST)


def test_milestones_show_what_was_known_on_the_day() -> None:
    def rows(day: str) -> dict[str, tuple[str, bool, int, str]]:
        shown = figures_on(PROJECT, day).timing.milestones
        return {row.id: (row.date.isoformat(), row.reached, row.slip, row.light) for row in shown}

    assert rows("2026-07-30")["M1"] == ("2026-06-30", False, 0, "on_track")
    # Ten days of the calendar from Tuesday to Tuesday two weeks later, less the feast.
    assert rows("2026-07-31") == {
        "M1": ("2026-07-14", False, 9, "at_risk"),
        "M2": ("2026-10-23", False, -5, "on_track"),
        "M3": ("2026-09-15", False, 0, "on_track"),
    }
    assert rows("2026-08-31") == {
        "M1": ("2026-07-15", True, 10, "done"),
        "M2": ("2026-10-23", False, -5, "on_track"),
        "M3": ("2026-09-16", False, 1, "at_risk"),
    }


def test_slip_is_that_of_the_worst_milestone_still_to_come() -> None:
    assert [figures_on(PROJECT, day).timing.slip for day in ("2026-07-30", "2026-07-31", "2026-08-31")] == [0, 9, 1]
    august = figures_on(PROJECT, "2026-08-31")
    assert (august.timing_before.slip, august.timing.finish, august.timing.final_slip) == (9, date(2026, 10, 23), -5)


def test_completion_is_weighed_by_effort_and_stands_as_of_the_day() -> None:
    complete = {day: figures_on(PROJECT, day).timing.complete for day in ("2026-07-30", "2026-07-31", "2026-08-31")}
    assert complete == {
        "2026-07-30": 0, "2026-07-31": Decimal(25 * 100) / 60, "2026-08-31": Decimal(40 * 100) / 60,
    }  # fmt: skip


def test_packages_hold_the_span_and_the_effort_of_their_tasks() -> None:
    rows = {row.id: row for row in figures_on(PROJECT, "2026-07-31").timing.packages}
    one, two, three = rows["WP1"], rows["WP2"], rows["WP3"]
    assert (one.planned, one.spent, one.complete) == (30, Decimal("12.5"), 50)
    assert (two.planned, two.spent, two.start, two.finish) == (30, 0, date(2026, 3, 2), date(2026, 5, 4))
    assert (three.planned, three.start, three.finish, three.complete) == (0, None, None, 0)


def test_project_without_a_schedule_ends_when_it_was_to_end() -> None:
    timing = figures_on(load(), "2026-08-31").timing
    assert (timing.milestones, timing.packages, timing.complete, timing.slip) == ((), (), 0, 0)
    assert (timing.finish, timing.final_slip, timing.light) == (date(2026, 12, 31), 0, "on_track")


def test_all_milestones_reached_leave_no_slip_but_the_last_ones() -> None:
    said = "status_date: 2026-09-30\nmilestones: {M1: {actual: 2026-07-20}}\n"
    timing = figures_on(
        load(schedule=schedule(milestones=milestone("M1", "2026-06-30")), progress__2026_09=said), "2026-09-30"
    ).timing
    assert (timing.slip, timing.light, timing.final_slip, timing.milestones[0].light) == (0, "on_track", 14, "done")


# Tolerance is ten working days: at risk from the first day, off track from the eleventh.
LIGHTS = {
    "2026-06-29": "on_track",
    "2026-06-30": "on_track",
    "2026-07-01": "at_risk",
    "2026-07-14": "at_risk",
    "2026-07-15": "off_track",
}


@pytest.mark.parametrize("day", LIGHTS)
def test_light_changes_just_beyond_its_limits(day: str) -> None:
    said = f"status_date: 2026-06-15\nmilestones: {{M1: {{forecast: {day}}}}}\n"
    plan = schedule(milestones=milestone("M1", "2026-06-30"))
    timing = figures_on(load(schedule=plan, progress__2026_06=said), "2026-06-15").timing
    assert timing.light == timing.milestones[0].light == LIGHTS[day]


DAY = st.dates(date(2026, 2, 1), date(2026, 11, 30))


@given(DAY, DAY)
@settings(max_examples=30, deadline=None)
def test_slip_of_a_milestone_is_the_opposite_of_the_way_back(baseline: date, forecast: date) -> None:
    def slip(planned: date, expected: date) -> int:
        plan = schedule(milestones=milestone("M1", planned.isoformat()))
        said = f"status_date: 2026-01-31\nmilestones: {{M1: {{forecast: {expected.isoformat()}}}}}\n"
        return figures_on(load(schedule=plan, progress__2026_01=said), "2026-01-31").timing.milestones[0].slip

    assert slip(baseline, forecast) == -slip(forecast, baseline)
    assert abs(slip(baseline, forecast)) <= abs(forecast - baseline) / timedelta(days=1)


TASK = st.tuples(st.decimals(0, 1000, places=1), st.integers(0, 100), st.sampled_from(["WP1", "WP2"]))


@given(st.lists(TASK, max_size=6))
@settings(max_examples=30, deadline=None)
def test_completion_lies_between_nothing_and_all(tasks: list[tuple[Decimal, int, str]]) -> None:
    plan = schedule(
        "".join(task(f"T{n}", float(effort), package) for n, (effort, _, package) in enumerate(tasks)), packages=TWO
    )
    done = "".join(f"T{n}: {percent}, " for n, (_, percent, _) in enumerate(tasks))
    timing = figures_on(
        load(schedule=plan, progress__2026_08=f"status_date: 2026-08-31\ntasks: {{{done}}}\n"), "2026-08-31"
    ).timing
    assert 0 <= timing.complete <= 100
    assert all(0 <= row.complete <= 100 for row in timing.packages)
    assert timing.planned == sum((row.planned for row in timing.packages), Decimal(0)) == sum(e for e, _, _ in tasks)
    if any(effort for effort, _, _ in tasks) and all(percent == 100 for _, percent, _ in tasks):
        assert timing.complete == 100
