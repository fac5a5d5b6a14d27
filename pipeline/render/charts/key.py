"""Take the kinds of marks that a chart uses; draw one of each with its word in a line; give the chart's key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.render.charts.canvas import Layer, Note, draw, draw_lines, place, write_notes
from pipeline.render.charts.labels import room_for
from pipeline.render.charts.look import Look

_SWATCH = 16.0
_GAP = 4.0
_APART = 14.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of mark: `kind` is `bar`, `line`, `tick`, or a symbol's shape; `edge` is the colour of its outline."""

    kind: str
    word: str
    colour: str
    edge: str = ""
    dash: tuple[float, ...] = ()
    thick: float = 8.0


def draw_key(entries: Sequence[Entry], look: Look, y: float, x: float = 0.0) -> list[Layer]:
    """Return the layers of a key whose middle line is at `y`, its first mark at `x`."""
    layers: list[Layer] = []
    notes = []
    for entry in entries:
        layers += _SHAPES.get(entry.kind, _symbol)(entry, x, y)
        notes.append(Note(x + _SWATCH + _GAP, y, entry.word, look.grey, look.size))
        x += _SWATCH + _GAP + room_for((entry.word,), look.size) + _APART
    return [*layers, *write_notes(notes)]


def key_width(entries: Sequence[Entry], look: Look) -> float:
    """Return how wide a key is."""
    return sum(_SWATCH + _GAP + room_for((entry.word,), look.size) + _APART for entry in entries) - _APART


def _bar(entry: Entry, x: float, y: float) -> list[Layer]:
    row = {"x": x, "y": round(y - entry.thick / 2, 2), "x2": x + _SWATCH, "y2": round(y + entry.thick / 2, 2)}
    return [draw("rect", [row], place(None, None, x2="x2", y2="y2"), **fill(entry.colour, entry.edge))]


def _line(entry: Entry, x: float, y: float) -> list[Layer]:
    return draw_lines([(x, y, x + _SWATCH, y)], entry.colour, entry.thick, entry.dash)


def _tick(entry: Entry, x: float, y: float) -> list[Layer]:
    middle = x + _SWATCH / 2
    return draw_lines([(middle, y - 4.5, middle, y + 4.5)], entry.colour, entry.thick)


def _symbol(entry: Entry, x: float, y: float) -> list[Layer]:
    row = {"x": x + _SWATCH / 2, "y": y}
    look: dict[str, Any] = {"shape": entry.kind, "size": entry.thick**2, **fill(entry.colour, entry.edge)}
    return [draw("point", [row], place(None, None), **look)]


def fill(colour: str, edge: str = "", width: float = 1.0) -> dict[str, Any]:
    """Return the look of a filled shape, with an outline where `edge` is given."""
    return {"fill": colour, "opacity": 1} | ({"stroke": edge, "strokeWidth": width} if edge else {"strokeWidth": 0})


_SHAPES: dict[str, Callable[[Entry, float, float], list[Layer]]] = {"bar": _bar, "line": _line, "tick": _tick}
