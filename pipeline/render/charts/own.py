"""A user's own Vega-Lite spec comes in; its faults, or the spec in the look of the house and its rows, go out.

A spec comes from whoever can push: it brings its own rows, fetches nothing, is the same at every build, stays small.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.document.tree import Table
from pipeline.problems import did_you_mean
from pipeline.render.charts.canvas import Look, write_spec
from pipeline.render.charts.expressions import find_chance, find_unknown, is_sampled
from pipeline.render.charts.rows import MOST_ROWS, read_number
from pipeline.render.templates.blocks.tables import ColumnPlan, make_table
from pipeline.render.words import Words

_PARTS = ("mark", "layer", "facet", "hconcat", "vconcat", "concat", "repeat")
_MANY = frozenset(("facet", "hconcat", "vconcat", "concat", "repeat", "row", "column"))
_MARKS = (
    "arc", "area", "bar", "boxplot", "circle", "errorband", "errorbar", "geoshape", "line", "point", "rect", "rule",
    "square", "text", "tick", "trail",
)  # fmt: skip
_TYPES = ("quantitative", "temporal", "ordinal", "nominal", "geojson")
_OUTSIDE = frozenset(("url", "href"))
_MADE = frozenset(("sequence", "sample"))
_EXPRESSIONS = frozenset(("calculate", "filter", "test", "expr", "labelExpr", "signal", "update", "init"))
_COMPOSED = ("and", "or", "not")
_OPERATIONS = frozenset(("op", "aggregate", "extent"))
_LONGEST_EXPRESSION = 2000
_MOST_FIELDS = 100
_SAME = "a document is the same at every build: take the value from the data"
_LARGEST = 400_000  # characters
_WIDEST = 3000
_DEEPEST = 40
_HEIGHT = 170

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a spec: code, message, hint, and where in the spec."""

    code: str
    message: str
    hint: str
    path: Path = ()


def check_own(spec: Any, face: str) -> tuple[Fault, ...]:
    """Return all that a document may not hold; none for a spec that can be drawn, as far as reading it can tell.

    `face` is the only font that charts have.
    """
    if not isinstance(spec, Mapping):
        return (Fault("DB372", "a chart is a mapping of keys and values", "see vega.github.io/vega-lite"),)
    schema = str(spec.get("$schema", "vega-lite"))
    if "vega-lite" not in schema:
        hint = "write the chart in Vega-Lite"
        return (Fault("DB372", "the chart is of another kind than Vega-Lite", hint, ("$schema",)),)
    if not any(part in spec for part in _PARTS):
        near = next((hint for key in spec if (hint := did_you_mean(str(key), _PARTS)).startswith("did")), "")
        hint = near or f"a chart has one of {', '.join(_PARTS)}"
        return (Fault("DB372", "the chart says nowhere what it draws", hint),)
    faults = tuple(_walk(spec, (), face))
    # Who asks for rows elsewhere is told so, and not that there are none here.
    return (*faults, *_check_amount(spec, least=0 if faults else 1))


def _walk(value: Any, path: Path, face: str) -> Iterator[Fault]:
    """Yield the faults of a value and all below it; rows of data are not looked into."""
    if len(path) > _DEEPEST:
        yield Fault("DB375", "the chart is nested too deep", "flatten it", path[:2])
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from _check_key(str(key), below, (*path, str(key)), face)
            if not _is_data(path, str(key)):
                yield from _walk(below, (*path, str(key)), face)
    elif isinstance(value, list | tuple):
        for index, below in enumerate(value):
            yield from _walk(below, (*path, index), face)


def _is_data(path: Path, key: str) -> bool:
    return (key == "values" and path[-1:] == ("data",)) or (key == "datasets" and not path)


