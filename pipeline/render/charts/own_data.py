"""Take the rows within a user's own chart; gather them as one table; give the chart's data, or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pipeline.document.tree import Table
from pipeline.render.charts.own import find_values
from pipeline.render.charts.rows import read_number
from pipeline.render.templates.blocks.tables import ColumnPlan, make_table
from pipeline.render.words import Words

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
