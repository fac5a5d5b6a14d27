"""Take an option of a business case; lay its costs and benefits out year by year in one kind of prices; give flows.

All amounts are brought into the terms of the discount rate: a real amount of a year becomes a nominal one by
(1 + inflation)^(year − price base), and the other way round by division.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pipeline.controls.cash_flows import HUNDRED, ZERO
from pipeline.model.business_case import BusinessCase, Option

FACTOR_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Stream:
    """One cost or benefit over the years of the horizon; `names` are the drivers that move it."""

    title: str
    names: frozenset[str]
    amounts: tuple[Decimal, ...]

    def moved(self, driver: str, factor: Decimal) -> tuple[Decimal, ...]:
        """Return the amounts, times the factor if the driver moves them."""
        return tuple(amount * factor for amount in self.amounts) if driver in self.names else self.amounts


@dataclass(frozen=True, slots=True)
class OptionFlows:
    """The costs and benefits of an option, stream by stream; the residual value is the last benefit."""

    costs: tuple[Stream, ...]
    benefits: tuple[Stream, ...]
    years: int

    def sum_costs(self, driver: str = "", factor: Decimal = FACTOR_ONE) -> tuple[Decimal, ...]:
        """Return the costs by year, those that the driver moves times the factor."""
        return self._sum(stream.moved(driver, factor) for stream in self.costs)

    def sum_benefits(self, driver: str = "", factor: Decimal = FACTOR_ONE) -> tuple[Decimal, ...]:
        """Return the benefits by year, those that the driver moves times the factor."""
        return self._sum(stream.moved(driver, factor) for stream in self.benefits)

    def sum_net(self, driver: str = "", factor: Decimal = FACTOR_ONE) -> tuple[Decimal, ...]:
        """Return benefits less costs by year."""
        gains, outlays = self.sum_benefits(driver, factor), self.sum_costs(driver, factor)
        return tuple(gain - outlay for gain, outlay in zip(gains, outlays, strict=True))

    def sum_named(self, name: str) -> tuple[Decimal, ...]:
        """Return the costs and benefits that a driver moves, by year, all counted as they are given."""
        return self._sum(stream.amounts for stream in (*self.costs, *self.benefits) if name in stream.names)

    def _sum(self, rows: Iterable[tuple[Decimal, ...]]) -> tuple[Decimal, ...]:
        given = tuple(rows)
        return tuple(sum((row[at] for row in given), ZERO) for at in range(self.years))


def lay_out_option(case: BusinessCase, option: Option) -> OptionFlows:
    """Return the flows of an option over the horizon, in the terms of the discount rate."""
    price = _price_factors(case)
    costs = [
        Stream(cost.title, _names("costs", cost.category, cost.id), _by_year(cost.years, case, price))
        for cost in option.costs
    ]
    gains = [
        Stream(gain.title, _names("benefits", gain.kind, gain.id), _by_year(gain.years, case, price))
        for gain in option.benefits
    ]
    if option.residual_value:
        last = {case.years[-1]: option.residual_value}
        names = _names("benefits", "financial", "residual_value")
        gains.append(Stream("Residual value", names, _by_year(last, case, price)))
    return OptionFlows(tuple(costs), tuple(gains), case.horizon)


def _names(*names: str | None) -> frozenset[str]:
    return frozenset(name for name in names if name)


def _by_year(years: Mapping[int, Decimal], case: BusinessCase, price: Mapping[int, Decimal]) -> tuple[Decimal, ...]:
    return tuple(years.get(year, ZERO) * price[year] for year in case.years)


def _price_factors(case: BusinessCase) -> dict[int, Decimal]:
    """Return what an amount of each year is multiplied with; 1 without inflation (the rules tell of a mixture)."""
    same = case.prices == case.discount_rate.terms or case.inflation is None
    return dict(_rise(case, same))


def _rise(case: BusinessCase, same: bool) -> Iterator[tuple[int, Decimal]]:
    rise = FACTOR_ONE if same or case.inflation is None else 1 + case.inflation.percent / HUNDRED
    sign = 1 if case.prices == "real" else -1
    for year in case.years:
        yield year, rise ** (sign * (year - case.price_base))
