"""Take an assumption log; hold what is taken for true until it is checked; give assumptions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pipeline.model.base import Day, Record, Reference, Text
from pipeline.model.facts import DayOf, Id, Names, NotBefore, Since


class Assumption(Record):
    """Something taken for true that may turn out to be wrong."""

    id: Annotated[str, Id("AS-01", "assumption")] = Field(description="Number of the assumption")
    title: Text = Field(description="The assumption in one sentence")
    category: Text | None = Field(None, description="Kind of assumption, as the project sorts them")
    effect: Text | None = Field(None, description="What it means for the project if it does not hold")
    status: Literal["open", "confirmed", "rejected"] = Field(description="Whether it has been checked")
    raised: Annotated[Day, Since()] = Field(description="Day on which it was noted")
    owner: Annotated[Reference, Names("people", on="raised")] = Field(
        description="Person who checks it (id of people.yaml)"
    )
    review: Annotated[Day | None, NotBefore("raised")] = Field(None, description="Day of the next check")
    settled: Annotated[Day | None, NotBefore("raised"), DayOf((), maybe=("confirmed", "rejected"))] = Field(
        None, description="Day on which it was confirmed or rejected"
    )

    def open_on(self, day: date) -> bool:
        """Return whether it was unchecked at the end of that day; without `settled`, whether it is so now."""
        return self.raised <= day and (self.status == "open" if self.settled is None else day < self.settled)

    def state_on(self, day: date) -> str:
        """Return its state by the end of that day: overdue once the day of the next check has passed."""
        if not self.open_on(day):
            return self.status
        return "overdue" if self.review is not None and self.review < day else "open"

    def light_on(self, day: date) -> str:
        """Return the light that goes with the state."""
        return {"open": "not_yet", "overdue": "at_risk", "rejected": "off_track"}.get(self.state_on(day), "done")


class AssumptionsFile(Record):
    """The assumption log of a project (PMBOK assumption log)."""

    assumptions: tuple[Assumption, ...] = Field(description="One entry an assumption")
