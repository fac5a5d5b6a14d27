"""Take a computed network; go back over the links that set the dates; give chains of activities with their variance.

A link is driving where its successor starts exactly when that link allows. Of several equally long chains the one with
the largest variance is given, since it promises least; of equals the one with the smaller ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from pipeline.controls.network import ZERO, Activity, Network
from pipeline.model.base import natural
from pipeline.model.schedule import LinkKind

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
