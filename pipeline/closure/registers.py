"""Take a project's records; write each list as CSV for a spreadsheet and as JSON with its schema; give the files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pipeline.model.kinds import kind_records
from pipeline.model.project import Project
from pipeline.model.schema import make_schema
from pipeline.model.subjects import REGISTERS
from pipeline.write.csv_text import write_csv

LISTS = ("deliverables", "stakeholders", *(register.name for register in REGISTERS))


def make_registers(project: Project) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of each file: NAME.csv, NAME.json, schemas/NAME.json."""
    for name in LISTS:
        records = kind_records(project, name)
        rows = [one.model_dump(exclude_none=True, by_alias=True) for one in records]
        yield f"{name}.csv", _make_csv(_list_columns(records), rows)
        yield f"{name}.json", _dump({name: rows})
        yield f"schemas/{name}.json", _dump(make_schema(name))


def _list_columns(records: tuple[Any, ...]) -> list[str]:
    return [field.alias or key for key, field in type(records[0]).model_fields.items()] if records else []


def _make_csv(columns: list[str], records: list[dict[str, Any]]) -> bytes:
    """Return a table with a column a field."""
    return write_csv((columns, *([record.get(column) for column in columns] for record in records)), _plain)


def _plain(value: Any) -> Any:
    """Return what JSON knows for a day or an amount."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat()


def _dump(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n").encode()
