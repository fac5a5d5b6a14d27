"""Take the records that were read of a project's files; sort and resolve them; give the Project."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.model.base import Record, natural
from pipeline.model.budget import Budget
from pipeline.model.business_case import BusinessCase
from pipeline.model.closure import CheckItem, ClosureFile
from pipeline.model.narrative import Narrative
from pipeline.model.people import PeopleFile
from pipeline.model.progress import Known, Progress, resolve_progress
from pipeline.model.project import NO_RESOURCES, NO_SCHEDULE, Project
from pipeline.model.read import Read
from pipeline.model.resources import Resources
from pipeline.model.schedule import Schedule
from pipeline.model.settings import Settings
from pipeline.model.subjects import REGISTERS


def assemble_project(
    name: str,
    settings: Settings,
    reads: Sequence[Read],
    narratives: Iterable[Narrative],
    documents: tuple[str, ...],
) -> Project | None:
    """Return the project of folder `name`, or None if its project.yaml gave no record."""
    info = _only(reads, "project")
    if info is None:
        return None
    people: PeopleFile | None = _only(reads, "people")
    schedule, budget = _sort_schedule(_only(reads, "schedule")), _sort_budget(_only(reads, "budget"))
    return Project(
        id=name,
        info=_sort_lists(info),
        settings=settings,
        people={person.id: person for person in _unique(people.people if people else ())},
        schedule=schedule,
        resources=_sort_resources(_only(reads, "resources")),
        budget=budget,
        checklist=_list_checks(_only(reads, "closure")),
        business_case=_sort_case(_only(reads, "business_case")),
        progress=_resolve(reads, schedule, budget),
        files=_list_files(reads),
        narratives={narrative.path: narrative for narrative in narratives},
        documents=documents,
        stakeholders=_unique(_listed(reads, "stakeholders")),
        deliverables=_unique(_listed(reads, "deliverables")),
        registers={register.name: _unique(_listed(reads, register.name)) for register in REGISTERS},
    )


def _only(reads: Iterable[Read], subject: str) -> Any:
    records = [read.record for read in reads if read.source.subject == subject]
    return records[0] if records else None


def _listed(reads: Iterable[Read], subject: str) -> Iterable[Any]:
    for read in reads:
        if read.record is not None and read.source.subject == subject:
            yield from (read.record,) if read.source.name else getattr(read.record, subject)


def _unique(records: Iterable[Any]) -> tuple[Any, ...]:
    """Return the records by id; of two with one id the first, since the second is reported as an error."""
    first: dict[str, Any] = {}
    for record in records:
        first.setdefault(record.id, record)
    return tuple(sorted(first.values(), key=lambda record: natural(record.id)))


def _sort_lists(record: Record) -> Any:
    """Return the record with each of its lists of records with ids sorted."""
    lists = {name: value for name, value in record if isinstance(value, tuple) and value and hasattr(value[0], "id")}
    return record.model_copy(update={name: _unique(value) for name, value in lists.items()})


def _sort_schedule(schedule: Schedule | None) -> Schedule:
    return _sort_lists(schedule) if schedule else NO_SCHEDULE


def _sort_resources(resources: Resources | None) -> Resources:
    return _sort_lists(resources) if resources else NO_RESOURCES


def _sort_budget(budget: Budget | None) -> Budget | None:
    return _sort_lists(budget) if budget else None


def _sort_case(case: BusinessCase | None) -> BusinessCase | None:
    return _sort_lists(case) if case else None


def _list_checks(closure: ClosureFile | None) -> tuple[CheckItem, ...]:
    return _unique(closure.checklist) if closure else ()


def _resolve(reads: Iterable[Read], schedule: Schedule, budget: Budget | None) -> tuple[Progress, ...]:
    files = {read.source.name: read.record for read in reads if read.source.subject == "progress" and read.record}
    return resolve_progress(
        files,
        Known(
            tasks=tuple(task.id for task in schedule.tasks),
            lines=tuple(line.id for line in budget.lines) if budget else (),
            work_packages=tuple(package.id for package in schedule.work_packages),
            milestones=tuple(milestone.id for milestone in schedule.milestones),
            quantities={task.id: task.quantity for task in schedule.tasks if task.quantity},
        ),
    )


def _list_files(reads: Iterable[Read]) -> dict[str, tuple[str, ...]]:
    files: dict[str, tuple[str, ...]] = {}
    for read in (read for read in reads if read.source.usable):
        subject, path = read.source.subject, read.source.path
        files[subject] = (*files.get(subject, ()), path)
        if subject == "progress":
            files[f"progress/{read.source.name}"] = (path,)
    return files
