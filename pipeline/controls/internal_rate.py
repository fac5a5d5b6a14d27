"""Take amounts of money year by year; find every rate at which their net present value is zero; give the rates.

With q = 1 / (1 + rate) the net present value is a polynomial in q: a rate above −100 % is a root above 0. FLINT
isolates the roots with proven bounds and tells a double one, so none is missed and none is made up by rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

from pipeline.controls.cash_flows import HUNDRED, Flows, compute_npv, explain_signs
from pipeline.controls.measure import Measure, measure, undefined

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
