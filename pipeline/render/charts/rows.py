"""Records, mappings or dataclasses come in; the typed rows of a chart, parted where a page ends, and their table go
out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from pipeline.document.tree import Table
from pipeline.problems import did_you_mean
from pipeline.render.templates.blocks.tables import ColumnPlan, make_table
from pipeline.render.views.records import Measured, Record
from pipeline.render.words import Words

MOST_ROWS = 2000
_LONGEST_TEXT = 1000  # characters: no label of a chart has room for a tenth of them
_FIRST, _LAST = 1900, 2199  # years
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
Row = TypeVar("Row")


class TooLittle(ValueError):
    """Raised where there are too few rows to draw anything: the chart waits for them, the document does not."""


def read_rows(rows: Iterable[Any], kind: type[Row]) -> tuple[Row, ...]:
    """Return rows as dataclasses of `kind`; a field without a value takes its default.

    ValueError where a row lacks a field, a value is of the wrong kind, or there are more rows than a chart can show.
    """
    given = tuple(rows)
    if len(given) > MOST_ROWS:
        raise ValueError(f"a chart shows {MOST_ROWS} rows at most, not {len(given)}")
    return tuple(_read(row, kind, number) for number, row in enumerate(given, start=1))


def _read(row: Any, kind: type[Row], number: int) -> Row:
    if isinstance(row, kind):
        return row
    values = {}
    for field in fields(kind):  # type: ignore[arg-type]
        value = get(row, field.name)
        if value is None and field.default is MISSING:
            near = did_you_mean(field.name, names_of(row))
            raise ValueError(f"row {number} has no `{field.name}`{f'; {near}' if near else ''}")
        if value is not None:
            values[field.name] = _convert(value, str(field.type), field.name, number)
    return kind(**values)


def get(row: Any, name: str) -> Any:
    """Return a value of a record, mapping or dataclass by name or dotted path; None where there is none."""
    value = row
    for step in name.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, Record):
            value = value[step] if step in dir(value) else None
        else:
            value = getattr(value, step, None) if is_dataclass(value) else None
    return value.value if isinstance(value, Measured) else value


def names_of(row: Any) -> list[str]:
    """Return the names that a row knows."""
    return [str(name) for name in row] if isinstance(row, Mapping) else dir(row) if isinstance(row, Record) else []


def read_day(value: Any) -> date:
    """Return a date of a year that a plan can have, also one written as `2026-09-30`; TypeError for anything else."""
    if isinstance(value, str) and _ISO.fullmatch(value):
        value = _parse(value)
    if isinstance(value, datetime) or not isinstance(value, date) or not _FIRST <= value.year <= _LAST:
        raise TypeError
    return value


def _parse(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise TypeError from None


def read_number(value: Any) -> Decimal:
    """Return a number exactly; TypeError for anything else."""
    value = value.value if isinstance(value, Measured) else value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise TypeError
    number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise TypeError
    return number


def _read_text(value: Any) -> str:
    if isinstance(value, Mapping | list | tuple | set):
        raise TypeError
    return str(value)[:_LONGEST_TEXT]


_CONVERTERS: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "date": (read_day, f"a date from {_FIRST} to {_LAST}"),
    "Decimal": (read_number, "a number"),
    "int": (lambda value: int(read_number(value)), "a whole number"),
    "str": (_read_text, "a text"),
    "bool": (bool, "true or false"),
}


def _convert(value: Any, annotation: str, name: str, number: int) -> Any:
    convert, wanted = _CONVERTERS.get(annotation.partition(" | ")[0], (None, ""))
    if convert is None:
        return value
    try:
        return convert(value)
    except (TypeError, ValueError):
        raise ValueError(f"row {number}: `{name}` is not {wanted}") from None


# How a column's values are written (see `Words.filters`) and how they stand.
_NUMBERS = frozenset(("money", "amount", "number", "percent", "signed"))
_CENTS = 2


def make_data(
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[tuple[str, str, str]],
    words: Words,
    widths: Sequence[float] = (),
) -> Table:
    """Return the table of a chart's data: `columns` are (title, key of the row, format), `widths` shares of the text.

    A column without any value is left out. Nothing is rounded away: amounts have cents where one of a column has.
    """
    shown = [dict(row) for row in rows]
    kept = [at for at, (_, key, _) in enumerate(columns) if any(row.get(key) not in (None, "") for row in shown)]
    room = sum(widths[at] for at in kept) if widths else 1.0
    plans = []
    for at in kept:
        title, key, format = columns[at]
        align = "right" if format in _NUMBERS else "left"
        if format == "amount":
            format = ""
            _write_amounts(shown, key, words)
        width = widths[at] / room if widths else 0.0
        plans.append(ColumnPlan(words.say(title), key, format, align, width))  # type: ignore[arg-type]
    return make_table(shown, plans, words)


def _write_amounts(rows: Sequence[dict[str, Any]], key: str, words: Words) -> None:
    amounts = [Decimal(row[key]) for row in rows if row.get(key) is not None]
    whole = all(amount == amount.to_integral_value() for amount in amounts)
    for row in rows:
        if row.get(key) is not None:
            row[key] = words.amount(row[key], 0 if whole else _CENTS)


def part_lines(rows: Sequence[Row], line: float, room: float) -> tuple[Sequence[Row], ...]:
    """Return the rows in parts of about equal length, each with `room` points for its lines; TooLittle without rows."""
    if not rows:
        raise TooLittle("there is nothing to draw")
    most = max(1, int(room // line))
    parts = -(-len(rows) // most)
    each = -(-len(rows) // parts)
    return tuple(rows[first : first + each] for first in range(0, len(rows), each))
