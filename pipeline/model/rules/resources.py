"""Take the resources of a project and the tasks that use them; check when they are there; give problems."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.model.calendar import WEEKDAYS
from pipeline.model.project import Project
from pipeline.model.resources import Resource
from pipeline.model.schedule import Task
from pipeline.model.where import Where
from pipeline.problems import Problem


def check_absences(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each absence on days on which the resource is not there anyway."""
    for resource in _sound(project):
        for position, absence in enumerate(resource.absences):
            if not resource.hired_on(absence.start) or not resource.hired_on(absence.end):
                message = (
                    f"resource {resource.id} is absent from {absence.start} to {absence.end}, but {_hired(resource)}"
                )
                place = where.place("resources", resource.id, "absences", position)
                yield Problem("DB252", message, place, severity="warning")


def _sound(project: Project) -> Iterator[Resource]:
    """Yield the resources that do not leave before they come, which is reported already."""
    return (one for one in project.resources.resources if one.start is None or one.end is None or one.start <= one.end)


def _hired(resource: Resource) -> str:
    first = f" from {resource.start}" if resource.start else ""
    return f"it is there only{first}{f' to {resource.end}' if resource.end else ''}"


def check_persons_once(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each person who is two resources: nobody would see that both together are too much."""
    seen: dict[str, str] = {}
    for resource in project.resources.resources:
        if resource.person is None:
            continue
        first = seen.setdefault(resource.person, resource.id)
        if first != resource.id:
            message = f"resources {first} and {resource.id} are one person, {resource.person}"
            place = where.place("resources", resource.id, "person")
            yield Problem("DB254", message, place, f"assign {first} to the tasks of {resource.id}", "warning")


def check_availability(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each task, as baselined, that uses a resource which is not there then."""
    known = {resource.id: resource for resource in _sound(project)}
    for task in project.schedule.tasks:
        for position, assignment in enumerate(task.assignments):
            resource = known.get(assignment.resource)
            gap = _find_gap(project, task, resource) if resource else ""
            if gap:
                place = where.place("tasks", task.id, "assignments", position, "resource")
                hint = f"see `from`, `to` and `absences` in {where.place('resources', assignment.resource)}"
                yield Problem("DB253", gap, place, hint, "warning")


def _find_gap(project: Project, task: Task, resource: Resource) -> str:
    """Return in words when a resource is missing from a task as baselined, or "" if it is there."""
    start, finish = task.baseline.start, task.baseline.finish
    if not resource.hired_on(start) or not resource.hired_on(finish):
        return f"task {task.id} runs from {start} to {finish}, but of resource {resource.id}: {_hired(resource)}"
    if start <= finish and not _is_there(resource, start, finish, project.schedule.calendar.weekdays):
        return f"resource {resource.id} is absent during all of task {task.id} ({start} to {finish})"
    return ""


def _is_there(resource: Resource, day: date, last: date, weekdays: tuple[str, ...]) -> bool:
    """Return whether the resource is present on any working weekday from a day to the last one."""
    for absence in sorted(resource.absences, key=lambda one: one.start):
        if _next_weekday(day, weekdays) < absence.start:
            break
        day = max(day, absence.end + timedelta(days=1))
    return _next_weekday(day, weekdays) <= last


def _next_weekday(day: date, weekdays: tuple[str, ...]) -> date:
    while WEEKDAYS[day.weekday()] not in weekdays:
        day += timedelta(days=1)
    return day
