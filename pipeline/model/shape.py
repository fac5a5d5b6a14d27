"""Take YAML values or a record's class and a way into them; follow or cut the way; give what stands at its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pipeline.model.where import Steps


def value_at(value: Any, steps: Steps) -> Any:
    """Return what stands at the end of the way, or None if it leads nowhere."""
    for step in steps:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def field_at(model: type[BaseModel], steps: Steps) -> FieldInfo | None:
    """Return the last field on the way through the records, or None if there is none."""
    found: FieldInfo | None = None
    kind: Any = model
    for step in steps:
        fields = _fields(kind)
        if fields is None:
            kind = _inner(kind)
        elif step in fields:
            found, kind = fields[step], _strip(fields[step].annotation)
        else:
            return None
    return found


def keys_at(model: type[BaseModel], steps: Steps) -> tuple[str, ...]:
    """Return the keys that are known in the record at the end of the way."""
    kind: Any = model
    for step in steps:
        fields = _fields(kind)
        kind = _inner(kind) if fields is None else _strip(fields[step].annotation if step in fields else None)
    return tuple(_fields(kind) or ())


def _fields(kind: Any) -> dict[Any, FieldInfo] | None:
    """Return the fields of a record by their keys in YAML, or None if it is no record."""
    fields = getattr(kind, "model_fields", None)
    return None if fields is None else {field.alias or name: field for name, field in fields.items()}


def _strip(annotation: Any) -> Any:
    """Return the type without its notes and without None."""
    while get_origin(annotation) in (Annotated, Union, UnionType):
        choices = [choice for choice in get_args(annotation) if choice is not NoneType]
        annotation = choices[0] if choices else None
    return annotation


def _inner(annotation: Any) -> Any:
    """Return what a list or mapping holds."""
    arguments = get_args(annotation)
    if not arguments:
        return None
    is_mapping = isinstance(get_origin(annotation), type) and issubclass(get_origin(annotation), Mapping)
    return _strip(arguments[1] if is_mapping else arguments[0])


def cut(value: Any, ways: Iterable[Steps]) -> Any:
    """Return the value without what stands at the end of each way; None if a way leads to the value itself, or nowhere.

    Each mapping and list is gone through once, however many ways lead into it.
    """
    inside: dict[Any, list[Steps]] = {}
    for way in set(ways):
        if not way:
            return None
        inside.setdefault(way[0], []).append(way[1:])
    if isinstance(value, list) and all(isinstance(at, int) and at < len(value) for at in inside):
        return [kept for at, item in enumerate(value) for kept in _keep(item, inside.get(at))]
    if isinstance(value, dict) and inside.keys() <= value.keys():
        return {key: kept for key, item in value.items() for kept in _keep(item, inside.get(key))}
    return None


def _keep(item: Any, ways: list[Steps] | None) -> Iterator[Any]:
    """Give an item, cut if ways lead into it; nothing if one of them ends there."""
    if ways is None:
        yield item
    elif () not in ways:
        yield cut(item, ways)
