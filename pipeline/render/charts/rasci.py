"""Take activities with the part that each role has in them; draw a grid of letters; give the RASCI chart.

R does it, A answers for it (one role only), S supports, C is asked, I is told. A letter has its own fill, so that a
missing or second A is seen at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.render.charts.canvas import (
    Chart,
    Layer,
    Look,
    Note,
    draw,
    draw_lines,
    frame_plot,
    make_chart,
    place,
    write_notes,
)
from pipeline.render.charts.labels import fill, room_for, shorten, wrap
from pipeline.render.charts.rows import TooLittle, make_data, part_lines, read_rows
from pipeline.render.words import Words

LETTERS = ("R", "A", "S", "C", "I")
_MEANINGS = ("Responsible", "Accountable", "Supports", "Consulted", "Informed")
_LINE = 16.0
_NAMES = 0.36
_MOST_ROLES = 10


@dataclass(frozen=True, slots=True)
class RasciRow:
    """An activity; `roles` gives each role's letters, such as `R` or `A/R`."""

    title: str
    roles: Mapping[str, str]

    def letters(self, role: str) -> tuple[str, ...]:
        """Return the letters of a role, in the order of RASCI."""
        given = str(self.roles.get(role) or "").upper()
        return tuple(letter for letter in LETTERS if letter in given)

    @property
    def accountable(self) -> int:
        """Return how many roles answer for it; 1 is right."""
        return sum("A" in self.letters(role) for role in self.roles)


def make_rasci(rows: Iterable[Any], look: Look, words: Words) -> tuple[Chart, ...]:
    """Return the grid, in parts where a page is too short; ValueError for an unknown letter or too many roles."""
    tasks = read_rows(rows, RasciRow)
    roles = tuple(dict.fromkeys(role for task in tasks for role in task.roles))
    if not roles:
        raise TooLittle("a RASCI grid needs activities with roles")
    _check(tasks, roles)
    names = round(min(room_for([task.title for task in tasks], look.size, bold=True) + 8, look.width * _NAMES), 1)
    step = (look.width - names) / len(roles)
    said = [word for role in roles for word in role.split()]
    size = look.size if room_for(said, look.size) <= step - 3 else look.small
    heads = [wrap(role, size, step - 3, 3) for role in roles]
    top = max(len(lines) for lines in heads) * look.size * 1.2 + look.row * 1.8
    finding = _say_finding(tasks, words)
    charts = []
    for part in part_lines(tasks, _LINE, look.tallest - top):
        frame = frame_plot(look, len(part) * _LINE, left=names, top=top, bottom=2)
        layers: list[Layer] = [
            *_draw_rules(len(part), len(roles), step, names, look),
            *_name_roles(heads, step, size, look),
            *_draw_letters(part, roles, step, look),
            *_name_tasks(part, names, look),
            *_write_key(look, words, -top + look.row / 2, -names),
        ]
        alt = " ".join((words.say("Grid of responsibilities."), finding, *_say_tasks(part, roles, words)))
        charts.append(make_chart(frame, layers, look, finding, alt, _make_data(part, roles, words)))
    return tuple(charts)


def _check(tasks: Sequence[RasciRow], roles: Sequence[str]) -> None:
    if len(roles) > _MOST_ROLES:
        raise ValueError(f"a RASCI grid has {_MOST_ROLES} roles at most, not {len(roles)}")
    for task in tasks:
        for role, given in task.roles.items():
            wrong = set(str(given or "").upper()) - {*LETTERS, "/", ",", " ", "-", "–"}
            if wrong:
                raise ValueError(f"`{task.title}`, {role}: `{given}` is none of {', '.join(LETTERS)}")


def _draw_rules(tasks: int, roles: int, step: float, names: float, look: Look) -> list[Layer]:
    rows = [(-names, y * _LINE, roles * step, y * _LINE) for y in range(1, tasks)]
    columns = [(x * step, 0.0, x * step, tasks * _LINE) for x in range(roles)]
    head = [(-names, 0.0, roles * step, 0.0)]
    return [*draw_lines([*rows, *columns], look.line), *draw_lines(head, look.mid_grey, 0.75)]


