"""Take the front matter of a narrative; hold its title and revisions beside its untouched body; give narratives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from pipeline.model.base import Day, Record, Reference, Text
from pipeline.model.facts import Names
from pipeline.model.settings import Attach


def _refuse_nothing(value: Any) -> Any:
    # An empty `attach:` may be meant as "nothing" or as "whatever the settings say".
    if value is None:
        raise PydanticCustomError("tuple_type", "wants a list")
    return value


OwnAttach = Annotated[Attach | None, BeforeValidator(_refuse_nothing)]


class Revision(Record):
    """A line of the document history."""

    version: Text = Field(examples=["1.0"], description="Version of the document, in quotes")
    date: Day = Field(description="Day of the version")
    by: Annotated[Reference, Names("people", on="date")] = Field(
        description="Person who made the version (id of people.yaml)"
    )
    change: Text = Field(description="What changed and why")
    approved_by: Annotated[Reference | None, Names("people", on="date")] = Field(
        None, description="Person who approved the version (id of people.yaml)"
    )


class NarrativeMeta(Record):
    """The front matter of a narrative."""

    title: Text | None = Field(None, description="Title of the document; the template's own if left out")
    standfirst: Text | None = Field(None, description="One sentence under the title that says what matters")
    attach: OwnAttach = Field(None, description="`attach` of this document alone, in place of the settings'")
    revisions: tuple[Revision, ...] = Field((), description="Document history, newest first")


class FileMeta(Record):
    """What is checked in the front matter of a document that is taken as it is: all other keys are let be."""

    model_config = ConfigDict(extra="ignore")

    attach: OwnAttach = None


@dataclass(frozen=True, slots=True)
class Narrative:
    """Prose for one document: `body` is Markdown as written, its first line is line `body_line` of the file."""

    path: str
    meta: NarrativeMeta
    body: str
    body_line: int
