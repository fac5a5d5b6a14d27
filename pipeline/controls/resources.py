"""Tasks with dates, assignments and rates come in; the load of each resource by week, and what it costs, go out.

A task needs of each resource its units (percent of a day) for as many days as the task takes. That work is spread
evenly over the working days between its dates; what it costs is worked out in `resource_cost`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from pipeline.controls.calendar import WorkCalendar
from pipeline.model.base import natural
from pipeline.model.resources import Resource, Unit
from pipeline.model.schedule import Task

ZERO = Decimal(0)
# Thirds of a day do not add up to a whole one: less than this is no overload.
_SLIGHT = Decimal("1e-9")
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Use:
    """What a task needs of one resource: days of its work, from one day to another with both of them."""

    task: str
    work_package: str
    resource: str
    start: date
    finish: date
    days: Decimal
    units: Decimal


@dataclass(frozen=True, slots=True)
class Demand:
    """The days of work that one task needs of a resource in one week."""

    task: str
    days: Decimal


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """What one resource has to do in one week (Monday to Sunday), and what it is there for, in days of work."""

    resource: str
    monday: date
    available: Decimal
    demands: tuple[Demand, ...] = ()

    @property
    def week(self) -> str:
        """Return the week by ISO 8601, such as 2026-W31."""
        year, week, _ = self.monday.isocalendar()
        return f"{year}-W{week:02}"

    @property
    def needed(self) -> Decimal:
        """Return the days of work that all tasks need."""
        return sum((demand.days for demand in self.demands), ZERO)

    @property
    def percent(self) -> Decimal | None:
        """Return needed ÷ available, in percent; None where it is not there at all: nothing to divide by."""
        return self.needed / self.available * 100 if self.available else None

    @property
    def excess(self) -> Decimal:
        """Return the days of work that it is lacking; 0 where it suffices."""
        missing = self.needed - self.available
        return missing if missing > _SLIGHT else ZERO

    @property
    def tasks(self) -> tuple[str, ...]:
        """Return the tasks that need it in that week."""
        return tuple(demand.task for demand in self.demands)


@dataclass(frozen=True, slots=True)
class ResourceLoad:
    """The weeks of one resource, from the first week of the plan to the last one."""

    resource: Resource
    weeks: tuple[WeekLoad, ...]

    @property
    def needed(self) -> Decimal:
        """Return the days of work that all tasks need."""
        return sum((week.needed for week in self.weeks), ZERO)

    @property
    def available(self) -> Decimal:
        """Return the days that it is there in the weeks of the plan."""
        return sum((week.available for week in self.weeks), ZERO)

    @property
    def over(self) -> tuple[WeekLoad, ...]:
        """Return the weeks in which more is needed of it than there is (over-allocation), each with its tasks."""
        return tuple(week for week in self.weeks if week.excess)

    @property
    def peak(self) -> WeekLoad | None:
        """Return the first of its worst weeks: most days lacking, then the highest share; None if it is not used."""
        used = [week for week in self.weeks if week.needed]
        return max(used, key=lambda week: (week.excess, week.percent or ZERO), default=None)


def list_uses(tasks: Iterable[Task], dates: Mapping[str, tuple[date, date]] | None = None) -> tuple[Use, ...]:
    """Return what tasks need of resources between the dates given by their ids (start, finish), else as baselined."""
    return tuple(
        Use(
            task.id,
            task.work_package,
            assignment.resource,
            *(dates or {}).get(task.id, (task.baseline.start, task.baseline.finish)),
            days=task.days * assignment.units / 100,
            units=assignment.units,
        )
        for task in tasks
        for assignment in task.assignments
    )


def compute_load(
    resources: Iterable[Resource], uses: Iterable[Use], calendar: WorkCalendar
) -> tuple[ResourceLoad, ...]:
    """Return the load of each resource that works day by day, week by week (PMBOK resource histogram).

    Needed = Σ days of a task ÷ working days of the task × its working days in the week. Available = Σ over the working
    days of the week, between its first and last day and without absences, of quantity × availability.
    """
    found = tuple(uses)
    mondays = _list_mondays(found)
    by_resource: dict[str, list[Use]] = {}
    for use in sorted(found, key=lambda use: (use.start, natural(use.task))):
        by_resource.setdefault(use.resource, []).append(use)
    return tuple(
        ResourceLoad(one, tuple(_list_weeks(one, by_resource.get(one.id, []), mondays, calendar)))
        for one in resources
        if one.working
    )


def _list_mondays(uses: tuple[Use, ...]) -> tuple[date, ...]:
    first = min((use.start for use in uses), default=date.max)
    last = max((use.finish for use in uses), default=date.min)
    monday = first - timedelta(days=first.weekday())
    return tuple(monday + number * _WEEK for number in range((last - monday).days // 7 + 1))


def _list_weeks(
    resource: Resource, uses: list[Use], mondays: tuple[date, ...], calendar: WorkCalendar
) -> Iterator[WeekLoad]:
    demands: dict[date, list[Demand]] = {}
    for use in uses:
        for monday, days in _spread(use, calendar):
            demands.setdefault(monday, []).append(Demand(use.task, days))
    for monday in mondays:
        yield WeekLoad(resource.id, monday, _available(resource, monday, calendar), tuple(demands.get(monday, ())))


def _spread(use: Use, calendar: WorkCalendar) -> Iterator[tuple[date, Decimal]]:
    """Yield the Mondays of the weeks in which a task needs a resource, with the days of work."""
    worked = calendar.count_both(use.start, use.finish)
    monday = use.start - timedelta(days=use.start.weekday())
    while monday <= use.finish and worked > 0 and use.days:
        days = calendar.count_both(max(use.start, monday), min(use.finish, monday + _WEEK - timedelta(days=1)))
        if days:
            yield monday, use.days * days / worked
        monday += _WEEK


def _available(resource: Resource, monday: date, calendar: WorkCalendar) -> Decimal:
    days = (monday + timedelta(days=number) for number in range(7))
    return sum((resource.available_on(day) for day in days if calendar.is_working(day)), ZERO)


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
