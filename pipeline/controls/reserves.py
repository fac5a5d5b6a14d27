"""Take a project's budget and change log; draw what approved changes cost; give contingency, reserve and funding.

What an approved change costs is drawn from the contingency on the day of its decision, and what it saves goes back;
once the contingency is used up, from the management reserve. A change that was merged costs nothing: its cost is that
of the change it went into. The baseline stays as it is until somebody writes the change into budget and schedule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.controls.cost import Cost
from pipeline.controls.measure import NO_FUNDING, Measure, measure, undefined
from pipeline.model.budget import Funding
from pipeline.model.project import Project

ZERO = Decimal(0)
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
