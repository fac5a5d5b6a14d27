"""Take stakeholders with power and interest; set their names on the grid of the two; give the chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.render.charts.canvas import (
    Chart,
    Frame,
    Layer,
    Look,
    Note,
    draw,
    draw_lines,
    make_chart,
    place,
    write_notes,
)
from pipeline.render.charts.labels import (
    Entry,
    Grid,
    Spot,
    draw_cells,
    draw_key,
    fill,
    name_columns,
    name_rows,
    room_for,
    shorten,
)
from pipeline.render.charts.rows import make_data, read_rows
from pipeline.render.words import Words

_STEPS = 5
_CELL = 52.0
_HIGH = 3  # from here on power or interest counts as high, as in the table of the same name
_QUADRANTS = {
    (True, False): "Keep satisfied",
    (True, True): "Manage closely",
    (False, False): "Monitor",
    (False, True): "Keep informed",
}


@dataclass(frozen=True, slots=True)
class PowerInterestRow:
    """A stakeholder, power and interest from 1 to 5; `gap` is how many steps of engagement are missing."""

    name: str
    power: int
    interest: int
    id: str = ""
    gap: int = 0

    @property
    def label(self) -> str:
        """Return the id with the name."""
        return f"{self.id} {self.name}".strip()

    @property
    def quadrant(self) -> str:
        """Return what to do with the stakeholder."""
        return _QUADRANTS[self.power >= _HIGH, self.interest >= _HIGH]


def make_power_interest(rows: Iterable[Any], look: Look, words: Words) -> Chart:
    """Return the chart; ValueError for a step that is not 1 to 5."""
    people = read_rows(rows, PowerInterestRow)
    for one in people:
        if not (1 <= one.power <= _STEPS and 1 <= one.interest <= _STEPS):
            raise ValueError(f"{one.label}: power and interest are 1 to {_STEPS}")
    steps = tuple(str(step) for step in range(1, _STEPS + 1))
    left = round(room_for(steps, look.size) + 10, 1)
    top, bottom = look.row * 2.6, look.row * 2.2
    cell = min(_CELL, round((look.tallest - top - bottom) / _STEPS, 2))
    grid = Grid(_STEPS, _STEPS, round((look.width - left) / _STEPS, 2), cell)
    width, height = grid.size
    frame = Frame(width, height, left, top, round(look.width - left - width, 2), bottom)
    layers: list[Layer] = [
        *_draw_quadrants(grid, look, words),
        *name_columns(grid, steps, look),
        *name_rows(grid, steps[::-1], look),
        *write_notes(
            (
                Note(-left, -look.row * 0.6, words.say("Power"), look.grey, look.size),
                Note(width, height + look.row * 1.7, words.say("Interest"), look.grey, look.size, "right"),
            )
        ),
        *_draw_people(people, grid, look),
        *draw_key(_make_key(look, words), look, -top + look.row / 2, -left),
    ]
    finding = _say_finding(people, words)
    alt = " ".join((words.say("Grid of power and interest, each 1 to 5."), finding, *_say_quadrants(people, words)))
    return make_chart(frame, layers, look, finding, alt, _make_data(people, words))


def _draw_quadrants(grid: Grid, look: Look, words: Words) -> list[Layer]:
    """Return the cells, those to manage closely on a tint, a line between high and low, and each quadrant's word."""
    closely = {(x, y): look.tint for x in range(_HIGH - 1, _STEPS) for y in range(_STEPS - _HIGH + 1)}
    width, height = grid.size
    x, y = grid.corner((_HIGH - 1, _STEPS - _HIGH + 1))
    notes = [
        Note(
            (width if high else x) - 4,
            7 if strong else y + 7,
            words.say(title),
            look.title,
            look.small,
            "right",
            bold=True,
        )
        for (strong, high), title in _QUADRANTS.items()
    ]
    lines = [(x, 0.0, x, height), (0.0, y, width, y)]
    return [*draw_cells(grid, closely, look), *draw_lines(lines, look.mid_grey, 0.75), *write_notes(notes)]


def _draw_people(people: Sequence[PowerInterestRow], grid: Grid, look: Look) -> list[Layer]:
    """Return a dot and a name for each; the dot is full where engagement is missing, a ring where it is as wanted."""
    by_spot: dict[Spot, list[PowerInterestRow]] = {}
    for one in people:
        by_spot.setdefault((one.interest - 1, _STEPS - one.power), []).append(one)
    notes: list[Note] = []
    dots: dict[bool, list[dict[str, float]]] = {True: [], False: []}
    for spot, some in by_spot.items():
        left, top = grid.corner(spot)
        step = look.size * 1.2
        shown = _choose(some, int((grid.height - _head(spot)) // step))
        y = top + _head(spot) + step / 2
        for one in shown:
            dots[one.gap > 0].append({"x": round(left + 8, 2), "y": round(y, 2)})
            label = shorten(one.label, look.size, grid.width - 18)
            notes.append(Note(left + 14, y, label, look.text, look.size))
            y += step
        if len(shown) < len(some):
            notes.append(Note(left + 14, y, f"+{len(some) - len(shown)}", look.text, look.size))
    looks = ((True, fill(look.accent)), (False, fill(look.paper, look.grey, 1.0)))
    layers = [
        draw("point", dots[full], place(None, None), shape="circle", size=22, **style)
        for full, style in looks
        if dots[full]
    ]
    return [*layers, *write_notes(notes)]


def _head(spot: Spot) -> float:
    """Return the room that a quadrant's word needs at the top of a cell."""
    return 12.0 if spot in {(1, 0), (4, 0), (1, 3), (4, 3)} else 3.0


def _choose(some: Sequence[PowerInterestRow], most: int) -> Sequence[PowerInterestRow]:
    """Return those that a cell has room for, those with a gap first."""
    ranked = sorted(some, key=lambda one: -one.gap)
    return ranked if len(ranked) <= most else ranked[: most - 1]


def _make_key(look: Look, words: Words) -> list[Entry]:
    return [
        Entry("circle", words.say("Engagement below what is wanted"), look.accent, thick=5.5),
        Entry("circle", words.say("Engagement as wanted"), look.paper, look.grey, thick=5.5),
    ]


def _say_finding(people: Sequence[PowerInterestRow], words: Words) -> str:
    closely = [one for one in people if one.quadrant == "Manage closely"]
    values = {
        "count": words.plural(len(closely), "stakeholder"),
        "all": len(people),
        "gap": sum(one.gap > 0 for one in closely),
    }
    return words.say("To manage closely: %(count)s of %(all)s, %(gap)s of them engaged less than wanted.", **values)


def _say_quadrants(people: Sequence[PowerInterestRow], words: Words) -> Iterable[str]:
    for title in _QUADRANTS.values():
        names = [one.label for one in people if one.quadrant == title]
        if names:
            yield words.say("%(title)s: %(names)s.", title=words.say(title), names=", ".join(names))


def _make_data(people: Sequence[PowerInterestRow], words: Words) -> Any:
    rows = [
        {
            "name": one.label,
            "power": one.power,
            "interest": one.interest,
            "quadrant": words.say(one.quadrant),
            "gap": one.gap,
        }
        for one in people
    ]
    columns = (
        ("Stakeholder", "name", ""), ("Power", "power", "number"), ("Interest", "interest", "number"),
        ("Quadrant", "quadrant", ""), ("Steps of engagement missing", "gap", "number"),
    )  # fmt: skip
    return make_data(rows, columns, words)
