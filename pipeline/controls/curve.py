"""Take a project's baseline and its history; line them up over time; give the series of the S-curve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from pipeline.controls.baseline import make_baseline
from pipeline.controls.history import History, PeriodFigures
from pipeline.controls.measure import measure
from pipeline.model.project import Project

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
