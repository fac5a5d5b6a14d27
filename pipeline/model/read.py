"""Take one YAML file of a snapshot; check its values against its record; give the record, its source and problems."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipeline.model.base import Record
from pipeline.model.explain import explain_failure
from pipeline.model.kinds import KINDS
from pipeline.model.shape import cut
from pipeline.model.where import Source, Steps
from pipeline.problems import Place, Problem, has_errors
from pipeline.sources.snapshot import Snapshot
from pipeline.sources.yaml.file import read_yaml

R = TypeVar("R", bound=Record)

# A double key, an impossible date, an unusable number: the rest of the file can still be read and checked.
_MILD = {"DB132", "DB140", "DB142"}


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read: its record (a RisksFile, a Risk …) or None, where things stand in it, what is wrong."""

    source: Source
    record: Any
    problems: tuple[Problem, ...] = ()


def read_source(snapshot: Snapshot, path: str, subject: str, name: str = "") -> tuple[Source, tuple[Problem, ...]]:
    """Return a file's values with their places; `name` is its stem where it is one record or one period."""
    yaml = read_yaml(path, snapshot.read(path))
    grave = [problem for problem in yaml.problems if problem.code not in _MILD]
    return Source(subject, path, yaml, name, usable=not has_errors(grave)), tuple(yaml.problems)


def read_record(snapshot: Snapshot, path: str, model: type[Record], subject: str, name: str = "") -> Read:
    """Return a file's record with all that is wrong in it; what is wrong is left out of the record."""
    source, problems = read_source(snapshot, path, subject, name)
    if not source.usable:
        return Read(source, None, problems)
    if source.yaml.value is None:
        return Read(source, None, (*problems, Problem("DB201", f"{path} is empty", Place(path))))
    noun = _noun(subject, path, name)
    record, faults = check_value(source, model, noun)
    told = {problem.place for problem in problems}
    return Read(source, record, (*problems, *(fault for fault in faults if fault.place not in told)))


def _noun(subject: str, path: str, name: str) -> str:
    if not name:
        return path.rpartition("/")[2]
    return KINDS[subject].noun if subject in KINDS else subject


def check_value(source: Source, model: type[R], noun: str) -> tuple[R | None, tuple[Problem, ...]]:
    """Return the record that a source's values make, without what is wrong in them, and what is wrong."""
    try:
        return model.model_validate(source.yaml.value), ()
    except ValidationError as failure:
        return salvage(model, source.yaml.value, failure), explain_failure(source, model, noun, failure)


def salvage(model: type[R], value: Any, failure: ValidationError) -> R | None:
    """Return the record without its wrong parts, or None if nothing useful is left.

    So one wrong date in one risk does not hide what else is wrong with the project.
    """
    errors = failure.errors(include_url=False)
    # Each round cuts at least one step, and no way is longer than this.
    for _ in range(12):
        value = cut(value, _wrong_parts(errors))
        if value is None:
            return None
        try:
            return model.model_validate(value)
        except ValidationError as again:
            errors = again.errors(include_url=False)
    return None


def _wrong_parts(errors: Iterable[ErrorDetails]) -> Iterable[Steps]:
    for error in errors:
        steps = tuple(step for step in error["loc"] if step != "[key]")
        yield steps[:-1] if error["type"] == "missing" else steps