def _check_key(key: str, value: Any, path: Path, face: str) -> Iterator[Fault]:
    """Yield the faults of a key with its value."""
    if key in _OUTSIDE:
        yield Fault("DB373", f"the chart refers to something outside itself, by `{key}`", _INLINE, path)
    elif key in _MADE and not isinstance(value, str):
        yield Fault("DB374", f"the chart makes data by `{key}`", _INLINE, path)
    elif key in _OPERATIONS and is_sampled(value):
        yield Fault("DB374", f"`{value}` is worked out from samples, others at every build", _SAME, path)
    elif key in _EXPRESSIONS:
        yield from _check_expressions(value, path)
    elif key.lower().endswith("font") and isinstance(value, str) and value != face:
        yield Fault("DB372", f"the font `{value}` does not come with documents", f"leave it out, or write {face}", path)
    elif key in ("width", "height") and _is_too_wide(value):
        yield Fault(
            "DB375", f"`{key}` is a number of points up to {_WIDEST}, or left out", "the text is 482 wide", path
        )
    else:
        yield from _check_word(key, value, path)


def _check_expressions(value: Any, path: Path) -> Iterator[Fault]:
    """Yield the faults of an expression, or of those that `and`, `or` and `not` put together."""
    if isinstance(value, str):
        yield from _check_expression(value, path)
    elif isinstance(value, list | tuple):
        for index, below in enumerate(value):
            yield from _check_expressions(below, (*path, index))
    elif isinstance(value, Mapping):
        for key in filter(value.__contains__, _COMPOSED):
            yield from _check_expressions(value[key], (*path, key))


def _check_expression(text: str, path: Path) -> Iterator[Fault]:
    if len(text) > _LONGEST_EXPRESSION:
        message = f"an expression has more than {_LONGEST_EXPRESSION:,} characters"
        yield Fault("DB375", message, "put the values into the rows", path)
    elif found := find_chance(text):
        yield Fault("DB374", f"`{found}` gives another value at every build", _SAME, path)
    elif found := find_unknown(text):
        yield Fault("DB357", f"charts have no function `{found}`", "see vega.github.io/vega/docs/expressions", path)


def _check_word(key: str, value: Any, path: Path) -> Iterator[Fault]:
    """Yield a fault where a mark, or the type of a field, is none that Vega-Lite knows: the engine only stumbles."""
    name = value.get("type") if key == "mark" and isinstance(value, Mapping) else value
    known = _MARKS if key == "mark" else _TYPES if key == "type" and path[-3:-2] == ("encoding",) else ()
    if known and name is not None and name not in known:
        yield Fault("DB372", f"there is no {key} `{name}`", did_you_mean(str(name), known), path)


_INLINE = "write the rows into the chart: data: {values: [...]}"


def _is_too_wide(value: Any) -> bool:
    if isinstance(value, Mapping):
        return not 0 < _number(value.get("step", 20)) <= 200
    return not 0 < _number(value) <= _WIDEST


def _number(value: Any) -> float:
    try:
        return -1.0 if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return -1.0


def _check_amount(spec: Mapping[str, Any], least: int) -> Iterator[Fault]:
    rows = 0
    fields: set[str] = set()
    for path, values in find_values(spec):
        if not isinstance(values, list | tuple):
            yield Fault("DB372", "the rows of a chart are a list", _INLINE, path)
            return
        rows += len(values)
        fields |= {str(name) for row in values[: MOST_ROWS + 1] if isinstance(row, Mapping) for name in row}
    if len(fields) > _MOST_FIELDS:
        message = f"the rows of the chart have {len(fields):,} fields; up to {_MOST_FIELDS} can be read"
        yield Fault("DB375", message, "leave out what the chart does not show", ("data",))
    if rows < least:
        yield Fault("DB372", "the chart has no rows", _INLINE)
    if rows > MOST_ROWS:
        message = f"the chart has {rows:,} rows; up to {MOST_ROWS:,} can be drawn"
        yield Fault("DB375", message, "sum them up first: nobody can tell so many marks apart", ("data",))


