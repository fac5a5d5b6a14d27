"""Take a schedule and the progress of one period; compare with the baseline; give milestones, slip and completion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.controls.calendar import count_working_days
from pipeline.controls.lights import Light, judge
from pipeline.model.progress import NO_NEWS, Progress
from pipeline.model.project import Project
from pipeline.model.schedule import Milestone, Task


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A milestone on one day: `date` is the actual day once reached, else the forecast, else the baseline.

    `slip` is in working days later than the baseline, negative if earlier.
    """

    id: str
    title: str
    owner: str
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
    owner: str
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


def compute_timing(project: Project, progress: Progress | None) -> Timing:
    """Return the schedule figures of a project; without a schedule, its baselined end and nothing else."""
    schedule = project.schedule
    tolerance = int(project.info.tolerances.schedule_days)
    days_off = schedule.calendar.days_off
    milestones = tuple(_milestone(one, progress, tolerance, days_off) for one in schedule.milestones)
    packages = _packages(project, progress)
    waiting = [row.slip for row in milestones if not row.reached]
    slip = max(waiting, default=0)
    last = max(milestones, key=lambda row: (row.baseline, row.date), default=None)
    return Timing(
        milestones=milestones,
        packages=packages,
        planned=sum((row.planned for row in packages), Decimal(0)),
        spent=sum((row.spent for row in packages), Decimal(0)),
        complete=_complete(schedule.tasks, progress),
        slip=slip,
        finish=last.date if last else project.info.end,
        final_slip=last.slip if last else 0,
        light=judge(slip, 0, tolerance),
    )


def _milestone(one: Milestone, progress: Progress | None, tolerance: int, days_off: frozenset[date]) -> MilestoneRow:
    news = progress.milestone(one.id) if progress else NO_NEWS
    day = news.actual or news.forecast or one.baseline
    slip = count_working_days(one.baseline, day, days_off)
    light: Light = "done" if news.actual else judge(slip, 0, tolerance)
    return MilestoneRow(one.id, one.title, one.owner, one.baseline, day, bool(news.actual), slip, light)


def _complete(tasks: tuple[Task, ...], progress: Progress | None) -> Decimal:
    effort = sum((task.effort for task in tasks), Decimal(0))
    if not effort or not progress:
        return Decimal(0)
    return sum((task.effort * progress.task(task.id).complete for task in tasks), Decimal(0)) / effort


def _packages(project: Project, progress: Progress | None) -> tuple[PackageRow, ...]:
    rows = []
    for package in project.schedule.work_packages:
        tasks = tuple(task for task in project.schedule.tasks if task.work_package == package.id)
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
