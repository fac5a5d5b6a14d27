"""Take nothing; list every subject of a project with its files and its record; give one ordered table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.model.base import Record
from pipeline.model.budget import Budget
from pipeline.model.business_case import BusinessCase
from pipeline.model.closure import ClosureFile
from pipeline.model.deliverables import DeliverablesFile
from pipeline.model.facts import Id, fields_with, record_in
from pipeline.model.info import ProjectInfo
from pipeline.model.people import PeopleFile
from pipeline.model.progress import ProgressFile
from pipeline.model.registers.actions import ActionsFile
from pipeline.model.registers.assumptions import AssumptionsFile
from pipeline.model.registers.changes import ChangesFile
from pipeline.model.registers.decisions import DecisionsFile
from pipeline.model.registers.dependencies import DependenciesFile
from pipeline.model.registers.issues import IssuesFile
from pipeline.model.registers.lessons import LessonsFile
from pipeline.model.registers.risks import RisksFile
from pipeline.model.resources import Resources
from pipeline.model.schedule import Schedule
from pipeline.model.settings import Settings
from pipeline.model.stakeholders import StakeholdersFile


@cache
def _list_records(model: type[Record]) -> Mapping[str, type[Record]]:
    found = {key: record_in(field.annotation) for key, field in model.model_fields.items()}
    return {key: record for key, record in found.items() if record and "id" in fields_with(record, Id)}


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject and what its files hold.

    `path` is the file relative to the project's folder (to the repository's root if `shared`), or the folder of one
    file a period where it ends in a slash. A register is a subject whose file holds one list, called as the subject.
    """

    name: str
    path: str
    model: type[Record]
    shared: bool = False

    @property
    def record(self) -> type[Record] | None:
        """Return what one file holds under registers/<name>/; None if the subject is no register."""
        return self.records[self.name] if self.path.startswith("registers/") else None

    @property
    def records(self) -> Mapping[str, type[Record]]:
        """Return the records with an id that a file holds, by the key of their list."""
        return _list_records(self.model)

    @property
    def folder(self) -> str:
        """Return the folder with one file a record, or "" if the subject has none."""
        if self.path.endswith("/"):
            return self.path
        return self.path.removesuffix(".yaml") + "/" if self.record else ""


def _register(model: type[Record]) -> Subject:
    (name,) = model.model_fields
    return Subject(name, f"registers/{name}.yaml", model)


SUBJECTS: tuple[Subject, ...] = (
    Subject("settings", "deedbox.yaml", Settings, shared=True),
    Subject("people", "people.yaml", PeopleFile, shared=True),
    Subject("project", "project.yaml", ProjectInfo),
    Subject("stakeholders", "stakeholders.yaml", StakeholdersFile),
    Subject("schedule", "schedule.yaml", Schedule),
    Subject("resources", "resources.yaml", Resources),
    Subject("budget", "budget.yaml", Budget),
    Subject("business_case", "business-case.yaml", BusinessCase),
    Subject("deliverables", "deliverables.yaml", DeliverablesFile),
    Subject("closure", "closure.yaml", ClosureFile),
    _register(RisksFile),
    _register(IssuesFile),
    _register(ChangesFile),
    _register(DecisionsFile),
    _register(ActionsFile),
    _register(LessonsFile),
    _register(AssumptionsFile),
    _register(DependenciesFile),
    Subject("progress", "progress/", ProgressFile),
)

BY_NAME = {subject.name: subject for subject in SUBJECTS}
REGISTERS = tuple(subject for subject in SUBJECTS if subject.record)
NARRATIVES = (
    "acceptance-note.md",
    "business-case.md",
    "charter.md",
    "closure-checklist.md",
    "closure-report.md",
    "configuration-register.md",
    "lessons-register.md",
    "stakeholder-matrix.md",
    "work-plan.md",
)
REPORTS = "reports/"
DOCUMENTS = "documents/"
