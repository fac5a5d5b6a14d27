"""The words of a chart and the room they have come in; labels that do not collide, keys and named grids go out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.render.charts.canvas import Layer, Look, Note, draw, draw_lines, place, write_notes
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


Spot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of one size in points, `columns` by `rows`; a spot is (column, row) from the left upper corner."""

    columns: int
    rows: int
    width: float
    height: float

    def corner(self, spot: Spot) -> tuple[float, float]:
        """Return the left upper corner of a cell."""
        return round(spot[0] * self.width, 2), round(spot[1] * self.height, 2)

    def middle(self, spot: Spot) -> tuple[float, float]:
        """Return the middle of a cell."""
        x, y = self.corner(spot)
        return round(x + self.width / 2, 2), round(y + self.height / 2, 2)

    @property
    def size(self) -> tuple[float, float]:
        """Return the width and height of all cells."""
        return round(self.columns * self.width, 2), round(self.rows * self.height, 2)


def draw_cells(grid: Grid, fills: Mapping[Spot, str], look: Look) -> list[Layer]:
    """Return the layers of the cells, parted by paper-coloured lines, a layer a fill."""
    by_fill: dict[str, list[dict[str, float]]] = {}
    for row in range(grid.rows):
        for column in range(grid.columns):
            x, y = grid.corner((column, row))
            cell = {"x": x, "y": y, "x2": round(x + grid.width, 2), "y2": round(y + grid.height, 2)}
            by_fill.setdefault(fills.get((column, row), look.wash), []).append(cell)
    encoding = place(None, None, x2="x2", y2="y2")
    return [draw("rect", cells, encoding, **fill(colour, look.paper, 1.5)) for colour, cells in by_fill.items()]


def name_columns(grid: Grid, names: Sequence[str], look: Look) -> list[Layer]:
    """Return the names of the columns below the cells."""
    y = grid.size[1] + look.row * 0.7
    return write_notes(
        Note(grid.middle((column, 0))[0], y, name, look.grey, look.size, "center") for column, name in enumerate(names)
    )


def name_rows(grid: Grid, names: Sequence[str], look: Look) -> list[Layer]:
    """Return the names of the rows left of the cells."""
    return write_notes(
        Note(-6, grid.middle((0, row))[1], name, look.grey, look.size, "right") for row, name in enumerate(names)
    )


def pack(labels: Sequence[str], room: float, lines: int, size: float, gap: float = 5.0) -> list[list[str]]:
    """Return labels in lines of a cell; those without room are counted in a last one, `+3`."""
    packed: list[list[str]] = [[]]
    for index, label in enumerate(labels):
        if _runs_over([*packed[-1], label], room, size, gap) and packed[-1]:
            packed.append([])
        if len(packed) > lines:
            packed.pop()
            left = len(labels) - index
            while packed[-1] and _runs_over([*packed[-1], f"+{left}"], room, size, gap):
                packed[-1].pop()
                left += 1
            packed[-1].append(f"+{left}")
            return packed
        packed[-1].append(label)
    return packed


def _runs_over(labels: Sequence[str], room: float, size: float, gap: float) -> bool:
    return sum(room_for((label,), size, bold=True) for label in labels) + gap * (len(labels) - 1) > room
