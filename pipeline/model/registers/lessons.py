"""Take a lessons log; hold what the project learned; give lessons."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipeline.model.base import Day, Record, Reference, Text
from pipeline.model.facts import Id, Names, Since


class Lesson(Record):
    """Something that the next project should know."""

    id: Annotated[str, Id("L-01", "lesson")] = Field(description="Number of the lesson")
    title: Text = Field(description="The lesson in a few words")
    category: Text = Field(description="Kind of lesson, as the project sorts them")
    kind: Literal["success", "improvement"] = Field(description="Whether to repeat it or to do it better")
    event: Text = Field(description="What happened")
    cause: Text = Field(description="Why it happened")
    effect: Text = Field(description="What it meant for the project")
    recommendation: Text = Field(description="What to do next time")
    owner: Annotated[Reference, Names("people", on="raised")] = Field(
        description="Person who passes it on (id of people.yaml)"
    )
    raised: Annotated[Day, Since()] = Field(description="Day on which it was noted")
    reusable_in: Text | None = Field(None, description="Where it may be used again")


class LessonsFile(Record):
    """The lessons log of a project (PRINCE2 Lessons Log, PMBOK lessons learned register)."""

    lessons: tuple[Lesson, ...] = Field(description="One entry a lesson")
