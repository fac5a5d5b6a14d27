"""Marks with their places come in; they become layers of one Vega-Lite spec in the look of the house; a chart goes out.

Every length is fixed here in points, none is left to the engine's layout: the same chart has the same size wherever it
is drawn, and its labels stand where they were placed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any, Literal

from pipeline.document.theme import Theme
from pipeline.document.tree import Table
from pipeline.render.views.records import Measured

# A figure is never higher than this share of the text area: the writers keep it so, that its caption fits below.
_TALLEST = {False: 0.49, True: 0.6}


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes in points and inks as #rrggbb: one emphasis (`accent`), the rest grey, `alarm` for what is late or over.

    `face` is the font that charts are measured with and the PDF embeds, `word_face` its equal in Word; `levels` are the
    fills of risk levels.
    """

    width: float
    tallest: float
    face: str
    word_face: str
    size: float
    text: str
    title: str
    accent: str
    grey: str
    line: str
    wash: str
    tint: str
    paper: str
    alarm: str
    levels: Mapping[str, str]

    @property
    def small(self) -> float:
        """Return the size of side remarks."""
        return self.size - 1

    @property
    def row(self) -> float:
        """Return the height of a line of labels."""
        return round(self.size * 1.45, 1)

    @property
    def soft(self) -> str:
        """Return an ink for small words on a coloured ground, dark enough to be read there."""
        return mix(self.text, self.paper, 0.2)

    @property
    def pale(self) -> str:
        """Return the accent's light shade: what is planned or still to do."""
        return mix(self.accent, self.paper, 0.72)

    @property
    def pale_grey(self) -> str:
        """Return the light shade of grey."""
        return mix(self.grey, self.paper, 0.75)

    @property
    def mid_grey(self) -> str:
        """Return a grey for marks that stand back behind the emphasis."""
        return mix(self.grey, self.paper, 0.3)


def make_look(theme: Theme, *, landscape: bool = False) -> Look:
    """Return the look of charts on the pages of a theme, as wide as their text in whole points."""
    page, colours = theme.page, theme.colours
    height = (page.width if landscape else page.height) - page.top - page.bottom
    return Look(
        width=ceil(page.landscape_text_width if landscape else page.text_width),
        tallest=int(height * _TALLEST[landscape]),
        face=theme.text_font.pdf,
        word_face=theme.text_font.word,
        size=theme.text["figure-note"].size,
        **{name: colours[name] for name in ("text", "title", "accent", "grey", "line", "wash", "tint", "paper")},
        alarm=theme.status["off_track"].colour,
        levels=theme.levels,
    )


def mix(colour: str, other: str, share: float) -> str:
    """Return a colour mixed with `share` (0 to 1) of another, both #rrggbb."""
    channels = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one * (1 - share) + two * share):02x}" for one, two in channels)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its spec as JSON, its size in points, what it shows in a sentence and in full, and its data.

    `finding` is the caption where a template gives none; `alt` is what a reader hears who cannot see it.
    """

    spec: str
    width: float
    height: float
    finding: str
    alt: str
    data: Table | None


def write_spec(spec: Mapping[str, Any]) -> str:
    """Return a spec as JSON, keys sorted: equal charts are equal texts. ValueError for what JSON cannot hold."""
    return json.dumps(spec, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Measured):
        return value.value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    raise ValueError(f"a value of the kind `{type(value).__name__.lower()}` cannot stand in a chart")


SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_DAY = 86_400_000  # milliseconds

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a chart draws: the size of its plot and the room around it, in points."""

    width: float
    height: float
    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0

    @property
    def whole_width(self) -> int:
        """Return the width with the room around the plot, in whole points: a picture of pixels is cut off otherwise."""
        return ceil(round(self.left + self.width + self.right, 2))

    @property
    def whole_height(self) -> int:
        """Return the height with the room around the plot, in whole points."""
        return ceil(round(self.top + self.height + self.bottom, 2))


def frame_plot(
    look: Look, height: float, *, left: float = 0.0, top: float = 0.0, right: float = 0.0, bottom: float = 0.0
) -> Frame:
    """Return a frame as wide as the text, its plot as wide as the room at its sides leaves."""
    left, top, right, bottom = (round(side, 1) for side in (left, top, right, bottom))
    return Frame(round(look.width - left - right, 1), round(height, 1), left, top, right, bottom)


@dataclass(frozen=True, slots=True)
class Scale:
    """One direction of a plot: from `low` to `high`, numbers or days, over `length` points; `down` as y runs."""

    low: Any
    high: Any
    length: float
    down: bool = False

    @property
    def temporal(self) -> bool:
        """Return whether the scale is of days."""
        return isinstance(self.low, date)

    def at(self, value: Any) -> float:
        """Return the place of a value in points."""
        low, high, here = (float(_number(one)) for one in (self.low, self.high, value))
        share = (here - low) / (high - low) if high > low else 0.5
        return round(self.length * (1 - share if self.down else share), 2)

    def channel(self, field: str) -> dict[str, Any]:
        """Return the encoding of a field on this scale."""
        domain = [_number(self.low), _number(self.high)]
        if not self.temporal:
            scale: dict[str, Any] = {"domain": domain, "nice": False, "zero": False}
            return {"field": field, "type": "quantitative", "axis": None, "scale": scale}
        # Days are UTC throughout, or the machine's own time zone would move them.
        days = {"type": "utc", "domain": [number * _DAY for number in domain], "nice": False}
        return {"field": field, "type": "temporal", "axis": None, "scale": days}


