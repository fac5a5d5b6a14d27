"""Take rows and columns of equal cells; draw them with their names; say where a cell stands and what fits into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.render.charts.canvas import Layer, Note, draw, place, write_notes
from pipeline.render.charts.key import fill
from pipeline.render.charts.labels import room_for
from pipeline.render.charts.look import Look

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
