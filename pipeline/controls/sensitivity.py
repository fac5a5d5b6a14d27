"""Take a business case and its drivers; move each one down and up; give what that does to the net present value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pipeline.controls.case_flows import OptionFlows
from pipeline.controls.cash_flows import HUNDRED, ZERO, compute_npv
from pipeline.controls.internal_rate import compute_irr
from pipeline.controls.measure import Measure, measure, undefined
from pipeline.model.business_case import BusinessCase, Driver

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
    rows = [_compute_row(case, flows, chosen, driver) for driver in case.sensitivity]
    return tuple(sorted(rows, key=lambda row: -row.span))


def _compute_row(case: BusinessCase, flows: Mapping[str, OptionFlows], chosen: str, driver: Driver) -> SensitivityRow:
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
