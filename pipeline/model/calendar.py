"""Take the calendar of schedule.yaml; hold working weekdays, public holidays and exceptions; give the days by kind."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline.model.base import Day, Record, Text

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Holiday(Record):
    """A day off for the whole project."""

    date: Day = Field(description="Day on which nobody works")
    name: Text = Field(description="Name of the holiday")


class WorkingDay(Record):
    """A day that is worked though it would be off."""

    date: Day = Field(description="Day that is worked though the weekday or a holiday makes it a day off")
    name: Text = Field(description="Why it is worked")


class Calendar(Record):
    """The working days of a project: its weekdays without public holidays and days off, and the exceptions."""

    weekdays: tuple[Weekday, ...] = Field(
        WEEKDAYS[:5],
        json_schema_extra={"minItems": 1},
        description="Weekdays that are worked; Monday to Friday if left out",
    )
    country: str | None = Field(
        None,
        pattern=r"^[A-Z]{2}$",
        examples=["DE"],
        description="Country whose public holidays are days off (ISO 3166 code)",
    )
    subdivision: Text | None = Field(
        None, examples=["BE"], description="Part of the country, where its public holidays differ"
    )
    holidays: tuple[Holiday, ...] = Field((), description="Days off besides the weekends and public holidays")
    working_days: tuple[WorkingDay, ...] = Field((), description="Days that are worked though they would be off")

    @model_validator(mode="after")
    def _check_weekdays(self) -> Calendar:
        # Not a limit of the field: a misspelt weekday would be reported once more, as a list that is too short.
        if not self.weekdays:
            raise PydanticCustomError("contradiction", "has no weekday that is worked")
        if len(set(self.weekdays)) < len(self.weekdays):
            raise PydanticCustomError("contradiction", "names a weekday twice")
        return self

    @model_validator(mode="after")
    def _check_subdivision(self) -> Calendar:
        if self.subdivision is not None and self.country is None:
            raise PydanticCustomError("contradiction", "has a `subdivision`, but no `country`")
        return self

    @model_validator(mode="after")
    def _check_exceptions(self) -> Calendar:
        both = self.days_off & self.days_on
        if both:
            raise PydanticCustomError("contradiction", f"has {min(both)} both as a holiday and as a working day")
        return self

    @property
    def days_off(self) -> frozenset[date]:
        """Return the dates of the holidays that are listed one by one."""
        return frozenset(holiday.date for holiday in self.holidays)

    @property
    def days_on(self) -> frozenset[date]:
        """Return the dates that are worked whatever else is said of them."""
        return frozenset(day.date for day in self.working_days)
