"""Take tasks and what was done of them; leave out what is over; give the rest as activities of a network.

Finished tasks are facts: they stand where they were and hold successors back by their lags alone. What is left of a
task under way, and tasks not begun, cannot lie before the end of the status date. What is left of a task that began
before its predecessor was finished waits for it all the same (retained logic).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.controls.axis import Axis
from pipeline.controls.network import ZERO, Activity
from pipeline.model.links import open_circles, spread_links
from pipeline.model.progress import NO_WORK, Progress, TaskProgress
from pipeline.model.schedule import NO_CONSTRAINT, Constraint, Link, Schedule, Task


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
