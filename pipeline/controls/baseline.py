"""Take a project's budget and schedule; share the money out over tasks and time; give the time-phased baseline.

This is the performance measurement baseline: contingency and management reserve stand outside it. How the budget lines
split their money over calendar years plays no part here: time comes from the baselines of the tasks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from pipeline.controls.calendar import Months, WorkCalendar, month_ends
from pipeline.model.budget import BudgetLine
from pipeline.model.project import Project
from pipeline.model.schedule import Task


@dataclass(frozen=True, slots=True)
class Parcel:
    """A part of the budget, due from start to finish, evenly over the working days between.

    `task` earns it; with an empty `task` it is level of effort, which time alone earns. `package` is empty for lines
    without one.
    """

    package: str
    task: str
    amount: Fraction
    start: date
    finish: date


@dataclass(frozen=True)
class Baseline:
    """The budget over time; `calendar` says which days are worked, `months` tells time in months."""

    parcels: tuple[Parcel, ...]
    calendar: WorkCalendar
    months: Months

    @cached_property
    def bac(self) -> Fraction:
        """Return the budget at completion: all budget lines, in the project's currency."""
        return sum((parcel.amount for parcel in self.parcels), Fraction(0))

    @cached_property
    def finish(self) -> date:
        """Return the day by which the whole budget is due; the project's start without a budget."""
        last = max((parcel.finish for parcel in self.parcels if parcel.amount), default=self.months.start)
        return max(last, self.months.start)

    @cached_property
    def by_month(self) -> tuple[tuple[date, Fraction], ...]:
        """Return the planned value at the end of each calendar month from the start on, the last at the finish."""
        ends = month_ends(self.months.start, self.finish)
        return tuple((day, self.planned(day)) for day in ends)

    @cached_property
    def by_time(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """Return the same with the time in months since the start instead of the day."""
        return tuple((self.months.at(day), due) for day, due in self.by_month)

    def planned(self, day: date) -> Fraction:
        """Return the planned value at the end of a day (PV, BCWS; ANSI/EIA-748)."""
        return sum((self.due(parcel, day) for parcel in self.parcels), Fraction(0))

    def due(self, parcel: Parcel, day: date) -> Fraction:
        """Return what of a parcel is due by the end of a day: its amount × working days passed ÷ working days."""
        if day >= parcel.finish:
            return parcel.amount
        if day < parcel.start:
            return Fraction(0)
        whole = self.calendar.count_both(parcel.start, parcel.finish)
        # Without a working day there is nothing to spread over: all of it is due on the last day.
        return parcel.amount * self.calendar.count_both(parcel.start, day) / whole if whole else Fraction(0)


def make_baseline(project: Project) -> Baseline:
    """Return the time-phased baseline of a project; without a budget it has no parcels.

    A line with a work package is shared out over the tasks of the package (`share_out`); a line without one, or whose
    package has no tasks, is level of effort from the project's start to its end.
    """
    lines = project.budget.lines if project.budget else ()
    tasks = project.schedule.leaves
    parcels = [parcel for line in lines for parcel in _parcels(project, line, tasks)]
    calendar = WorkCalendar(project.schedule.calendar)
    return Baseline(_merge(parcels), calendar, Months(project.info.start, calendar))


def share_out(tasks: tuple[Task, ...]) -> tuple[Fraction, ...]:
    """Return each task's share of its package's budget; they sum to 1 exactly.

    By `weight` where tasks state it, else by effort, else in equal parts.
    """
    weights = [Fraction(task.weight or 0) for task in tasks]
    for sizes in (weights, [Fraction(task.effort) for task in tasks]):
        if any(sizes):
            return tuple(size / sum(sizes) for size in sizes)
    return tuple(Fraction(1, len(tasks)) for _ in tasks)


def _parcels(project: Project, line: BudgetLine, tasks: tuple[Task, ...]) -> Iterable[Parcel]:
    amount, package = Fraction(line.total), line.work_package or ""
    own = tuple(task for task in tasks if task.work_package == package)
    if not own:
        yield Parcel(package, "", amount, project.info.start, project.info.end)
    for task, share in zip(own, share_out(own), strict=True):
        yield Parcel(package, task.id, amount * share, task.baseline.start, task.baseline.finish)


def _merge(parcels: Iterable[Parcel]) -> tuple[Parcel, ...]:
    """Return one parcel a task: several lines may pay for one package."""
    sums: dict[tuple[str, str, date, date], Fraction] = {}
    for one in parcels:
        key = (one.package, one.task, one.start, one.finish)
        sums[key] = sums.get(key, Fraction(0)) + one.amount
    return tuple(Parcel(package, task, amount, *span) for (package, task, *span), amount in sums.items())
