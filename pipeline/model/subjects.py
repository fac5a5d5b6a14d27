"""Take nothing; list every subject of a project with its files and its record; give one ordered table."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model.base import Record
from pipeline.model.budget import Budget
from pipeline.model.business_case import BusinessCase
from pipeline.model.closure import ClosureFile
from pipeline.model.deliverables import DeliverablesFile
from pipeline.model.info import ProjectInfo
from pipeline.model.people import PeopleFile
from pipeline.model.progress import ProgressFile
from pipeline.model.registers.actions import Action, ActionsFile
from pipeline.model.registers.assumptions import Assumption, AssumptionsFile
from pipeline.model.registers.changes import Change, ChangesFile
from pipeline.model.registers.decisions import Decision, DecisionsFile
from pipeline.model.registers.issues import Issue, IssuesFile
from pipeline.model.registers.lessons import Lesson, LessonsFile
from pipeline.model.registers.risks import Risk, RisksFile
from pipeline.model.resources import Resources
from pipeline.model.schedule import Schedule
from pipeline.model.settings import Settings
from pipeline.model.stakeholders import StakeholdersFile


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject and what its files hold.

    `path` is the file relative to the project's folder (to the repository's root if `shared`), or the folder of one
    file a period where it ends in a slash. `record` is what one file holds under registers/<name>/, for registers.
    """

    name: str
    path: str
    model: type[Record]
    record: type[Record] | None = None
    shared: bool = False

    @property
    def folder(self) -> str:
        """Return the folder with one file a record, or "" if the subject has none."""
        if self.path.endswith("/"):
            return self.path
        return self.path.removesuffix(".yaml") + "/" if self.record else ""


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
    Subject("risks", "registers/risks.yaml", RisksFile, Risk),
    Subject("issues", "registers/issues.yaml", IssuesFile, Issue),
    Subject("changes", "registers/changes.yaml", ChangesFile, Change),
    Subject("decisions", "registers/decisions.yaml", DecisionsFile, Decision),
    Subject("actions", "registers/actions.yaml", ActionsFile, Action),
    Subject("lessons", "registers/lessons.yaml", LessonsFile, Lesson),
    Subject("assumptions", "registers/assumptions.yaml", AssumptionsFile, Assumption),
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
