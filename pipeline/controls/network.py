"""Activities with durations and links come in; early and late times, floats, critical chains and odds (PERT) go out.

Time is abstract here: working days from the start of the project, where an activity of one day that starts at 0 ends
at 1. It is counted in whole parts of a day, so that every sum is exact and fast: 60,000 parts hold every duration of
four decimals and every sixth of one (three-point estimates) without a remainder.

A link is driving where its successor starts exactly when that link allows. Of several equally long chains the one with
the largest variance is given, since it promises least; of equals the one with the smaller ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from statistics import NormalDist

from pipeline.model.base import natural
from pipeline.model.schedule import Link, LinkKind

PARTS = 60_000
ZERO = Decimal(0)
_PARTS = Decimal(PARTS)

# The least number of parts from the start of the predecessor to that of the successor: lag and both durations → parts.
DISTANCES: Mapping[str, Callable[[int, int, int], int]] = {
    "FS": lambda lag, before, after: lag + before,
    "SS": lambda lag, before, after: lag,
    "FF": lambda lag, before, after: lag + before - after,
    "SF": lambda lag, before, after: lag - after,
}


@dataclass(frozen=True, slots=True)
class Activity:
    """A piece of work in abstract time, all of it in working days.

    `links` name its predecessors. It starts at `not_before` or later (and never before 0); to finish after `finish_by`
    gives negative float. `spread` is the pessimistic less the optimistic duration, 0 where the duration is certain.
    """

    id: str
    duration: Decimal
    links: tuple[Link, ...] = ()
    not_before: Decimal = ZERO
    finish_by: Decimal | None = None
    spread: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Times:
    """The times and floats of one activity, in working days from the start of the project."""

    id: str
    early_start: Decimal
    early_finish: Decimal
    late_start: Decimal
    late_finish: Decimal
    total_float: Decimal
    free_float: Decimal

    @property
    def critical(self) -> bool:
        """Return whether any delay of the activity delays the project, or misses a day that was set."""
        return self.total_float <= 0


@dataclass(frozen=True)
class Graph:
    """Activities in an order in which each comes after its predecessors, and their durations in parts of a day.

    `before` holds for each of them its links as (position of the predecessor, least parts from start to start): all
    four kinds of link are such a distance once the durations are known.
    """

    activities: tuple[Activity, ...]
    durations: tuple[int, ...]
    before: tuple[tuple[tuple[int, int], ...], ...]

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Return where each activity stands, by its id."""
        return {activity.id: position for position, activity in enumerate(self.activities)}


@dataclass(frozen=True)
class Network:
    """The outcome of the critical path method: parts of a day, one entry for each activity of the graph."""

    graph: Graph
    starts: list[int]
    late_starts: list[int]
    free: list[int]
    end: int

    @property
    def length(self) -> Decimal:
        """Return how long the project takes, in working days."""
        return in_days(self.end)

    @cached_property
    def times(self) -> Mapping[str, Times]:
        """Return the times and floats of each activity, by its id."""
        return {activity.id: self._times(position) for position, activity in enumerate(self.graph.activities)}

    def _times(self, position: int) -> Times:
        start, late, duration = self.starts[position], self.late_starts[position], self.graph.durations[position]
        parts = (start, start + duration, late, late + duration, late - start, self.free[position])
        return Times(self.graph.activities[position].id, *map(in_days, parts))

    @cached_property
    def critical(self) -> tuple[str, ...]:
        """Return the activities without float, in the order of their starts."""
        rows = zip(self.graph.activities, self.starts, self.late_starts, strict=True)
        found = [(start, natural(activity.id), activity.id) for activity, start, late in rows if late <= start]
        return tuple(id for _, _, id in sorted(found))


def in_days(parts: int) -> Decimal:
    """Return parts of a day as working days."""
    return parts / _PARTS


def in_parts(days: Decimal) -> int:
    """Return working days as whole parts of a day; a duration such as 10 ÷ 0.3 is taken to the nearest part."""
    return round(days * _PARTS)


def compute_network(activities: Iterable[Activity]) -> Network:
    """Return the times and floats of a plan by the critical path method (Kelley and Walker, 1959).

    Forward: early start = the latest that a link asks for. Backward: late start = the earliest that a link allows, the
    end of the project for the last ones. Total float = late start − early start; free float = what an activity can slip
    before it moves a successor or the end. ValueError for a circle or an unknown predecessor.
    """
    graph = make_graph(activities)
    starts = _pass_forward(graph)
    end = max((start + duration for start, duration in zip(starts, graph.durations, strict=True)), default=0)
    return Network(graph, starts, *_pass_backward(graph, starts, end), end)


def make_graph(activities: Iterable[Activity]) -> Graph:
    """Return the activities in working order with the distances between them; ValueError if there is no such order."""
    ordered = _sort(tuple(activities))
    durations = tuple(in_parts(activity.duration) for activity in ordered)
    at = {activity.id: position for position, activity in enumerate(ordered)}
    before = tuple(
        tuple((at[link.task], _distance(link, durations[at[link.task]], duration)) for link in activity.links)
        for activity, duration in zip(ordered, durations, strict=True)
    )
    return Graph(ordered, durations, before)


def _distance(link: Link, before: int, after: int) -> int:
    return DISTANCES[link.kind](link.lag * PARTS, before, after)


