"""Take what tasks need of resources and the rates; multiply; give the cost by resource, task and work package."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from pipeline.controls.calendar import WorkCalendar
from pipeline.controls.resources import ZERO, Use
from pipeline.model.base import natural
from pipeline.model.resources import Resource, Unit

HOURS_A_DAY = 8


@dataclass(frozen=True, slots=True)
class UseCost:
    """What one task pays for one resource: quantity in units of the rate × rate; no task for what none of them uses."""

    resource: str
    task: str
    work_package: str
    quantity: Decimal
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        """Return quantity × rate, in the project's currency."""
        return self.quantity * self.rate


@dataclass(frozen=True, slots=True)
class ResourceCost:
    """What the project pays for one resource: quantity in units of the rate, and the amount in its currency."""

    resource: Resource
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ResourceCosts:
    """The cost of all resources, in the project's currency."""

    uses: tuple[UseCost, ...]
    resources: tuple[ResourceCost, ...]

    @property
    def total(self) -> Decimal:
        """Return the sum over all resources."""
        return sum((row.amount for row in self.resources), ZERO)

    @property
    def tasks(self) -> Mapping[str, Decimal]:
        """Return the cost by task; under "" what no task uses."""
        return _sum_by(self.uses, lambda use: use.task)

    @property
    def packages(self) -> Mapping[str, Decimal]:
        """Return the cost by work package; under "" what no task uses."""
        return _sum_by(self.uses, lambda use: use.work_package)


def _sum_by(uses: Iterable[UseCost], key: Callable[[UseCost], str]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for use in uses:
        sums[key(use)] = sums.get(key(use), ZERO) + use.amount
    return dict(sorted(sums.items(), key=lambda item: natural(item[0])))


def compute_resource_cost(resources: Iterable[Resource], uses: Iterable[Use], calendar: WorkCalendar) -> ResourceCosts:
    """Return the cost of resources: quantity × rate (PM² Project Work Plan, table of resources).

    The quantity of a rate by the day is the days of work, by the hour eight times as many; by the month it is the days
    of work over the working days of each calendar month, so that a full month costs one rate. Pieces are bought as many
    as there are, whoever uses them, and shared among tasks by their units.
    """
    by_resource: dict[str, list[Use]] = {}
    for use in uses:
        by_resource.setdefault(use.resource, []).append(use)
    rows: list[UseCost] = []
    totals: list[ResourceCost] = []
    for resource in resources:
        own = tuple(_cost_uses(resource, by_resource.get(resource.id, []), calendar))
        quantity = sum((use.quantity for use in own), ZERO)
        rows += own
        totals.append(ResourceCost(resource, quantity, quantity * resource.rate))
    return ResourceCosts(tuple(rows), tuple(totals))


def _cost_uses(resource: Resource, uses: list[Use], calendar: WorkCalendar) -> Iterator[UseCost]:
    units = sum((use.units for use in uses), ZERO)
    for use in uses:
        quantity = QUANTITIES[resource.unit](resource, use, units, calendar)
        yield UseCost(resource.id, use.task, use.work_package, quantity, resource.rate)
    if not uses and not resource.working:
        yield UseCost(resource.id, "", "", resource.quantity, resource.rate)


def _count_days(resource: Resource, use: Use, units: Decimal, calendar: WorkCalendar) -> Decimal:
    return use.days


def _count_hours(resource: Resource, use: Use, units: Decimal, calendar: WorkCalendar) -> Decimal:
    return use.days * HOURS_A_DAY


def _count_months(resource: Resource, use: Use, units: Decimal, calendar: WorkCalendar) -> Decimal:
    worked = calendar.count_both(use.start, use.finish)
    shares = (
        Decimal(calendar.count_both(max(first, use.start), min(last, use.finish))) / calendar.count_both(first, last)
        for first, last in _list_months(use.start, use.finish)
        if calendar.count_both(first, last)
    )
    return sum(shares, ZERO) * use.days / worked if worked > 0 else ZERO


def _list_months(start: date, finish: date) -> Iterator[tuple[date, date]]:
    """Yield the first and last day of each calendar month from one day to another."""
    first = start.replace(day=1)
    while first <= finish:
        following = (first + timedelta(days=31)).replace(day=1)
        yield first, following - timedelta(days=1)
        first = following


def _count_pieces(resource: Resource, use: Use, units: Decimal, calendar: WorkCalendar) -> Decimal:
    return resource.quantity * use.units / units


QUANTITIES: Mapping[Unit, Callable[[Resource, Use, Decimal, WorkCalendar], Decimal]] = {
    "day": _count_days,
    "hour": _count_hours,
    "month": _count_months,
    "piece": _count_pieces,
}
