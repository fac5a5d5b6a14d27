"""Take a length and its variance; apply the normal distribution; give the probability of a deadline (PERT)."""

from __future__ import annotations

from decimal import Decimal
from statistics import NormalDist

from pipeline.model.schedule import Estimate


def compute_expected(estimate: Estimate) -> Decimal:
    """Return the expected duration (optimistic + 4 × likely + pessimistic) / 6, in working days (PERT, 1959)."""
    return estimate.expected


def compute_variance(estimate: Estimate) -> Decimal:
    """Return ((pessimistic − optimistic) / 6)², in square working days (PERT, 1959)."""
    return estimate.spread * estimate.spread / 36


def compute_z(length: Decimal, variance: Decimal, deadline: Decimal) -> Decimal | None:
    """Return (deadline − length) / σ; None where the variance is 0, since nothing then is left to chance."""
    return (deadline - length) / variance.sqrt() if variance else None


def compute_probability(length: Decimal, variance: Decimal, deadline: Decimal) -> Decimal:
    """Return the probability, 0 to 1, that a chain of that expected length and variance is done by the deadline.

    Φ(z) of the standard normal distribution: the sum of many durations is taken as normal, and no other chain as able
    to become the longer one (PERT); Monte Carlo makes neither assumption. Without variance it is 0 or 1.
    """
    z = compute_z(length, variance, deadline)
    if z is None:
        return Decimal(deadline >= length)
    return Decimal(NormalDist().cdf(float(z)))
