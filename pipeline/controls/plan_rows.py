"""Take how tasks stand and a computed network; turn moments into days; give the rows of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.controls.axis import Axis
from pipeline.controls.network import PARTS, ZERO, Network, in_days, in_parts
from pipeline.controls.plan import MilestonePlan, TaskPlan
from pipeline.controls.remaining import Standing
from pipeline.model.progress import MilestoneProgress
from pipeline.model.schedule import Milestone, Task


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
