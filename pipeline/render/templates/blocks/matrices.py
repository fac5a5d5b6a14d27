"""Take stakeholders or risks; lay them out on two scales; give tables that speak in words as well as fills."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipeline.document.tree import Cell, Column, Paragraph, Row, Strong, Table, Text
from pipeline.render.templates.blocks.tables import paragraph
from pipeline.render.words import Words

_ENGAGEMENT = ("unaware", "resistant", "neutral", "supportive", "leading")
_FIVE = (5, 4, 3, 2, 1)


def make_engagement_matrix(stakeholders: Iterable[Any], words: Words, caption: str, id: str) -> Table:
    """Return the engagement assessment matrix: current (C) and desired (D) engagement of each stakeholder."""
    titles = ("Stakeholder", "Power", "Interest", *(words.term(level) for level in _ENGAGEMENT), "Next action")
    head = Row(tuple(_head(words.say(title), centred=0 < index < 8) for index, title in enumerate(titles)))
    body = tuple(_engagement_row(one, words) for one in stakeholders)
    widths = (0.2, 0.062, 0.068, 0.08, 0.084, 0.072, 0.094, 0.075, 0.265)
    columns = tuple(Column("center" if 0 < index < 8 else "left", width) for index, width in enumerate(widths))
    return Table(columns, (head,), body, (Text(caption),), id=id)


def _head(title: str, *, centred: bool = False) -> Cell:
    return Cell(paragraph(title, "cell-head"), header=True, align="center" if centred else None)


def _engagement_row(one: Any, words: Words) -> Row:
    figures = (words.number(figure) for figure in (one.power, one.interest))
    marks = (_mark(level, one, words) for level in _ENGAGEMENT)
    return Row((Cell(f"{one.id} {one.name}", header=True), *figures, *marks, one.action))


def _mark(level: str, one: Any, words: Words) -> Cell:
    letters = [words.say(letter) for letter, state in (("C", one.current), ("D", one.desired)) if state == level]
    start, end = sorted((_ENGAGEMENT.index(one.current), _ENGAGEMENT.index(one.desired)))
    between = start <= _ENGAGEMENT.index(level) <= end
    text = (Strong((Text(" ".join(letters)),)),) if letters else ()
    return Cell((Paragraph(text, "cell"),), role="current" if between else "")


def make_power_grid(stakeholders: Iterable[Any], words: Words, caption: str, id: str) -> Table:
    """Return the power and interest grid, with the ids of the stakeholders in the four quadrants."""
    everyone = tuple(stakeholders)
    head = Row(
        (
            _head(words.say("Power")),
            _head(words.say("Interest low (1–2)")),
            _head(words.say("Interest high (3–5)")),
        )
    )
    rows = tuple(
        Row(
            (
                Cell(words.say(title), header=True),
                *(_quadrant(everyone, powerful, interested, words) for interested in (False, True)),
            )
        )
        for title, powerful in (("High (3–5)", True), ("Low (1–2)", False))
    )
    return Table(
        (Column("left", 0.16), Column("left", 0.42), Column("left", 0.42)), (head,), rows, (Text(caption),), id=id
    )


_QUADRANTS = {
    (True, False): "Keep satisfied",
    (True, True): "Manage closely",
    (False, False): "Monitor",
    (False, True): "Keep informed",
}


def _quadrant(everyone: tuple[Any, ...], powerful: bool, interested: bool, words: Words) -> Cell:
    names = [
        f"{one.id} {one.name}" for one in everyone if (one.power >= 3, one.interest >= 3) == (powerful, interested)
    ]
    title = Paragraph((Strong((Text(words.say(_QUADRANTS[powerful, interested])),)),), "cell")
    text = Paragraph((Text("; ".join(names) or words.say("nobody")),), "cell")
    return Cell((title, text), role="wash" if powerful and interested else "")


def make_risk_matrix(risks: Iterable[Any], levels: Any, words: Words, caption: str, id: str) -> Table:
    """Return the likelihood and impact matrix; each cell counts the open risks and is filled by its level."""
    counted: dict[tuple[int, int], int] = {}
    for risk in risks:
        spot = (risk.likelihood, risk.impact)
        counted[spot] = counted.get(spot, 0) + 1
    head = Row(
        (
            _head(words.say("Likelihood")),
            *(_head(words.say("Impact %(figure)s", figure=impact), centred=True) for impact in reversed(_FIVE)),
        )
    )
    rows = tuple(
        Row(
            (
                Cell(str(likelihood), header=True),
                *(
                    _count(counted.get((likelihood, impact), 0), levels(likelihood * impact))
                    for impact in reversed(_FIVE)
                ),
            )
        )
        for likelihood in _FIVE
    )
    columns = (Column("left", 0.2), *(Column("center", 0.16) for _ in _FIVE))
    return Table(columns, (head,), rows, (Text(caption),), id=id)


def _count(count: int, level: str) -> Cell:
    text = (Strong((Text(str(count)),)),) if count else ()
    return Cell((Paragraph(text, "cell"),), role=f"level-{level}")
