"""Take an issue log; hold what went wrong and what is done about it; give issues."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pipeline.model.base import Day, Record, Reference, Score, Text
from pipeline.model.facts import DayOf, Id, Names, NotBefore, Since

IssueStatus = Literal["open", "postponed", "resolved", "closed"]


class Issue(Record):
    """Something that has happened and needs attention."""

    id: Annotated[str, Id("I-01", "issue")] = Field(description="Number of the issue")
    title: Text = Field(description="The issue in a few words")
    category: Text = Field(description="Kind of issue, as the project sorts them")
    description: Text = Field(description="What happened and what it means")
    status: IssueStatus = Field(description="Status in the issue log (PM²)")
    raised: Annotated[Day, Since()] = Field(description="Day on which it was reported")
    raised_by: Annotated[Reference, Names("people", on="raised")] = Field(
        description="Person who reported it (id of people.yaml)"
    )
    owner: Annotated[Reference, Names("people", until="closed")] = Field(
        description="Person who looks after it (id of people.yaml)"
    )
    urgency: Score = Field(description="Urgency, 1 very low to 5 very high")
    impact: Score = Field(description="Impact, 1 very low to 5 very high")
    due: Annotated[Day | None, NotBefore("raised")] = Field(None, description="Day by which it is to be resolved")
    action: Text = Field(description="What is done about it")
    cause: Text | None = Field(None, description="Root cause, once known")
    resolution: Text | None = Field(None, description="How it was resolved")
    closed: Annotated[Day | None, NotBefore("raised"), DayOf(("closed",), maybe=("resolved",))] = Field(
        None, description="Day on which it was resolved or closed"
    )
    risk: Annotated[Reference | None, Names("risks")] = Field(None, description="Risk that came true (id)")
    deliverable: Annotated[Reference | None, Names("deliverables")] = Field(
        None, description="Deliverable whose rejection it follows up (id)"
    )

    def open_on(self, day: date) -> bool:
        """Return whether the issue was open at the end of that day."""
        return self.raised <= day and (self.closed is None or day < self.closed)

    def overdue_on(self, day: date) -> bool:
        """Return whether the issue was open on that day although it was due before."""
        return self.open_on(day) and self.due is not None and self.due < day


class IssuesFile(Record):
    """The issue log of a project (PRINCE2 Issue Register)."""

    issues: tuple[Issue, ...] = Field(description="One entry an issue")
