"""Take a project's schedule.yaml; hold work packages, tasks, links and milestones; give the schedule as planned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal, cast

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline.model.base import Day, Percent, Quantity, Record, Reference, Text
from pipeline.model.calendar import Calendar
from pipeline.model.facts import PROGRESS, Id, Names, NotBefore
from pipeline.model.outline import Outline, fill_summaries, make_outline

LinkKind = Literal["FS", "SS", "FF", "SF"]
EarningRule = Literal["percent", "0/100", "50/50", "units"]
_LINK = re.compile(r"([^\s+]+)(?: (FS|SS|FF|SF))?(?: ?([+-]) ?([0-9]{1,4}))?")


@dataclass(frozen=True, slots=True)
class Link:
    """A dependency on another task: start or finish to start or finish, with a lag in working days (negative: lead)."""

    task: str
    kind: LinkKind = "FS"
    lag: int = 0


@lru_cache(maxsize=50_000)
def read_link(text: str) -> Link | None:
    """Return the dependency that a text such as "T02 FS+3" means, or None if it means none."""
    match = _LINK.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    task, kind, sign, lag = match.groups()
    return Link(task, cast(LinkKind, kind or "FS"), int(f"{sign or ''}{lag or 0}"))


class WorkPackage(Record):
    """A part of the work breakdown structure (PRINCE2 Work Package)."""

    id: Annotated[str, Id("WP1", "work package")] = Field(description="Number of the work package")
    title: Text = Field(description="Name of the work package")
    description: Text | None = Field(None, description="What belongs to it")
    owner: Annotated[Reference, Names("people")] = Field(description="Person who answers for it (id of people.yaml)")


class Estimate(Record):
    """A three-point estimate of a duration (PERT), in working days."""

    optimistic: Quantity = Field(description="Duration if all goes well, in working days")
    likely: Quantity = Field(description="Most likely duration, in working days")
    pessimistic: Quantity = Field(description="Duration if much goes wrong, in working days")

    @model_validator(mode="after")
    def _check_order(self) -> Estimate:
        if not self.optimistic <= self.likely <= self.pessimistic:
            raise PydanticCustomError("contradiction", "wants optimistic ≤ likely ≤ pessimistic")
        return self

    @property
    def expected(self) -> Decimal:
        """Return the expected duration (optimistic + 4 × likely + pessimistic) / 6, in working days."""
        return (self.optimistic + 4 * self.likely + self.pessimistic) / 6

    @property
    def spread(self) -> Decimal:
        """Return pessimistic − optimistic, in working days."""
        return self.pessimistic - self.optimistic


class Baseline(Record):
    """Start and finish as approved."""

    start: Day = Field(description="First day as approved")
    finish: Annotated[Day, NotBefore("start")] = Field(description="Last day as approved")


class Constraint(Record):
    """Days that bind a task besides its predecessors."""

    not_before: Day | None = Field(None, description="Day before which the task cannot start")
    finish_by: Annotated[Day | None, NotBefore("not_before")] = Field(
        None, description="Day by which the task has to be finished"
    )


NO_CONSTRAINT = Constraint()


class Assignment(Record):
    """A resource that works on a task."""

    resource: Annotated[Reference, Names("resources")] = Field(description="Resource (id of resources.yaml)")
    units: Quantity = Field(Decimal(100), ge=1, le=1000, description="Share of the resource's day, in percent")


# What a task that has parts takes from them: it need not state it.
FROM_PARTS = ("baseline", "effort")


def _relax_required(schema: dict[str, Any]) -> None:
    schema["required"] = [name for name in schema["required"] if name not in FROM_PARTS]


class Task(Record):
    """A task of the work plan (PMBOK activity), or a summary of the tasks that name it as their parent."""

    model_config = ConfigDict(json_schema_extra=_relax_required)

    id: Annotated[str, Id("T01", "task")] = Field(description="Number of the task")
    parent: Annotated[Reference | None, Names("tasks")] = Field(
        None,
        examples=["T10"],
        description="Task that it is a part of (id); dates and effort of that one follow from it",
    )
    work_package: Annotated[Reference, Names("work_packages")] = Field(
        description="Work package that it belongs to (id)"
    )
    title: Text = Field(description="Name of the task")
    duration: Quantity | None = Field(
        None, description="Duration in working days; effort ÷ assigned units if neither it nor an estimate is given"
    )
    estimate: Estimate | None = Field(None, description="Three-point estimate, instead of a duration")
    predecessors: tuple[Text, ...] = Field(
        (), examples=[["T01", "T02 FS+3"]], description="Tasks it depends on: T01, T01 SS, T02 FS+3, T03 FF-2"
    )
    constraint: Constraint = Field(NO_CONSTRAINT, description="Days that bind it besides its predecessors")
    assignments: tuple[Assignment, ...] = Field((), description="Resources that work on it")
    rule: EarningRule = Field("percent", description='How its value is earned; quote it: "0/100"')
    quantity: Quantity | None = Field(None, description="Number of units to be done, with rule: units")
    weight: Percent | None = Field(None, description="Percent of its work package's budget; by effort if left out")
    baseline: Baseline = Field(
        description="Start and finish as approved; needed, but for a task with parts, which takes theirs"
    )
    owner: Annotated[Reference, Names("people", until=PROGRESS)] = Field(
        description="Person who does it or has it done (id of people.yaml)"
    )
    effort: Quantity = Field(
        description="Planned effort in person-days; needed, but for a task with parts, which has none of its own"
    )

    @model_validator(mode="after")
    def _check_duration(self) -> Task:
        if self.duration is not None and self.estimate is not None:
            raise PydanticCustomError("contradiction", "wants either `duration` or `estimate`")
        return self

    @model_validator(mode="after")
    def _check_quantity(self) -> Task:
        if self.rule == "units" and not self.quantity:
            raise PydanticCustomError("contradiction", "is measured in units, and wants their `quantity`")
        if self.rule != "units" and self.quantity is not None:
            raise PydanticCustomError("contradiction", "has a `quantity`, but is not measured in units")
        return self

    @model_validator(mode="after")
    def _check_assignments(self) -> Task:
        resources = [one.resource for one in self.assignments]
        if len(set(resources)) < len(resources):
            raise PydanticCustomError("contradiction", "assigns a resource twice")
        return self

    @property
    def links(self) -> tuple[Link, ...]:
        """Return the dependencies on other tasks, as far as they can be understood."""
        return tuple(link for link in map(read_link, self.predecessors) if link is not None)

    @property
    def days(self) -> Decimal:
        """Return the duration in working days: as given, as expected of the estimate, or effort ÷ sum of units.

        0 where none of them is given: a summary, whose duration lies between the dates of its parts.
        """
        if self.estimate is not None:
            return self.estimate.expected
        if self.duration is None and self.assignments:
            return self.effort * 100 / sum(one.units for one in self.assignments)
        return self.duration or Decimal(0)


class Milestone(Record):
    """A moment that matters, with its baselined date."""

    id: Annotated[str, Id("M1", "milestone")] = Field(description="Number of the milestone")
    title: Text = Field(description="Name of the milestone")
    baseline: Day = Field(description="Date as approved")
    after: Annotated[tuple[Reference, ...], Names("tasks")] = Field(
        (), description="Tasks that have to be finished before (ids)"
    )
    owner: Annotated[Reference, Names("people", until=PROGRESS)] = Field(
        description="Person who answers for it (id of people.yaml)"
    )


class Schedule(Record):
    """The work plan of a project (PRINCE2 Project Plan, PMBOK schedule)."""

    calendar: Calendar = Field(Calendar(), description="Working days and days off")
    work_packages: tuple[WorkPackage, ...] = Field(description="Work breakdown structure")
    tasks: tuple[Task, ...] = Field(description="One entry a task")
    milestones: tuple[Milestone, ...] = Field(description="One entry a milestone")

    @model_validator(mode="before")
    @classmethod
    def _fill_summaries(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("tasks"), list):
            return {**value, "tasks": fill_summaries(value["tasks"])}
        return value

    @property
    def leaves(self) -> tuple[Task, ...]:
        """Return the tasks that no other task names as its parent: those with work of their own."""
        parents = {task.parent for task in self.tasks}
        return tuple(task for task in self.tasks if task.id not in parents)

    @property
    def outline(self) -> Outline:
        """Return which task is a part of which."""
        return make_outline({task.id: task.parent for task in self.tasks})