def _name_roles(heads: Sequence[Sequence[str]], step: float, size: float, look: Look) -> list[Layer]:
    line = look.size * 1.2
    return write_notes(
        Note((x + 0.5) * step, -line * (len(lines) - at - 0.5) - 2, text, look.text, size, "center")
        for x, lines in enumerate(heads)
        for at, text in enumerate(lines)
    )


def _name_tasks(tasks: Sequence[RasciRow], names: float, look: Look) -> list[Layer]:
    return write_notes(
        Note(
            -names,
            (index + 0.5) * _LINE,
            shorten(task.title, look.size, names - 8, bold=task.accountable != 1),
            look.text if task.accountable == 1 else look.alarm,
            look.size,
            bold=task.accountable != 1,
        )
        for index, task in enumerate(tasks)
    )


def _styles(look: Look) -> Mapping[str, tuple[dict[str, Any], str]]:
    """Return the fill and the ink of each letter."""
    return {
        "R": (fill(look.accent), look.paper),
        "A": (fill(look.title), look.paper),
        "S": (fill(look.pale), look.text),
        "C": (fill(look.paper, look.mid_grey, 0.75), look.text),
        "I": (fill(look.paper), look.grey),
    }


def _draw_letters(tasks: Sequence[RasciRow], roles: Sequence[str], step: float, look: Look) -> list[Layer]:
    places: dict[str, list[tuple[float, float]]] = {letter: [] for letter in LETTERS}
    for row, task in enumerate(tasks):
        for column, role in enumerate(roles):
            letters = task.letters(role)
            for at, letter in enumerate(letters):
                x = (column + 0.5) * step + (at - (len(letters) - 1) / 2) * 15
                places[letter].append((round(x, 2), (row + 0.5) * _LINE))
    return [layer for letter in LETTERS for layer in _draw_letter(letter, places[letter], look)]


def _draw_letter(letter: str, places: Sequence[tuple[float, float]], look: Look) -> list[Layer]:
    """Return a letter at its places: the one that answers on a square, the others on discs."""
    style, ink = _styles(look)[letter]
    rows = [{"x": x, "y": y} for x, y in places]
    shape = "square" if letter == "A" else "circle"
    notes = [Note(x, y, letter, ink, look.small, "center", bold=True) for x, y in places]
    return [draw("point", rows, place(None, None), shape=shape, size=125, **style), *write_notes(notes)] if rows else []


def _write_key(look: Look, words: Words, y: float, x: float) -> list[Layer]:
    layers: list[Layer] = []
    notes = []
    for letter, meaning in zip(LETTERS, _MEANINGS, strict=True):
        word = words.say(meaning)
        layers += _draw_letter(letter, [(x + 6, y)], look)
        notes.append(Note(x + 16, y, word, look.grey, look.size))
        x += 16 + room_for((word,), look.size) + 14
    return [*layers, *write_notes(notes)]


def _say_finding(tasks: Sequence[RasciRow], words: Words) -> str:
    wrong = [task.title for task in tasks if task.accountable != 1]
    if not wrong:
        return words.say("Every activity has one accountable role.")
    return words.say("Without exactly one accountable role: %(titles)s.", titles=", ".join(wrong))


def _say_tasks(tasks: Sequence[RasciRow], roles: Sequence[str], words: Words) -> Iterable[str]:
    for task in tasks:
        named = [role for role in roles if "A" in task.letters(role)]
        if len(named) == 1:
            yield words.say("%(title)s: %(role)s.", title=task.title, role=named[0])


def _make_data(tasks: Sequence[RasciRow], roles: Sequence[str], words: Words) -> Any:
    rows = [
        {"title": task.title, **{f"role {at}": "/".join(task.letters(role)) for at, role in enumerate(roles)}}
        for task in tasks
    ]
    columns = [(role, f"role {at}", "") for at, role in enumerate(roles)]
    return make_data(rows, (("Activity", "title", ""), *columns), words)
