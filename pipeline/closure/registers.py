"""Take a project's records; write each list as CSV for a spreadsheet and as JSON with its schema; give the files."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from typing import Any

from pipeline.model.project import Project
from pipeline.model.schema import make_schema

LISTS = (
    "deliverables",
    "stakeholders",
    "risks",
    "issues",
    "changes",
    "decisions",
    "actions",
    "lessons",
    "assumptions",
)
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*")


def make_registers(project: Project) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of each file: NAME.csv, NAME.json, schemas/NAME.json."""
    for name in LISTS:
        records = getattr(project, name)
        rows = [one.model_dump(exclude_none=True) for one in records]
        yield f"{name}.csv", _make_csv(list(type(records[0]).model_fields) if records else [], rows)
        yield f"{name}.json", _dump({name: rows})
        yield f"schemas/{name}.json", _dump(make_schema(name))


def _make_csv(columns: list[str], records: list[dict[str, Any]]) -> bytes:
    """Return a table (RFC 4180) with the byte order mark by which spreadsheets know UTF-8."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([[_cell(record.get(column)) for column in columns] for record in records])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cell(value: Any) -> str:
    """Return a cell; one that a spreadsheet would take for a formula begins with an apostrophe."""
    if value is None:
        return ""
    lists = isinstance(value, dict | list | tuple)
    text = json.dumps(value, ensure_ascii=False, default=_plain) if lists else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) and not _NUMBER.fullmatch(text) else text


def _plain(value: Any) -> Any:
    """Return what JSON knows for a day or an amount."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat()


def _dump(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n").encode()
