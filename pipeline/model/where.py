"""Take the files that were read for a project; know which ids they hold; give the place of any record or field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from pipeline.model.kinds import KINDS, subject_kinds
from pipeline.problems import Place, did_you_mean

Steps = tuple[str | int, ...]


class Positions(Protocol):
    """What turns the way to a value into its place: a YAML file or a front matter."""

    @property
    def value(self) -> Any:
        """Return the plain value, None if the file is empty or could not be parsed."""

    def place(self, path: Steps, key: bool = False) -> Place:
        """Return the place of the value (of its key under `key`) at the end of the way."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its subject, its path, the values with their places.

    `name` is the file's stem where the file is one record or one period, else "". `usable` says that it was parsed.
    """

    subject: str
    path: str
    yaml: Positions
    name: str = ""
    usable: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one record stands: the file and the way to it in there."""

    source: Source
    steps: Steps

    def place(self, *field: str | int, key: bool = False) -> Place:
        """Return the place of a field of the record, of the whole record without one."""
        return self.source.yaml.place((*self.steps, *field), key)


class Where:
    """Turns (kind, id, field) into places. Knows also the ids of records that were too wrong to be read.

    Kinds are those of `kinds.KINDS`. A whole file is a kind too: ("project", ""), ("progress", "2026-09"),
    ("narratives", path).
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        self.sources = tuple(sources)
        self._files = {(source.subject, source.name): Entry(source, ()) for source in self.sources}
        self._entries: dict[str, dict[str, list[Entry]]] = {}
        for source in self.sources:
            for kind, id, steps in _list_records(source):
                self._entries.setdefault(kind, {}).setdefault(id, []).append(Entry(source, steps))

    def entries(self, kind: str) -> dict[str, list[Entry]]:
        """Return all places at which each id of a kind is written."""
        return self._entries.get(kind, {})

    def place(self, kind: str, id: str, *field: str | int, key: bool = False) -> Place:
        """Return the place of a field of a record; the empty place if the record is unknown."""
        entries = self.entries(kind).get(id)
        entry = entries[0] if entries else self._files.get((kind, id))
        return entry.place(*field, key=key) if entry else Place()

    def states(self, kind: str, id: str, *field: str | int) -> bool:
        """Return whether a field of a record is written down, and not left to its default or to an earlier period."""
        entries = self.entries(kind).get(id)
        entry = entries[0] if entries else self._files.get((kind, id))
        return entry is not None and _reaches(entry.source.yaml.value, (*entry.steps, *field))

    def knows(self, kind: str, id: str) -> bool:
        """Return whether a record is written down; also if none can tell since a file of its subject is broken."""
        return id in self.entries(kind) or self.broken(KINDS[kind].subject)

    def broken(self, subject: str) -> bool:
        """Return whether a file of the subject could not be parsed."""
        return any(source.subject == subject and not source.usable for source in self.sources)

    def hint(self, kind: str, id: str) -> str:
        """Return what was probably meant by an unknown id, or that nothing of the kind is there."""
        known = self.entries(kind)
        return did_you_mean(id, known) if known else f"no {KINDS[kind].noun} is written down yet"


def _reaches(value: Any, steps: Steps) -> bool:
    for step in steps:
        known = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        if step not in known:
            return False
        value = value[step]
    return value is not None


def _list_records(source: Source) -> Iterator[tuple[str, str, Steps]]:
    value = source.yaml.value
    if not isinstance(value, dict):
        return
    if source.name:
        yield from ((source.subject, id, ()) for id in _ids(value) if source.subject in KINDS)
        return
    for kind in subject_kinds(source.subject):
        listed = value.get(KINDS[kind].key)
        for position, record in enumerate(listed if isinstance(listed, list) else ()):
            yield from ((kind, id, (KINDS[kind].key, position)) for id in _ids(record))


def _ids(record: object) -> tuple[str, ...]:
    id = record.get("id") if isinstance(record, dict) else None
    return (id,) if isinstance(id, str) else ()
