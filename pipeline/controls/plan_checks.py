"""Take a project and where its records stand; plan it; give problems for days that cannot be kept or written."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.controls.paths import find_driving_path
from pipeline.controls.plan import Plan, TaskPlan
from pipeline.controls.planning import compute_plan
from pipeline.model.base import LAST_DAY
from pipeline.model.project import Project
from pipeline.model.schedule import Task
from pipeline.model.where import Where
from pipeline.problems import Problem

# A chain may have thousands of links; its end is what a person can still move.
_SHOWN = 12


def check_plan(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each day that a task will miss, and a problem for a plan that no calendar can hold."""
    plan = compute_plan(project, project.progress[-1] if project.progress else None)
    rows = {row.id: row for row in plan.tasks}
    for task in project.schedule.tasks:
        row = rows.get(task.id)
        if row is not None and not row.done:
            yield from _check_finish(project, task, row, plan, where)
    if plan.axis.overruns(plan.network.end):
        last = plan.critical_path[-1]
        message = f"the plan runs beyond {LAST_DAY:%Y}: task {last} ends {plan.length.to_integral():f} working days in"
        yield Problem("DB278", message, where.place("tasks", last), "look for a duration or a lag with too many digits")


def _check_finish(project: Project, task: Task, row: TaskPlan, plan: Plan, where: Where) -> Iterator[Problem]:
    day = task.constraint.finish_by
    if day is not None and row.finish > day:
        late = plan.axis.calendar.count_working_days(day, row.finish)
        message = (
            f"task {task.id} is to be finished by {day}; it will be on {row.finish}, "
            f"{late} working day{'s' if late != 1 else ''} late: {_show_chain(project, task, plan)}"
        )
        yield Problem("DB277", message, where.place("tasks", task.id, "constraint", "finish_by"), severity="warning")


def _show_chain(project: Project, task: Task, plan: Plan) -> str:
    """Return the tasks that set the finish of a task: of a summary, that of its last part."""
    times = plan.network.times
    parts = [times[id] for id in project.schedule.outline.leaves[task.id] if id in times]
    last = max(parts, key=lambda one: (one.early_finish, one.id))
    chain = find_driving_path(plan.network, last.id).activities
    return " → ".join(("…", *chain[-_SHOWN:]) if len(chain) > _SHOWN else chain)
