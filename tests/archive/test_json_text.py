"""Take any records and values; write them as JSON; check that it is just what Python's own writer gives."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.json_text import dump_json

SCALARS = st.none() | st.booleans() | st.integers() | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=30
)


@dataclass(frozen=True)
class One:
    only: object


@dataclass(frozen=True)
class Many:
    zeta: object
    alpha: object = ()


def write(record: object) -> str:
    return "".join(dump_json(record))


@given(VALUES)
def test_text_is_that_of_the_usual_writer(value: object) -> None:
    assert write(One(value)) == json.dumps({"only": value}, ensure_ascii=False, indent=2, sort_keys=True)


@given(VALUES, VALUES)
def test_records_are_mappings_of_their_fields(first: object, second: object) -> None:
    record = Many((One(first), One(second)), {"a": first})
    assert write(record) == json.dumps(asdict(record), ensure_ascii=False, indent=2, sort_keys=True)


def test_one_mapping_at_two_depths_is_indented_twice() -> None:
    shared = {"a": 1}
    value = (shared, [shared], shared)
    assert write(One(value)) == json.dumps({"only": value}, indent=2)


def test_a_long_list_that_comes_in_pieces_is_what_it_would_be_in_one() -> None:
    shared = [{"number": at // 3} for at in range(100)]
    value = tuple({"all": shared[at], "some": shared[at - at % 3]} for at in range(100))
    assert write(One(value)) == json.dumps({"only": value}, indent=2)
    assert len(list(dump_json(One(value)))) > len(value)


@pytest.mark.parametrize("value", [object(), 1.5, b"x"])
def test_what_a_manifest_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        write(One([value]))
