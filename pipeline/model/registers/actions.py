"""Take an action log; hold who does what by when; give actions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pipeline.model.base import Day, Record, Reference, Text
from pipeline.model.facts import DayOf, Id, Names, NotBefore, Since

ActionStatus = Literal["open", "in_progress", "on_hold", "closed"]


class Action(Record):
    """Something that somebody is to do by a day."""

    id: Annotated[str, Id("A-01", "action")] = Field(description="Number of the action")
    title: Text = Field(description="What is to be done")
    status: ActionStatus = Field(description="Status in the action log")
    raised: Annotated[Day, Since()] = Field(description="Day on which it was agreed")
    owner: Annotated[Reference, Names("people", until="closed")] = Field(
        description="Person who does it (id of people.yaml)"
    )
    due: Annotated[Day, NotBefore("raised")] = Field(description="Day by which it is to be done")
    closed: Annotated[Day | None, NotBefore("raised"), DayOf(("closed",))] = Field(
        None, description="Day on which it was done"
    )
    source: Text | None = Field(None, description="Where it comes from, such as a meeting or a risk")

    def open_on(self, day: date) -> bool:
        """Return whether the action was open at the end of that day."""
        return self.raised <= day and (self.closed is None or day < self.closed)

    def overdue_on(self, day: date) -> bool:
        """Return whether the action was open on that day although it was due before."""
        return self.open_on(day) and self.due < day


class ActionsFile(Record):
    """The action log of a project."""

    actions: tuple[Action, ...] = Field(description="One entry an action")
