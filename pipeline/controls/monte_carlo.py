"""Take a network and three-point estimates; simulate how long the project takes; give its odds and what drives them.

The same sources give the same figures everywhere: the seed is fixed, numpy guarantees the bits of PCG64 and of its
seeding, and a duration that is drawn is taken to a whole part of a day. Between machines, only the last bit of a
logarithm or an exponential may differ (for the Beta-PERT distribution alone), a thousand-millionth of such a part.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from pipeline.controls.calendar import WorkCalendar
from pipeline.controls.network import PARTS, Activity, Graph, in_days, in_parts, make_graph
from pipeline.controls.planning import Standing

Distribution = Literal["beta_pert", "triangular", "uniform"]
RUNS = 10_000
SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class ThreePoint:
    """A three-point estimate of a duration, or of what is left of it, in working days."""

    optimistic: Decimal
    likely: Decimal
    pessimistic: Decimal

    def __post_init__(self) -> None:
        if not self.optimistic <= self.likely <= self.pessimistic:
            raise ValueError("wants optimistic ≤ likely ≤ pessimistic")

    def scaled(self, share: Decimal) -> ThreePoint:
        """Return the estimate of a share (0 to 1) of the work, such as what is left of a task under way."""
        return ThreePoint(self.optimistic * share, self.likely * share, self.pessimistic * share)


def list_estimates(standings: Mapping[str, Standing]) -> dict[str, ThreePoint]:
    """Return the estimates of what is left, by the ids of the tasks; tasks that are done or not estimated have none.

    The estimate of a task under way is scaled by what is left of its duration.
    """
    return {
        id: ThreePoint(estimate.optimistic, estimate.likely, estimate.pessimistic).scaled(one.share)
        for id, one in standings.items()
        if (estimate := one.task.estimate) is not None and one.ended is None
    }


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A point of the cumulative curve: the probability (0 to 1) that the project takes at most so many working days."""

    probability: Decimal
    length: Decimal


@dataclass(frozen=True, slots=True)
class Simulation:
    """How long a project takes, over many runs: `lengths` in parts of a day, ascending; all else in working days.

    `criticality` is the share of runs (0 to 1) in which an activity was critical (criticality index), by its id.
    """

    distribution: Distribution
    runs: int
    seed: int
    lengths: tuple[int, ...]
    criticality: Mapping[str, Decimal]

    @property
    def mean(self) -> Decimal:
        """Return the mean length."""
        return in_days(sum(self.lengths)) / self.runs

    @property
    def sd(self) -> Decimal | None:
        """Return the standard deviation √(Σ(x − mean)² ÷ (n − 1)); None for a single run, which has no spread."""
        if self.runs < 2:
            return None
        total, squares = sum(self.lengths), sum(length * length for length in self.lengths)
        return (Decimal(self.runs * squares - total * total) / (self.runs * (self.runs - 1))).sqrt() / PARTS

    @property
    def p10(self) -> Decimal:
        """Return the length that one run in ten keeps."""
        return self.quantile(Decimal("0.1"))

    @property
    def p50(self) -> Decimal:
        """Return the length that every second run keeps."""
        return self.quantile(Decimal("0.5"))

    @property
    def p80(self) -> Decimal:
        """Return the length that four runs in five keep."""
        return self.quantile(Decimal("0.8"))

    @property
    def p90(self) -> Decimal:
        """Return the length that nine runs in ten keep."""
        return self.quantile(Decimal("0.9"))

    def quantile(self, probability: Decimal) -> Decimal:
        """Return the shortest length that at least this share (0 to 1) of the runs keeps; it is that of one run."""
        rank = int((probability * self.runs).to_integral_value(ROUND_CEILING))
        return in_days(self.lengths[max(rank, 1) - 1])

    def probability(self, length: Decimal) -> Decimal:
        """Return the share (0 to 1) of the runs that take at most so many working days."""
        return Decimal(bisect_right(self.lengths, in_parts(length))) / self.runs

    @property
    def curve(self) -> tuple[CurvePoint, ...]:
        """Return the cumulative curve, from the shortest run to the longest, at each full per cent."""
        shares = (Decimal(percent) / 100 for percent in range(101))
        return tuple(CurvePoint(share, self.quantile(share)) for share in shares)


def find_day(length: Decimal, start: date, calendar: WorkCalendar) -> date:
    """Return the last working day of so many from `start` on, begun days counted whole; `start` itself for none."""
    days = int(length.to_integral_value(ROUND_CEILING))
    return calendar.day_at(calendar.position(start) + days - 1) if days > 0 else start


def compute_odds(simulation: Simulation, day: date, start: date, calendar: WorkCalendar) -> Decimal:
    """Return the share (0 to 1) of the runs that are done by the end of a day, if the plan begins at `start`."""
    return simulation.probability(Decimal(max(calendar.count_both(start, day), 0)))


def compute_simulation(
    activities: Iterable[Activity],
    estimates: Mapping[str, ThreePoint],
    *,
    distribution: Distribution = "beta_pert",
    runs: int = RUNS,
    seed: int = SEED,
) -> Simulation:
    """Return a Monte Carlo simulation of a plan (Van Slyke, 1963): in each run every estimated duration is drawn anew.

    Activities without an estimate keep their duration. Durations are drawn independently of each other, from the
    Beta-PERT distribution (Vose: α = 1 + 4(m−a)/(b−a), β = 1 + 4(b−m)/(b−a)), the triangular or the uniform one.
    ValueError for no run, a circle, an unknown predecessor, or durations beyond all measure.
    """
    if runs < 1:
        raise ValueError("wants at least one run")
    # The likely duration stands for all where they are the same; elsewhere it is drawn.
    graph = make_graph(
        replace(one, duration=estimates[one.id].likely) if one.id in estimates else one for one in activities
    )
    return _simulate(graph, estimates, distribution, runs, seed)


def _simulate(
    graph: Graph, estimates: Mapping[str, ThreePoint], distribution: Distribution, runs: int, seed: int
) -> Simulation:
    # Here and not above: numpy takes a tenth of a second to load, and most documents simulate nothing.
    from pipeline.controls.sampling import Spread, run_network

    spreads = {
        id: Spread(float(one.optimistic), float(one.pessimistic), _mode(one), distribution)
        for id, one in estimates.items()
    }
    outcome = run_network(graph, spreads, runs, seed)
    lengths = tuple(sorted(outcome.lengths.tolist()))
    shares = (Decimal(hits) / runs for hits in outcome.hits)
    criticality = {activity.id: share for activity, share in zip(graph.activities, shares, strict=True)}
    return Simulation(distribution, runs, seed, lengths, criticality)


def _mode(estimate: ThreePoint) -> float:
    """Return where the likely duration lies between the others, 0 to 1; 0 where they are all the same."""
    width = estimate.pessimistic - estimate.optimistic
    return float((estimate.likely - estimate.optimistic) / width) if width else 0.0
