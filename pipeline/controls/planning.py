"""Take a project and the progress of one period; date what is left of its tasks; give the plan as it stands.

Without progress it is the plan as drawn up: every task as early as links, durations, days and calendar allow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from pipeline.controls.axis import Axis, make_axis
from pipeline.controls.calendar import WorkCalendar
from pipeline.controls.network import ZERO, Network, compute_network
from pipeline.controls.paths import find_critical_path
from pipeline.controls.plan import MilestonePlan, Plan, TaskPlan
from pipeline.controls.plan_rows import make_milestone, make_row, make_summary
from pipeline.controls.remaining import find_standings, make_activities
from pipeline.model.progress import NO_NEWS, Progress
from pipeline.model.project import Project
from pipeline.model.schedule import Schedule


def compute_plan(project: Project, progress: Progress | None) -> Plan:
    """Return the dated plan of a project as of a period: what happened up to its status date, the forecast beyond.

    Critical path method on the project's calendar (see network.py); PMBOK calls it schedule network analysis.
    """
    schedule, status = project.schedule, progress.status_date if progress else None
    axis = make_axis(WorkCalendar(schedule.calendar), project.info.start)
    standings = find_standings(schedule, progress)
    network = compute_network(make_activities(schedule, standings, axis, status))
    rows = {id: make_row(one, network, axis) for id, one in standings.items()}
    finish = max((row.finish for row in rows.values()), default=None)
    baseline = max((row.baseline_finish for row in rows.values()), default=None)
    return Plan(
        tasks=tuple(_with_summaries(schedule, rows, axis, status)),
        milestones=tuple(_milestones(schedule, rows, axis, progress)),
        status=status,
        start=min((row.start for row in rows.values()), default=None),
        finish=finish,
        baseline_finish=baseline,
        slip=axis.calendar.count_working_days(baseline, finish) if baseline and finish else 0,
        length=_length(network, finish, axis),
        path=find_critical_path(network),
        network=network,
        axis=axis,
    )


def _length(network: Network, finish: date | None, axis: Axis) -> Decimal:
    if network.graph.activities:
        return network.length
    return Decimal(axis.end_of(finish)) if finish else ZERO


def _with_summaries(
    schedule: Schedule, rows: Mapping[str, TaskPlan], axis: Axis, status: date | None
) -> Iterator[TaskPlan]:
    """Yield all tasks in their order, without those of a circle of parents, which no work can date."""
    leaves, now = schedule.outline.leaves, axis.end_of(status) if status else 0
    for task in schedule.tasks:
        if task.id in rows:
            yield rows[task.id]
        elif leaves[task.id]:
            yield make_summary(task, [rows[id] for id in leaves[task.id]], axis, now)


def _milestones(
    schedule: Schedule, rows: Mapping[str, TaskPlan], axis: Axis, progress: Progress | None
) -> Iterator[MilestonePlan]:
    leaves, now = schedule.outline.leaves, axis.end_of(progress.status_date) if progress else None
    for one in schedule.milestones:
        waits = [rows[id] for task in one.after for id in leaves.get(task, ())]
        yield make_milestone(one, waits, progress.milestone(one.id) if progress else NO_NEWS, axis, now)
