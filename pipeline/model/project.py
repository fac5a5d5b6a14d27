"""Take the records of one project's files; hold them as one frozen aggregate; give the Project that later rooms see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from pipeline.model.budget import Budget
from pipeline.model.business_case import BusinessCase
from pipeline.model.closure import CheckItem
from pipeline.model.deliverables import Deliverable
from pipeline.model.info import ProjectInfo
from pipeline.model.narrative import Narrative
from pipeline.model.people import Person
from pipeline.model.progress import Progress
from pipeline.model.registers.actions import Action
from pipeline.model.registers.changes import Change
from pipeline.model.registers.decisions import Decision
from pipeline.model.registers.issues import Issue
from pipeline.model.registers.lessons import Lesson
from pipeline.model.registers.risks import Risk
from pipeline.model.resources import Resources
from pipeline.model.schedule import Schedule
from pipeline.model.settings import Settings
from pipeline.model.stakeholders import Stakeholder

R = TypeVar("R")
NO_SCHEDULE = Schedule(work_packages=(), tasks=(), milestones=())
NO_RESOURCES = Resources(resources=())


class Register(Generic[R]):
    """A register of a project by a name of its own, for code that knows its records."""

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self._name = name

    def __get__(self, project: Project, owner: type[Any]) -> tuple[R, ...]:
        return project.registers.get(self._name, ())


@dataclass(frozen=True)
class Project:
    """Everything that is written down about one project; lists are sorted by id (R-2 before R-10).

    `files` maps a subject ("risks", "progress", "progress/2026-09") to the paths it came from, `narratives` a path to
    its prose, `documents` lists the Markdown files that are taken as they are. `people` holds everyone of people.yaml.
    Without schedule.yaml the schedule is empty, and so are the resources without theirs; without budget.yaml the budget
    is None, since no budget is not zero. `registers` holds all of them by name, without a file as an empty one; those
    that figures are computed from have an attribute beside it.
    """

    id: str
    info: ProjectInfo
    settings: Settings
    people: Mapping[str, Person]
    stakeholders: tuple[Stakeholder, ...] = ()
    schedule: Schedule = NO_SCHEDULE
    resources: Resources = NO_RESOURCES
    budget: Budget | None = None
    business_case: BusinessCase | None = None
    deliverables: tuple[Deliverable, ...] = ()
    checklist: tuple[CheckItem, ...] = ()
    registers: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    progress: tuple[Progress, ...] = ()
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    narratives: Mapping[str, Narrative] = field(default_factory=dict)
    documents: tuple[str, ...] = ()

    risks = Register[Risk]()
    issues = Register[Issue]()
    changes = Register[Change]()
    decisions = Register[Decision]()
    actions = Register[Action]()
    lessons = Register[Lesson]()

    @property
    def language(self) -> str:
        """Return the language of the project's documents (BCP 47)."""
        return self.info.language or self.settings.language

    @property
    def owner(self) -> Person | None:
        """Return the Project Owner, or None if people.yaml does not know the id."""
        return self.people.get(self.info.roles.project_owner)

    @property
    def manager(self) -> Person | None:
        """Return the Project Manager, or None if people.yaml does not know the id."""
        return self.people.get(self.info.roles.project_manager)

    @property
    def as_of(self) -> date:
        """Return the day on which the project's records stand: when it was closed, or its status date."""
        return self.info.closed or self.info.status_date

    def progress_on(self, day: date) -> Progress | None:
        """Return the newest progress whose status date is not after that day, or None."""
        known = [progress for progress in self.progress if progress.status_date <= day]
        return known[-1] if known else None

    def progress_of(self, period: str) -> Progress | None:
        """Return the progress of a period (YYYY-MM), or None."""
        return {progress.period: progress for progress in self.progress}.get(period)
