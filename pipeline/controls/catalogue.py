"""Take nothing; list every computed figure under its standard name; give its unit, formula, origins and computation.

One ordered table: `deedbox figures` prints it, and docs/figures.md explains the conventions behind it. A family such as
`total_float[T07]` has one figure a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from pipeline.controls.figures import Figures
from pipeline.controls.measure import Measure
from pipeline.controls.origins import Origins
from pipeline.problems import Place

Unit = Literal["money", "ratio", "percent", "days", "months", "years", "person-days", "count", "date", "light", "text"]
Value = Decimal | int | date | str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure as the table lists it; `origins` are groups of `origins.GROUPS`."""

    name: str
    unit: Unit
    formula: str
    origins: tuple[str, ...]
    compute: Callable[[Figures], Value | Measure]


@dataclass(frozen=True, slots=True)
class Family:
    """Figures that exist once a record, `name[id]`; `each` says what the records are."""

    name: str
    unit: Unit
    formula: str
    origins: tuple[str, ...]
    compute: Callable[[Figures], Iterable[tuple[str, Value | Measure]]]
    each: str = "package"


@dataclass(frozen=True, slots=True)
class Computed:
    """A computed figure: its exact value, or None and the reason in words; the places of what it came from."""

    name: str
    value: Value
    unit: Unit
    formula: str
    reason: str
    places: tuple[Place, ...]


def compute_all(figures: Figures, origins: Origins, entries: Iterable[Entry | Family]) -> tuple[Computed, ...]:
    """Return every figure of some entries with its origins; nothing is rounded."""
    return tuple(one for entry in entries for one in _compute(entry, figures, origins))


def _compute(entry: Entry | Family, figures: Figures, origins: Origins) -> Iterable[Computed]:
    if isinstance(entry, Entry):
        yield _computed(entry, entry.name, entry.compute(figures), origins)
        return
    for id, value in entry.compute(figures):
        own = replace(origins, package=id) if entry.each == "package" else origins
        yield _computed(entry, f"{entry.name}[{id}]", value, own)


def _computed(entry: Entry | Family, name: str, found: Value | Measure, origins: Origins) -> Computed:
    value, reason = (found.value, found.reason) if isinstance(found, Measure) else (found, "")
    places = origins.places(entry.origins)
    return Computed(name, value, entry.unit, entry.formula, reason if value is None else "", places)
