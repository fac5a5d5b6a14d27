"""Take a budget and the progress of one period; add up; give cost figures by line, year and work package."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.controls.lights import Light, judge
from pipeline.model.budget import BudgetLine
from pipeline.model.progress import NO_COST, Progress
from pipeline.model.project import Project

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class CostRow:
    """The cost of one budget line, work package or the project, in the project's currency.

    `forecast` is the expected cost at completion; `variance` is budget less forecast (negative: overrun).
    """

    id: str
    title: str
    budget: Decimal
    actual: Decimal
    committed: Decimal
    forecast: Decimal

    @property
    def variance(self) -> Decimal:
        """Return budget less forecast."""
        return self.budget - self.forecast

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
    lines = tuple(_line_row(line, progress) for line in budget.lines) if budget else ()
    whole = _sum_rows("", project.info.name, lines)
    contingency = budget.contingency if budget else ZERO
    total = whole.budget + contingency
    red = total * (1 + project.info.tolerances.cost_percent / 100)
    return Cost(lines, _packages(project, lines), whole, total, contingency, judge(whole.forecast, total, red))


def _line_row(line: BudgetLine, progress: Progress | None) -> CostRow:
    entry = progress.cost(line.id) if progress else NO_COST
    committed = entry.actual if entry.committed is None else entry.committed
    forecast = max(line.total, entry.actual) if entry.forecast is None else entry.forecast
    return CostRow(line.id, line.title, line.total, entry.actual, committed, forecast)


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
    return CostRow(id, title, budget, actual, committed, forecast)
