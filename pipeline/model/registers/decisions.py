"""Take a decision log; hold what was decided, when and by whom; give decisions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipeline.model.base import Day, Record, Reference, Text
from pipeline.model.facts import Id, Names, Since


class Decision(Record):
    """A decision about the project."""

    id: Annotated[str, Id("DE-01", "decision")] = Field(description="Number of the decision")
    title: Text = Field(description="The decision in a few words")
    description: Text = Field(description="What was decided and why")
    date: Annotated[Day, Since()] = Field(description="Day of the decision")
    taken_by: Text = Field(description="Body that decided, such as the Project Steering Committee")
    owner: Annotated[Reference, Names("people", on="date")] = Field(
        description="Person who sees to it (id of people.yaml)"
    )
    present: Annotated[tuple[Reference, ...], Names("people", on="date")] = Field(
        (), description="Persons present (ids of people.yaml)"
    )
    change: Annotated[Reference | None, Names("changes")] = Field(
        None, description="Change request that was decided (id)"
    )

    def taken_on(self, day: Day) -> bool:
        """Return whether the decision had been taken by the end of that day."""
        return self.date <= day


class DecisionsFile(Record):
    """The decision log of a project."""

    decisions: tuple[Decision, ...] = Field(description="One entry a decision")
