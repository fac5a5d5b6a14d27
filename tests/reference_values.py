"""Take the names that prose and templates may use; say what each one is; give Markdown tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from reference_names import BUDGET, COMPUTED, FIGURES, LISTS, OTHERS, OWN_ROWS, SINCE

from pipeline.controls.figures import Figures
from pipeline.model.base import Record
from pipeline.model.budget import Budget
from pipeline.model.info import ProjectInfo
from pipeline.model.load import load_project, load_settings
from pipeline.model.project import Project
from pipeline.model.subjects import BY_NAME, REGISTERS
from pipeline.render.views.project import View
from pipeline.render.views.records import Lazy, Measured, Records
from pipeline.render.views.records import Record as Shown
from pipeline.render.words import Words
from pipeline.sources.snapshot import Snapshot

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "repository"
UNREAD = ("build/", ".schemas/")
HOMES = {"tasks": "schedule", "checklist": "closure"}
ANCHORS = {"pending_changes": "changes", "critical_tasks": "tasks"} | {
    f"open_{one.name}": one.name for one in REGISTERS
}
# What a register's records hold beyond their fields where they know their state on a day.
STATE = {"state": "its state on the day", "light": "the same as a light: ● Confirmed, ○ Open"}


def _list_meanings() -> dict[str, str]:
    """Return what each list holds: in words of its own, or as any register."""
    told = dict(LISTS)
    for one in REGISTERS:
        told.setdefault(one.name, f"the {one.name} raised up to the day")
        if hasattr(one.record, "open_on"):
            told.setdefault(f"open_{one.name}", "those still open")
    return told


@cache
def sample_files() -> dict[str, bytes]:
    """Return the files of the sample repository by path."""
    found = {path.relative_to(SAMPLE).as_posix(): path for path in sorted(SAMPLE.rglob("*")) if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(UNREAD)}


def sample_snapshot(extra: dict[str, str] | None = None) -> Snapshot:
    """Return a snapshot of the sample repository with further files."""
    return Snapshot.of({**sample_files(), **(extra or {})}, datetime(2026, 11, 2, tzinfo=UTC))


@cache
def sample_project() -> Project:
    """Return the sample's project that is under way."""
    settings, _ = load_settings(sample_snapshot())
    assert settings is not None
    snapshot = sample_snapshot({"atlas/closure.yaml": sample_files()["beacon/closure.yaml"].decode()})
    project = load_project(snapshot, settings, "atlas").project
    assert project is not None
    return project


@cache
def sample_names() -> dict[str, Any]:
    """Return all names that a document of the sample sees, worked out."""
    project = sample_project()
    view = View(Figures(project, project.as_of, project.settings.scales), Words("en"), lambda subject: None)
    names = {name: value() if isinstance(value, Lazy) else value for name, value in view.names().items()}
    assert {name for name, value in names.items() if isinstance(value, Records)} == set(_list_meanings())
    return names


def lists_table() -> str:
    """Return the table of all lists."""
    lines = ["| Name | Holds | Fields of each entry |", "|---|---|---|"]
    for name, holds in _list_meanings().items():
        anchor = ANCHORS.get(name, name)
        own = "" if name in OWN_ROWS else f"those of [{anchor}](sources.md#{_heading(anchor)}){_renamed(anchor)}"
        more = ", ".join(f"`{field}`" for field in _computed(name))
        lines.append(f"| `{name}` | {holds} | {' and '.join(part for part in (own, more) if part)} |")
    return "\n".join(lines)


def computed_table() -> str:
    """Return the tables of the fields that are computed, list by list."""
    rows: dict[tuple[str, str], list[str]] = {}
    for name in _list_meanings():
        for field, meaning in _computed(name).items():
            rows.setdefault((field, meaning), []).append(f"`{name}`")
    lines = ["| Field | Of | Meaning |", "|---|---|---|"]
    lines += [f"| `{field}` | {', '.join(lists)} | {meaning} |" for (field, meaning), lists in rows.items()]
    return "\n".join(lines)


def figures_table() -> str:
    """Return the table of all computed figures of the project."""
    known = set(_paths(sample_names()["figures"], ""))
    _compare(known, set(FIGURES) | {f"since.{name}" for name in SINCE}, "figures")
    lines = ["| Name | Meaning |", "|---|---|"]
    told = FIGURES | {f"since.{name}": meaning for name, meaning in SINCE.items()}
    return "\n".join([*lines, *(f"| `figures.{name}` | {meaning} |" for name, meaning in told.items())])


def others_table() -> str:
    """Return the table of the fields of single records that are computed: the plan, its odds, the series of charts."""
    lines = ["| Name | Meaning |", "|---|---|"]
    for name, fields in OTHERS.items():
        _compare(set(dir(sample_names()[name])), set(fields), name)
        lines += [f"| `{name}.{field}` | {meaning} |" for field, meaning in fields.items()]
    return "\n".join(lines)


def budget_table() -> str:
    """Return the table of the sums of the budget."""
    project = sample_names()["project"]
    _compare(set(dir(project)) - set(ProjectInfo.model_fields), {"budget"}, "project")
    known = set(dir(project.budget)) - set(Budget.model_fields)
    _compare(known, set(BUDGET), "project.budget")
    lines = ["| Name | Meaning |", "|---|---|"]
    return "\n".join([*lines, *(f"| `project.budget.{name}` | {meaning} |" for name, meaning in BUDGET.items())])


def _computed(name: str) -> dict[str, str]:
    """Return the fields of a list's entries that no YAML file holds, each with its meaning."""
    record = None if name in OWN_ROWS else _record(ANCHORS.get(name, name))
    written = set(record.model_fields) if record else set()
    meanings = COMPUTED.get(name, STATE if hasattr(record, "state_on") else {})
    for first in list(sample_names()[name])[:1]:
        _compare(set(dir(first)) - written, set(meanings) - (written - {"level", "state"}), name)
    return meanings


def _record(name: str) -> type[Record]:
    return BY_NAME[HOMES.get(name, name)].records[name]


def _renamed(name: str) -> str:
    """Return the fields that templates know under another name than YAML has: a key such as `from` cannot be one."""
    found = [(field.alias, key) for key, field in _record(name).model_fields.items() if field.alias]
    told = ", ".join(f"`{alias}` as `{key}`" for alias, key in found)
    return f" ({told})" if told else ""


def _heading(name: str) -> str:
    return HOMES.get(name, name)


def _paths(record: Shown, before: str) -> Iterator[str]:
    for name in dir(record):
        value = getattr(record, name)
        if name == "since":
            yield from (f"since.{figure}" for figure in dir(value))
        elif isinstance(value, Shown) and not isinstance(value, Measured):
            yield from _paths(value, f"{before}{name}.")
        else:
            yield f"{before}{name}"


def _compare(known: set[str], told: set[str], what: str) -> None:
    assert known == told, f"tests/reference_values.py: {what} has {known - told}, the table has {told - known}"
