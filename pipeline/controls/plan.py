"""The dated tasks and milestones of one day come in; the plan with floats, slip, end and odds, and its drift, go out.

Day 0 begins at the project's first working day. A day's work lies between two moments: a task of one day that starts on
a Monday at 0 ends at 1 and is finished on that Monday; the next one starts at 1, on the Tuesday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from pipeline.controls.calendar import WorkCalendar
from pipeline.controls.measure import ALL_FINISHED, NO_TASKS, NOTHING_DUE, Measure, measure, undefined
from pipeline.controls.network import PARTS, Network, Path, compute_probability
from pipeline.model.base import LAST_DAY
from pipeline.model.schedule import Link

_NEXT = timedelta(days=1)


@dataclass(frozen=True)
class Axis:
    """Abstract time of a project on its calendar; `origin` is the position of the project's start."""

    calendar: WorkCalendar
    origin: int

    def start_of(self, day: date) -> int:
        """Return the moment at which work can begin on a day, in working days from the start."""
        return self.calendar.position(day) - self.origin

    def end_of(self, day: date) -> int:
        """Return the moment at which the work of a day is over, in working days from the start."""
        return self.calendar.position(day + _NEXT) - self.origin

    def first_day(self, start: int) -> date:
        """Return the day on which work begins that starts at a moment, given in parts of a day."""
        return self.calendar.day_at(self.origin + start // PARTS)

    def last_day(self, start: int, finish: int, earliest: int = 0) -> date:
        """Return the day on which work ends that lies between two moments, given in parts of a day.

        What takes no time falls on the day that ends at its moment, unless it may not be before the next one begins.
        """
        day = -(-finish // PARTS) - 1
        return self.calendar.day_at(self.origin + (max(day, earliest // PARTS) if start == finish else day))

    def overruns(self, finish: int) -> bool:
        """Return whether a moment, given in parts of a day, lies beyond the last day that can be written."""
        return finish > self.end_of(LAST_DAY) * PARTS


def make_axis(calendar: WorkCalendar, start: date) -> Axis:
    """Return the axis of a project that starts on a day, or on the first working day after it."""
    return Axis(calendar, calendar.position(start))


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """A task on one day: `start` and `finish` are what happened as far as it did, and the forecast beyond.

    `duration` is planned, `left` what remains of it, both in working days; `slip` is the finish less the baseline's in
    working days. Floats (in working days) and late dates are None for what is finished; a summary has the float of the
    part with the least of it. `links` are the predecessors as written.
    """

    id: str
    title: str
    work_package: str
    parent: str | None
    owner: str
    summary: bool
    start: date
    finish: date
    baseline_start: date
    baseline_finish: date
    began: date | None
    ended: date | None
    late_start: date | None
    late_finish: date | None
    duration: Decimal
    left: Decimal
    effort: Decimal
    complete: Decimal
    total_float: Decimal | None
    free_float: Decimal | None
    critical: bool
    slip: int
    links: tuple[Link, ...]

    @property
    def done(self) -> bool:
        """Return whether the task is finished."""
        return self.ended is not None


@dataclass(frozen=True, slots=True)
class MilestonePlan:
    """A milestone on one day. `computed` follows from the tasks it comes after; None if it names none.

    `stated` is the forecast of the progress file. `date` is the day it was reached, else as stated, else as computed
    where that is later than the baseline, else the baseline. `slip` is `date` less the baseline in working days; `gap`
    is how many working days the computed date lies after the stated one, None unless there are both.
    """

    id: str
    title: str
    owner: str
    baseline: date
    computed: date | None
    stated: date | None
    date: date
    reached: bool
    slip: int
    gap: int | None


@dataclass(frozen=True)
class Plan:
    """The plan of a project as of the end of a day (`status`, None for the plan before any progress).

    `start`, `finish` and `baseline_finish` are None without tasks. `length` is in working days, from the start of the
    project to its forecast end; `slip` is that of the end.
    """

    tasks: tuple[TaskPlan, ...]
    milestones: tuple[MilestonePlan, ...]
    status: date | None
    start: date | None
    finish: date | None
    baseline_finish: date | None
    slip: int
    length: Decimal
    path: Path
    network: Network
    axis: Axis

    def task(self, id: str) -> TaskPlan:
        """Return a task; KeyError if there is none such."""
        return {one.id: one for one in self.tasks}[id]

    @property
    def critical_path(self) -> tuple[str, ...]:
        """Return the longest chain of what is still to be done, first to last."""
        return self.path.activities

    @property
    def critical(self) -> tuple[str, ...]:
        """Return all tasks without float, by start."""
        return self.network.critical

    @property
    def variance(self) -> Decimal:
        """Return the variance of the critical path, in square working days (PERT)."""
        return self.path.variance

    def probability(self, day: date) -> Decimal:
        """Return the probability, 0 to 1, that the project is finished by the end of a day (PERT)."""
        return compute_probability(self.length, self.variance, Decimal(self.axis.end_of(day)))


@dataclass(frozen=True, slots=True)
class Drift:
    """How far a plan has moved from its baseline; tasks that have parts are not counted themselves.

    `finished` tasks are complete, `due` ones had to be by their baseline. `to_go` are the working days from the status
    date to the forecast end, `margin` those from there to the baselined end (negative: late).
    """

    finished: int
    due: int
    to_go: Measure
    margin: Measure
    bei: Measure
    cpli: Measure


def compute_drift(plan: Plan) -> Drift:
    """Return the baseline execution index and the critical path length index (DCMA 14-point assessment).

    BEI = tasks finished / baseline tasks due. CPLI = (critical path length + total float) / critical path length, where
    the length is what is left of it and the float is counted against the baselined end. Both are 1 on plan.
    """
    tasks = [task for task in plan.tasks if not task.summary]
    status = plan.status
    finished = sum(task.done for task in tasks)
    due = sum(status is not None and task.baseline_finish <= status for task in tasks)
    now = plan.axis.end_of(status) if status else 0
    if not tasks or all(task.done for task in tasks) or plan.baseline_finish is None:
        to_go = margin = undefined("days", ALL_FINISHED if tasks else NO_TASKS)
    else:
        to_go = measure(plan.length - now, "days")
        margin = measure(Fraction(plan.axis.end_of(plan.baseline_finish)) - Fraction(plan.length), "days")
    return Drift(
        finished=finished,
        due=due,
        to_go=to_go,
        margin=margin,
        bei=measure(Fraction(finished, due), "ratio") if due else undefined("ratio", NOTHING_DUE),
        cpli=(to_go + margin).over(to_go, ALL_FINISHED),
    )
