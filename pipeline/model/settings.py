"""Take deedbox.yaml; hold languages, formats and scales of a project repository; give them with their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline.document.formats import FORMATS
from pipeline.host.config import LARGEST_STORE, REMOTE
from pipeline.model.base import Record, Text
from pipeline.model.rule_codes import SETTABLE

if TYPE_CHECKING:
    Format = str  # a type checker cannot read a table
else:
    Format = Literal[tuple(FORMATS)]
Level = Literal["low", "medium", "high"]
Bound = Annotated[int, Field(strict=True, ge=1, le=25)]
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$"


def _check_relative(path: str) -> str:
    if path.startswith(("/", "\\", "~")) or ":" in path or ".." in path.replace("\\", "/").split("/"):
        raise PydanticCustomError("path_outside", "wants a folder beside `deedbox.yaml`")
    return path


def _check_rule(code: str) -> str:
    if code not in SETTABLE:
        raise PydanticCustomError(
            "rule_unknown", "is no rule whose severity can be set; these are: {known}", {"known": ", ".join(SETTABLE)}
        )
    return code


RuleCode = Annotated[Text, AfterValidator(_check_rule)]
RuleSeverity = Literal["off", "warning", "error"]
Folder = Annotated[Text, AfterValidator(_check_relative)]


def _check_once(words: tuple[str, ...]) -> tuple[str, ...]:
    twice = next((word for place, word in enumerate(words) if word in words[:place]), None)
    if twice is not None:
        raise PydanticCustomError("contradiction", "names `{word}` twice", {"word": twice})
    return words


Attach = Annotated[
    tuple[Literal["sources", "docx"], ...],
    AfterValidator(_check_once),
    Field(json_schema_extra={"uniqueItems": True}),
]


class Levels(Record):
    """Bands of the risk level (likelihood × impact, 1 to 25), each from its first to its last number."""

    low: tuple[Bound, Bound] = Field((1, 4), description="First and last level called low")
    medium: tuple[Bound, Bound] = Field((5, 14), description="First and last level called medium")
    high: tuple[Bound, Bound] = Field((15, 25), description="First and last level called high")

    @model_validator(mode="after")
    def _check_cover(self) -> Levels:
        expected = 1
        for first, last in (self.low, self.medium, self.high):
            if first != expected or last < first:
                raise PydanticCustomError("bands", "must cover 1 to 25 in order, without gap or overlap")
            expected = last + 1
        if expected != 26:
            raise PydanticCustomError("bands", "must cover 1 to 25 in order, without gap or overlap")
        return self


class Scales(Record):
    """Scales by which the organisation judges risks."""

    levels: Levels = Field(Levels(), description="Names of the bands of the risk level")
    appetite: Bound | None = Field(None, description="Highest level at which a threat may just be accepted")
    review_days: Annotated[int, Field(strict=True, ge=1, le=3650)] = Field(
        92, description="Days after which an open risk has to be reviewed again"
    )

    def level_name(self, level: int) -> Level:
        """Return the band of a risk level (likelihood × impact, 1 to 25)."""
        if level <= self.levels.low[1]:
            return "low"
        return "medium" if level <= self.levels.medium[1] else "high"


class Cache(Record):
    """What builds keep so as not to make it twice."""

    remote: str | None = Field(
        None,
        pattern=REMOTE,
        examples=["s3://our-bucket/deedbox"],
        description="Not used here: the host names the store that machines share, see `What the host decides`",
    )
    write: bool = Field(False, strict=True, description="Not used here, as `remote`")
    megabytes: Annotated[int, Field(strict=True, ge=10, le=10_000_000)] = Field(
        LARGEST_STORE,
        description="Size above which the local store drops the files that were not used for longest; "
        "the host may allow less, or more than 2000",
    )


class Hooks(Record):
    """What commit hooks do after they have been installed."""

    wait: bool = Field(
        False, strict=True, description="Whether `git commit` waits for its documents; if not, they come shortly after"
    )


Pattern = Annotated[Text, Field(max_length=200)]


class Publish(Record):
    """What a central repository publishes; the default branch's settings count, and that branch is always published."""

    branches: tuple[Pattern, ...] = Field(
        (), examples=[["release/*"]], description="Further branches, by name or with the wildcards of a shell"
    )
    tags: tuple[Pattern, ...] = Field(
        ("*",), examples=[["v*"]], description="Tags, by name or with wildcards; what they publish never changes"
    )
    check: Literal["published", "all", "none"] = Field(
        "published", description="Which pushes are refused if their sources are wrong: to what is published, all, none"
    )


class Closure(Record):
    """What a closure package carries, and who signs it."""

    history: Literal["project", "full", "none"] = Field(
        "project",
        description="Git history in the package: of the project and the shared files, of the whole repository, or none",
    )
    people: Literal["whole", "named", "pseudonyms", "none"] | None = Field(
        None,
        description="Persons of people.yaml in the package: all, those whom the project names (the default), numbers "
        "in place of names, or none; with full history all",
    )
    key: Text | None = Field(
        None,
        examples=["~/.ssh/registry_ed25519"],
        description="Not used here: the key that signs packages is the host's to name",
    )
    salt: Text | None = Field(
        None,
        description="Not used here: the file with secret bytes for the ledger's salts is the host's to name",
    )
    retention_years: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = Field(
        None, description="Years for which the package is to be kept"
    )

    @model_validator(mode="after")
    def _check_people(self) -> Closure:
        if self.history == "full" and self.people not in (None, "whole"):
            raise PydanticCustomError("contradiction", "wants full history, which holds everybody in people.yaml")
        return self

    @property
    def people_mode(self) -> Literal["whole", "named", "pseudonyms", "none"]:
        """Return who of people.yaml is in a package."""
        return self.people or ("whole" if self.history == "full" else "named")


class Settings(Record):
    """Settings of a project repository, in deedbox.yaml at its root."""

    schema_version: Literal[1] = Field(description="Version of this file's form; 1 for now")
    name: Text = Field(description="Name of the repository, as documents and the index show it")
    organisation: Text | None = Field(None, description="Organisation that the documents come from")
    language: str = Field("en", pattern=LANGUAGE, examples=["en"], description="Language of the documents (BCP 47)")
    formats: tuple[Format, ...] = Field(("docx", "pdf"), min_length=1, description="Formats that a build writes")
    attach: Attach = Field(
        (), description="What PDFs carry within them beside what their pages show: whole sources, the Word file"
    )
    sensitivities: tuple[Text, ...] = Field(
        ("public", "internal", "confidential"),
        min_length=1,
        description="Words for how far a document may travel (classification), from open to closed",
    )
    projects: tuple[Text, ...] | None = Field(
        None, description="Folders of the projects, in order; every folder with a project.yaml if left out"
    )
    scales: Scales = Field(Scales(), description="Scales by which risks are judged")
    rules: Mapping[RuleCode, RuleSeverity] = Field(
        {},
        description="Severity of rules by their code, such as `DB263: off`",
        json_schema_extra={"propertyNames": {"enum": list(SETTABLE)}},
    )
    cache: Cache = Field(Cache(), description="What builds keep so as not to make it twice")
    hooks: Hooks = Field(Hooks(), description="What commit hooks do")
    publish: Publish = Field(Publish(), description="What a central repository publishes")
    closure: Closure = Field(Closure(), description="What closure packages carry, and who signs them")
    output: Folder = Field("build", description="Folder for what is built, beside deedbox.yaml")
