"""Take a Vega-Lite spec with Python's values in it; write it as canonical JSON; give a chart that a figure can hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.document.tree import Table
from pipeline.render.views.records import Measured


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
