"""Take records with a status; check that the dates they carry fit the status; give problems."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.deliverables import Deliverable
from pipeline.model.facts import DayOf
from pipeline.model.project import Project
from pipeline.model.rules.common import each_fact, name_record
from pipeline.model.where import Where
from pipeline.problems import Problem


def check_status_dates(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each status without its date, and for each date that contradicts the status."""
    for kind, id, found in each_fact(project, DayOf):
        field, states = found.fact.field, found.fact.states
        status, name = found.beside(field), name_record(kind, id)
        if status in states and found.value is None:
            message = f"{name} is {status}, but has no date `{found.name}`"
            yield Problem("DB231", message, where.place(kind, id, field), f"add `{found.name}: YYYY-MM-DD`")
        elif found.value is not None and status not in (*states, *found.fact.maybe):
            message = f"{name} is {status}, but has a date `{found.name}`"
            hint = f"mend `{field}` or leave out `{found.name}`"
            yield Problem("DB232", message, where.place(kind, id, *found.steps), hint)


def check_acceptance(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each deliverable whose acceptance and dates contradict each other."""
    for deliverable in project.deliverables:
        for field, fault in _acceptance_faults(deliverable):
            message = f"deliverable {deliverable.id} is {deliverable.acceptance}, {fault}"
            yield Problem("DB233", message, where.place("deliverables", deliverable.id, field))


def _acceptance_faults(deliverable: Deliverable) -> Iterator[tuple[str, str]]:
    if deliverable.acceptance != "pending" and deliverable.delivered is None:
        yield "acceptance", "but has no date `delivered`"
    if deliverable.acceptance == "accepted" and deliverable.accepted is None:
        yield "acceptance", "but has no date `accepted`"
    if deliverable.acceptance in ("pending", "rejected") and deliverable.accepted is not None:
        yield "accepted", "but has a date `accepted`"


def check_closure(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each record that is still open although the project is closed."""
    if project.info.phase != "closed":
        return
    day = project.as_of
    still_open = {
        "risks": [risk.id for risk in project.risks if risk.open_on(day)],
        "issues": [issue.id for issue in project.issues if issue.open_on(day)],
        "changes": [change.id for change in project.changes if change.pending_on(day)],
        "deliverables": [item.id for item in project.deliverables if not item.accepted_on(day)],
        "checklist": [item.id for item in project.checklist if item.open_on(day)],
    }
    for kind, ids in still_open.items():
        for id in ids:
            message = f"the project is closed since {day}, but {name_record(kind, id)} is not settled"
            yield Problem("DB239", message, where.place(kind, id), severity="warning")
