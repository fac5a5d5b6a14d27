"""Take the names of all kinds of record with an id; say where each is written and kept; give them as one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.model.facts import Id, fields_with
from pipeline.model.project import Project
from pipeline.model.subjects import SUBJECTS


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record with an id: its name in sentences, the subject whose files hold it, the key of its list there.

    `home` is the attribute of Project that holds the list; the Project itself if empty.
    """

    noun: str
    subject: str
    key: str
    home: str = ""


# The subjects whose file Project holds as a whole, by the attribute that does; of the others it holds the lists.
_HOMES = {name: name for name in ("schedule", "resources", "budget", "business_case")} | {"project": "info"}


def _list_kinds() -> Iterator[tuple[str, Kind]]:
    for subject in SUBJECTS:
        for key, record in subject.records.items():
            id = fields_with(record, Id)["id"]
            yield id.kind or key, Kind(id.noun, subject.name, key, _HOMES.get(subject.name, ""))


KINDS: Mapping[str, Kind] = dict(_list_kinds())


def kind_records(project: Project, kind: str) -> tuple[Any, ...]:
    """Return all records of a kind, by id; KeyError if there is no such kind."""
    if kind in project.registers:
        return project.registers[kind]
    home = KINDS[kind].home
    holder = getattr(project, home) if home else project
    if holder is None:
        return ()
    records = getattr(holder, KINDS[kind].key)
    return tuple(records.values() if isinstance(records, Mapping) else records)


def subject_kinds(subject: str) -> tuple[str, ...]:
    """Return the kinds that the files of a subject hold."""
    return tuple(name for name, kind in KINDS.items() if kind.subject == subject)
