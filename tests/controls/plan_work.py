"""Take a schedule as YAML; load it as a project that starts on 1 January 2026; give its plan."""

from __future__ import annotations

from datetime import date

from controls_work import OWNER, load

from pipeline.controls.plan import Plan
from pipeline.controls.planning import compute_plan
from pipeline.model.project import Project

# Thursday 1 January 2026 is day 0, Friday 1, Monday the 5th 2, Monday the 12th 7, Monday the 19th 12.
BASELINE = "baseline: {start: 2026-01-01, finish: 2026-01-30}"


def job(id: str, more: str = "", *, effort: str = "1", baseline: str = BASELINE) -> str:
    """Return a task; `more` are its own fields, such as "duration: 3, predecessors: [T1 SS+2]"."""
    return f"  - {{id: {id}, work_package: WP1, title: Task {id}, {OWNER}, effort: {effort}, {baseline}, {more}}}\n"


def summary(id: str, more: str = "") -> str:
    return f"  - {{id: {id}, work_package: WP1, title: Task {id}, {OWNER}, {more}}}\n"


def project(tasks: str, *, calendar: str = "", milestones: str = "", **progress: str) -> Project:
    text = f"calendar: {{{calendar}}}\nwork_packages: [{{id: WP1, title: One, {OWNER}}}]\ntasks:\n{tasks}"
    return load(schedule=f"{text}milestones: [{milestones}]\n", **progress)


def plan(of: Project) -> Plan:
    """Return the plan as of the newest progress; as drawn up without any."""
    return compute_plan(of, of.progress[-1] if of.progress else None)


def days(of: Plan) -> dict[str, tuple[str, str]]:
    """Return the first and the last day of each task, as "01-31"."""
    return {row.id: (f"{row.start:%m-%d}", f"{row.finish:%m-%d}") for row in of.tasks}


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")
