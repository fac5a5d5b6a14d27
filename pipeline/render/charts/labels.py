"""Take words and the room that they have; shorten, break or move them apart; give labels that do not collide."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.render.metrics import measure

_MORE = "…"
_TOLERANCE = 0.1  # points: room that was measured with a label and rounded still fits it
_SAFE = 1.04  # the metrics are good to a few per cent
_NARROWEST = 0.15  # of the type size: no character takes less


def room_for(texts: Sequence[str], size: float, *, bold: bool = False) -> float:
    """Return the width in points that the widest of some labels needs."""
    return max((measure(text, size, bold=bold) * _SAFE for text in texts), default=0.0)


def shorten(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Return a label that fits into `room` points, its end an ellipsis where words had to go."""
    room += _TOLERANCE
    text = text[: _most(size, room)]
    if room_for((text,), size, bold=bold) <= room:
        return text
    kept = text
    while kept and room_for((kept + _MORE,), size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip(" ,.;:–-") + _MORE if kept else ""


def _most(size: float, room: float) -> int:
    """Return how many characters are more than any label of that width has: a longer text need not be measured."""
    return int(max(room, 0) / (size * _NARROWEST)) + 2


def wrap(text: str, size: float, room: float, most: int = 2, *, bold: bool = False) -> tuple[str, ...]:
    """Return a label as up to `most` lines of `room` points, broken between words; what is left over is cut."""
    lines: list[str] = []
    for word in text[: (most + 1) * _most(size, room)].split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (room_for((longer,), size, bold=bold) <= room or len(lines) == most):
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(shorten(line, size, room, bold=bold) for line in lines)


def spread(places: Sequence[float], gap: float, low: float, high: float) -> tuple[float, ...]:
    """Return places moved as little as needed so that each is `gap` from the next, within `low` and `high`."""
    order = sorted(range(len(places)), key=lambda index: (places[index], index))
    moved = list(places)
    below = low - gap
    for index in order:
        moved[index] = below = max(moved[index], below + gap)
    above = high + gap
    for index in reversed(order):
        moved[index] = above = min(moved[index], above - gap)
    return tuple(round(place, 2) for place in moved)
