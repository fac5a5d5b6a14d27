"""Take amounts of money year by year and a rate; discount, sum and relate them; give the figures of an investment.

Convention: the first amount is of now (t = 0) and is not discounted; the amount of year t is divided by (1 + rate)^t.
Spreadsheets' NPV takes its first value as one year away: there the first amount is added outside the function.
Rates are in percent a year. Nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

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
