"""Take people.yaml; hold everyone who is named anywhere, once; give persons by id."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from pipeline.model.base import Day, Record, Text
from pipeline.model.facts import Id, NotBefore

PERSON_ID = r"^[a-z0-9]+([._-][a-z0-9]+)*$"


class Person(Record):
    """A person with a part in a project; personal data lives here alone."""

    id: Annotated[str, Id("ilse.brandt", "person", PERSON_ID)] = Field(
        max_length=80, description="Short name by which other files refer"
    )
    name: Text = Field(description="Full name, as documents show it")
    role: Text = Field(description="Job title in the organisation")
    organisation: Text | None = Field(None, description="Employer or unit")
    email: Text | None = Field(None, description="E-mail address at work")
    phone: Text | None = Field(None, description="Telephone number at work, in quotes")
    active_from: Day | None = Field(None, description="First day on which this person may be named")
    active_to: Annotated[Day | None, NotBefore("active_from")] = Field(
        None, description="Last day on which this person may be named"
    )

    def active_on(self, day: date) -> bool:
        """Return whether the person is active on that day."""
        after_first = self.active_from is None or self.active_from <= day
        return after_first and (self.active_to is None or day <= self.active_to)


class PeopleFile(Record):
    """Everyone who is named in this repository."""

    people: tuple[Person, ...] = Field(description="One entry a person")
