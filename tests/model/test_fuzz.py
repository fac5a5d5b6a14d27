"""Take the sample project with its values mangled at random; load it; check that problems come and no exception."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model_sample import FILES, snapshot_of

from pipeline.model.load import load_project, load_settings
from pipeline.model.settings import Settings
from pipeline.problems import Problem
from pipeline.sources.yaml.file import read_yaml

PATHS = tuple(path for path in FILES if path.endswith(".yaml"))
VALUES = {path: read_yaml(path, FILES[path].encode()).value for path in PATHS}
NASTY = st.one_of(
    st.sampled_from([None, True, "", "5", 5, -1, 10**30, [], {}, [None], {"id": 5}, {"id": "R-01"}, "T01 FS+", "yes"]),
    st.sampled_from(["2026-02-30", "1e99", "T02 SS -3", "max.manager", "[", "é\u0000", "*a", "2026-09"]),
    st.recursive(st.text(max_size=8) | st.integers(), lambda inner: st.lists(inner, max_size=3), max_leaves=5),
)


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return str(value) if isinstance(value, date) else float(value) if isinstance(value, Decimal) else value


def ways(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(deeper for key, part in parts for deeper in ways(part, (*way, key)))]


def mangle(value: Any, way: tuple[Any, ...], how: str, nasty: Any) -> Any:
    """Return the value with the part at the way's end dropped, replaced, renamed or doubled."""
    if not way:
        return nasty
    step, rest = way[0], way[1:]
    if rest:
        copy = dict(value) if isinstance(value, dict) else list(value)
        copy[step] = mangle(value[step], rest, how, nasty)
        return copy
    if isinstance(value, list):
        return [*value, value[step]] if how == "double" else [*value[:step], nasty, *value[step + 1 :]]
    if how == "rename":
        return {(f"{key}x" if key == step else key): part for key, part in value.items()}
    kept = {key: part for key, part in value.items() if key != step}
    return kept if how == "drop" else {**kept, step: nasty}


def write(value: Any) -> str:
    """Return YAML; dates lose the quotes that JSON gives them, so that they stay dates."""
    import re

    return re.sub(r'"(\d{4}-\d{2}-\d{2})"', r"\1", json.dumps(plain(value)))


@st.composite
def mangled(draw: st.DrawFn) -> dict[str, str | None]:
    files: dict[str, str | None] = {}
    for path in draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=3, unique=True)):
        value = VALUES[path]
        for _ in range(draw(st.integers(1, 3))):
            way = draw(st.sampled_from(ways(value)))
            how = draw(st.sampled_from(["drop", "replace", "rename", "double"]))
            value = mangle(value, way, how, draw(NASTY))
        files[path] = write(value)
    return files


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files=mangled())
def test_mangled_values_never_raise(files: dict[str, str | None]) -> None:
    snapshot = snapshot_of(files)
    found, problems = load_settings(snapshot)
    loaded = load_project(snapshot, found or Settings(schema_version=1, name="x"), "atlas")
    for problem in (*problems, *loaded.problems):
        assert isinstance(problem, Problem)
        assert problem.message and problem.code.startswith("DB")
        assert not problem.place.file or problem.place.file in snapshot or problem.code == "DB209"


@settings(max_examples=60, deadline=None)
@given(path=st.sampled_from(sorted(FILES)), data=st.binary(max_size=60), at=st.integers(0, 400))
def test_mangled_bytes_never_raise(path: str, data: bytes, at: int) -> None:
    text = FILES[path].encode()
    snapshot = snapshot_of({})
    broken = type(snapshot).of(
        {**{name: snapshot.read(name) for name in snapshot.files}, path: text[:at] + data + text[at + len(data) :]},
        snapshot.time,
    )
    found, _ = load_settings(broken)
    load_project(broken, found or Settings(schema_version=1, name="x"), "atlas")
