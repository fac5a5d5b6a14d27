"""A project and the progress of one period come in; what is left is dated; the plan as it stands, or problems, go out.

Finished tasks are facts: they stand where they were and hold successors back by their lags alone. What is left of a
task under way, and tasks not begun, cannot lie before the end of the status date. What is left of a task that began
before its predecessor was finished waits for it all the same (retained logic).

Without progress it is the plan as drawn up: every task as early as links, durations, days and calendar allow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.controls.calendar import WorkCalendar
from pipeline.controls.network import (
    PARTS,
    ZERO,
    Activity,
    Network,
    compute_network,
    find_critical_path,
    find_driving_path,
    in_days,
    in_parts,
)
from pipeline.controls.plan import Axis, MilestonePlan, Plan, TaskPlan, make_axis
from pipeline.model.base import LAST_DAY
from pipeline.model.links import open_circles, spread_links
from pipeline.model.progress import NO_NEWS, NO_WORK, MilestoneProgress, Progress, TaskProgress
from pipeline.model.project import Project
from pipeline.model.schedule import NO_CONSTRAINT, Constraint, Link, Milestone, Schedule, Task
from pipeline.model.where import Where
from pipeline.problems import Problem


@dataclass(frozen=True, slots=True)
class Standing:
    """How a task with work stands: the days on which it began and ended, None while it did not, and what is left.

    `left` is its remaining duration in working days, `complete` its completion in percent.
    """

    task: Task
    complete: Decimal
    began: date | None
    ended: date | None
    left: Decimal

    @property
    def share(self) -> Decimal:
        """Return what is left as a share of the duration, 0 to 1; more if it takes longer than was planned."""
        return self.left / self.task.days if self.task.days else ZERO


def find_standings(schedule: Schedule, progress: Progress | None) -> Mapping[str, Standing]:
    """Return how each task with work stands; nothing has begun where there is no progress.

    What is left: `remaining` as the progress file states it, else (1 − complete) × duration. A task that is reported
    without dates is taken to have kept its baseline, as far as the status date allows.
    """
    return {
        task.id: _stand(task, progress.task(task.id) if progress else NO_WORK, progress) for task in schedule.leaves
    }


def _stand(task: Task, news: TaskProgress, progress: Progress | None) -> Standing:
    if progress is None or not (news.begun or news.done):
        return Standing(task, news.complete, None, None, task.days if news.remaining is None else news.remaining)
    if news.done:
        ended = news.finish or min(task.baseline.finish, progress.status_date)
        return Standing(task, news.complete, news.start or min(task.baseline.start, ended), ended, ZERO)
    began = news.start or min(task.baseline.start, progress.status_date)
    left = task.days * (100 - news.complete) / 100 if news.remaining is None else news.remaining
    return Standing(task, news.complete, began, None, left)


def make_activities(
    schedule: Schedule, standings: Mapping[str, Standing], axis: Axis, status: date | None
) -> tuple[Activity, ...]:
    """Return what is left of each task as an activity; `status` is the day whose evening is the earliest start."""
    links = open_circles(spread_links(schedule))
    ground = _Ground(axis, axis.end_of(status) if status else 0, standings, _find_bounds(schedule))
    return tuple(_make_activity(one, links[id], ground) for id, one in standings.items() if one.ended is None)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every activity is made from: the moment of the status date, all tasks, and the days that bind each."""

    axis: Axis
    now: int
    standings: Mapping[str, Standing]
    bounds: Mapping[str, tuple[Constraint, ...]]


def _find_bounds(schedule: Schedule) -> Mapping[str, tuple[Constraint, ...]]:
    """Return the constraints of each task and of the summaries that it lies in; most tasks have none."""
    own = {task.id: task.constraint for task in schedule.tasks if task.constraint != NO_CONSTRAINT}
    if not own:
        return {}
    outline = schedule.outline
    found = {id: tuple(own[one] for one in (id, *outline.around(id)) if one in own) for id in outline.ids}
    return {id: bounds for id, bounds in found.items() if bounds}


def _make_activity(one: Standing, links: tuple[Link, ...], ground: _Ground) -> Activity:
    axis, standings, estimate = ground.axis, ground.standings, one.task.estimate
    bounds = ground.bounds.get(one.task.id, ())
    floors = [Decimal(ground.now), *(_floor(one, link, standings[link.task], axis) for link in links)]
    if one.began is None:
        floors += [Decimal(axis.start_of(bound.not_before)) for bound in bounds if bound.not_before]
    ends = [axis.end_of(bound.finish_by) for bound in bounds if bound.finish_by]
    return Activity(
        id=one.task.id,
        duration=one.left,
        links=tuple(link for link in links if _still_binds(link, standings[link.task])),
        not_before=max(floors),
        finish_by=Decimal(min(ends)) if ends else None,
        spread=estimate.spread * one.share if estimate else ZERO,
    )


def _still_binds(link: Link, before: Standing) -> bool:
    """Return whether the end of the predecessor that a link names still lies ahead."""
    return before.began is None if link.kind in ("SS", "SF") else before.ended is None


def _floor(one: Standing, link: Link, before: Standing, axis: Axis) -> Decimal:
    """Return the earliest start that a link leaves whose end of the predecessor is a fact; 0 for other links."""
    if _still_binds(link, before):
        return ZERO
    assert before.began is not None
    if link.kind in ("SS", "SF"):
        moment = axis.start_of(before.began)
    else:
        assert before.ended is not None
        moment = axis.end_of(before.ended)
    return moment + link.lag - (one.left if link.kind in ("FF", "SF") else ZERO)


