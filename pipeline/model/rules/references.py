"""Take every field that names a person or another record; check that it exists and points back; give problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import cast

from pipeline.model.facts import PROGRESS, Found, Names
from pipeline.model.kinds import KINDS
from pipeline.model.project import Project
from pipeline.model.rules.common import each_fact
from pipeline.model.where import Where
from pipeline.problems import Problem


def check_names(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each record that is named and not written down, each person who is not, or is not active."""
    for kind, id, found in each_fact(project, Names):
        if kind == "progress" and isinstance(found.value, Mapping):
            continue  # what progress says of records is carried over from period to period, and has a rule of its own
        for steps, name in found.texts():
            if found.fact.kind == "people":
                fault = _find_fault_of_person(project, where, name, _day_of_need(project, kind, found))
            else:
                fault = _find_fault_of_record(where, name, found.fact.kind)
            if fault is not None:
                yield replace(fault, place=where.place(kind, id, *steps, key=isinstance(found.value, Mapping)))


def _find_fault_of_record(where: Where, id: str, kind: str) -> Problem | None:
    if where.knows(kind, id):
        return None
    return Problem("DB222", f"there is no {KINDS[kind].noun} {id[:40]}", hint=where.hint(kind, id))


def _find_fault_of_person(project: Project, where: Where, id: str, day: date | None) -> Problem | None:
    person = project.people.get(id)
    if person is None and not where.knows("people", id):
        return Problem("DB220", f"people.yaml has no person `{id}`", hint=where.hint("people", id))
    if person is not None and day is not None and not person.active_on(day):
        hint = f"see `active_from` and `active_to` in {where.place('people', id)}"
        return Problem("DB221", f"{person.name} is not active on {day}", hint=hint, severity="warning")
    return None


def _day_of_need(project: Project, kind: str, found: Found[Names]) -> date | None:
    """Return the day on which a person who is named has to be active; None if no matter when."""
    names = found.fact
    if names.on:
        return cast(date | None, found.beside(names.on))
    if names.until == PROGRESS:
        return None if _is_finished(project, kind, found.beside("id")) else project.as_of
    return found.beside(names.until) or project.as_of if names.until or names.today else None


def _is_finished(project: Project, kind: str, id: str) -> bool:
    progress = project.progress[-1] if project.progress else None
    return bool(progress and (progress.task(id).done if kind == "tasks" else progress.milestone(id).actual))


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
