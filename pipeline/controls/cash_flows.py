"""Amounts of money by year and a rate come in; the figures of an investment, its internal rates of return too, go out.

Convention: the first amount is of now (t = 0) and is not discounted; the amount of year t is divided by (1 + rate)^t.
Spreadsheets' NPV takes its first value as one year away: there the first amount is added outside the function.
Rates are in percent a year. Nothing is rounded.

With q = 1 / (1 + rate) the net present value is a polynomial in q: a rate above −100 % is a root above 0. FLINT
isolates the roots with proven bounds and tells a double one, so none is missed and none is made up by rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from math import lcm
from typing import Any

from pipeline.controls.measure import Measure, measure, undefined

ZERO = Decimal(0)
HUNDRED = Decimal(100)

# Why a figure is not there. Texts of a document, so they are listed once and can be translated.
NO_FLOWS = "not measurable: nothing is spent and nothing is gained"
NO_OUTLAY = "not measurable: no year costs more than it brings"
NO_RETURN = "not measurable: no year brings more than it costs"
NO_COSTS = "not measurable: there are no costs"
NOT_OWED = "not needed: there is no outlay to recover"
NOT_RECOVERED = "not achievable: the outlay is not recovered within the horizon"
REASONS = (NO_FLOWS, NO_OUTLAY, NO_RETURN, NO_COSTS, NOT_OWED, NOT_RECOVERED)

Flows = Sequence[Decimal]


def discount(rate: Decimal, flows: Flows) -> tuple[Decimal, ...]:
    """Return the present value of each amount, flow / (1 + rate)^t; ValueError for a rate of −100 % or less."""
    if rate <= -HUNDRED:
        raise ValueError("a discount rate is above −100 percent")
    growth = 1 + rate / HUNDRED
    return tuple(flow / growth**time for time, flow in enumerate(flows))


def compute_npv(rate: Decimal, flows: Flows) -> Decimal:
    """Return the net present value Σ flow / (1 + rate)^t, in the currency of the flows."""
    return sum(discount(rate, flows), ZERO)


def compute_bcr(rate: Decimal, costs: Flows, benefits: Flows) -> Measure:
    """Return the benefit-cost ratio, PV of benefits / PV of costs: above 1 where the NPV is above 0."""
    spent = compute_npv(rate, costs)
    return measure(compute_npv(rate, benefits) / spent, "ratio") if spent > 0 else undefined("ratio", NO_COSTS)


def compute_roi(costs: Flows, benefits: Flows) -> Measure:
    """Return the return on investment (Σ benefits − Σ costs) / Σ costs in percent, not discounted."""
    spent = sum(costs, ZERO)
    if spent <= 0:
        return undefined("percent", NO_COSTS)
    return measure((sum(benefits, ZERO) - spent) / spent * HUNDRED, "percent")


def compute_mirr(flows: Flows, finance_rate: Decimal, reinvestment_rate: Decimal) -> Measure:
    """Return the modified internal rate of return in percent.

    (FV of inflows at the reinvestment rate / −PV of outflows at the finance rate)^(1/n) − 1, n periods after now, as
    MIRR of spreadsheets.
    """
    inflows = tuple(max(flow, ZERO) for flow in flows)
    outflows = tuple(min(flow, ZERO) for flow in flows)
    reason = explain_signs(flows)
    if reason:
        return undefined("percent", reason)
    periods = len(flows) - 1
    future = compute_npv(reinvestment_rate, inflows) * (1 + reinvestment_rate / HUNDRED) ** periods
    ratio = future / -compute_npv(finance_rate, outflows)
    return measure((ratio ** (1 / Decimal(periods)) - 1) * HUNDRED, "percent")


def compute_payback(flows: Flows) -> Measure:
    """Return the years from now until the cumulative flow is 0 or more for good, by linear interpolation.

    Where the sum falls below zero again after a first recovery, the last recovery counts.
    """
    sums = tuple(accumulate(flows))
    below = [time for time, amount in enumerate(sums) if amount < 0]
    if not below:
        return undefined("years", NOT_OWED if any(flows) else NO_FLOWS)
    last = below[-1]
    if last == len(flows) - 1:
        return undefined("years", NOT_RECOVERED)
    return measure(last - sums[last] / flows[last + 1], "years")


def compute_discounted_payback(rate: Decimal, flows: Flows) -> Measure:
    """Return the payback of the present values, in years."""
    return compute_payback(discount(rate, flows))


def explain_signs(flows: Flows) -> str:
    """Return why the flows can have no rate of return: they never change their sign; nothing where they do."""
    gains, outlays = any(flow > 0 for flow in flows), any(flow < 0 for flow in flows)
    if gains and outlays:
        return ""
    return NO_OUTLAY if gains else NO_RETURN if outlays else NO_FLOWS


NO_ROOT = "not measurable: the net present value is zero at no rate"
SEVERAL = "not measurable: the net present value is zero at several rates"
_BITS = 120
_DIGITS = 28
_STEPS = 20


@dataclass(frozen=True, slots=True)
class InternalRate:
    """All internal rates of return in percent, ascending; `reason` says why there is not exactly one."""

    rates: tuple[Decimal, ...]
    reason: str = ""

    @property
    def rate(self) -> Measure:
        """Return the internal rate of return in percent; undefined unless there is exactly one."""
        return undefined("percent", self.reason) if self.reason else measure(self.rates[0], "percent")


@dataclass(frozen=True, slots=True)
class ProfilePoint:
    """The net present value at one rate (percent)."""

    rate: Decimal
    npv: Decimal


def compute_irr(flows: Flows) -> InternalRate:
    """Return every rate above −100 % at which Σ flow / (1 + rate)^t is zero (internal rate of return)."""
    reason = explain_signs(flows)
    if reason:
        return InternalRate((), reason)
    rates = tuple(sorted((1 / root - 1) * HUNDRED for root in _find_positive_roots(flows)))
    return InternalRate(rates, {0: NO_ROOT, 1: ""}.get(len(rates), SEVERAL))


def _find_positive_roots(flows: Flows) -> list[Decimal]:
    from flint import ctx, fmpz_poly

    exact = [Fraction(flow) for flow in flows]
    scale = lcm(*(part.denominator for part in exact))
    polynomial: Any = fmpz_poly([int(part * scale) for part in exact])
    with ctx.workprec(_BITS):
        roots = [root for root, _ in polynomial.complex_roots() if root.imag == 0 and root.real > 0]
        return [Decimal(root.real.str(_DIGITS, radius=False)) for root in roots]


def compute_profile(flows: Flows, rate: Decimal, irrs: tuple[Decimal, ...]) -> tuple[ProfilePoint, ...]:
    """Return the net present value over rates from below the least internal rate to above the greatest, evenly spaced.

    The discount rate lies within. Where an internal rate is near −100 %, one more point stands between them.
    """
    low, high = min((*irrs, Decimal(0))), max((*irrs, 2 * rate, Decimal(20)))
    step = _choose_step((high - low) * Decimal("1.2") / _STEPS)
    first = max((low // step - 1) * step if low < 0 else Decimal(0), _round_up(-HUNDRED, step))
    count = int((high - first) // step) + 2
    rates = [first + step * position for position in range(count)]
    if low < first:
        rates.insert(0, (low - HUNDRED) / 2)
    return tuple(ProfilePoint(one, compute_npv(one, flows)) for one in rates)


def _choose_step(least: Decimal) -> Decimal:
    """Return the smallest of 1, 2, 5, 10, 20, 50 … that is not below `least`."""
    size = Decimal(1)
    while True:
        for factor in (1, 2, 5):
            if size * factor >= least:
                return size * factor
        size *= 10


def _round_up(above: Decimal, step: Decimal) -> Decimal:
    """Return the first multiple of the step above a number."""
    return (above // step + 1) * step
