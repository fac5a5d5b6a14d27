"""Hold the plan of a project on one day: its tasks and milestones with dates, floats and slip, its end and its odds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.controls.axis import Axis
from pipeline.controls.network import Network
from pipeline.controls.paths import Path
from pipeline.controls.pert import compute_probability
from pipeline.model.schedule import Link


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
