"""Take a project and the name of a kind; walk over its records and fields; give them with their names and values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from pipeline.model.kinds import KINDS, kind_records
from pipeline.model.project import Project
from pipeline.model.where import Where
from pipeline.problems import Problem

Rule = Callable[[Project, Where], Iterable[Problem]]


def each_record(project: Project, kind: str) -> Iterator[tuple[str, Any]]:
    """Yield the records of a kind with their ids; "project" is project.yaml as a whole, with an empty id."""
    if kind == "project":
        yield "", project.info
    else:
        yield from ((record.id, record) for record in kind_records(project, kind))


def each_value(record: Any, field: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the texts of a field (one, a list of them or none) with the way to each."""
    value = getattr(record, field)
    if isinstance(value, str):
        yield (field,), value
    elif value is not None:
        yield from (((field, position), text) for position, text in enumerate(value))


def name_record(kind: str, id: str) -> str:
    """Return a name for sentences, such as "risk R-07"."""
    return f"{KINDS[kind].noun} {id}" if kind in KINDS else "the project"


def date_at(record: Any, field: str) -> date | None:
    """Return the date of a field such as "closed" or "baseline.start"; None if it is not given."""
    for part in field.split("."):
        record = getattr(record, part)
    return record if isinstance(record, date) else None
