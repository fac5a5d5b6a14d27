"""Take the tasks of a project with their predecessors; check links, circles and baselines; give problems."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from graphlib import CycleError, TopologicalSorter

from pipeline.model.links import spread_links
from pipeline.model.outline import Outline
from pipeline.model.project import Project
from pipeline.model.rules.common import name_record
from pipeline.model.schedule import Link, read_link
from pipeline.model.where import Steps, Where
from pipeline.problems import Problem

FORMS = "write it like T01, T01 SS, T02 FS+3 or T03 FF-2"
LINK_A_PART = "name the part that is meant, or link FS"


# Ends of a summary that no link can hold: it starts with its first part and finishes with its last.
FROM_START, TO_FINISH = ("SS", "SF"), ("FF", "SF")


def check_links(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each predecessor that cannot be understood, does not exist, or is the task itself."""
    outline = project.schedule.outline
    for task in project.schedule.tasks:
        for position, text in enumerate(task.predecessors):
            fault = _link_fault(task.id, text, where, outline)
            if fault:
                place = where.place("tasks", task.id, "predecessors", position)
                yield Problem(fault.code, fault.message, place, fault.hint)


def _link_fault(task: str, text: str, where: Where, outline: Outline) -> Problem | None:
    link = read_link(text)
    if link is None:
        return Problem("DB223", f'"{text[:40]}" is no predecessor', hint=FORMS)
    if link.task == task:
        return Problem("DB224", f"task {task} depends on itself")
    if not where.knows("tasks", link.task):
        return Problem("DB222", f"there is no task {link.task[:40]}", hint=where.hint("tasks", link.task))
    return _summary_fault(task, link, outline)


def _summary_fault(task: str, link: Link, outline: Outline) -> Problem | None:
    if link.task in outline.around(task):
        return Problem("DB224", f"task {task} depends on {link.task}, of which it is a part")
    if task in outline.around(link.task):
        return Problem("DB224", f"task {task} depends on {link.task}, which is a part of it")
    if link.task in outline.summaries and link.kind in FROM_START:
        return Problem("DB274", f"task {task} hangs on the start of {link.task}, which has parts", hint=LINK_A_PART)
    if task in outline.summaries and link.kind in TO_FINISH:
        return Problem("DB274", f"a link binds the finish of task {task}, which has parts", hint=LINK_A_PART)
    return None


def check_circles(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each circle of tasks that wait for each other."""
    links = spread_links(project.schedule)
    before = {task: {link.task: None for link in found if link.task in links} for task, found in links.items()}
    while circle := _find_circle(before):
        last = circle[-1]
        place = where.place("tasks", last, "predecessors")
        yield Problem("DB225", f"tasks depend on each other in a circle: {' → '.join(circle)}", place)
        # Opened at one place, so that the next circle can be found.
        del before[last][circle[-2]]


def _find_circle(before: dict[str, dict[str, None]]) -> list[str]:
    """Return a circle as task, its successor, …, the first task again; an empty list if there is none."""
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle
    return []


def check_baselines(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each task or milestone whose baseline lies outside the project's start and end."""
    start, end = project.info.start, project.info.end
    for kind, id, field, day in _baselines(project):
        if start <= end and not start <= day <= end:
            name = name_record(kind, id)
            message = f"the baseline of {name}, {day}, lies outside the project ({start} to {end})"
            yield Problem("DB234", message, where.place(kind, id, *field), severity="warning")


def _baselines(project: Project) -> Iterator[tuple[str, str, Steps, date]]:
    for task in project.schedule.tasks:
        yield "tasks", task.id, ("baseline", "start"), task.baseline.start
        yield "tasks", task.id, ("baseline", "finish"), task.baseline.finish
    for milestone in project.schedule.milestones:
        yield "milestones", milestone.id, ("baseline",), milestone.baseline


def check_deliverables_due(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each deliverable that is due before any task of its work package starts."""
    starts: dict[str, date] = {}
    for task in project.schedule.tasks:
        starts[task.work_package] = min(task.baseline.start, starts.get(task.work_package, date.max))
    for deliverable in project.deliverables:
        first = starts.get(deliverable.work_package)
        if first is not None and deliverable.due < first:
            message = (
                f"deliverable {deliverable.id} is due on {deliverable.due}, "
                f"before work package {deliverable.work_package} starts ({first})"
            )
            place = where.place("deliverables", deliverable.id, "due")
            yield Problem("DB236", message, place, severity="warning")
