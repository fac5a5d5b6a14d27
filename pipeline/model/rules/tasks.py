"""Take the tasks of a project; check durations, parts, resources, weights and the calendar; give problems."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.model.outline import Outline
from pipeline.model.project import Project
from pipeline.model.public_holidays import list_countries
from pipeline.model.schedule import Baseline, Schedule, Task
from pipeline.model.where import Where
from pipeline.problems import Problem, did_you_mean


def check_durations(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each task with work of which nothing tells how long it takes."""
    for task in project.schedule.leaves:
        if task.duration is None and task.estimate is None and not (task.assignments and task.effort):
            message = f"nothing tells how long task {task.id} takes"
            hint = "give `duration` or `estimate`; or `effort` above 0 with `assignments`"
            yield Problem("DB271", message, where.place("tasks", task.id), hint)


def check_parents(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each circle of tasks that are parts of each other."""
    outline, told = project.schedule.outline, set[str]()
    for id in outline.ids:
        circle = outline.around(id)
        if id in circle and id not in told:
            told.update(circle)
            message = f"tasks are parts of each other in a circle: {' → '.join((id, *circle))}"
            yield Problem("DB272", message, where.place("tasks", id, "parent"))


def check_summaries(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each thing that a task with parts states of itself, though it follows from its parts."""
    outline = project.schedule.outline
    tasks = {task.id: task for task in project.schedule.tasks}
    for id in (id for id in outline.ids if _has_parts(id, outline)):
        for field in _own_fields(tasks[id], [tasks[leaf] for leaf in outline.leaves[id]]):
            message = f"task {id} has parts; its `{field}` comes from them"
            yield Problem(
                "DB273", message, where.place("tasks", id, field), f"take `{field}` away, or give it to a part"
            )
    for progress in project.progress:
        for id in sorted(id for part, id in progress.named if part == "tasks" and _has_parts(id, outline)):
            message = f"task {id} has parts; its progress comes from them"
            yield Problem("DB273", message, where.place("progress", progress.period, "tasks", id, key=True))


def _has_parts(id: str, outline: Outline) -> bool:
    return id in outline.summaries and bool(outline.leaves[id])


def _own_fields(task: Task, parts: list[Task]) -> Iterator[str]:
    stated = {
        "duration": task.duration is not None,
        "estimate": task.estimate is not None,
        "assignments": task.assignments,
        "quantity": task.quantity is not None,
        "weight": task.weight is not None,
        "effort": task.effort,
        "baseline": task.baseline != _span(parts),
    }
    yield from (field for field, given in stated.items() if given)


def _span(parts: list[Task]) -> Baseline:
    return Baseline(
        start=min(part.baseline.start for part in parts), finish=max(part.baseline.finish for part in parts)
    )


def check_weights(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each work package of which only some tasks state a weight, or whose weights are not 100."""
    for package, tasks in _by_package(project.schedule).items():
        stated = [task.weight for task in tasks if task.weight is not None]
        bare = [task.id for task in tasks if task.weight is None]
        if stated and bare:
            message = (
                f"some tasks of {package} state a `weight`, {', '.join(bare[:5])} {'do' if bare[1:] else 'does'} not"
            )
            yield Problem("DB275", message, where.place("tasks", bare[0]), "state it for all of them or for none")
        elif stated and sum(stated) != 100:
            message = (
                f"the weights of the tasks of {package} sum to {sum(stated, Decimal(0)).normalize():f}, not to 100"
            )
            yield Problem("DB275", message, where.place("work_packages", package))


def _by_package(schedule: Schedule) -> dict[str, list[Task]]:
    found: dict[str, list[Task]] = {}
    for task in schedule.leaves:
        found.setdefault(task.work_package, []).append(task)
    return found


def check_country(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for a country, or a part of one, whose public holidays are not known."""
    calendar = project.schedule.calendar
    if calendar.country is None:
        return
    parts = list_countries().get(calendar.country)
    if parts is None:
        message = f"the public holidays of `{calendar.country}` are not known"
        hint = did_you_mean(calendar.country, list_countries()) or "write its code of ISO 3166, such as DE"
        yield Problem("DB276", message, where.place("schedule", "", "calendar", "country"), hint)
    elif calendar.subdivision not in (None, *parts):
        message = f"`{calendar.subdivision}` is no part of {calendar.country} with public holidays of its own"
        hint = did_you_mean(str(calendar.subdivision), parts) or _list_parts(parts)
        yield Problem("DB276", message, where.place("schedule", "", "calendar", "subdivision"), hint)


def _list_parts(parts: tuple[str, ...]) -> str:
    return f"known here: {', '.join(parts)}" if parts else "take `subdivision` away"
