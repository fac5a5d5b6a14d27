"""Take a project's deliverables.yaml; hold what is handed over and how it is accepted; give deliverables."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pipeline.model.base import Day, Record, Reference, Text
from pipeline.model.facts import Id, Names, NotBefore

Acceptance = Literal["pending", "accepted", "provisional", "rejected"]


class Criterion(Record):
    """A condition that a deliverable has to meet to be accepted (PRINCE2 quality criterion)."""

    criterion: Text = Field(description="What has to be true")
    metric: Text = Field(description="How it is measured")
    tolerance: Text | None = Field(None, description="Deviation that is still accepted")


class Deliverable(Record):
    """Something that the project hands over (PRINCE2 product, PMBOK deliverable)."""

    id: Annotated[str, Id("D01", "deliverable")] = Field(description="Number of the deliverable")
    title: Text = Field(description="Name of the deliverable")
    description: Text = Field(description="What it is and what it holds")
    work_package: Annotated[Reference, Names("work_packages")] = Field(description="Work package that makes it (id)")
    owner: Annotated[Reference, Names("people", until="accepted")] = Field(
        description="Person who answers for it (id of people.yaml)"
    )
    due: Day = Field(description="Day on which it is to be delivered")
    delivered: Day | None = Field(None, description="Day on which it was delivered")
    accepted: Annotated[Day | None, NotBefore("delivered")] = Field(
        None, description="Day on which it was accepted, provisionally or in full"
    )
    acceptance: Acceptance = Field(description="Outcome of the acceptance so far")
    criteria: tuple[Criterion, ...] = Field(min_length=1, description="Acceptance criteria, at least one")
    authority: Annotated[Reference, Names("people", until="accepted")] = Field(
        description="Person who accepts it (id of people.yaml)"
    )

    def delivered_on(self, day: date) -> bool:
        """Return whether it had been delivered by the end of that day."""
        return self.delivered is not None and self.delivered <= day

    def acceptance_on(self, day: date) -> Acceptance:
        """Return the outcome by the end of that day, as far as the dates tell."""
        decided = self.accepted or self.delivered
        return self.acceptance if decided is not None and decided <= day else "pending"

    def accepted_on(self, day: date) -> bool:
        """Return whether it had been accepted in full by the end of that day."""
        return self.acceptance_on(day) == "accepted"


class DeliverablesFile(Record):
    """The deliverables of a project with their acceptance (PM² Deliverables Acceptance Plan)."""

    deliverables: tuple[Deliverable, ...] = Field(description="One entry a deliverable")
