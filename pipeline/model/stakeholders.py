"""Take a project's stakeholders.yaml; hold power, interest and engagement; give stakeholders."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipeline.model.base import Day, Record, Reference, Score, Text
from pipeline.model.facts import Id, Names

Group = Literal["governance", "business", "users", "provider", "operations", "external"]
Engagement = Literal["unaware", "resistant", "neutral", "supportive", "leading"]
ENGAGEMENTS: tuple[Engagement, ...] = ("unaware", "resistant", "neutral", "supportive", "leading")


class Stakeholder(Record):
    """A person, group or body that affects the project or is affected by it."""

    id: Annotated[str, Id("S1", "stakeholder")] = Field(description="Number of the stakeholder")
    name: Text = Field(description="Name of the person, group or body")
    group: Group = Field(description="Side of the project on which the stakeholder stands")
    organisation: Text | None = Field(None, description="Organisation or unit")
    person: Annotated[Reference | None, Names("people")] = Field(
        None, description="Person who speaks for the stakeholder (id of people.yaml)"
    )
    role: Text | None = Field(None, description="Part that the stakeholder plays in the project")
    power: Score = Field(description="Influence over the project, 1 very low to 5 very high")
    interest: Score = Field(description="Interest in the outcome, 1 very low to 5 very high")
    current: Engagement = Field(description="Engagement as it is today")
    desired: Engagement = Field(description="Engagement that the project needs")
    expectations: Text = Field(description="What the stakeholder expects of the project")
    strategy: Text = Field(description="How the project engages the stakeholder")
    action: Text = Field(description="Next action towards the stakeholder")
    owner: Annotated[Reference, Names("people", today=True)] = Field(
        description="Person who looks after the stakeholder (id of people.yaml)"
    )
    review: Day = Field(description="Day of the next review")

    @property
    def gap(self) -> int:
        """Return how many steps of engagement are missing; negative if there is more than needed."""
        return ENGAGEMENTS.index(self.desired) - ENGAGEMENTS.index(self.current)


class StakeholdersFile(Record):
    """The stakeholders of a project (PM² stakeholder matrix, PRINCE2 stakeholder engagement)."""

    stakeholders: tuple[Stakeholder, ...] = Field(description="One entry a stakeholder")
