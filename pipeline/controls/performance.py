"""A project and the progress of one period come in; earned value by part and earned schedule in time go out.

Source: W. Lipke, "Schedule is Different" (2003) and later papers; PMI Practice Standard for Earned Value Management,
appendix on earned schedule. SPI comes back to 1 at the end of every project, SPI(t) only on one that ends in time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from pipeline.controls.baseline import Baseline, Parcel, make_baseline
from pipeline.controls.earned_value import EarnedValue
from pipeline.controls.measure import (
    ALL_EARNED,
    NO_BUDGET,
    NO_REPORT,
    NOT_MEASURED,
    NOT_STARTED,
    NOTHING_EARNED,
    TIME_OVER,
    Measure,
    Number,
    measure,
    total,
    undefined,
)
from pipeline.model.progress import Progress, TaskProgress
from pipeline.model.project import Project
from pipeline.model.schedule import Task

NOTHING, HALF, ALL = Fraction(0), Fraction(1, 2), Fraction(1)


@dataclass(frozen=True, slots=True)
class PackageValue(EarnedValue):
    """The earned value of a work package; the one without an id holds the budget lines that belong to none."""

    id: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class TaskValue:
    """The earned value of a task in money; cost is not booked by task. `rule` is the one by which it earns."""

    id: str
    title: str
    package: str
    rule: str
    bac: Measure
    pv: Measure
    ev: Measure


@dataclass(frozen=True, slots=True)
class Performance:
    """The earned value of a project on a status date, as a whole and in parts that sum to it exactly.

    `effort` is how much of the budget is level of effort, in money: it earns by time alone and hides lateness.
    """

    day: date
    project: EarnedValue
    packages: tuple[PackageValue, ...]
    tasks: tuple[TaskValue, ...]
    effort: Measure


def earn_percent(task: Task, progress: TaskProgress) -> Fraction:
    """Return the share earned under the rule `percent`: the percentage complete."""
    return Fraction(progress.complete) / 100


def earn_at_finish(task: Task, progress: TaskProgress) -> Fraction:
    """Return the share earned under the rule `0/100`: nothing before it is complete, then all."""
    return ALL if progress.done else NOTHING


def earn_half_at_start(task: Task, progress: TaskProgress) -> Fraction:
    """Return the share earned under the rule `50/50`: half once it has begun, the rest when it is complete."""
    return ALL if progress.done else HALF if progress.begun else NOTHING


def earn_units(task: Task, progress: TaskProgress) -> Fraction:
    """Return the share earned under the rule `units`: units done ÷ quantity, the percentage where none are given."""
    if progress.units is None or not task.quantity:
        return earn_percent(task, progress)
    # No more can be earned than was budgeted.
    return min(Fraction(progress.units) / Fraction(task.quantity), ALL)


# The rules of the PMI Practice Standard for Earned Value Management, by their name in schedule.yaml.
RULES: Mapping[str, Callable[[Task, TaskProgress], Fraction]] = {
    "percent": earn_percent,
    "0/100": earn_at_finish,
    "50/50": earn_half_at_start,
    "units": earn_units,
}


def compute_performance(
    project: Project, progress: Progress | None, day: date, baseline: Baseline | None = None
) -> Performance:
    """Return the earned value at the status date of a period; without progress the plan alone, as of `day`.

    PV is that of the baseline on the status date, EV the sum over tasks of budget × share earned, AC the cost booked
    (ANSI/EIA-748). Level of effort earns what was planned; once all tasks are complete, all of it is earned.
    """
    baseline = baseline or make_baseline(project)
    day = progress.status_date if progress else day
    tasks = {task.id: task for task in project.schedule.leaves}
    effort = _earn_effort(baseline, tasks, progress)
    values = tuple(
        _value(parcel, tasks[parcel.task], baseline, progress, day) if parcel.task else effort(parcel, day)
        for parcel in baseline.parcels
    )
    return Performance(
        day=day,
        project=EarnedValue(*_sums(values), _spent(project, progress)),
        packages=_packages(project, progress, values),
        tasks=tuple(value for value in values if value.id),
        effort=total((value.bac for value in values if not value.id), "money"),
    )


def _value(parcel: Parcel, task: Task, baseline: Baseline, progress: Progress | None, day: date) -> TaskValue:
    share = RULES[task.rule](task, progress.task(task.id)) if progress else None
    return TaskValue(
        id=task.id,
        title=task.title,
        package=parcel.package,
        rule=task.rule,
        bac=measure(parcel.amount, "money"),
        pv=measure(baseline.due(parcel, day), "money"),
        ev=undefined("money", NO_REPORT) if share is None else measure(parcel.amount * share, "money"),
    )


def _earn_effort(
    baseline: Baseline, tasks: Mapping[str, Task], progress: Progress | None
) -> Callable[[Parcel, date], TaskValue]:
    """Return what values a parcel of level of effort on a day."""
    measured = any(parcel.task for parcel in baseline.parcels)
    finished = progress is not None and all(progress.task(id).done for id in tasks)

    def value(parcel: Parcel, day: date) -> TaskValue:
        bac, pv = measure(parcel.amount, "money"), measure(baseline.due(parcel, day), "money")
        ev = bac if finished else pv
        if progress is None or not measured:
            ev = undefined("money", NOT_MEASURED if not measured else NO_REPORT)
        return TaskValue("", "", parcel.package, "effort", bac, pv, ev)

    return value


def _packages(project: Project, progress: Progress | None, values: tuple[TaskValue, ...]) -> tuple[PackageValue, ...]:
    """Return one value a work package with budget lines, and one for the lines that belong to none."""
    titles = {package.id: package.title for package in project.schedule.work_packages}
    found = {value.package for value in values}
    # A package that no schedule knows is reported elsewhere; its money still belongs to the whole.
    ids = (*titles, *sorted(found - {*titles, ""}), "")
    return tuple(
        PackageValue(
            *_sums(value for value in values if value.package == id),
            _spent(project, progress, id),
            id=id,
            title=titles.get(id, ""),
        )
        for id in ids
        if id in found
    )


def _sums(values: Iterable[TaskValue]) -> tuple[Measure, Measure, Measure]:
    """Return the sums of budget, planned and earned value; undefined where there is no budget at all."""
    values = tuple(values)
    if not values:
        missing = undefined("money", NO_BUDGET)
        return missing, missing, missing
    bac, pv, ev = (total((getattr(value, name) for value in values), "money") for name in ("bac", "pv", "ev"))
    return bac, pv, ev


def _spent(project: Project, progress: Progress | None, package: str | None = None) -> Measure:
    """Return the cost booked on the lines of a package ("" for those of none), of all lines without one named."""
    if project.budget is None or progress is None:
        return undefined("money", NO_BUDGET if project.budget is None else NO_REPORT)
    lines = (line for line in project.budget.lines if package in (None, line.work_package or ""))
    return measure(sum((progress.cost(line.id).actual for line in lines), Decimal(0)), "money")


@dataclass(frozen=True, slots=True)
class EarnedSchedule:
    """The schedule of a project in time instead of money, in months: earned schedule, actual time, planned duration.

    `es` is when what is earned was due, `at` how long the project has run, `pd` how long it was to run.
    """

    es: Measure
    at: Measure
    pd: Measure

    @property
    def sv_t(self) -> Measure:
        """Return the schedule variance in time: SV(t) = ES − AT; negative is late."""
        return self.es - self.at

    @property
    def spi_t(self) -> Measure:
        """Return the schedule performance index in time: SPI(t) = ES ÷ AT; below 1 is late."""
        return self.es.over(self.at, NOT_STARTED)

    @property
    def ieac_t(self) -> Measure:
        """Return the duration to be expected at this pace: IEAC(t) = PD ÷ SPI(t)."""
        return self.pd.over(self.spi_t, NOTHING_EARNED, "months")

    @property
    def vac_t(self) -> Measure:
        """Return the variance at completion in time: VAC(t) = PD − IEAC(t); negative is late."""
        return self.pd - self.ieac_t

    @property
    def tspi(self) -> Measure:
        """Return the pace that would end the project in time: TSPI = (PD − ES) ÷ (PD − AT); none once time is over."""
        left, time = self.pd - self.es, self.pd - self.at
        if left.exact is None or time.exact is None or time.exact > 0:
            return left.over(time, TIME_OVER)
        return undefined("ratio", TIME_OVER if left.exact else ALL_EARNED)


def find_earned_schedule(planned: Iterable[tuple[Number, Number]], earned: Number) -> Fraction:
    """Return the time at which the earned value was due: ES = C + (EV − PV_C) ÷ (PV_C+1 − PV_C).

    `planned` holds the time and the cumulative planned value at the end of each period, ascending; C is the last period
    whose planned value is earned in full, and the next one counts in the part that is earned of it. What is earned in
    full was due by the end of the last period.
    """
    before, value = Fraction(0), Fraction(0)
    for time, due in planned:
        if earned < due:
            part = (Fraction(earned) - value) / (Fraction(due) - value)
            return before + part * (Fraction(time) - before)
        before, value = Fraction(time), Fraction(due)
    return before


def earned_schedule(es: Number, at: Number, pd: Number) -> EarnedSchedule:
    """Return the earned schedule of three known times in months (or any other period)."""
    return EarnedSchedule(*(measure(time, "months") for time in (es, at, pd)))


def compute_earned_schedule(
    project: Project, progress: Progress | None, performance: Performance, baseline: Baseline | None = None
) -> EarnedSchedule:
    """Return the earned schedule at the status date; planned values are taken at the ends of the calendar months.

    The actual time of a project whose work is all earned stops on the day on which its last task was finished.
    """
    baseline = baseline or make_baseline(project)
    months, ev = baseline.months, performance.project.ev
    if not baseline.bac:
        missing = undefined("months", NO_BUDGET)
        return EarnedSchedule(missing, missing, missing)
    es = undefined("months", ev.reason)
    if ev.exact is not None:
        es = measure(find_earned_schedule(baseline.by_time, ev.exact), "months")
    return EarnedSchedule(
        es=es,
        at=measure(months.at(_last_day(progress, performance)), "months"),
        pd=measure(months.at(baseline.finish), "months"),
    )


def forecast_finish(figures: EarnedSchedule, baseline: Baseline) -> date | None:
    """Return the day on which the project would end at this pace: its start plus IEAC(t); None while undefined."""
    time = figures.ieac_t.exact
    # Beyond a century the pace tells nothing but that hardly anything was earned.
    return baseline.months.day(time) if time is not None and time < 1200 else None


def _last_day(progress: Progress | None, performance: Performance) -> date:
    value = performance.project
    finished = [task.finish for task in progress.tasks.values() if task.finish] if progress else []
    if finished and value.ev.exact is not None and value.ev == value.bac:
        return max(finished)
    return performance.day
