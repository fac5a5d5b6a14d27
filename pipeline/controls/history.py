"""A project and a day come in; the figures of every period, their trends and the series of the S-curve go out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from pipeline.controls.baseline import Baseline, make_baseline
from pipeline.controls.cost import Cost, compute_cost
from pipeline.controls.earned_value import EarnedValue
from pipeline.controls.measure import measure
from pipeline.controls.performance import EarnedSchedule, compute_earned_schedule, compute_performance, forecast_finish
from pipeline.controls.risks import RiskView, compute_risks
from pipeline.controls.schedule import Timing, compute_timing
from pipeline.model.progress import Progress
from pipeline.model.project import Project
from pipeline.model.settings import Scales

Value = Decimal | int | date | None


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """The figures of a project at the end of one period, as its own report had them.

    `pace_finish` is the day on which the project would end at the pace so far, by earned schedule.
    """

    period: str
    status_date: date
    value: EarnedValue
    schedule: EarnedSchedule
    pace_finish: date | None
    cost: Cost
    timing: Timing
    risks: RiskView

    @property
    def eac(self) -> Decimal | None:
        """Return the estimate at completion by the trend of cost, in money."""
        return self.value.eac.value

    @property
    def forecast(self) -> Decimal:
        """Return the cost at completion that the progress file expects, line by line, in money."""
        return self.cost.project.forecast

    @property
    def finish(self) -> date:
        """Return the day on which the last milestone was expected."""
        return self.timing.finish


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """When a milestone was expected, or had been reached, as one period saw it."""

    period: str
    status_date: date
    date: date
    reached: bool


@dataclass(frozen=True, slots=True)
class MilestoneTrend:
    """How the expected day of one milestone moved from period to period."""

    id: str
    title: str
    baseline: date
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """How many risks were open at the end of a period, how many threats high, and their exposure in money."""

    period: str
    status_date: date
    open: int
    high: int
    exposure: Decimal


@dataclass(frozen=True, slots=True)
class Delta:
    """A figure now and in the report before; `change` is now less before, in working days for a date.

    None before the first report, and where a figure is undefined.
    """

    name: str
    before: Value
    now: Value
    change: Decimal | int | None


@dataclass(frozen=True)
class History:
    """All periods up to a day, oldest first."""

    periods: tuple[PeriodFigures, ...]

    @cached_property
    def milestones(self) -> tuple[MilestoneTrend, ...]:
        """Return the trend of every milestone (milestone trend analysis): its expected day by period."""
        rows = self.periods[-1].timing.milestones if self.periods else ()
        return tuple(
            MilestoneTrend(row.id, row.title, row.baseline, tuple(_points(self.periods, row.id))) for row in rows
        )

    @property
    def risks(self) -> tuple[RiskPoint, ...]:
        """Return open and high risks and their exposure by period."""
        return tuple(
            RiskPoint(one.period, one.status_date, len(one.risks.open), len(one.risks.high), one.risks.exposure)
            for one in self.periods
        )

    @property
    def deltas(self) -> tuple[Delta, ...]:
        """Return what moved since the report before; nothing before the first report."""
        if not self.periods:
            return ()
        now, before = self.periods[-1], self.periods[-2] if len(self.periods) > 1 else None
        return tuple(_delta(name, read, now, before) for name, read in FIGURES.items())


# The figures that a report compares with those of the report before.
FIGURES: Mapping[str, Callable[[PeriodFigures], Value]] = {
    "pv": lambda one: one.value.pv.value,
    "ev": lambda one: one.value.ev.value,
    "ac": lambda one: one.value.ac.value,
    "cv": lambda one: one.value.cv.value,
    "sv": lambda one: one.value.sv.value,
    "cpi": lambda one: one.value.cpi.value,
    "spi": lambda one: one.value.spi.value,
    "eac": lambda one: one.eac,
    "es": lambda one: one.schedule.es.value,
    "spi_t": lambda one: one.schedule.spi_t.value,
    "forecast": lambda one: one.forecast,
    "complete": lambda one: one.timing.complete,
    "slip": lambda one: one.timing.slip,
    "finish": lambda one: one.finish,
    "open_risks": lambda one: len(one.risks.open),
    "high_risks": lambda one: len(one.risks.high),
    "exposure": lambda one: one.risks.exposure,
}


def compute_history(project: Project, day: date, scales: Scales) -> History:
    """Return the figures of every period up to a day; each from its own progress file, risks and dates of that day."""
    baseline = make_baseline(project)
    known = tuple(one for one in project.progress if one.status_date <= day)
    pairs = zip(known, (None, *known), strict=False)
    return History(tuple(_figures(project, now, before, baseline, scales) for now, before in pairs))


def _figures(
    project: Project, progress: Progress, before: Progress | None, baseline: Baseline, scales: Scales
) -> PeriodFigures:
    day = progress.status_date
    performance = compute_performance(project, progress, day, baseline)
    schedule = compute_earned_schedule(project, progress, performance, baseline)
    return PeriodFigures(
        period=progress.period,
        status_date=day,
        value=performance.project,
        schedule=schedule,
        pace_finish=forecast_finish(schedule, baseline),
        cost=compute_cost(project, progress),
        timing=compute_timing(project, progress),
        risks=compute_risks(project, day, before.status_date if before else None, scales),
    )


def _points(periods: tuple[PeriodFigures, ...], id: str) -> Iterator[TrendPoint]:
    for one in periods:
        for row in one.timing.milestones:
            if row.id == id:
                yield TrendPoint(one.period, one.status_date, row.date, row.reached)


def _delta(
    name: str, read: Callable[[PeriodFigures], Value], now: PeriodFigures, before: PeriodFigures | None
) -> Delta:
    new, old = read(now), read(before) if before else None
    if isinstance(new, date) or isinstance(old, date):
        return Delta(name, old, new, now.timing.final_slip - before.timing.final_slip if before else None)
    return Delta(name, old, new, None if new is None or old is None else new - old)


ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class PlanPoint:
    """The planned value at the end of a day, in money."""

    day: date
    pv: Decimal


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Planned value, earned value and actual cost at the end of a period, in money; None where undefined."""

    period: str
    day: date
    pv: Decimal | None
    ev: Decimal | None
    ac: Decimal | None


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """Where a forecast leads from what is spent so far: a straight line to a sum of money on a day."""

    start: date
    spent: Decimal
    finish: date
    cost: Decimal


