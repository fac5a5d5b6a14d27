"""Take every field that points to another record; check that the record exists and points back; give problems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model.kinds import KINDS
from pipeline.model.project import Project
from pipeline.model.rules.common import each_record, each_value
from pipeline.model.where import Where
from pipeline.problems import Problem


@dataclass(frozen=True, slots=True)
class Pointer:
    """A field that holds ids of another kind of record."""

    kind: str
    field: str
    target: str


POINTERS: tuple[Pointer, ...] = (
    Pointer("needs", "stakeholder", "stakeholders"),
    Pointer("features", "needs", "needs"),
    Pointer("features", "deliverables", "deliverables"),
    Pointer("tasks", "work_package", "work_packages"),
    Pointer("tasks", "parent", "tasks"),
    Pointer("milestones", "after", "tasks"),
    Pointer("lines", "work_package", "work_packages"),
    Pointer("deliverables", "work_package", "work_packages"),
    Pointer("risks", "tasks", "tasks"),
    Pointer("issues", "risk", "risks"),
    Pointer("issues", "deliverable", "deliverables"),
    Pointer("changes", "decision", "decisions"),
    Pointer("decisions", "change", "changes"),
)


def check_pointers(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each reference to a record that is not written down."""
    for pointer in POINTERS:
        for id, record in each_record(project, pointer.kind):
            for steps, target in each_value(record, pointer.field):
                if not where.knows(pointer.target, target):
                    message = f"there is no {KINDS[pointer.target].noun} {target}"
                    place = where.place(pointer.kind, id, *steps)
                    yield Problem("DB222", message, place, where.hint(pointer.target, target))


def check_decided_changes(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem where the decision of a change is not about that change or has another date."""
    decisions = {decision.id: decision for decision in project.decisions}
    for change in project.changes:
        decision = decisions.get(change.decision or "")
        if decision is None:
            continue
        if decision.change != change.id:
            message = f"change {change.id} names decision {decision.id}, which is not about {change.id}"
            hint = f"write `change: {change.id}` in decision {decision.id}"
            yield Problem("DB226", message, where.place("changes", change.id, "decision"), hint)
        elif change.decided not in (None, decision.date):
            message = (
                f"change {change.id} was decided on {change.decided}, decision {decision.id} is of {decision.date}"
            )
            yield Problem("DB226", message, where.place("changes", change.id, "decided"))


def check_changes_of_decisions(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each decision about a change that names no decision at all."""
    changes = {change.id: change for change in project.changes}
    for decision in project.decisions:
        change = changes.get(decision.change or "")
        if change is not None and change.decision is None:
            message = f"decision {decision.id} is about change {change.id}, which names no decision"
            place = where.place("changes", change.id)
            yield Problem("DB226", message, place, f"write `decision: {decision.id}` in change {change.id}")


def check_approved_changes(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each approved change without an entry in the decision log."""
    for change in project.changes:
        if change.status in ("approved", "implemented") and change.decision is None:
            message = f"change {change.id} is {change.status}, but names no decision"
            hint = "write the decision into the decision log and its id here"
            yield Problem("DB238", message, where.place("changes", change.id, "status"), hint, "warning")
