"""Take the rows that a chart is drawn from; set them as a table of the tree; give the chart's data in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipeline.document.tree import Table
from pipeline.render.templates.blocks.tables import ColumnPlan, make_table
from pipeline.render.words import Words

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
