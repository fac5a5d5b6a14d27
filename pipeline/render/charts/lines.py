"""Take the rows of a chart that has a line for each; part them where a page is too short; give each part's rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pipeline.render.charts.rows import TooLittle

Row = TypeVar("Row")


def part_lines(rows: Sequence[Row], line: float, room: float) -> tuple[Sequence[Row], ...]:
    """Return the rows in parts of about equal length, each with `room` points for its lines; TooLittle without rows."""
    if not rows:
        raise TooLittle("there is nothing to draw")
    most = max(1, int(room // line))
    parts = -(-len(rows) // most)
    each = -(-len(rows) // parts)
    return tuple(rows[first : first + each] for first in range(0, len(rows), each))