def _number(value: Any) -> Any:
    """Return a day as its number since 1970, any other value as it is."""
    return (value - date(1970, 1, 1)).days if isinstance(value, date) else value


def draw(mark: str, rows: Iterable[Row], encoding: Mapping[str, Any], **look: Any) -> Mapping[str, Any]:
    """Return a layer: a mark a row, placed by `encoding`, with the mark's own look."""
    return {"data": {"values": list(rows)}, "mark": {"type": mark, **look}, "encoding": dict(encoding)}


def pixel(field: str) -> dict[str, Any]:
    """Return the encoding of a field that holds points from the plot's left upper corner."""
    return {"field": field, "type": "quantitative", "axis": None, "scale": None}


def place(x: Scale | None, y: Scale | None, **ends: str) -> dict[str, Any]:
    """Return the encoding of `x` and `y`, on a scale or (None) in points; `x2`, `y2` name the fields of other ends."""
    encoding: dict[str, Any] = {
        "x": x.channel("x") if x else pixel("x"),
        "y": y.channel("y") if y else pixel("y"),
    }
    return encoding | {channel: {"field": field} for channel, field in ends.items()}


Side = Literal["left", "center", "right"]
# What makes the middle of small letters and capitals look like the middle, in type sizes.
_DROP = {"middle": 0.06, "top": 0.0, "bottom": 0.0}


@dataclass(frozen=True, slots=True)
class Note:
    """A label at a place in points; `stand` is which part of its line the place names: middle, top or bottom."""

    x: float
    y: float
    text: str
    colour: str
    size: float
    side: Side = "left"
    stand: str = "middle"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line from (x, y) to (x2, y2), in points."""

    x: float
    y: float
    x2: float
    y2: float
    colour: str
    width: float
    dash: tuple[float, ...] = ()


Layer = Mapping[str, Any] | Note | Stroke


def write_notes(notes: Iterable[Note]) -> list[Layer]:
    """Return the labels that have a word."""
    return [note for note in notes if note.text]


def draw_lines(
    lines: Iterable[tuple[float, float, float, float]], colour: str, width: float = 0.5, dash: Sequence[float] = ()
) -> list[Layer]:
    """Return straight lines, each from (x, y) to (x, y) in points."""
    return [Stroke(*line, colour, width, tuple(dash)) for line in lines]


def _gather(layers: Iterable[Layer]) -> Iterator[Mapping[str, Any]]:
    """Yield the layers of a spec: lines that follow each other as one, all labels as the last.

    Every layer costs the engine about as much as a hundred marks.
    """
    notes: list[Note] = []
    strokes: list[Stroke] = []
    for layer in layers:
        if isinstance(layer, Note):
            notes.append(layer)
        elif isinstance(layer, Stroke):
            strokes.append(layer)
        else:
            if strokes:
                yield _draw_strokes(strokes)
                strokes = []
            yield layer
    if strokes:
        yield _draw_strokes(strokes)
    if notes:
        yield _draw_notes(notes)


def _draw_strokes(strokes: Iterable[Stroke]) -> Mapping[str, Any]:
    rows = [
        {
            **{name: round(getattr(one, name), 2) for name in ("x", "y", "x2", "y2")},
            "ink": one.colour,
            "thick": one.width,
            "dash": list(one.dash),
        }
        for one in strokes
    ]
    look = {"color": _of("ink"), "strokeWidth": _of("thick"), "strokeDash": _of("dash")}
    return draw("rule", rows, place(None, None, x2="x2", y2="y2"), **look)


def _draw_notes(notes: Iterable[Note]) -> Mapping[str, Any]:
    rows = [
        {
            "x": round(one.x, 2),
            "y": round(one.y + _DROP[one.stand] * one.size, 2),
            "text": one.text,
            "ink": one.colour,
            "size": one.size,
            "side": one.side,
            "stand": one.stand,
            "weight": "bold" if one.bold else "normal",
        }
        for one in notes
    ]
    look = {"color": _of("ink"), "fontSize": _of("size"), "fontWeight": _of("weight")}
    stand = {"align": _of("side"), "baseline": _of("stand")}
    return draw("text", rows, place(None, None) | {"text": {"field": "text", "type": "nominal"}}, **look, **stand)


def _of(field: str) -> dict[str, str]:
    """Return a property of a mark that its row states."""
    return {"expr": f"datum.{field}"}


def make_chart(frame: Frame, layers: Sequence[Layer], look: Look, finding: str, alt: str, data: Table) -> Chart:
    """Return a chart: its layers as one spec, what it shows in words, and its data."""
    spec = write_spec(_make_spec(frame, layers, look))
    return Chart(spec, frame.whole_width, frame.whole_height, finding, alt, data)


def _make_spec(frame: Frame, layers: Sequence[Layer], look: Look) -> dict[str, Any]:
    right = round(frame.whole_width - frame.left - frame.width, 2)
    bottom = round(frame.whole_height - frame.top - frame.height, 2)
    sides = {"left": frame.left, "top": frame.top, "right": right, "bottom": bottom}
    return {
        "$schema": SCHEMA,
        "width": frame.width,
        "height": frame.height,
        "padding": sides,
        "autosize": "none",
        # Nothing behind the chart: the word DRAFT shines through as it does through text.
        "background": None,
        "config": {"font": look.face, "aria": False, "view": {"stroke": None}},
        # The face that the picture names first: Word has it, the PDF's own has the same widths.
        "usermeta": {"face": look.face, "word_face": look.word_face},
        "layer": list(_gather(layers)),
    }
