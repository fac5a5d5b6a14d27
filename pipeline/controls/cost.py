"""Take a budget and the progress of one period; add up; give cost figures by line, year and work package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pipeline.controls.lights import Light, judge
from pipeline.model.budget import BudgetLine
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
