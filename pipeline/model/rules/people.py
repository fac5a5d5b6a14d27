"""Take every field that names a person; check that people.yaml knows the person, active on the day; give problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.model.project import Project
from pipeline.model.rules.common import each_record, each_value
from pipeline.model.where import Steps, Where
from pipeline.problems import Problem

WhichDay = Callable[[Project, Any], date | None]


@dataclass(frozen=True, slots=True)
class Naming:
    """A field that names persons, and the day on which they have to be active (None: no matter when)."""

    kind: str
    field: str
    day: WhichDay


def _any_day(project: Project, record: Any) -> date | None:
    return None


def _on(field: str) -> WhichDay:
    return lambda _, record: getattr(record, field)


def _until(field: str) -> WhichDay:
    """An owner is needed until the record is closed."""
    return lambda project, record: getattr(record, field) or project.as_of


def _while_unfinished(project: Project, task: Any) -> date | None:
    progress = project.progress[-1] if project.progress else None
    return None if progress and progress.task(task.id).done else project.as_of


def _until_reached(project: Project, milestone: Any) -> date | None:
    progress = project.progress[-1] if project.progress else None
    return None if progress and progress.milestone(milestone.id).actual else project.as_of


NAMINGS: tuple[Naming, ...] = (
    Naming("benefits", "owner", _any_day),
    Naming("stakeholders", "person", _any_day),
    Naming("stakeholders", "owner", lambda project, _: project.as_of),
    Naming("work_packages", "owner", _any_day),
    Naming("resources", "person", _any_day),
    Naming("tasks", "owner", _while_unfinished),
    Naming("milestones", "owner", _until_reached),
    Naming("deliverables", "owner", _until("accepted")),
    Naming("deliverables", "authority", _until("accepted")),
    Naming("risks", "raised_by", _on("raised")),
    Naming("risks", "owner", _until("closed")),
    Naming("issues", "raised_by", _on("raised")),
    Naming("issues", "owner", _until("closed")),
    Naming("changes", "requested_by", _on("submitted")),
    Naming("decisions", "owner", _on("date")),
    Naming("decisions", "present", _on("date")),
    Naming("actions", "owner", _until("closed")),
    Naming("lessons", "owner", _on("raised")),
    Naming("assumptions", "owner", _on("raised")),
    Naming("checklist", "owner", _until("done")),
)


@dataclass(frozen=True, slots=True)
class Named:
    """One person who is named somewhere: the id, the record and field, and the day that matters."""

    person: str
    kind: str
    id: str
    steps: Steps
    day: date | None


def check_people(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each person named who is unknown, or not active on the day that matters (warning)."""
    for named in _named(project):
        person = project.people.get(named.person)
        if person is None and not where.knows("people", named.person):
            message = f"people.yaml has no person `{named.person}`"
            place = where.place(named.kind, named.id, *named.steps)
            yield Problem("DB220", message, place, where.hint("people", named.person))
        elif person is not None and named.day is not None and not person.active_on(named.day):
            message = f"{person.name} is not active on {named.day}"
            hint = f"see `active_from` and `active_to` in {where.place('people', person.id)}"
            yield Problem("DB221", message, where.place(named.kind, named.id, *named.steps), hint, "warning")


def _named(project: Project) -> Iterator[Named]:
    for naming in NAMINGS:
        for id, record in each_record(project, naming.kind):
            for steps, person in each_value(record, naming.field):
                yield Named(person, naming.kind, id, steps, naming.day(project, record))
    yield from _named_in_project(project)
    yield from _named_in_revisions(project)
    yield from _named_in_lights(project)
    yield from _named_in_case(project)


def _named_in_project(project: Project) -> Iterator[Named]:
    info = project.info
    for role in type(info.roles).model_fields:
        for steps, person in each_value(info.roles, role):
            yield Named(person, "project", "", ("roles", *steps), project.as_of)
    for part in type(info.document_control).model_fields:
        for steps, person in each_value(info.document_control, part):
            yield Named(person, "project", "", ("document_control", *steps), None)
    for position, member in enumerate(info.team):
        yield Named(member.person, "project", "", ("team", position, "person"), None)


def _named_in_revisions(project: Project) -> Iterator[Named]:
    for path, narrative in project.narratives.items():
        for position, revision in enumerate(narrative.meta.revisions):
            for field in ("by", "approved_by"):
                for steps, person in each_value(revision, field):
                    yield Named(person, "narratives", path, ("revisions", position, *steps), revision.date)


def _named_in_lights(project: Project) -> Iterator[Named]:
    for progress in project.progress:
        for name, stated in progress.lights.items():
            yield Named(stated.author, "progress", progress.period, ("lights", name, "author"), progress.status_date)


def _named_in_case(project: Project) -> Iterator[Named]:
    initiation = project.business_case.initiation if project.business_case else None
    if initiation is not None and initiation.requested_by is not None:
        steps: Steps = ("initiation", "requested_by")
        yield Named(initiation.requested_by, "business_case", "", steps, initiation.requested)
