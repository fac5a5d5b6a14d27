"""Take records of builds as earlier versions and strangers wrote them; read and write them; look at what counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from pipeline.problems import Place
from pipeline.triggers.hooks.state import State, load_state, save_state

WRITTEN = (Path(__file__).parent / "written/state.json").read_bytes()


def read(folder: Path, data: bytes) -> State:
    (folder / "state.json").write_bytes(data)
    return load_state(folder)


def test_record_of_an_earlier_deedbox_is_read_and_written_with_the_same_bytes(tmp_path: Path) -> None:
    state = read(tmp_path, WRITTEN)
    first, second = state.entry("refs/heads/main").problems
    assert (first.place, second.severity) == (Place("mill/registers/risks.yaml", 16, 15), "warning")
    assert "refs/heads/caf\udce9" in state.entries  # a name that is no UTF-8
    (tmp_path / "state.json").unlink()
    save_state(tmp_path, replace(state, serial=0))
    assert (tmp_path / "state.json").read_bytes() == WRITTEN


@pytest.mark.parametrize("name", ["built", "exit_code", "problems", "tries"])
@pytest.mark.parametrize("value", [None, 1.5, {"a": 1}, [1]])
def test_record_with_another_kind_of_value_is_as_good_as_none(tmp_path: Path, name: str, value: object) -> None:
    raw = json.loads(WRITTEN)
    raw["entries"]["refs/heads/main"][name] = value
    assert read(tmp_path, json.dumps(raw).encode()) == State()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"[" * 100_000,
        WRITTEN.replace(b'"schema_version": 1', b'"schema_version": 2'),
        WRITTEN.replace(b'"serial": 1', b'"serial": true'),
        WRITTEN.replace(b'"serial": 1', b'"serial": ' + b"9" * 10_000),
        WRITTEN.replace(b'"tries"', b'"unknown"'),
        WRITTEN.replace(b'"severity": "error"', b'"severity": "fatal"'),
    ],
)
def test_record_that_is_none_is_as_good_as_none(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data) == State()
