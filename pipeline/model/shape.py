"""Take YAML values or a record's class and a way into them; follow or cut the way; give what stands at its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    """Return the value without what stands at the end of each way; None if a way leads to the value itself."""
    # From the back, so that the positions of list entries still to be cut stay right.
    for way in sorted(set(ways), key=_order, reverse=True):
        value = _cut_one(value, way)
    return value


def _order(steps: Steps) -> list[tuple[bool, Any]]:
    return [(isinstance(step, int), step) for step in steps]


def _cut_one(value: Any, steps: Steps) -> Any:
    if not steps:
        return None
    first, rest = steps[0], steps[1:]
    if isinstance(value, list) and isinstance(first, int) and first < len(value):
        inner = [_cut_one(value[first], rest)] if rest else []
        return [*value[:first], *inner, *value[first + 1 :]]
    if isinstance(value, dict) and first in value:
        if rest:
            return {**value, first: _cut_one(value[first], rest)}
        return {key: kept for key, kept in value.items() if key != first}
    return None
