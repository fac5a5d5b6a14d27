"""A business case comes in; costs and benefits of each option by year, figures, ranking and sensitivity go out.

All amounts are brought into the terms of the discount rate: a real amount of a year becomes a nominal one by
(1 + inflation)^(year − price base), and the other way round by division.

Option by option; against doing nothing (the difference of the flows); and with financial benefits alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from math import ceil

from pipeline.controls.cash_flows import (
    HUNDRED,
    ZERO,
    Flows,
    ProfilePoint,
    compute_bcr,
    compute_discounted_payback,
    compute_irr,
    compute_mirr,
    compute_npv,
    compute_payback,
    compute_profile,
    compute_roi,
    discount,
)
from pipeline.controls.measure import Measure, measure, undefined
from pipeline.model.business_case import CATEGORIES, BusinessCase, Driver, Option

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


RATE = "rate"
NO_SWITCH = "not achievable: it does not move the net present value"


@dataclass(frozen=True, slots=True)
class SensitivityRow:
    """What a driver does to the chosen option, moved by ± `percent` of its value in all options alike.

    `base` is its undiscounted total over the horizon, the rate itself for `rate`. `low` and `high` are the net present
    values with the driver moved down and up; `best_low` and `best_high` name the option that then has the highest one.
    `switching` is the change in percent at which the net present value is zero (break-even).
    """

    driver: str
    percent: Decimal
    base: Decimal
    low: Decimal
    high: Decimal
    best_low: str
    best_high: str
    switching: Measure

    @property
    def span(self) -> Decimal:
        """Return the difference that the driver makes, as a tornado chart shows it."""
        return abs(self.high - self.low)


def compute_sensitivity(
    case: BusinessCase, flows: Mapping[str, OptionFlows], chosen: str
) -> tuple[SensitivityRow, ...]:
    """Return one row a driver, the widest span first; drivers of equal span in the order given."""
    rows = [_compute_swing(case, flows, chosen, driver) for driver in case.sensitivity]
    return tuple(sorted(rows, key=lambda row: -row.span))


def _compute_swing(case: BusinessCase, flows: Mapping[str, OptionFlows], chosen: str, driver: Driver) -> SensitivityRow:
    down, up = (_move(case, flows, driver.driver, 1 + sign * driver.percent / HUNDRED) for sign in (-1, 1))
    is_rate = driver.driver == RATE
    base = case.discount_rate.percent if is_rate else sum(flows[chosen].sum_named(driver.driver), ZERO)
    switch = _switch_rate if is_rate else _switch_amount
    return SensitivityRow(
        driver=driver.driver,
        percent=driver.percent,
        base=base,
        low=down[chosen],
        high=up[chosen],
        best_low=_best(down),
        best_high=_best(up),
        switching=switch(case, flows[chosen], driver.driver),
    )


def _move(case: BusinessCase, flows: Mapping[str, OptionFlows], driver: str, factor: Decimal) -> dict[str, Decimal]:
    """Return the net present value of each option with a driver times a factor."""
    rate = case.discount_rate.percent * (factor if driver == RATE else 1)
    return {id: compute_npv(rate, option.sum_net(driver, factor)) for id, option in flows.items()}


def _best(values: Mapping[str, Decimal]) -> str:
    return max(values, key=lambda id: values[id])


def _switch_amount(case: BusinessCase, flows: OptionFlows, driver: str) -> Measure:
    """The net present value is linear in an amount: the change is −NPV / (what the amount contributes)."""
    rate = case.discount_rate.percent
    value = compute_npv(rate, flows.sum_net())
    share = value - compute_npv(rate, flows.sum_net(driver, ZERO))
    return measure(-value / share * HUNDRED, "percent") if share else undefined("percent", NO_SWITCH)


def _switch_rate(case: BusinessCase, flows: OptionFlows, driver: str) -> Measure:
    """At the internal rate of return the net present value is zero."""
    rate, internal = case.discount_rate.percent, compute_irr(flows.sum_net()).rate
    if internal.value is None:
        return internal
    return measure((internal.value / rate - 1) * HUNDRED, "percent") if rate else undefined("percent", NO_SWITCH)


@dataclass(frozen=True, slots=True)
class Value:
    """The figures of one series of costs and benefits; payback in years, rates and `roi` in percent.

    `irr` is the internal rate of return where there is exactly one; `irrs` holds all that there are. `tco` and `gains`
    are the sums of costs and benefits, not discounted.
    """

    npv: Measure
    irr: Measure
    irrs: tuple[Decimal, ...]
    mirr: Measure
    bcr: Measure
    payback: Measure
    discounted_payback: Measure
    roi: Measure
    tco: Measure
    gains: Measure
    pv_costs: Measure
    pv_benefits: Measure


@dataclass(frozen=True, slots=True)
class YearRow:
    """One year of an option; `factor` is what one unit of money of that year is worth now."""

    year: int
    costs: Decimal
    benefits: Decimal
    net: Decimal
    cumulative: Decimal
    factor: Decimal
    present: Decimal
    cumulative_present: Decimal


@dataclass(frozen=True, slots=True)
class OptionRow:
    """An option with its figures.

    `gain` compares it with doing nothing (None for that option itself, or where none is written down). `score` is the
    weighted score, 1 to 5. `rank` is 1 for the highest net present value; equal values share a rank.
    `categories` is the total cost of ownership by category.
    """

    option: Option
    years: tuple[YearRow, ...]
    categories: Mapping[str, Decimal]
    value: Value
    financial: Value
    gain: Value | None
    score: Decimal | None
    rank: int
    profile: tuple[ProfilePoint, ...]

    @property
    def break_even(self) -> int | None:
        """Return the calendar year in which the outlay is recovered, not discounted; None if it never is."""
        payback = self.value.payback.value
        return None if payback is None else self.years[0].year + ceil(payback)


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The appraisal of a business case: its options by letter, and what could change the value of the chosen one."""

    options: tuple[OptionRow, ...]
    sensitivity: tuple[SensitivityRow, ...]

    @property
    def ranking(self) -> tuple[OptionRow, ...]:
        """Return the options by net present value, the highest first."""
        return tuple(sorted(self.options, key=lambda row: row.rank))

    @property
    def chosen(self) -> OptionRow | None:
        """Return the option that is taken; None if none is marked."""
        return next((row for row in self.options if row.option.chosen), None)