@dataclass(frozen=True, slots=True)
class _Dates:
    """When a task starts and finishes, how late it could, and its floats; no late dates and floats once it is over."""

    start: date
    finish: date
    late_start: date | None = None
    late_finish: date | None = None
    total: Decimal | None = None
    free: Decimal | None = None


def make_row(one: Standing, network: Network, axis: Axis) -> TaskPlan:
    """Return a task with work: finished ones with the days on which they happened, others with those of the network."""
    task, dates = one.task, _date(one, network, axis)
    return TaskPlan(
        id=task.id,
        title=task.title,
        work_package=task.work_package,
        parent=task.parent,
        owner=task.owner,
        summary=False,
        start=dates.start,
        finish=dates.finish,
        baseline_start=task.baseline.start,
        baseline_finish=task.baseline.finish,
        began=one.began,
        ended=one.ended,
        late_start=dates.late_start,
        late_finish=dates.late_finish,
        duration=task.days,
        left=one.left,
        effort=task.effort,
        complete=one.complete,
        total_float=dates.total,
        free_float=dates.free,
        critical=dates.total is not None and dates.total <= 0,
        slip=axis.calendar.count_working_days(task.baseline.finish, dates.finish),
        links=task.links,
    )


def _date(one: Standing, network: Network, axis: Axis) -> _Dates:
    if one.began is not None and one.ended is not None:
        return _Dates(one.began, one.ended)
    position = network.graph.positions[one.task.id]
    duration, start, late = network.graph.durations[position], network.starts[position], network.late_starts[position]
    # What is under way may end on the status date itself; what takes no time and has not begun may not.
    earliest = 0 if one.began else in_parts(network.graph.activities[position].not_before)
    finish, late_finish = axis.last_day(start, start + duration, earliest), axis.last_day(late, late + duration)
    return _Dates(
        start=one.began or (axis.first_day(start) if duration else finish),
        finish=finish,
        late_start=axis.first_day(late) if duration else late_finish,
        late_finish=late_finish,
        total=in_days(late - start),
        free=in_days(network.free[position]),
    )


def make_summary(task: Task, parts: Sequence[TaskPlan], axis: Axis, now: int) -> TaskPlan:
    """Return a task that has parts: from its first start to its last finish, complete as its parts are by effort.

    `now` is the moment of the status date in working days from the start.
    """
    start, finish = min(part.start for part in parts), max(part.finish for part in parts)
    baseline = max(part.baseline_finish for part in parts)
    done = all(part.done for part in parts)
    return TaskPlan(
        id=task.id,
        title=task.title,
        work_package=task.work_package,
        parent=task.parent,
        owner=task.owner,
        summary=True,
        start=start,
        finish=finish,
        baseline_start=min(part.baseline_start for part in parts),
        baseline_finish=baseline,
        began=min((part.began for part in parts if part.began), default=None),
        ended=finish if done else None,
        late_start=min((part.late_start for part in parts if part.late_start), default=None),
        late_finish=max((part.late_finish for part in parts if part.late_finish), default=None),
        duration=Decimal(axis.calendar.count_both(start, finish)),
        left=ZERO if done else Decimal(max(axis.end_of(finish) - max(axis.start_of(start), now), 0)),
        effort=sum((part.effort for part in parts), ZERO),
        complete=_weigh(parts),
        total_float=min((part.total_float for part in parts if part.total_float is not None), default=None),
        free_float=None,
        critical=any(part.critical for part in parts),
        slip=axis.calendar.count_working_days(baseline, finish),
        links=task.links,
    )


def _weigh(parts: Sequence[TaskPlan]) -> Decimal:
    """Return the completion of some tasks in percent: by effort; by duration, else all alike, where there is none."""
    for weights in ([part.effort for part in parts], [part.duration for part in parts]):
        if any(weights):
            return sum((w * part.complete for w, part in zip(weights, parts, strict=True)), ZERO) / sum(weights)
    return sum((part.complete for part in parts), ZERO) / len(parts)


def make_milestone(
    one: Milestone, waits: Sequence[TaskPlan], news: MilestoneProgress, axis: Axis, now: int | None
) -> MilestonePlan:
    """Return a milestone: it comes when the last of the tasks it waits for is finished.

    One that is not reached cannot be computed to lie in the past; `now` is the moment of the status date. Only a person
    promises it earlier than baselined: that its tasks may end sooner does not say that whoever waits for it is ready.
    """
    computed = max((row.finish for row in waits), default=None)
    past = computed is not None and now is not None and axis.end_of(computed) <= now
    if past and now is not None and news.actual is None:
        computed = axis.first_day(now * PARTS)
    day = news.actual or news.forecast or max(computed or one.baseline, one.baseline)
    count = axis.calendar.count_working_days
    return MilestonePlan(
        id=one.id,
        title=one.title,
        owner=one.owner,
        baseline=one.baseline,
        computed=computed,
        stated=news.forecast,
        date=day,
        reached=news.actual is not None,
        slip=count(one.baseline, day),
        gap=count(news.forecast, computed) if news.forecast and computed else None,
    )


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
