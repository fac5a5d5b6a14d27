"""Take a few words for a plan; make activities of them; give them, and published networks, to the tests."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pipeline.controls.network import Activity
from pipeline.model.schedule import Estimate, read_link

# T6, Hillier and Lieberman, Reliable Construction: optimistic, likely and pessimistic weeks, and what each waits for.
RELIABLE: Mapping[str, tuple[str, str, str, str]] = {
    "A": ("1", "2", "3", ""),
    "B": ("2", "3.5", "8", "A"),
    "C": ("6", "9", "18", "B"),
    "D": ("4", "5.5", "10", "C"),
    "E": ("1", "4.5", "5", "C"),
    "F": ("4", "4", "10", "E"),
    "G": ("5", "6.5", "11", "D"),
    "H": ("5", "8", "17", "E, G"),
    "I": ("3", "7.5", "9", "C"),
    "J": ("3", "9", "9", "F, I"),
    "K": ("4", "4", "4", "J"),
    "L": ("1", "5.5", "7", "J"),
    "M": ("1", "2", "3", "H"),
    "N": ("5", "5.5", "9", "K, L"),
}


def activity(id: str, duration: str | int, links: str = "", **more: Decimal) -> Activity:
    """Return an activity; `links` is a list such as "A, B SS+2"."""
    return Activity(id, Decimal(duration), _links(links), **more)


def estimated(id: str, optimistic: str, likely: str, pessimistic: str, links: str = "") -> Activity:
    estimate = Estimate(optimistic=Decimal(optimistic), likely=Decimal(likely), pessimistic=Decimal(pessimistic))
    return Activity(id, estimate.expected, _links(links), spread=estimate.spread)


def reliable() -> tuple[Activity, ...]:
    return tuple(estimated(id, *row) for id, row in RELIABLE.items())


def _links(text: str) -> tuple:  # type: ignore[type-arg]
    found = tuple(read_link(part.strip()) for part in text.split(",") if part.strip())
    assert None not in found
    return found
