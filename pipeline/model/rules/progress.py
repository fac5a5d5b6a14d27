"""Take the progress of a project period by period; check it against plan, calendar and itself; give problems."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pipeline.model.kinds import KINDS
from pipeline.model.progress import PARTS, Progress, TaskProgress
from pipeline.model.project import Project
from pipeline.model.schedule import Task
from pipeline.model.where import Where
from pipeline.problems import Problem

# What only grows: the part, the field of its entries ("" for the entry itself), and its name in sentences.
GROWING: tuple[tuple[str, str, str], ...] = (
    ("tasks", "complete", "% complete"),
    ("tasks", "units", "units done"),
    ("costs", "actual", "actual cost"),
    ("effort", "", "effort"),
)


def check_known(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each task, budget line, work package or milestone that the plan does not know."""
    for progress in project.progress:
        for part, id in sorted(progress.named):
            if not where.knows(PARTS[part], id):
                message = f"there is no {KINDS[PARTS[part]].noun} {id}"
                place = where.place("progress", progress.period, part, id, key=True)
                yield Problem("DB222", message, place, where.hint(PARTS[part], id))


def check_status_dates_of_periods(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each status date outside its period or before the project's start."""
    for progress in project.progress:
        day, fault = progress.status_date, ""
        if f"{day:%Y-%m}" != progress.period:
            fault = f"is not in the period {progress.period}"
        elif day < project.info.start:
            fault = f"is before the project's start ({project.info.start})"
        if fault:
            place = where.place("progress", progress.period, "status_date")
            yield Problem("DB240", f"the status date {day} {fault}", place)


def check_newest_status_date(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning if project.yaml has another status date than the newest progress file."""
    newest = project.progress[-1] if project.progress else None
    if newest and newest.status_date != project.info.status_date:
        message = (
            f"the project's status date is {project.info.status_date}, that of {newest.period} {newest.status_date}"
        )
        yield Problem("DB241", message, where.place("project", "", "status_date"), severity="warning")


def check_overdue_milestones(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each milestone whose day has passed, while the newest progress file says nothing of it."""
    if not project.progress:
        return
    newest = project.progress[-1]
    for milestone in project.schedule.milestones:
        news = newest.milestone(milestone.id)
        day = news.forecast or milestone.baseline
        if news.actual is None and day < newest.status_date:
            message = (
                f"milestone {milestone.id} was due on {day}, and progress says neither that it was reached nor when"
            )
            place = where.place("progress", newest.period, "status_date")
            hint = f"add `{milestone.id}: {{forecast: …}}` or `{{actual: …}}` under milestones"
            yield Problem("DB246", message, place, hint, "warning")


def check_growth(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each cumulative value that is smaller than in the period before."""
    for earlier, later in pairwise(project.progress):
        for part, field, name in GROWING:
            for id, before, after in _pairs(earlier, later, part, field):
                if before is not None and after is not None and after < before:
                    message = f"{name} of {id} falls from {before} to {after}; values are cumulative"
                    place = where.place("progress", later.period, part, id)
                    yield Problem("DB242", message, place, severity="warning")


def _pairs(earlier: Progress, later: Progress, part: str, field: str) -> Iterator[tuple[str, Any, Any]]:
    old, new = getattr(earlier, part), getattr(later, part)
    for id in old:
        yield id, *(getattr(values[id], field) if field else values[id] for values in (old, new))


def check_finished(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each task that is finished but not complete, complete with days to go, or out of order."""
    for progress in project.progress:
        for id in _named(progress, "tasks"):
            for code, fault in _finish_faults(progress.tasks[id]):
                yield Problem(code, f"task {id}{fault}", where.place("progress", progress.period, "tasks", id))


def _finish_faults(task: TaskProgress) -> Iterator[tuple[str, str]]:
    if task.finish is not None and not task.done:
        yield "DB243", f" is finished, but {task.complete} % complete"
    if task.done and task.remaining:
        yield "DB243", f" is complete, but has {task.remaining} days to go"
    if task.finish is not None and task.start is not None and task.finish < task.start:
        yield "DB230", f": `finish` ({task.finish}) is before `start` ({task.start})"


def check_not_ahead(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each actual date that lies after the status date of its period."""
    for progress in project.progress:
        for part, id, field, day in _actual_dates(progress):
            if day is not None and day > progress.status_date:
                noun = KINDS[part].noun
                message = f"{noun} {id}: `{field}` ({day}) is after the status date ({progress.status_date})"
                yield Problem("DB244", message, where.place("progress", progress.period, part, id, field))


def check_not_before_start(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each actual date that lies before the project's start, once, where it is first told."""
    start, told = project.info.start, set()
    for progress in project.progress:
        for part, id, field, day in _actual_dates(progress):
            if day is not None and day < start and (part, id, field, day) not in told:
                told.add((part, id, field, day))
                message = f"{KINDS[part].noun} {id}: `{field}` ({day}) is before the project's start ({start})"
                place = where.place("progress", progress.period, part, id, field)
                yield Problem("DB248", message, place, severity="warning")


def check_order_of_periods(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each period whose status date is not after that of the period before."""
    for earlier, later in pairwise(project.progress):
        if later.status_date <= earlier.status_date:
            message = (
                f"the status date of {later.period} ({later.status_date}) "
                f"is not after that of {earlier.period} ({earlier.status_date})"
            )
            yield Problem("DB247", message, where.place("progress", later.period, "status_date"))


def check_units(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem where more units are done than planned, or units are given for a task not measured in them."""
    tasks, told = {task.id: task for task in project.schedule.tasks}, set()
    for progress in project.progress:
        for id in _named(progress, "tasks"):
            task, done = tasks.get(id), progress.tasks[id].units
            fault = _unit_fault(task, done) if task is not None and done is not None else ""
            if fault and (id, done) not in told:
                told.add((id, done))
                place = where.place("progress", progress.period, "tasks", id, "units")
                yield Problem("DB250", f"task {id} {fault}", place)


def _unit_fault(task: Task, done: Decimal) -> str:
    if task.rule != "units":
        return f"has {done} units done, but is measured by the rule {task.rule}"
    if task.quantity is not None and done > task.quantity:
        return f"has {done} units done of {task.quantity}"
    return ""


def check_lights(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each stated light that had expired by the status date: a report would show it no more."""
    for progress in project.progress:
        for name, stated in progress.lights.items():
            if stated.expires < progress.status_date:
                message = f"the stated light `{name}` expired on {stated.expires}, before the status date"
                place = where.place("progress", progress.period, "lights", name, "expires")
                yield Problem("DB251", message, place, "take it away, or state it anew with its reason")


def _actual_dates(progress: Progress) -> Iterator[tuple[str, str, str, date | None]]:
    for id in _named(progress, "tasks"):
        yield "tasks", id, "start", progress.tasks[id].start
        yield "tasks", id, "finish", progress.tasks[id].finish
    for id in _named(progress, "milestones"):
        yield "milestones", id, "actual", progress.milestones[id].actual


def _named(progress: Progress, part: str) -> list[str]:
    return sorted(id for named, id in progress.named if named == part)
