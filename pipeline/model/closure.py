"""Take a project's closure.yaml; hold what has to be done before it is closed; give the checklist."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pipeline.model.base import Day, Record, Reference, Text
from pipeline.model.facts import DayOf, Id, Names

Area = Literal["records", "resources", "contracts", "finances", "handover", "approval"]
ItemStatus = Literal["open", "done", "not_applicable"]


class CheckItem(Record):
    """Something that has to be done before the project is closed."""

    id: Annotated[str, Id("CL-01", "checklist item")] = Field(description="Number of the item")
    area: Area = Field(description="What it belongs to")
    title: Text = Field(description="What has to be done, in a few words")
    owner: Annotated[Reference, Names("people", until="done")] = Field(
        description="Person who sees to it (id of people.yaml)"
    )
    status: ItemStatus = Field(description="Whether it is done, or does not apply")
    done: Annotated[Day | None, DayOf(("done",))] = Field(None, description="Day on which it was done")
    evidence: Text | None = Field(None, description="Where it can be seen, or why it does not apply")

    def status_on(self, day: date) -> ItemStatus:
        """Return the status by the end of that day, as far as the dates tell."""
        return "open" if self.done is not None and self.done > day else self.status

    def open_on(self, day: date) -> bool:
        """Return whether it was still to be done at the end of that day."""
        return self.status_on(day) == "open"


class ClosureFile(Record):
    """What has to be done before a project is closed (PM² administrative closure)."""

    checklist: tuple[CheckItem, ...] = Field(min_length=1, description="One entry an item, at least one")
