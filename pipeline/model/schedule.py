"""Take a project's schedule.yaml; hold work packages, tasks, links and milestones; give the schedule as planned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, cast

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline.model.base import Day, Quantity, Record, Reference, Text

LinkKind = Literal["FS", "SS", "FF", "SF"]
_LINK = re.compile(r"([^\s+]+)(?: (FS|SS|FF|SF))?(?: ?([+-]) ?([0-9]{1,4}))?")


@dataclass(frozen=True, slots=True)
class Link:
    """A dependency on another task: start or finish to start or finish, with a lag in working days (negative: lead)."""

    task: str
    kind: LinkKind = "FS"
    lag: int = 0


def read_link(text: str) -> Link | None:
    """Return the dependency that a text such as "T02 FS+3" means, or None if it means none."""
    match = _LINK.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    task, kind, sign, lag = match.groups()
    return Link(task, cast(LinkKind, kind or "FS"), int(f"{sign or ''}{lag or 0}"))


class Holiday(Record):
    """A day off for the whole project."""

    date: Day = Field(description="Day on which nobody works")
    name: Text = Field(description="Name of the holiday")


class Calendar(Record):
    """The working days of a project: Monday to Friday without the holidays."""

    holidays: tuple[Holiday, ...] = Field((), description="Days off besides Saturdays and Sundays")

    @property
    def days_off(self) -> frozenset[date]:
        """Return the dates of all holidays."""
        return frozenset(holiday.date for holiday in self.holidays)


class WorkPackage(Record):
    """A part of the work breakdown structure (PRINCE2 Work Package)."""

    id: str = Field(pattern=r"^WP[0-9]{1,6}$", examples=["WP1"], description="Number of the work package")
    title: Text = Field(description="Name of the work package")
    description: Text | None = Field(None, description="What belongs to it")
    owner: Reference = Field(description="Person who answers for it (id of people.yaml)")


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


class Baseline(Record):
    """Start and finish as approved."""

    start: Day = Field(description="First day as approved")
    finish: Day = Field(description="Last day as approved")


class Task(Record):
    """A task of the work plan (PMBOK activity)."""

    id: str = Field(pattern=r"^T[0-9]{1,6}$", examples=["T01"], description="Number of the task")
    work_package: Reference = Field(description="Work package that it belongs to (id)")
    title: Text = Field(description="Name of the task")
    duration: Quantity | None = Field(None, description="Duration in working days, unless there is an estimate")
    estimate: Estimate | None = Field(None, description="Three-point estimate, instead of a duration")
    predecessors: tuple[Text, ...] = Field(
        (), examples=[["T01", "T02 FS+3"]], description="Tasks it depends on: T01, T01 SS, T02 FS+3, T03 FF-2"
    )
    baseline: Baseline = Field(description="Start and finish as approved")
    owner: Reference = Field(description="Person who does it or has it done (id of people.yaml)")
    effort: Quantity = Field(description="Planned effort in person-days")

    @model_validator(mode="after")
    def _check_duration(self) -> Task:
        if (self.duration is None) == (self.estimate is None):
            raise PydanticCustomError("contradiction", "wants either `duration` or `estimate`")
        return self

    @property
    def links(self) -> tuple[Link, ...]:
        """Return the dependencies on other tasks, as far as they can be understood."""
        return tuple(link for link in map(read_link, self.predecessors) if link is not None)

    @property
    def days(self) -> Decimal:
        """Return the duration in working days: as given, or as expected of the estimate."""
        if self.estimate is not None:
            return self.estimate.expected
        return self.duration or Decimal(0)


class Milestone(Record):
    """A moment that matters, with its baselined date."""

    id: str = Field(pattern=r"^M[0-9]{1,6}$", examples=["M1"], description="Number of the milestone")
    title: Text = Field(description="Name of the milestone")
    baseline: Day = Field(description="Date as approved")
    after: tuple[Reference, ...] = Field((), description="Tasks that have to be finished before (ids)")
    owner: Reference = Field(description="Person who answers for it (id of people.yaml)")


class Schedule(Record):
    """The work plan of a project (PRINCE2 Project Plan, PMBOK schedule)."""

    calendar: Calendar = Field(Calendar(), description="Days off")
    work_packages: tuple[WorkPackage, ...] = Field(description="Work breakdown structure")
    tasks: tuple[Task, ...] = Field(description="One entry a task")
    milestones: tuple[Milestone, ...] = Field(description="One entry a milestone")
