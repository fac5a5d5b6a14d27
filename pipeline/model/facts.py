"""Take the note on a record's field, such as "names a person"; find it again wherever a record is used; give the facts.

What a field is, beyond its type, is written once, beside the type: `owner: Annotated[Reference, Names("people",
until="closed")]`. Rules, templates, JSON Schema and the reference page ask here; none of them keeps a list of fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Generic, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from pipeline.model.base import Record

PROGRESS = "progress"
Steps = tuple[str | int, ...]
Fact = TypeVar("Fact")


class _Told:
    """A fact that JSON Schema tells under a key of ours, which editors pass over and other tools may read."""

    def told(self) -> Mapping[str, Any]:
        """Return what is added to the field's schema."""
        return {}

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(core), **self.told()}


@dataclass(frozen=True)
class Id(_Told):
    """The field tells the record from others of its kind; the noun names such a record in sentences.

    An id has the form of its example: the letters before the number, and one to six digits; or else that of `form`.
    The kind of record is called as the list that holds it, or by a name of its own.
    """

    example: str
    noun: str
    form: str = ""
    kind: str = ""

    def told(self) -> Mapping[str, Any]:
        """Return the example."""
        return {"examples": [self.example]}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        pattern = self.form or f"^{self.example.rstrip('0123456789')}[0-9]{{1,6}}$"
        return {**handler(source), "pattern": pattern}


@dataclass(frozen=True)
class Names(_Told):
    """The field holds the id of a record of a kind, or several; those of a mapping are its keys.

    A person has to be active: on the day of the field `on`; until the day of the field `until`, as long as that is not
    there today; `today` in any case. `until=PROGRESS` is the day on which progress says that the record is finished.
    """

    kind: str
    on: str = ""
    until: str = ""
    today: bool = False

    def told(self) -> Mapping[str, Any]:
        """Return the kind."""
        return {"x-names": self.kind}


@dataclass(frozen=True)
class NotBefore(_Told):
    """The field is a day that does not come before the day of another field of the same record, by its key in YAML."""

    field: str

    def told(self) -> Mapping[str, Any]:
        """Return the other field."""
        return {"x-not-before": self.field}


@dataclass(frozen=True)
class DayOf:
    """The field is the day of a state: the states that need it, further ones that may have it, the field that tells."""

    states: tuple[str, ...]
    maybe: tuple[str, ...] = ()
    field: str = "status"


@dataclass(frozen=True)
class Since:
    """The field is the day from which the record counts: documents of an earlier day do not show it."""


@dataclass(frozen=True, slots=True)
class Way(Generic[Fact]):
    """The way from a record down to a field with a fact: each field on it by attribute and by key in YAML."""

    fields: tuple[tuple[str, str], ...]
    fact: Fact


class Found(NamedTuple, Generic[Fact]):
    """A field with a fact in one record: the way in YAML, the fact, the value, and what holds it, from outside in."""

    steps: Steps
    fact: Fact
    value: Any
    holders: tuple[Any, ...]

    @property
    def name(self) -> str:
        """Return the field for sentences: `due`, `baseline.finish`; in a list, by its name in the entry."""
        last = max((at for at, step in enumerate(self.steps) if isinstance(step, int)), default=-1)
        return ".".join(map(str, self.steps[last + 1 :]))

    def name_beside(self, field: str) -> str:
        """Return the name for sentences of another field of what holds this one."""
        before, dot, _ = self.name.rpartition(".")
        return f"{before}{dot}{field}"

    def beside(self, field: str) -> Any:
        """Return another field, by its key, of what holds this one or of what is around that; None if none has it."""
        for one in reversed(self.holders):
            if hasattr(one, field):
                return getattr(one, field)
            kind: Any = type(one)
            if field in _attributes(kind):
                return getattr(one, _attributes(kind)[field])
        return None

    def texts(self) -> Iterable[tuple[Steps, str]]:
        """Return the texts of the field, one or several, each with the way to it; of a mapping, its keys."""
        steps, value = self.steps, self.value
        if isinstance(value, str):
            return ((steps, value),)
        if isinstance(value, Mapping):
            return (((*steps, key), key) for key in value)
        return (((*steps, at), text) for at, text in enumerate(value or ()))


@cache
def _attributes(kind: Any) -> Mapping[str, str]:
    """Return the fields of a record that are called otherwise in YAML, by their keys there."""
    return {field.alias: name for name, field in getattr(kind, "model_fields", {}).items() if field.alias}


def find_facts(model: type[BaseModel], record: Any, fact: type[Fact]) -> Iterator[Found[Fact]]:
    """Yield each field of a record, and of what it holds, that has a fact of a kind."""
    for way in list_ways(model, fact):
        if len(way.fields) > 1:
            yield from _follow(way, 0, (), (record,))
        else:
            ((attribute, key),) = way.fields
            yield Found((key,), way.fact, getattr(record, attribute), (record,))


def _follow(way: Way[Fact], at: int, steps: Steps, holders: tuple[Any, ...]) -> Iterator[Found[Fact]]:
    attribute, key = way.fields[at]
    value = getattr(holders[-1], attribute)
    if at + 1 == len(way.fields):
        yield Found((*steps, key), way.fact, value, holders)
    elif isinstance(value, tuple):
        for position, inner in enumerate(value):
            yield from _follow(way, at + 1, (*steps, key, position), (*holders, inner))
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _follow(way, at + 1, (*steps, key, name), (*holders, inner))
    elif value is not None:
        yield from _follow(way, at + 1, (*steps, key), (*holders, value))


def list_ways(model: Any, fact: type[Fact]) -> tuple[Way[Fact], ...]:
    """Return the ways to all fields of a record with a fact; records with an id of their own are not entered."""
    found: Any = _list_ways
    return found(model, fact)  # type: ignore[no-any-return]


@cache
def _list_ways(model: Any, fact: Any) -> tuple[Way[Any], ...]:
    ways: list[Way[Any]] = []
    for name, field in model.model_fields.items():
        step = (name, field.alias or name)
        ways += [Way((step,), one) for one in field.metadata if isinstance(one, fact)]
        inner = record_in(field.annotation)
        if inner is not None and not ("id" in inner.model_fields and inner.model_fields["id"].is_required()):
            ways += [Way((step, *way.fields), way.fact) for way in list_ways(inner, fact)]
    return tuple(ways)


def record_in(annotation: Any) -> type[Record] | None:
    """Return the record that a field of this type holds, one or many; None if it holds none."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation
    return next((found for part in get_args(annotation) if (found := record_in(part)) is not None), None)


@cache
def fields_with(kind: Any, fact: Any) -> Mapping[str, Any]:
    """Return the fields of a record or of a dataclass that have a fact themselves, each with its fact."""
    if issubclass(kind, BaseModel):
        notes = {name: field.metadata for name, field in kind.model_fields.items()}
    else:
        hints = get_type_hints(kind, include_extras=True)
        notes = {name: hint.__metadata__ for name, hint in hints.items() if get_origin(hint) is Annotated}
    return {name: one for name, found in notes.items() for one in found if isinstance(one, fact)}