def _sort(activities: tuple[Activity, ...]) -> tuple[Activity, ...]:
    """Return the activities, each after its predecessors (Kahn, 1962)."""
    waiting = {activity.id: len(activity.links) for activity in activities}
    after: dict[str, list[Activity]] = {activity.id: [] for activity in activities}
    for activity in activities:
        for link in activity.links:
            if link.task not in after:
                raise ValueError(f"there is no activity {link.task}, which {activity.id} names")
            after[link.task].append(activity)
    ordered = [activity for activity in activities if not activity.links]
    for activity in ordered:
        for successor in after[activity.id]:
            waiting[successor.id] -= 1
            if not waiting[successor.id]:
                ordered.append(successor)
    if len(ordered) < len(activities):
        raise ValueError("activities wait for each other in a circle")
    return tuple(ordered)


def _pass_forward(graph: Graph) -> list[int]:
    starts: list[int] = []
    for activity, links in zip(graph.activities, graph.before, strict=True):
        start = in_parts(activity.not_before) if activity.not_before else 0
        for position, distance in links:
            wanted = starts[position] + distance
            if wanted > start:
                start = wanted
        starts.append(start if start > 0 else 0)
    return starts


def _pass_backward(graph: Graph, starts: list[int], end: int) -> tuple[list[int], list[int]]:
    """Return late starts and free floats."""
    late = [end - duration for duration in graph.durations]
    free = [last - start for last, start in zip(late, starts, strict=True)]
    for position in range(len(starts) - 1, -1, -1):
        activity = graph.activities[position]
        if activity.finish_by is not None:
            late[position] = min(late[position], in_parts(activity.finish_by) - graph.durations[position])
        own_late, own_start = late[position], starts[position]
        for predecessor, distance in graph.before[position]:
            late[predecessor] = min(late[predecessor], own_late - distance)
            free[predecessor] = min(free[predecessor], own_start - distance - starts[predecessor])
    return late, free


# Whether a link leaves its predecessor at the finish, and whether it meets its successor there.
LEAVES_AT_FINISH: frozenset[LinkKind] = frozenset(("FS", "FF"))
MEETS_AT_FINISH: frozenset[LinkKind] = frozenset(("FF", "SF"))


@dataclass(frozen=True, slots=True)
class Path:
    """A chain of activities, first to last, and the variance of its length in square working days (PERT)."""

    activities: tuple[str, ...] = ()
    variance: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class _Reach:
    """A chain up to the start or the finish of an activity: the squares of its spreads and where it comes from."""

    squares: Decimal
    at: tuple[int, bool]
    via: _Reach | None = None


def find_critical_path(network: Network) -> Path:
    """Return the longest chain from the start of the project to its end; its length is that of the project."""
    ends = [
        position
        for position, (start, duration) in enumerate(zip(network.starts, network.graph.durations, strict=True))
        if start + duration == network.end
    ]
    return _find_path(network, ends)


def find_driving_path(network: Network, id: str) -> Path:
    """Return the chain that sets the dates of an activity, which is its last one; KeyError if there is none such."""
    return _find_path(network, [network.graph.positions[id]])


def _find_path(network: Network, ends: list[int]) -> Path:
    reaches: dict[tuple[int, bool], _Reach] = {}
    for position in _find_sources(network, ends):
        for finish in (False, True):
            reaches[position, finish] = _reach(network, position, finish, reaches)
    if not ends:
        return Path()
    best = _best(network, (reaches[position, True] for position in ends))
    return Path(tuple(_trace(network, best)), best.squares / 36)


def _find_sources(network: Network, ends: Iterable[int]) -> list[int]:
    """Return the positions that driving links lead back to, each after those before it."""
    found = set(ends)
    waiting = list(found)
    while waiting:
        for predecessor, _ in _driving(network, waiting.pop()):
            if predecessor not in found:
                found.add(predecessor)
                waiting.append(predecessor)
    return sorted(found)


def _driving(network: Network, position: int) -> Iterator[tuple[int, LinkKind]]:
    start, links = network.starts[position], network.graph.activities[position].links
    for link, (predecessor, distance) in zip(links, network.graph.before[position], strict=True):
        if network.starts[predecessor] + distance == start:
            yield predecessor, link.kind


def _reach(network: Network, position: int, finish: bool, reaches: dict[tuple[int, bool], _Reach]) -> _Reach:
    """Return the chain with the largest variance up to one end of an activity.

    A chain that enters at the start and leaves at the finish (or the other way) takes the activity's duration with it;
    one that enters and leaves at the same end does not.
    """
    activity = network.graph.activities[position]
    found = [
        _enter(activity, (position, finish), reaches[predecessor, kind in LEAVES_AT_FINISH], kind in MEETS_AT_FINISH)
        for predecessor, kind in _driving(network, position)
    ]
    return _best(network, found) if found else _enter(activity, (position, finish), None, False)


def _enter(activity: Activity, at: tuple[int, bool], via: _Reach | None, met_at_finish: bool) -> _Reach:
    own = ZERO if met_at_finish == at[1] else activity.spread * activity.spread
    return _Reach((via.squares if via else ZERO) + own, at, via)


def _best(network: Network, reaches: Iterable[_Reach]) -> _Reach:
    found = list(reaches)
    if len(found) == 1:
        return found[0]
    return min(found, key=lambda reach: (-reach.squares, *map(natural, _names(network, reach))))


def _names(network: Network, reach: _Reach) -> tuple[str, str]:
    """Return the ids that tell equals apart: where the chain comes from, and where it ends."""
    positions = (reach.via.at[0] if reach.via else reach.at[0], reach.at[0])
    before, last = (network.graph.activities[position].id for position in positions)
    return before, last


def _trace(network: Network, reach: _Reach | None) -> Iterator[str]:
    chain = []
    while reach is not None:
        chain.append(network.graph.activities[reach.at[0]].id)
        reach = reach.via
    return reversed(chain)


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
