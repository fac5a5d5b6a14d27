"""Take the sample's plans and generated ones; schedule them here and with TaskJuggler; compare every day."""

from __future__ import annotations

import os
import random  # noqa: TID251 (seeded: the same plans every time)
import shutil
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from plan_work import job, plan, project, summary
from taskjuggler import Days, read_days, run_taskjuggler, write_backward, write_forward
from test_sample_plan import PROJECTS, load
from working_days import add_working_days, next_working_day

from pipeline.controls.calendar import WorkCalendar
from pipeline.controls.plan import Plan
from pipeline.controls.planning import compute_plan
from pipeline.model.project import Project


@pytest.fixture
def program() -> str:
    """Return TaskJuggler; skip where it is absent, but not in CI, which installs it."""
    found = shutil.which("tj3")
    if found is None:
        assert not os.environ.get("CI"), "tj3 is not installed (package tj3)"
        pytest.skip("tj3 is not installed (package tj3)")
    return found


def planned(some: Plan) -> dict[str, Days]:
    return {row.id: Days(row.start, row.finish) for row in some.tasks if row.duration}


def scheduled(program: str, text: str, folder: Path, some: Plan) -> dict[str, Days]:
    """Return TaskJuggler's days; one that is off is moved into the task, to the nearest working day."""
    run_taskjuggler(program, text, folder)
    known = {row.id for row in some.tasks if row.duration}
    return {id: _move(row, some.axis.calendar) for id, row in read_days(folder).items() if id in known}


def _move(row: Days, calendar: WorkCalendar) -> Days:
    return Days(next_working_day(calendar, row.start), add_working_days(calendar, row.finish + timedelta(days=1), -1))


CALENDARS = {
    "week": "",
    "holidays": "holidays: [{date: 2026-01-06, name: A}, {date: 2026-02-16, name: B}, {date: 2026-02-17, name: C}]",
    "Germany": "country: DE, subdivision: BY",
    "six days": "weekdays: [mon, tue, wed, thu, fri, sat], country: PL",
    "Sunday to Thursday": "weekdays: [sun, mon, tue, wed, thu], holidays: [{date: 2026-03-22, name: A}]",
}


def generate(seed: str, kinds: tuple[str, ...] = ("FS", "SS", "FF", "SF")) -> str:
    """Return forty tasks with quarters of days and links that TaskJuggler can express.

    A task is bound by its start or by its finish, by the finish where it is short, and never before the project
    starts; a lead is shorter than what it leads.
    """
    chance, rows, lengths = random.Random(seed), "", list[Decimal]()
    for number in range(40):
        short = number > 9 and chance.random() < 0.4
        own = [kind for kind in kinds if (kind[1] == "F") == short] or kinds
        lengths.append(Decimal(chance.randint(1, 8 if short else 60)) / 4)
        links = []
        for before in chance.sample(range(number), min(number, chance.randint(0, 3))):
            kind = chance.choice(own)
            least = 2 if short else -2 if kind == "FS" and lengths[before] >= 2 and len(kinds) > 2 else 0
            links.append(f"T{before} {kind}{chance.randint(least, 6):+d}")
        rows += job(f"T{number}", f"duration: {lengths[-1]}, predecessors: [{', '.join(links)}]")
    return rows


@pytest.mark.parametrize("name", PROJECTS)
def test_sample_is_scheduled_alike(name: str, program: str, tmp_path: Path) -> None:
    sample = load(name)
    some = compute_plan(sample, None)
    ours, theirs = planned(some), scheduled(program, write_forward(sample), tmp_path, some)
    assert ours == theirs
    assert len(theirs) > 20


@pytest.mark.parametrize("name", CALENDARS)
def test_generated_plan_is_scheduled_alike(name: str, program: str, tmp_path: Path) -> None:
    generated = project(generate(name), calendar=CALENDARS[name])
    some = plan(generated)
    assert planned(some) == scheduled(program, write_forward(generated), tmp_path, some)
    assert {link.kind for row in some.tasks for link in row.links} == {"FS", "SS", "FF", "SF"}


@pytest.mark.parametrize("name", ["holidays", "Germany", "Sunday to Thursday"])
def test_late_days_of_generated_plan_are_those_of_scheduling_backward(name: str, program: str, tmp_path: Path) -> None:
    generated = whole_days(project(generate(name, ("FS", "FF")), calendar=CALENDARS[name]))
    some = plan(generated)
    assert some.finish is not None
    late = {row.id: Days(row.late_start, row.late_finish) for row in some.tasks if row.late_start and row.late_finish}
    assert late == scheduled(program, write_backward(generated, some.finish), tmp_path, some)


def whole_days(some: Project) -> Project:
    """Return a project whose durations are whole days, so that its end is the evening of a day."""
    tasks = tuple(
        task.model_copy(update={"duration": (task.duration or Decimal(1)).to_integral() + 1})
        for task in some.schedule.tasks
    )
    return replace(some, schedule=some.schedule.model_copy(update={"tasks": tasks}))


def test_summaries_are_scheduled_alike(program: str, tmp_path: Path) -> None:
    tasks = (
        job("T1", "duration: 3.5")
        + summary("T2", "predecessors: [T1 FS+1]")
        + job("T3", "parent: T2, duration: 2")
        + summary("T4", "parent: T2, predecessors: [T3]")
        + job("T5", "parent: T4, duration: 6")
        + job("T6", "parent: T4, duration: 1, predecessors: [T5 SS+2]")
        + job("T7", "duration: 4, predecessors: [T2 FS+2]")
        + job("T8", "duration: 4, predecessors: [T4]")
        + job("T9", "duration: 1, constraint: {not_before: 2026-01-19}")
    )
    generated = project(tasks, calendar=CALENDARS["holidays"])
    some = plan(generated)
    assert planned(some) == scheduled(program, write_forward(generated), tmp_path, some)
    assert some.task("T9").start == date(2026, 1, 19)
