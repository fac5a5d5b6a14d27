"""Take the sample repository; work out load, cost and odds of its projects; compare them with docs/figures.md."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from pipeline.controls.calendar import WorkCalendar
from pipeline.controls.monte_carlo import Simulation, compute_odds, compute_simulation, find_day, list_estimates
from pipeline.controls.plan import make_axis
from pipeline.controls.planning import find_standings, make_activities
from pipeline.controls.resources import ResourceCosts, ResourceLoad, compute_load, compute_resource_cost, list_uses
from pipeline.model.load import load_project, load_settings
from pipeline.model.project import Project
from pipeline.sources.snapshot import Snapshot

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "figures.md").read_text("utf-8")


@cache
def sample(name: str) -> tuple[Project, WorkCalendar]:
    found = (*ROOT.glob("repository/*.yaml"), *ROOT.glob("repository/*/**/*.yaml"))
    files = {path.relative_to(ROOT / "repository").as_posix(): path.read_bytes() for path in found}
    snapshot = Snapshot.of(files, datetime(2026, 11, 2, tzinfo=UTC))
    settings, _ = load_settings(snapshot)
    assert settings is not None
    project = load_project(snapshot, settings, name).project
    assert project is not None
    return project, WorkCalendar(project.schedule.calendar)


def load(name: str) -> dict[str, ResourceLoad]:
    project, calendar = sample(name)
    found = compute_load(project.resources.resources, list_uses(project.schedule.leaves), calendar)
    return {one.resource.id: one for one in found}


def cost(name: str) -> ResourceCosts:
    project, calendar = sample(name)
    return compute_resource_cost(project.resources.resources, list_uses(project.schedule.leaves), calendar)


@cache
def simulate(name: str) -> Simulation:
    project, calendar = sample(name)
    standings = find_standings(project.schedule, None)
    activities = make_activities(project.schedule, standings, make_axis(calendar, project.info.start), None)
    return compute_simulation(activities, list_estimates(standings))


def test_overloads_of_atlas_are_those_of_the_page() -> None:
    over = {
        (id, week.week): (week.needed, week.available, week.tasks)
        for id, one in load("atlas").items()
        for week in one.over
    }
    adapters, tests, last = ("T21", "T22", "T24"), ("T25", "T31"), ("T34", "T26")
    assert over == {
        ("R7", "2026-W32"): (Decimal("2.25"), 0, ("T17",)),
        ("R17", "2026-W29"): (Decimal("5.2"), 5, adapters),
        ("R17", "2026-W30"): (6, 5, adapters),
        ("R19", "2026-W36"): (6, 5, tests),
        ("R19", "2026-W37"): (6, 5, tests),
        ("R19", "2026-W39"): (6, 5, last),
        ("R19", "2026-W40"): (Decimal("5.2"), 5, last),
    }


def test_beacon_overloads_nobody() -> None:
    assert [one.resource.id for one in load("beacon").values() if one.over] == []


@pytest.mark.parametrize("name", ["atlas", "beacon"])
def test_resources_of_a_package_cost_no_more_than_its_budget(name: str) -> None:
    project, _ = sample(name)
    assert project.budget is not None
    for package, amount in cost(name).packages.items():
        planned = sum(line.total for line in project.budget.lines if line.work_package == package)
        assert Decimal("0.7") * planned < amount <= planned, package


@pytest.mark.parametrize("name", ["atlas", "beacon"])
def test_people_are_there_as_the_team_says(name: str) -> None:
    project, _ = sample(name)
    shares = {one.person: one.availability for one in project.resources.resources if one.person}
    for member in project.info.team:
        assert shares[member.person] == member.allocation, member.person


def test_costs_on_the_page_are_those_of_atlas() -> None:
    rows = {row.resource.id: row for row in cost("atlas").resources}
    shown = {"R17": (49, "22,540.00"), "R14": (Decimal("1370.8"), "52,090.40"), "R20": (260, "104,000.00")}
    for id, (quantity, amount) in shown.items():
        assert (rows[id].quantity, f"{rows[id].amount:,.2f}") == (quantity, amount)
        assert amount in PAGE


def test_odds_on_the_page_are_those_of_atlas() -> None:
    found, (project, calendar) = simulate("atlas"), sample("atlas")
    days = [find_day(length, project.info.start, calendar) for length in (found.p50, found.p80, found.p90)]
    assert days == [date(2027, 1, 29), date(2027, 2, 5), date(2027, 2, 10)]
    odds = compute_odds(found, project.info.end, project.info.start, calendar)
    for shown in (f"{odds * 100:.1f} %", f"{found.p80:.2f} days", f"{found.p90:.2f} days"):
        assert shown in PAGE.partition("Atlas as planned")[2]
    assert found.criticality["T18"] == pytest.approx(Decimal("0.5"), abs=Decimal("0.03"))
