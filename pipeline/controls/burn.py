"""Take the cost of all periods so far; divide by the months between; give the burn rate and how long money lasts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.controls.baseline import make_baseline
from pipeline.controls.measure import (
    BUDGET_SPENT,
    NO_BUDGET,
    NO_REPORT,
    NOT_STARTED,
    NOTHING_BOOKED,
    Measure,
    measure,
    undefined,
)
from pipeline.controls.months import Months
from pipeline.model.progress import Progress
from pipeline.model.project import Project

RECENT = 3


@dataclass(frozen=True, slots=True)
class Burn:
    """How fast money is spent, a month: since the project's start, and over the last three periods.

    `lasts` is for how many months the rest of the budget with contingency lasts at the recent rate.
    """

    average: Measure
    recent: Measure
    lasts: Measure


def compute_burn(project: Project, progress: Progress | None) -> Burn:
    """Return the burn rate at the status date of a period: cost booked ÷ months (parts of a month by working days).

    Recent is over the last three periods, from the start where there are no more; left ÷ recent is how long it lasts.
    """
    if project.budget is None or progress is None:
        reason = NO_BUDGET if project.budget is None else NO_REPORT
        rate = undefined("money", reason)
        return Burn(rate, rate, undefined("months", reason))
    known = tuple(one for one in project.progress if one.status_date <= progress.status_date)
    months = make_baseline(project).months
    recent = _rate(months, known[-1 - RECENT] if len(known) > RECENT else None, progress)
    left = project.budget.total - _spent(progress)
    lasts = measure(left, "money").over(recent, NOTHING_BOOKED, "months")
    return Burn(_rate(months, None, progress), recent, lasts if left > 0 else undefined("months", BUDGET_SPENT))


def _rate(months: Months, earlier: Progress | None, later: Progress) -> Measure:
    """Return what was spent a month between two periods, from the start of the project without an earlier one."""
    money = measure(_spent(later) - (_spent(earlier) if earlier else 0), "money")
    time = months.at(later.status_date) - (months.at(earlier.status_date) if earlier else 0)
    return money.over(measure(time, "months"), NOT_STARTED, "money")


def _spent(progress: Progress) -> Decimal:
    return sum((entry.actual for entry in progress.costs.values()), Decimal(0))
