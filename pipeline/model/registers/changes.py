"""Take a change log; hold requests with their size and outcome; give changes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pipeline.model.base import Day, Record, Reference, Score, SignedMoney, Text, Whole
from pipeline.model.facts import DayOf, Id, Names, NotBefore, Since

ChangeStatus = Literal[
    "submitted", "assessing", "waiting_for_approval", "approved", "rejected", "postponed", "merged", "implemented"
]
DECIDED = DayOf(("approved", "rejected", "implemented"), maybe=("postponed", "merged"))
PENDING: frozenset[ChangeStatus] = frozenset({"submitted", "assessing", "waiting_for_approval"})


class Change(Record):
    """A request to change something that was approved (PRINCE2 Request for Change)."""

    id: Annotated[str, Id("CR-01", "change")] = Field(description="Number of the change request")
    title: Text = Field(description="The change in a few words")
    category: Text = Field(description="Kind of change, as the project sorts them")
    description: Text = Field(description="What is to change")
    reason: Text = Field(description="Why, and what happens if it is not done")
    status: ChangeStatus = Field(description="Status in the change log (PM²)")
    submitted: Annotated[Day, Since()] = Field(description="Day on which it was requested")
    requested_by: Annotated[Reference, Names("people", on="submitted")] = Field(
        description="Person who requested it (id of people.yaml)"
    )
    priority: Score = Field(description="Priority, 1 very low to 5 very high")
    size: Score = Field(description="Size, 1 very low to 5 very high")
    schedule_days: Whole = Field(description="Effect on the end date in days; negative if the project gets shorter")
    cost: SignedMoney = Field(description="Effect on the cost, in the project's currency; negative if it saves money")
    recommendation: Text | None = Field(None, description="What the Project Manager recommends")
    decided: Annotated[Day | None, NotBefore("submitted"), DECIDED] = Field(
        None, description="Day on which it was decided"
    )
    decision: Annotated[Reference | None, Names("decisions")] = Field(
        None, description="Entry of the decision log (id)"
    )
    implemented: Annotated[Day | None, NotBefore("submitted"), NotBefore("decided"), DayOf(("implemented",))] = Field(
        None, description="Day on which it was implemented"
    )

    def status_on(self, day: date) -> ChangeStatus | None:
        """Return the status by the end of that day, as far as the dates tell; None before it was submitted."""
        if day < self.submitted:
            return None
        if self.implemented is not None and self.implemented <= day:
            return "implemented"
        if self.decided is None:
            return self.status
        if day < self.decided:
            return "submitted"
        return "approved" if self.status == "implemented" else self.status

    def pending_on(self, day: date) -> bool:
        """Return whether the change waited for a decision at the end of that day."""
        return self.status_on(day) in PENDING


class ChangesFile(Record):
    """The change log of a project."""

    changes: tuple[Change, ...] = Field(description="One entry a change request")
