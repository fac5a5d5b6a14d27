"""Take the facts that stand on all fields; check that each speaks of kinds, fields and states that there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest

from pipeline.model.facts import PROGRESS, DayOf, Names, NotBefore, Way, list_ways
from pipeline.model.kinds import KINDS
from pipeline.model.narrative import NarrativeMeta
from pipeline.model.shape import field_at
from pipeline.model.subjects import SUBJECTS

ROOTS = [
    NarrativeMeta,
    *(one.model for one in SUBJECTS),
    *(record for one in SUBJECTS for record in one.records.values()),
]


def ways(fact: type[Any]) -> list[Any]:
    """Return each way to a fact as a parameter of a test, with the record that it begins in."""
    found = [(root, way, "-".join(key for _, key in way.fields)) for root in ROOTS for way in list_ways(root, fact)]
    assert found
    return [pytest.param(root, way, id=f"{root.__name__}-{name}") for root, way, name in found]


def around(root: Any, way: Way[Any]) -> Iterator[Any]:
    """Yield the records that a way leads through, the outermost first."""
    for attribute, _ in way.fields:
        yield root
        root = next(iter(_models(root.model_fields[attribute].annotation)), None)


def _models(annotation: Any) -> Iterator[Any]:
    if hasattr(annotation, "model_fields"):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def keys(record: Any) -> set[str]:
    return {field.alias or name for name, field in record.model_fields.items()}


@pytest.mark.parametrize(("root", "way"), ways(Names))
def test_what_is_named_is_a_kind_of_record(root: Any, way: Way[Names]) -> None:
    assert way.fact.kind in KINDS
    days = {way.fact.on, way.fact.until} - {"", PROGRESS}
    assert days <= {key for record in around(root, way) for key in keys(record)}


@pytest.mark.parametrize(("root", "way"), ways(NotBefore))
def test_the_earlier_day_stands_beside_the_later_one(root: Any, way: Way[NotBefore]) -> None:
    assert way.fact.field in keys(list(around(root, way))[-1])


@pytest.mark.parametrize(("root", "way"), ways(DayOf))
def test_the_states_of_a_day_are_those_of_the_field(root: Any, way: Way[DayOf]) -> None:
    field = field_at(list(around(root, way))[-1], (way.fact.field,))
    assert field is not None
    assert {*way.fact.states, *way.fact.maybe} <= set(get_args(field.annotation))