def find_values(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield each list of rows in a spec with its path."""
    if len(path) > _DEEPEST:
        return
    if isinstance(value, Mapping):
        for key, below in value.items():
            here = (*path, str(key))
            if key == "values" and path[-1:] == ("data",):
                yield here, below
            elif key == "datasets" and not path and isinstance(below, Mapping):
                yield from (((*here, str(name)), rows) for name, rows in below.items())
            else:
                yield from find_values(below, here)
    elif isinstance(value, list | tuple):
        for index, below in enumerate(value):
            yield from find_values(below, (*path, index))


def dress_own(spec: Mapping[str, Any], look: Look, locale: Mapping[str, Any]) -> str:
    """Return the spec as JSON in the house look and in a language's way, as wide as the text unless it says otherwise.

    ValueError where it holds what JSON cannot, or is too long.
    """
    dressed = {name: value for name, value in spec.items() if name not in ("$schema", "usermeta")}
    encoding = dressed.get("encoding")
    channels = encoding.keys() if isinstance(encoding, Mapping) else ()
    if not _MANY & {*dressed, *channels}:
        dressed.setdefault("width", look.width)
        dressed.setdefault("height", _HEIGHT)
        stepped = any(isinstance(dressed[side], Mapping) for side in ("width", "height"))
        dressed.setdefault("autosize", {"type": "fit-x" if stepped else "fit", "contains": "padding"})
    dressed.setdefault("background", None)
    own = spec.get("config")
    house = {**_config(look), "locale": locale}
    dressed["config"] = _merge(house, own if isinstance(own, Mapping) else {})
    dressed["usermeta"] = {"face": look.face, "word_face": look.word_face}
    text = write_spec(dressed)
    if len(text) > _LARGEST:
        raise ValueError(f"the chart is longer than {_LARGEST:,} characters")
    return text


def _merge(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in own.items():
        under = merged.get(key)
        merged[key] = _merge(under, value) if isinstance(under, dict) and isinstance(value, Mapping) else value
    return merged


def _config(look: Look) -> dict[str, Any]:
    """Return the house look as Vega-Lite's configuration; colours differ in lightness too, for print in grey."""
    text = {"labelFontSize": look.size, "titleFontSize": look.size, "titleFontWeight": "normal"}
    inks = {"labelColor": look.grey, "titleColor": look.grey}
    lines = {"gridColor": look.line, "gridWidth": 0.5, "domainColor": look.mid_grey, "domainWidth": 0.75}
    return {
        "aria": False,
        "font": look.face,
        "view": {"stroke": None},
        "axis": {**text, **inks, **lines, "tickColor": look.line, "tickRound": False, "translate": 0},
        "legend": {**text, **inks, "symbolStrokeWidth": 1.5},
        "header": {**text, **inks},
        "title": {"fontSize": look.size + 1, "color": look.title, "anchor": "start"},
        "text": {"fontSize": look.size, "color": look.text},
        "mark": {"color": look.accent},
        "range": {
            "category": [look.accent, look.mid_grey, look.title, look.pale, look.alarm, look.pale_grey],
            "ordinal": [look.tint, look.pale, look.accent, look.title],
        },
    }


_VALUE = "data"  # what Vega calls the values of rows that are no mappings


def make_own_data(spec: Mapping[str, Any], words: Words) -> Table | None:
    """Return all rows of a spec, a column a field in the order they are met; None where it has no rows."""
    rows = [_read(row) for _, values in find_values(spec) for row in values]
    fields = tuple(dict.fromkeys(name for row in rows for name in row))
    if not fields:
        return None
    numbers = {name for name in fields if all(_is_number(row.get(name)) for row in rows)}
    plans = [ColumnPlan(name, name, "", "right" if name in numbers else "left") for name in fields]
    return make_table(rows, plans, words)


def _read(row: Any) -> dict[str, Any]:
    values = row if isinstance(row, Mapping) else {_VALUE: row}
    return {str(name): _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value


def _is_number(value: Any) -> bool:
    try:
        return value is None or bool(read_number(value) is not None)
    except TypeError:
        return False
