"""Take a project's resources.yaml; hold who and what does the work, at which price and when; give resources."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline.model.base import CURRENCY, Day, Money, Percent, Quantity, Record, Reference, Text
from pipeline.model.facts import Id, Names, NotBefore

ResourceKind = Literal["human", "equipment", "material", "service"]
Unit = Literal["day", "hour", "month", "piece"]


class Absence(Record):
    """Days on which a resource is away, besides those on which the whole project rests."""

    start: Day = Field(alias="from", description="First day away")
    end: Annotated[Day, NotBefore("from")] = Field(alias="to", description="Last day away")
    reason: Text | None = Field(None, description="Reason, as far as every reader may know it")

    def covers(self, day: date) -> bool:
        """Return whether the resource is away on that day."""
        return self.start <= day <= self.end


class Resource(Record):
    """A person, a device, a material or a service that the project uses (PMBOK resource)."""

    id: Annotated[str, Id("R1", "resource")] = Field(description="Number of the resource")
    title: Text = Field(description="Role of the person, or name of the thing")
    kind: ResourceKind = Field(description="What it is")
    person: Annotated[Reference | None, Names("people")] = Field(
        None, description="Who it is, for a human resource (id of people.yaml)"
    )
    rate: Money = Field(description="Price of one unit, in the project's currency")
    unit: Unit = Field(description="What the rate pays for")
    availability: Percent = Field(
        Decimal(100), description="Share of a working day that the project may use, in percent; all of it if left out"
    )
    start: Day | None = Field(None, alias="from", description="First day on which it may be used")
    end: Annotated[Day | None, NotBefore("from")] = Field(
        None, alias="to", description="Last day on which it may be used"
    )
    absences: tuple[Absence, ...] = Field((), description="Days away in between")
    quantity: Quantity = Field(
        Decimal(1), description="How many there are: pieces to buy, people of a group, devices; one if left out"
    )

    @model_validator(mode="after")
    def _check_person(self) -> Resource:
        if self.person is not None and self.kind != "human":
            raise PydanticCustomError("contradiction", "names a `person`, but its kind is not `human`")
        if self.person is not None and self.quantity != 1:
            raise PydanticCustomError(
                "contradiction",
                "names a `person`, and has a `quantity` of {quantity}",
                {"quantity": str(self.quantity)},
            )
        return self

    @property
    def working(self) -> bool:
        """Return whether it works day by day, so that it can have too much to do; pieces are used up instead."""
        return self.unit != "piece"

    def hired_on(self, day: date) -> bool:
        """Return whether that day lies between its first and its last day."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def available_on(self, day: date) -> Decimal:
        """Return the days of work that the project gets of it on that day, as if that were a working day."""
        away = not self.hired_on(day) or any(absence.covers(day) for absence in self.absences)
        return Decimal(0) if away else self.quantity * self.availability / 100


class Resources(Record):
    """The resources of a project (PM² resource plan)."""

    currency: str | None = Field(
        None, pattern=CURRENCY, examples=["EUR"], description="Currency of the rates (ISO 4217); the project's"
    )
    resources: tuple[Resource, ...] = Field(description="One entry a resource")

    def resource(self, id: str) -> Resource:
        """Return the resource with this id; KeyError if there is none."""
        return {resource.id: resource for resource in self.resources}[id]
