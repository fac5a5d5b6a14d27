"""Take records with a status; check that the dates they carry fit the status; give problems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model.deliverables import Deliverable
from pipeline.model.project import Project
from pipeline.model.rules.common import date_at, each_record, name_record
from pipeline.model.where import Where
from pipeline.problems import Problem


@dataclass(frozen=True, slots=True)
class StatusDate:
    """A date that belongs to a status: the statuses that need it, and further ones that may have it."""

    kind: str
    date: str
    needed: tuple[str, ...]
    allowed: tuple[str, ...] = ()
    status: str = "status"


STATUS_DATES: tuple[StatusDate, ...] = (
    StatusDate("project", "closed", ("closed",), status="phase"),
    StatusDate("risks", "closed", ("closed",), ("rejected",)),
    StatusDate("issues", "closed", ("closed",), ("resolved",)),
    StatusDate("changes", "decided", ("approved", "rejected", "implemented"), ("postponed", "merged")),
    StatusDate("changes", "implemented", ("implemented",)),
    StatusDate("actions", "closed", ("closed",)),
    StatusDate("checklist", "done", ("done",)),
)


def check_status_dates(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each status without its date, and for each date that contradicts the status."""
    for rule in STATUS_DATES:
        for id, record in each_record(project, rule.kind):
            status, day = getattr(record, rule.status), date_at(record, rule.date)
            name = name_record(rule.kind, id)
            if status in rule.needed and day is None:
                message = f"{name} is {status}, but has no date `{rule.date}`"
                yield Problem(
                    "DB231", message, where.place(rule.kind, id, rule.status), f"add `{rule.date}: YYYY-MM-DD`"
                )
            elif day is not None and status not in (*rule.needed, *rule.allowed):
                message = f"{name} is {status}, but has a date `{rule.date}`"
                hint = f"mend `{rule.status}` or leave out `{rule.date}`"
                yield Problem("DB232", message, where.place(rule.kind, id, rule.date), hint)


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
