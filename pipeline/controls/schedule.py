"""Take a schedule and the progress of one period; compare with the baseline; give milestones, slip and completion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from pipeline.controls.measure import Light, judge
from pipeline.controls.plan import MilestonePlan, Plan
from pipeline.controls.planning import compute_plan
from pipeline.model.facts import Names
from pipeline.model.progress import Progress
from pipeline.model.project import Project
from pipeline.model.schedule import Task


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A milestone on one day: `date` is when it was reached, else as stated, else as computed if later than baselined.

    `slip` is in working days later than the baseline, negative if earlier.
    """

    id: str
    title: str
    owner: Annotated[str, Names("people")]
    baseline: date
    date: date
    reached: bool
    slip: int
    light: Light


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A work package on one day: planned and spent effort in person-days, completion in percent of effort."""

    id: str
    title: str
    owner: Annotated[str, Names("people")]
    start: date | None
    finish: date | None
    planned: Decimal
    spent: Decimal
    complete: Decimal


@dataclass(frozen=True, slots=True)
class Timing:
    """The schedule of a project on one day.

    `complete` is percent of planned effort (a task's effort times its completion, over all effort); `slip` is that of
    the worst milestone not yet reached in working days, 0 if there is none; `finish` is the date of the last milestone,
    `final_slip` its slip.
    """

    milestones: tuple[MilestoneRow, ...]
    packages: tuple[PackageRow, ...]
    planned: Decimal
    spent: Decimal
    complete: Decimal
    slip: int
    finish: date
    final_slip: int
    light: Light


def compute_timing(project: Project, progress: Progress | None, plan: Plan | None = None) -> Timing:
    """Return the schedule figures of a project; without a schedule, its baselined end and nothing else.

    `plan` is the project's plan as of the same progress, computed here if it is not given.
    """
    plan = plan or compute_plan(project, progress)
    tolerance = int(project.info.tolerances.schedule_days)
    milestones = tuple(_milestone(one, tolerance) for one in plan.milestones)
    tasks = project.schedule.leaves
    packages = _packages(project, tasks, progress)
    slip = max((row.slip for row in milestones if not row.reached), default=0)
    last = max(milestones, key=lambda row: (row.baseline, row.date), default=None)
    return Timing(
        milestones=milestones,
        packages=packages,
        planned=sum((row.planned for row in packages), Decimal(0)),
        spent=sum((row.spent for row in packages), Decimal(0)),
        complete=_complete(tasks, progress),
        slip=slip,
        finish=last.date if last else project.info.end,
        final_slip=last.slip if last else 0,
        light=judge(slip, 0, tolerance),
    )


def _milestone(one: MilestonePlan, tolerance: int) -> MilestoneRow:
    light: Light = "done" if one.reached else judge(one.slip, 0, tolerance)
    return MilestoneRow(one.id, one.title, one.owner, one.baseline, one.date, one.reached, one.slip, light)


def _complete(tasks: tuple[Task, ...], progress: Progress | None) -> Decimal:
    effort = sum((task.effort for task in tasks), Decimal(0))
    if not effort or not progress:
        return Decimal(0)
    return sum((task.effort * progress.task(task.id).complete for task in tasks), Decimal(0)) / effort


def _packages(project: Project, leaves: tuple[Task, ...], progress: Progress | None) -> tuple[PackageRow, ...]:
    rows = []
    for package in project.schedule.work_packages:
        tasks = tuple(task for task in leaves if task.work_package == package.id)
        rows.append(
            PackageRow(
                package.id,
                package.title,
                package.owner,
                min((task.baseline.start for task in tasks), default=None),
                max((task.baseline.finish for task in tasks), default=None),
                sum((task.effort for task in tasks), Decimal(0)),
                progress.effort.get(package.id, Decimal(0)) if progress else Decimal(0),
                _complete(tasks, progress),
            )
        )
    return tuple(rows)