@dataclass(frozen=True, slots=True)
class SCurve:
    """The S-curve of a project: the plan by month, what became of it by period, and where it leads.

    `trend` leads to the estimate at completion on the day of the earned schedule's pace, `forecast` to the cost and the
    last milestone that the progress files expect; None where a figure is undefined. `bac` is the budget without,
    `budget` that with contingency.
    """

    plan: tuple[PlanPoint, ...]
    periods: tuple[CurvePoint, ...]
    trend: ForecastLine | None
    forecast: ForecastLine | None
    bac: Decimal
    budget: Decimal


def compute_curve(project: Project, history: History) -> SCurve:
    """Return the series of the S-curve; the plan begins with nothing on the project's first day."""
    baseline = make_baseline(project)
    first = baseline.months.start
    last = history.periods[-1] if history.periods else None
    return SCurve(
        plan=(PlanPoint(first, ZERO), *(PlanPoint(day, _money(due)) for day, due in baseline.by_month)),
        periods=tuple(
            CurvePoint(one.period, one.status_date, one.value.pv.value, one.value.ev.value, one.value.ac.value)
            for one in history.periods
        ),
        trend=_lead(last, last.pace_finish, last.eac) if last else None,
        forecast=_lead(last, last.finish, last.forecast) if last else None,
        bac=_money(baseline.bac),
        budget=project.budget.total if project.budget else ZERO,
    )


def _money(exact: Fraction) -> Decimal:
    return measure(exact, "money").value or ZERO


def _lead(last: PeriodFigures, finish: date | None, cost: Decimal | None) -> ForecastLine | None:
    spent = last.value.ac.value
    if finish is None or cost is None or spent is None or finish < last.status_date:
        return None
    return ForecastLine(last.status_date, spent, finish, cost)