def compute_appraisal(case: BusinessCase) -> Appraisal:
    """Return the figures of all options, ranked by net present value, and the sensitivity of the chosen one."""
    flows = {option.id: lay_out_option(case, option) for option in case.options}
    nets = {id: compute_npv(case.discount_rate.percent, one.sum_net()) for id, one in flows.items()}
    ranks = {id: 1 + sum(other > value for other in nets.values()) for id, value in nets.items()}
    rows = tuple(_compute_row(case, option, flows, ranks[option.id]) for option in case.options)
    chosen = case.chosen
    return Appraisal(rows, compute_sensitivity(case, flows, chosen.id) if chosen else ())


def _compute_row(case: BusinessCase, option: Option, flows: Mapping[str, OptionFlows], rank: int) -> OptionRow:
    own = flows[option.id]
    value = compute_value(case, own.sum_costs(), own.sum_benefits())
    return OptionRow(
        option=option,
        years=_year_rows(case, own),
        categories={name: total for name in CATEGORIES if (total := sum(own.sum_named(name), ZERO))},
        value=value,
        financial=compute_value(case, own.sum_costs(), own.sum_benefits("social", ZERO)),
        gain=_compare(case, option, flows),
        score=compute_score(case, option),
        rank=rank,
        profile=compute_profile(own.sum_net(), case.discount_rate.percent, value.irrs),
    )


def _compare(case: BusinessCase, option: Option, flows: Mapping[str, OptionFlows]) -> Value | None:
    """Return the figures of the difference to doing nothing (incremental method)."""
    if case.baseline is None or case.baseline.id == option.id:
        return None
    own, base = flows[option.id], flows[case.baseline.id]
    costs = _subtract(own.sum_costs(), base.sum_costs())
    return compute_value(case, costs, _subtract(own.sum_benefits(), base.sum_benefits()))


def _subtract(one: Flows, other: Flows) -> tuple[Decimal, ...]:
    return tuple(mine - theirs for mine, theirs in zip(one, other, strict=True))


def compute_value(case: BusinessCase, costs: Flows, benefits: Flows) -> Value:
    """Return all figures of costs and benefits by year, at the rates of the business case."""
    rate, net = case.discount_rate.percent, _subtract(benefits, costs)
    finance = rate if case.finance_rate is None else case.finance_rate
    reinvestment = rate if case.reinvestment_rate is None else case.reinvestment_rate
    internal = compute_irr(net)
    return Value(
        npv=measure(compute_npv(rate, net), "money"),
        irr=internal.rate,
        irrs=internal.rates,
        mirr=compute_mirr(net, finance, reinvestment),
        bcr=compute_bcr(rate, costs, benefits),
        payback=compute_payback(net),
        discounted_payback=compute_discounted_payback(rate, net),
        roi=compute_roi(costs, benefits),
        tco=measure(sum(costs, ZERO), "money"),
        gains=measure(sum(benefits, ZERO), "money"),
        pv_costs=measure(compute_npv(rate, costs), "money"),
        pv_benefits=measure(compute_npv(rate, benefits), "money"),
    )


def compute_score(case: BusinessCase, option: Option) -> Decimal | None:
    """Return the weighted score Σ weight × score / 100; None without criteria, or where one is not scored."""
    if not case.criteria or any(criterion.id not in option.scores for criterion in case.criteria):
        return None
    return sum((one.weight * option.scores[one.id] for one in case.criteria), ZERO) / HUNDRED


def _year_rows(case: BusinessCase, flows: OptionFlows) -> tuple[YearRow, ...]:
    rate, net = case.discount_rate.percent, flows.sum_net()
    factors = discount(rate, (Decimal(1),) * case.horizon)
    present = discount(rate, net)
    columns = (flows.sum_costs(), flows.sum_benefits(), net, accumulate(net), factors, present, accumulate(present))
    return tuple(YearRow(*row) for row in zip(case.years, *columns, strict=True))
