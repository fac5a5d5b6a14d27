"""Take an assumption log; hold what is taken for true until it is checked; give assumptions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pipeline.model.base import Day, Record, Reference, Text
from pipeline.model.facts import Id, Names, NotBefore, Since


class Assumption(Record):
    """Something taken for true that may turn out to be wrong."""

    id: Annotated[str, Id("AS-01", "assumption")] = Field(description="Number of the assumption")
    title: Text = Field(description="The assumption in one sentence")
    category: Text | None = Field(None, description="Kind of assumption, as the project sorts them")
    status: Literal["open", "confirmed", "rejected"] = Field(description="Whether it has been checked")
    raised: Annotated[Day, Since()] = Field(description="Day on which it was noted")
    owner: Annotated[Reference, Names("people", on="raised")] = Field(
        description="Person who checks it (id of people.yaml)"
    )
    review: Annotated[Day | None, NotBefore("raised")] = Field(None, description="Day of the next check")

    def open_on(self, day: date) -> bool:
        """Return whether the assumption had been noted by that day and is still unchecked today."""
        return self.raised <= day and self.status == "open"


class AssumptionsFile(Record):
    """The assumption log of a project (PMBOK assumption log)."""

    assumptions: tuple[Assumption, ...] = Field(description="One entry an assumption")
