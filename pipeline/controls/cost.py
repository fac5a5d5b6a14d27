"""A budget, a change log and the progress of a period come in; cost by part, reserves and the burn rate go out.

What an approved change costs is drawn from the contingency on the day of its decision, and what it saves goes back;
once the contingency is used up, from the management reserve. A change that was merged costs nothing: its cost is that
of the change it went into. The baseline stays as it is until somebody writes the change into budget and schedule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.controls.baseline import make_baseline
from pipeline.controls.calendar import Months
from pipeline.controls.measure import (
    BUDGET_SPENT,
    NO_BUDGET,
    NO_FUNDING,
    NO_REPORT,
    NOT_STARTED,
    NOTHING_BOOKED,
    Light,
    Measure,
    judge,
    measure,
    undefined,
)
from pipeline.model.budget import BudgetLine, Funding
from pipeline.model.progress import NO_COST, Progress
from pipeline.model.project import Project

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class YearCost:
    """What one calendar year was to cost, and what was booked between its last status date and the one before."""

    year: int
    budget: Decimal
    actual: Decimal

    @property
    def left(self) -> Decimal:
        """Return the year's budget less what was booked; negative: more was booked."""
        return self.budget - self.actual


@dataclass(frozen=True, slots=True)
class CostRow:
    """The cost of one budget line, work package or the project, in the project's currency.

    `forecast` is the expected cost at completion; `variance` is budget less forecast (negative: overrun). `committed`
    is what was ordered so far, spent or not. `years` holds each calendar year with money planned or booked.
    """

    id: str
    title: str
    budget: Decimal
    actual: Decimal
    committed: Decimal
    forecast: Decimal
    years: tuple[YearCost, ...] = ()

    @property
    def variance(self) -> Decimal:
        """Return budget less forecast."""
        return self.budget - self.forecast

    @property
    def outstanding(self) -> Decimal:
        """Return what is ordered and not yet spent: committed less actual, 0 where more was spent than ordered."""
        return max(self.committed - self.actual, ZERO)

    @property
    def to_go(self) -> Decimal:
        """Return what is still expected to be spent: forecast less actual."""
        return self.forecast - self.actual

    @property
    def to_order(self) -> Decimal:
        """Return what is still to be ordered: forecast less committed, 0 where all of it is."""
        return max(self.forecast - max(self.committed, self.actual), ZERO)

    @property
    def spent(self) -> Decimal | None:
        """Return the share of the budget that is spent, in percent; None without a budget."""
        return self.actual / self.budget * 100 if self.budget else None


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a project on one day; `total` is the budget with contingency, as the charter states it."""

    lines: tuple[CostRow, ...]
    packages: tuple[CostRow, ...]
    project: CostRow
    total: Decimal
    contingency: Decimal
    light: Light

    @property
    def variance(self) -> Decimal:
        """Return the total budget less the forecast: what is left of the contingency, or the overrun."""
        return self.total - self.project.forecast


def compute_cost(project: Project, progress: Progress | None) -> Cost:
    """Return the cost figures; a line without a forecast will cost its budget, or what it has cost if more."""
    budget = project.budget
    ends = _year_ends(project, progress)
    lines = tuple(_line_row(line, progress, ends) for line in budget.lines) if budget else ()
    whole = _sum_rows("", project.info.name, lines)
    contingency = budget.contingency if budget else ZERO
    total = whole.budget + contingency
    red = total * (1 + project.info.tolerances.cost_percent / 100)
    return Cost(lines, _packages(project, lines), whole, total, contingency, judge(whole.forecast, total, red))


def _year_ends(project: Project, progress: Progress | None) -> Mapping[int, Progress]:
    """Return the last progress of each calendar year, up to that of the day."""
    known = (one for one in project.progress if progress and one.status_date <= progress.status_date)
    return {one.status_date.year: one for one in known}


def _line_row(line: BudgetLine, progress: Progress | None, ends: Mapping[int, Progress]) -> CostRow:
    entry = progress.cost(line.id) if progress else NO_COST
    committed = entry.actual if entry.committed is None else entry.committed
    forecast = max(line.total, entry.actual) if entry.forecast is None else entry.forecast
    return CostRow(line.id, line.title, line.total, entry.actual, committed, forecast, _line_years(line, ends))


def _line_years(line: BudgetLine, ends: Mapping[int, Progress]) -> tuple[YearCost, ...]:
    before, cells = ZERO, []
    for year in sorted({*line.years, *ends}):
        after = ends[year].cost(line.id).actual if year in ends else before
        cells.append(YearCost(year, line.years.get(year, ZERO), after - before))
        before = after
    return tuple(cells)


def _packages(project: Project, lines: tuple[CostRow, ...]) -> tuple[CostRow, ...]:
    """Return one row a work package, and one for lines that belong to none."""
    if not project.budget:
        return ()
    home = {line.id: line.work_package or "" for line in project.budget.lines}
    titles = {package.id: package.title for package in project.schedule.work_packages}
    grouped = {key: tuple(row for row in lines if home[row.id] == key) for key in (*titles, "")}
    return tuple(_sum_rows(key, titles.get(key, ""), rows) for key, rows in grouped.items() if rows)


def _sum_rows(id: str, title: str, rows: tuple[CostRow, ...]) -> CostRow:
    budget, actual, committed, forecast = (
        sum((getattr(row, name) for row in rows), ZERO) for name in ("budget", "actual", "committed", "forecast")
    )
    return CostRow(id, title, budget, actual, committed, forecast, _sum_years(rows))


def _sum_years(rows: tuple[CostRow, ...]) -> tuple[YearCost, ...]:
    cells = [cell for row in rows for cell in row.years]
    return tuple(
        YearCost(
            year,
            sum((cell.budget for cell in cells if cell.year == year), ZERO),
            sum((cell.actual for cell in cells if cell.year == year), ZERO),
        )
        for year in sorted({cell.year for cell in cells})
    )


DRAWING = frozenset({"approved", "implemented"})


@dataclass(frozen=True, slots=True)
class Draw:
    """What one approved change takes from the reserves, in money; negative where it saves."""

    id: str
    title: str
    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Reserves:
    """Contingency (in the budget) and management reserve (outside it) on one day, and what was drawn so far, in money.

    `draws` are in the order of their days.
    """

    contingency: Decimal
    reserve: Decimal
    draws: tuple[Draw, ...]

    @property
    def drawn(self) -> Decimal:
        """Return the sum of all draws."""
        return sum((draw.amount for draw in self.draws), ZERO)

    @property
    def contingency_drawn(self) -> Decimal:
        """Return what was drawn from the contingency: all draws, as far as it reaches."""
        return min(self.drawn, self.contingency)

    @property
    def contingency_left(self) -> Decimal:
        """Return the contingency less what was drawn from it."""
        return self.contingency - self.contingency_drawn

    @property
    def reserve_drawn(self) -> Decimal:
        """Return what was drawn from the management reserve: what the contingency did not cover, while it lasts."""
        return min(self.drawn - self.contingency_drawn, self.reserve)

    @property
    def reserve_left(self) -> Decimal:
        """Return the management reserve less what was drawn from it."""
        return self.reserve - self.reserve_drawn

    @property
    def uncovered(self) -> Decimal:
        """Return what approved changes cost beyond contingency and management reserve."""
        return self.drawn - self.contingency_drawn - self.reserve_drawn


@dataclass(frozen=True, slots=True)
class FundingView:
    """The money that was promised, against the budget with contingency and against the forecast, in money."""

    sources: tuple[Funding, ...]
    funded: Measure
    gap: Measure
    forecast_gap: Measure


def compute_reserves(project: Project, day: date) -> Reserves:
    """Return the reserves at the end of a day, drawn by the changes approved or implemented by then."""
    budget = project.budget
    draws = tuple(
        Draw(change.id, change.title, change.decided or change.submitted, change.cost)
        for change in project.changes
        if change.status_on(day) in DRAWING and change.cost
    )
    return Reserves(
        contingency=budget.contingency if budget else ZERO,
        reserve=budget.reserve if budget else ZERO,
        draws=tuple(sorted(draws, key=lambda draw: draw.day)),
    )


def compute_funding(project: Project, cost: Cost) -> FundingView:
    """Return the funding; `gap` is funded less budget, `forecast_gap` funded less forecast: negative is missing."""
    sources = project.budget.funding if project.budget else ()
    if not sources:
        none = undefined("money", NO_FUNDING)
        return FundingView((), none, none, none)
    funded = sum((source.amount for source in sources), ZERO)
    return FundingView(
        sources=sources,
        funded=measure(funded, "money"),
        gap=measure(funded - cost.total, "money"),
        forecast_gap=measure(funded - cost.project.forecast, "money"),
    )


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
