"""Take a project; walk over all its records, or over their fields with a fact of a kind; give them with their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from pydantic import BaseModel

from pipeline.model.business_case import BusinessCase
from pipeline.model.facts import Found, find_facts, list_ways
from pipeline.model.info import ProjectInfo
from pipeline.model.kinds import KINDS, kind_records
from pipeline.model.narrative import NarrativeMeta
from pipeline.model.progress import ProgressFile
from pipeline.model.project import Project
from pipeline.model.where import Where
from pipeline.problems import Problem

Rule = Callable[[Project, Where], Iterable[Problem]]
Fact = TypeVar("Fact")


def each_fact(project: Project, fact: type[Fact]) -> Iterator[tuple[str, str, Found[Fact]]]:
    """Yield each field with a fact, with the kind and id of the record or file that it stands in."""
    for kind in KINDS:
        records = kind_records(project, kind)
        if records and list_ways(type(records[0]), fact):
            for record in records:
                for found in find_facts(type(record), record, fact):
                    yield kind, record.id, found
    for kind, id, model, record in _files(project):
        yield from ((kind, id, found) for found in find_facts(model, record, fact))


def _files(project: Project) -> Iterator[tuple[str, str, type[BaseModel], Any]]:
    """Yield the files that hold more than lists of records, with the class that says what their fields are."""
    yield "project", "", ProjectInfo, project.info
    if project.business_case is not None:
        yield "business_case", "", BusinessCase, project.business_case
    for path, narrative in project.narratives.items():
        yield "narratives", path, NarrativeMeta, narrative.meta
    for progress in project.progress:
        yield "progress", progress.period, ProgressFile, progress


def name_record(kind: str, id: str) -> str:
    """Return a name for sentences, such as "risk R-07"."""
    return f"{KINDS[kind].noun} {id}" if kind in KINDS else "the project"
