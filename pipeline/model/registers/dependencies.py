"""Take a dependency log; hold what the project waits for from others, needed when and promised when; give it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pipeline.model.base import Day, Record, Reference, Text
from pipeline.model.facts import DayOf, Id, Names, NotBefore, Since

OVER = ("received", "cancelled")


class Dependency(Record):
    """Something that the project waits for from others: it can ask, but not do it itself (PRINCE2 dependency)."""

    id: Annotated[str, Id("DP-01", "dependency")] = Field(description="Number of the dependency")
    title: Text = Field(description="What is waited for, in a few words")
    description: Text | None = Field(None, description="What exactly has to be there, and what happens without it")
    giver: Text = Field(alias="from", description="Who is to bring it: a unit, another project, a supplier")
    taker: Text | None = Field(None, alias="to", description="Who in the project receives it")
    status: Literal["open", "promised", "received", "cancelled"] = Field(
        description="Whether it is asked for, promised for a day, there, or no longer needed"
    )
    raised: Annotated[Day, Since()] = Field(description="Day on which it was noted")
    needed_by: Annotated[Day, NotBefore("raised")] = Field(description="Day by which the project needs it")
    promised_for: Annotated[Day | None, NotBefore("raised"), DayOf(("promised",), maybe=OVER)] = Field(
        None, description="Day for which it is promised"
    )
    closed: Annotated[Day | None, NotBefore("raised"), DayOf(OVER)] = Field(
        None, description="Day on which it was received, or no longer needed"
    )
    owner: Annotated[Reference, Names("people", until="closed")] = Field(
        description="Person who sees to it (id of people.yaml)"
    )
    tasks: Annotated[tuple[Reference, ...], Names("tasks")] = Field((), description="Tasks that wait for it (ids)")

    def open_on(self, day: date) -> bool:
        """Return whether the project still waited for it at the end of that day."""
        return self.raised <= day and (self.closed is None or day < self.closed)

    def state_on(self, day: date) -> str:
        """Return its state by the end of that day: late once it is promised for, or awaited past, the day of need."""
        if not self.open_on(day):
            return self.status
        if max(day, self.promised_for or day) > self.needed_by:
            return "late"
        return "promised" if self.promised_for else "open"

    def light_on(self, day: date) -> str:
        """Return the light that goes with the state."""
        return {"late": "off_track", "open": "at_risk", "promised": "on_track"}.get(self.state_on(day), "done")


class DependenciesFile(Record):
    """The dependency log of a project: what it waits for from others (PRINCE2 and PMBOK external dependencies)."""

    dependencies: tuple[Dependency, ...] = Field(description="One entry a dependency")
