"""Take series of points over time or numbers; draw each as a line with its own dash and marks; give its layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.render.charts.canvas import Layer, Note, Scale, draw, place
from pipeline.render.charts.key import fill
from pipeline.render.charts.labels import room_for, spread
from pipeline.render.charts.look import Look

# Told apart without colour: each line has its own dash, each set of marks its own shape.
DASHES: tuple[tuple[float, ...], ...] = ((), (6, 2), (2, 2), (8, 2, 2, 2), (1, 1.5), (10, 3))
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
MOST_LINES = 12


def dash_of(rank: int) -> tuple[float, ...]:
    """Return the dash of a line by its rank, the first unbroken."""
    return DASHES[rank % len(DASHES)]


def shape_of(rank: int) -> str:
    """Return the shape of a line's marks; no two of twelve lines have both the same dash and the same shape."""
    return SHAPES[(rank + rank // len(SHAPES)) % len(SHAPES)]


@dataclass(frozen=True, slots=True)
class Series:
    """A line: its name, its points (x, y) in order, and its look; `shape` marks the points, "" for none.

    A line in `steps` holds each value until the next point.
    """

    name: str
    points: tuple[tuple[Any, Any], ...]
    colour: str
    dash: tuple[float, ...] = ()
    width: float = 1.5
    shape: str = ""
    size: float = 16.0
    hollow: bool = False
    steps: bool = False


def draw_series(series: Series, x: Scale, y: Scale, look: Look) -> list[Layer]:
    """Return the layers of a line and its marks; none where there is no point."""
    rows = [{"series": series.name, "x": here, "y": value} for here, value in series.points]
    line = {"color": series.colour, "strokeWidth": series.width, "strokeJoin": "round"}
    line |= {"interpolate": "step-after"} if series.steps else {}
    if series.dash:
        line["strokeDash"] = list(series.dash)
    layers: list[Layer] = [draw("line", rows, place(x, y), **line)] if len(rows) > 1 else []
    if series.shape and rows:
        inside = fill(look.paper, series.colour, 1.2) if series.hollow else fill(series.colour)
        layers.append(draw("point", rows, place(x, y), shape=series.shape, size=series.size, **inside))
    return layers


def name_ends(
    ends: Sequence[tuple[float, str, str]], look: Look, width: float, height: float, gap: float = 6.0
) -> tuple[list[Note], list[tuple[float, float, float, float]]]:
    """Return the names of lines right of the plot, moved apart, and a short leader for each that had to move.

    `ends` are (y in points, name, colour).
    """
    places = spread([y for y, _, _ in ends], look.row, 0.0, height)
    notes = [
        Note(width + gap, place, name, colour, look.size, bold=True)
        for place, (_, name, colour) in zip(places, ends, strict=True)
    ]
    leaders = [
        (width + 1, y, width + gap - 1, place)
        for place, (y, _, _) in zip(places, ends, strict=True)
        if abs(place - y) > 1
    ]
    return notes, leaders


def names_room(names: Sequence[str], look: Look, gap: float = 6.0) -> float:
    """Return the width that the names of lines need right of a plot."""
    return room_for(names, look.size, bold=True) + gap if names else 0.0
