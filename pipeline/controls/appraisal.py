"""Take a business case; work out what each option costs and gains; give figures, ranking and sensitivity.

Option by option; against doing nothing (the difference of the flows); and with financial benefits alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from math import ceil

from pipeline.controls.case_flows import OptionFlows, lay_out_option
from pipeline.controls.cash_flows import (
    HUNDRED,
    ZERO,
    Flows,
    compute_bcr,
    compute_discounted_payback,
    compute_mirr,
    compute_npv,
    compute_payback,
    compute_roi,
    discount,
)
from pipeline.controls.internal_rate import ProfilePoint, compute_irr, compute_profile
from pipeline.controls.measure import Measure, measure
from pipeline.controls.sensitivity import SensitivityRow, compute_sensitivity
from pipeline.model.business_case import CATEGORIES, BusinessCase, Option


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
