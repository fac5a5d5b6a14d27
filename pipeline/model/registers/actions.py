"""Take an action log; hold who does what by when; give actions."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from pipeline.model.base import Day, Record, Reference, Text

ActionStatus = Literal["open", "in_progress", "on_hold", "closed"]


class Action(Record):
    """Something that somebody is to do by a day."""

    id: str = Field(pattern=r"^A-[0-9]{1,6}$", examples=["A-01"], description="Number of the action")
    title: Text = Field(description="What is to be done")
    status: ActionStatus = Field(description="Status in the action log")
    raised: Day = Field(description="Day on which it was agreed")
    owner: Reference = Field(description="Person who does it (id of people.yaml)")
    due: Day = Field(description="Day by which it is to be done")
    closed: Day | None = Field(None, description="Day on which it was done")
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
