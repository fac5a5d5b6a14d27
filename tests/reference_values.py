"""Take the names that prose and templates may use; say what each one is; give Markdown tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.controls.figures import Figures
from pipeline.model.budget import Budget
from pipeline.model.info import ProjectInfo
from pipeline.model.load import load_project, load_settings
from pipeline.model.project import Project
from pipeline.model.subjects import BY_NAME
from pipeline.render.records import Lazy, Record, Records
from pipeline.render.view import View
from pipeline.render.words import Words
from pipeline.sources.snapshot import Snapshot

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "repository"
UNREAD = ("build/", ".schemas/")
ANCHORS = {"open_risks": "risks", "open_issues": "issues", "pending_changes": "changes", "open_actions": "actions"}

LISTS = {
    "people": "everybody in `people.yaml`",
    "stakeholders": "all stakeholders",
    "deliverables": "all deliverables",
    "risks": "the risks raised up to the day",
    "open_risks": "those still open, gravest first",
    "issues": "the issues raised up to the day",
    "open_issues": "those still open",
    "changes": "the change requests submitted up to the day",
    "pending_changes": "those that wait for a decision",
    "decisions": "the decisions taken up to the day",
    "actions": "the actions raised up to the day",
    "open_actions": "those still open",
    "lessons": "the lessons noted up to the day",
    "assumptions": "the assumptions noted up to the day",
    "tasks": "all tasks of the schedule",
    "milestones": "all milestones, as they stood on the day",
    "work_packages": "all work packages, as they stood on the day",
    "cost_lines": "the cost of each budget line",
    "cost_packages": "the cost of each work package; lines without one come last, under an empty id",
}

# What a record holds beyond the fields of its YAML file.
_RISK = {"level": "likelihood × impact (1 to 25) on the day", "band": "`low`, `medium` or `high`, by the scales"}
_CHANGE = {"state": "its status on the day", "pending": "whether it waited for a decision on the day"}
_COST = {
    "budget": "planned amount",
    "actual": "spent so far",
    "committed": "ordered or contracted so far; what is spent if nothing else is said",
    "forecast": "expected at completion; the budget, or what is spent if more, where no forecast is given",
    "variance": "budget less forecast: negative where it will cost more",
    "spent": "share of the budget that is spent, in percent",
    "id": "id of the line or work package",
    "title": "its title",
}
COMPUTED: dict[str, dict[str, str]] = {
    "stakeholders": {"gap": "steps of engagement that are missing; negative if there is more than needed"},
    "deliverables": {"state": "acceptance on the day", "status": "the same as a light: ● Accepted, ○ Pending"},
    "risks": {**_RISK, "open": "whether it was open on the day", "current": "the last assessment"},
    "open_risks": {
        **_RISK,
        "likelihood": "likelihood (1 to 5) on the day",
        "impact": "impact (1 to 5) on the day",
        "before": "level at the end of the period before, 0 if it is new",
        "trend": "how the level moved since the period before: ↑ 12 → 20",
        "expected": "probability × exposure in money; nothing where either is not given",
        "current": "the last assessment",
    },
    "changes": _CHANGE,
    "pending_changes": _CHANGE,
    "tasks": {
        "complete": "work done by the day, in percent",
        "days": "duration in working days, as given or as expected from the estimate",
        "links": "the predecessors, each with `task`, `kind` and `lag`",
    },
    "milestones": {
        "date": "day on which it was reached, else the forecast, else the baseline",
        "reached": "whether it was reached",
        "slip": "working days later than the baseline; negative if earlier",
        "light": "the state in one word: `done`, `on_track`, `at_risk`, `off_track`",
        "status": "the same as a light: ● Done, ▲ At risk",
        "id": "number of the milestone",
        "title": "its title",
        "owner": "the person who answers for it",
        "baseline": "date as approved",
    },
    "work_packages": {
        "id": "number of the work package",
        "title": "its title",
        "owner": "the person who answers for it",
        "start": "first day of its tasks, baselined",
        "finish": "last day of its tasks, baselined",
        "planned": "effort planned, in person-days",
        "spent": "effort spent, in person-days",
        "complete": "work done, in percent of planned effort",
    },
    "cost_lines": _COST,
    "cost_packages": _COST,
}
OWN_ROWS = ("milestones", "work_packages", "cost_lines", "cost_packages")

BUDGET = {
    "total": "all lines and the contingency, without the management reserve",
    "lines_total": "all lines, without contingency and reserve",
    "funded": "all funding",
    "years": "the calendar years in which money is planned",
}
FIGURES = {
    "status": "the project's light: the worse of schedule and cost",
    "cost.total": "budget with contingency",
    "cost.budget": "budget without contingency",
    "cost.actual": "spent so far",
    "cost.committed": "ordered or contracted so far",
    "cost.forecast": "expected at completion",
    "cost.variance": "total less forecast: what remains; negative where it is not enough",
    "cost.overrun": "the same the other way round: what is missing",
    "cost.contingency": "contingency in the budget",
    "cost.spent": "share of the total that is spent, in percent",
    "cost.light": "light: amber above the total, red beyond the cost tolerance",
    "progress.complete": "work done, in percent of planned effort",
    "progress.before": "the same at the end of the period before",
    "progress.gained": "the difference, in percentage points",
    "progress.effort": "effort spent, in person-days",
    "progress.planned": "effort planned, in person-days",
    "schedule.slip": "working days that the worst milestone ahead is late; 0 if none is",
    "schedule.slip_before": "the same at the end of the period before",
    "schedule.finish": "date of the last milestone, reached or forecast",
    "schedule.final_slip": "working days that this date is late; negative if early",
    "schedule.reached": "number of milestones reached",
    "schedule.total": "number of milestones",
    "schedule.light": "light: amber when a milestone ahead is late, red beyond the schedule tolerance",
    "risks.open": "number of open risks",
    "risks.high": "number of open threats in the highest band",
    "risks.exposure": "sum of probability × exposure of the open threats, in money",
    "risks.total": "number of risks in the register",
    "risks.occurred": "number of risks that happened",
    "risks.light": "light: amber with one or two high threats open, red with more",
    "issues.open": "number of open issues",
    "changes.total": "number of change requests submitted",
    "changes.pending": "number that wait for a decision",
    "changes.approved": "number approved, merged or implemented",
    "changes.cost": "sum of their cost",
    "changes.days": "sum of their effect on the end date, in days",
    "changes.light": "light: amber while a change waits for a decision, red with more than three",
    "actions.open": "number of open actions",
    "acceptance.accepted": "number of deliverables accepted in full",
    "acceptance.open": "number not yet accepted in full",
    "acceptance.total": "number of deliverables",
}


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
    project = load_project(sample_snapshot(), settings, "atlas").project
    assert project is not None
    return project


@cache
def sample_names() -> dict[str, Any]:
    """Return all names that a document of the sample sees, worked out."""
    project = sample_project()
    view = View(Figures(project, project.as_of, project.settings.scales), Words("en"), lambda subject: None)
    names = {name: value() if isinstance(value, Lazy) else value for name, value in view.names().items()}
    assert {name for name, value in names.items() if isinstance(value, Records)} == set(LISTS)
    return names


def lists_table() -> str:
    """Return the table of all lists."""
    lines = ["| Name | Holds | Fields of each entry |", "|---|---|---|"]
    for name, holds in LISTS.items():
        anchor = ANCHORS.get(name, name)
        own = "" if name in OWN_ROWS else f"those of [{anchor}](sources.md#{_heading(anchor)})"
        more = ", ".join(f"`{field}`" for field in _computed(name))
        lines.append(f"| `{name}` | {holds} | {' and '.join(part for part in (own, more) if part)} |")
    return "\n".join(lines)


def computed_table() -> str:
    """Return the tables of the fields that are computed, list by list."""
    rows: dict[tuple[str, str], list[str]] = {}
    for name in LISTS:
        for field, meaning in _computed(name).items():
            rows.setdefault((field, meaning), []).append(f"`{name}`")
    lines = ["| Field | Of | Meaning |", "|---|---|---|"]
    lines += [f"| `{field}` | {', '.join(lists)} | {meaning} |" for (field, meaning), lists in rows.items()]
    return "\n".join(lines)


def figures_table() -> str:
    """Return the table of all computed figures of the project."""
    known = set(_paths(sample_names()["figures"], ""))
    _compare(known, set(FIGURES), "figures")
    lines = ["| Name | Meaning |", "|---|---|"]
    return "\n".join([*lines, *(f"| `figures.{name}` | {meaning} |" for name, meaning in FIGURES.items())])


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
    first = next(iter(sample_names()[name]))
    written = set() if name in OWN_ROWS else _written(ANCHORS.get(name, name))
    meanings = COMPUTED.get(name, {})
    _compare(set(dir(first)) - written, set(meanings) - (written - {"level", "state"}), name)
    return meanings


def _written(name: str) -> set[str]:
    subject = BY_NAME.get("schedule" if name == "tasks" else name)
    assert subject is not None
    entry = subject.model.model_fields[name].annotation
    return set(entry.__args__[0].model_fields)  # type: ignore[union-attr]


def _heading(name: str) -> str:
    return "schedule" if name == "tasks" else name


def _paths(record: Record, before: str) -> Iterator[str]:
    for name in dir(record):
        value = getattr(record, name)
        if isinstance(value, Record):
            yield from _paths(value, f"{before}{name}.")
        else:
            yield f"{before}{name}"


def _compare(known: set[str], told: set[str], what: str) -> None:
    assert known == told, f"tests/reference_values.py: {what} has {known - told}, the table has {told - known}"
