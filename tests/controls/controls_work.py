"""Take a few records as YAML; load them as a project; give it and its figures on a day to the tests of the controls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from pipeline.controls.figures import Figures
from pipeline.model.load import load_project, load_settings
from pipeline.model.project import Project
from pipeline.sources.snapshot import Snapshot

TIME = datetime(2026, 12, 31, tzinfo=UTC)
OWNER = "owner: ann.owner"
FILES: Mapping[str, str] = {
    "deedbox.yaml": "schema_version: 1\nname: Office\n",
    "people.yaml": "people: [{id: ann.owner, name: Ann, role: Head}, {id: max.manager, name: Max, role: Lead}]\n",
    "p/project.yaml": """\
id: p
name: P
title: Project
summary: A project.
phase: executing
start: 2026-01-01
end: 2026-12-31
status_date: 2026-12-31
currency: EUR
sensitivity: internal
roles: {project_owner: ann.owner, project_manager: max.manager}
objectives: [{id: O1, title: O}]
scope: {included: [S]}
success_criteria: [{id: SC1, title: S, baseline: a, target: b, measured_by: c}]
tolerances: {schedule_days: 10, cost_percent: 5}
""",
}


def load(**files: str) -> Project:
    """Return the project with files such as `budget` or `progress__2026_08`; only errors count as wrong."""
    named = {f"p/{name.replace('__', '/').replace('_', '-')}.yaml": text for name, text in files.items()}
    snapshot = Snapshot.of({**FILES, **named}, TIME)
    settings, _ = load_settings(snapshot)
    assert settings is not None
    loaded = load_project(snapshot, settings, "p")
    assert loaded.project is not None
    assert [str(problem) for problem in loaded.problems if problem.severity == "error"] == []
    return loaded.project


def figures_on(project: Project, day: str) -> Figures:
    return Figures(project, date.fromisoformat(day), project.settings.scales)


def schedule(tasks: str = "", milestones: str = "", packages: str = "{id: WP1, title: One, owner: ann.owner}") -> str:
    return f"work_packages: [{packages}]\ntasks: [{tasks}]\nmilestones: [{milestones}]\n"


def task(id: str, effort: float, package: str = "WP1", start: str = "2026-02-02", finish: str = "2026-03-02") -> str:
    return (
        f"{{id: {id}, work_package: {package}, title: T, duration: 5, baseline: {{start: {start}, finish: {finish}}}, "
        f"{OWNER}, effort: {effort}}}, "
    )


def milestone(id: str, day: str) -> str:
    return f"{{id: {id}, title: Milestone {id}, baseline: {day}, {OWNER}}}, "
