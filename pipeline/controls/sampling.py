"""Take a network and how uncertain its durations are; run it many times at once with numpy; give lengths and hits.

Everything that is summed or compared is a whole number of parts of a day, as in the network itself: so sums are exact,
an activity is critical or not without any tolerance, and neither the size of a block nor the machine changes a result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from pipeline.controls.network import DISTANCES, PARTS, Graph, in_parts

Parts = NDArray[np.int64]
Floats = NDArray[np.float64]

# A quantile function is kept as this many equal steps of probability, with straight lines between them.
STEPS = 1024
# Runs are worked off in blocks of so many durations: larger ones leave the processor's cache, smaller ones idle.
BLOCK = 2**21
# Beyond this a sum of parts could leave 64 bits.
LARGEST = 2**62
# The definitions of the network hold for arrays as for numbers.
_DISTANCES = cast(Mapping[str, Callable[[Any, Any, Any], Any]], DISTANCES)

_SHARES: Floats = np.arange(STEPS + 1) / STEPS
# Where a density is summed up: 0 to 1 in steps that are smallest at both ends (s²(3 − 2s)), and how wide they are.
_EVEN: Floats = np.arange(2 * STEPS + 1) / (2 * STEPS)
_GRID: Floats = _EVEN * _EVEN * (3 - 2 * _EVEN)
_WIDTHS: Floats = _EVEN[1:-1] * (1 - _EVEN[1:-1])
_FALL: Floats = np.log1p(-_GRID[1:-1])
_RISE: Floats = np.log(_GRID[1:-1]) - _FALL


@dataclass(frozen=True, slots=True)
class Spread:
    """An uncertain duration in working days: its ends, where its mode lies between them (0 to 1), its distribution."""

    low: float
    high: float
    mode: float
    distribution: str


@dataclass(frozen=True, slots=True)
class Runs:
    """What many runs gave: the length of each in parts of a day, and how often each activity was critical."""

    lengths: Parts
    hits: tuple[int, ...]


def run_network(graph: Graph, spreads: Mapping[str, Spread], runs: int, seed: int) -> Runs:
    """Return the lengths and critical activities of so many runs; ValueError if the numbers are too large to add."""
    _check_size(graph, spreads)
    draws = [_make_draw(activity.id, spreads.get(activity.id), seed) for activity in graph.activities]
    lengths = np.zeros(runs, np.int64)
    hits = np.zeros(len(draws), np.int64)
    size = max(1, BLOCK // max(1, len(draws)))
    for first in range(0, runs, size):
        block = lengths[first : first + size]
        durations = [
            draw(len(block)) if draw else np.int64(fixed) for draw, fixed in zip(draws, graph.durations, strict=True)
        ]
        hits += _run_block(graph, durations, block)
    return Runs(lengths, tuple(hits.tolist()))


def _check_size(graph: Graph, spreads: Mapping[str, Spread]) -> None:
    longest = sum(graph.durations) + sum(int(spread.high) * PARTS for spread in spreads.values())
    lags = sum(abs(link.lag) for activity in graph.activities for link in activity.links) * PARTS
    waits = max((in_parts(activity.not_before) for activity in graph.activities), default=0)
    if longest + lags + waits > LARGEST:
        raise ValueError("durations are too long to be simulated")


def _make_draw(id: str, spread: Spread | None, seed: int) -> Callable[[int], Parts] | None:
    """Return what draws durations of one activity; None if its duration is certain.

    Each activity draws from a stream of its own, named by its id: another activity that comes or goes does not change
    what it draws, so that two states of a plan can be compared.
    """
    if spread is None or spread.low >= spread.high:
        return None
    stream = np.random.PCG64(np.random.SeedSequence(seed, spawn_key=tuple(id.encode())))
    quantiles = QUANTILES[spread.distribution](spread.mode)
    knots = (spread.low + (spread.high - spread.low) * quantiles) * PARTS + 0.5  # so that cutting off rounds
    slopes = np.append(np.diff(knots), 0.0)

    def draw(count: int) -> Parts:
        # The upper 53 bits make a number from 0 to 1, as numpy's own generator does it: here, a number of steps.
        place = (stream.random_raw(count) >> np.uint64(11)) * (STEPS * 2.0**-53)
        step = place.astype(np.intp)
        place -= step
        place *= slopes[step]
        place += knots[step]
        return place.astype(np.int64)

    return draw


def quantiles_uniform(mode: float) -> Floats:
    """Return the quantiles of the uniform distribution on 0 to 1; it has no mode."""
    return _SHARES


def quantiles_triangular(mode: float) -> Floats:
    """Return the quantiles of the triangular distribution on 0 to 1: √(pm) up to the mode m, then 1 − √((1−p)(1−m))."""
    return np.where(mode > _SHARES, np.sqrt(_SHARES * mode), 1 - np.sqrt((1 - _SHARES) * (1 - mode)))


def quantiles_beta_pert(mode: float) -> Floats:
    """Return the quantiles of Beta(1 + 4m, 5 − 4m), the Beta-PERT distribution on 0 to 1 with the mode m (Vose).

    Its density x^4m · (1−x)^(4−4m) is summed up over the grid, which gives the distribution function, then inverted.
    """
    heights = np.zeros(len(_GRID))
    heights[1:-1] = np.exp(4 * mode * _RISE + 4 * _FALL) * _WIDTHS
    areas = np.append(0.0, np.cumsum(heights[:-1] + heights[1:]))
    return np.interp(_SHARES, areas / areas[-1], _GRID)


QUANTILES: Mapping[str, Callable[[float], Floats]] = {
    "beta_pert": quantiles_beta_pert,
    "triangular": quantiles_triangular,
    "uniform": quantiles_uniform,
}


def _run_block(graph: Graph, durations: list[Any], lengths: Parts) -> Parts:
    """Run a block both ways: write the length of each run; return in how many of them each activity was critical."""
    distances = _distances(graph, durations)
    starts = _pass_forward(graph, distances, len(lengths))
    for start, duration in zip(starts, durations, strict=True):
        np.maximum(lengths, start + duration, out=lengths)
    late = _pass_backward(graph, durations, distances, lengths)
    pairs = zip(starts, late, strict=True)
    return np.array([np.count_nonzero(last <= start) for start, last in pairs], np.int64)


def _distances(graph: Graph, durations: list[Any]) -> list[list[tuple[int, Any]]]:
    """Return for each activity its links as (position of the predecessor, parts from start to start in each run)."""
    at = graph.positions
    return [
        [
            (at[link.task], _DISTANCES[link.kind](link.lag * PARTS, durations[at[link.task]], duration))
            for link in activity.links
        ]
        for activity, duration in zip(graph.activities, durations, strict=True)
    ]


def _pass_forward(graph: Graph, distances: list[list[tuple[int, Any]]], count: int) -> list[Parts]:
    starts: list[Parts] = []
    for activity, links in zip(graph.activities, distances, strict=True):
        start = np.full(count, max(0, in_parts(activity.not_before)), np.int64)
        for position, distance in links:
            np.maximum(start, starts[position] + distance, out=start)
        starts.append(start)
    return starts


def _pass_backward(
    graph: Graph, durations: list[Any], distances: list[list[tuple[int, Any]]], lengths: Parts
) -> list[Parts]:
    late = [lengths - duration for duration in durations]
    for position in range(len(late) - 1, -1, -1):
        own, finish_by = late[position], graph.activities[position].finish_by
        if finish_by is not None:
            np.minimum(own, in_parts(finish_by) - durations[position], out=own)
        for predecessor, distance in distances[position]:
            np.minimum(late[predecessor], own - distance, out=late[predecessor])
    return late
