"""Take what builds learned of projects, documents and sources; keep it in the index; give it back if it can be read.

Nothing here decides what is right: it saves work, and it tells afterwards why a document was written.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress

from msgspec import json

from pipeline.archive.outputs import Mark
from pipeline.archive.store.index import Index
from pipeline.plan.records import Basis, LookFacts, PackedProject, ProjectFacts, pack_project, unpack_project
from pipeline.stored import BROKEN, copy_view

_STATES = 8  # of one project that are remembered: those of a few branches, with and without changes at hand
_HISTORIES = 6  # of one place that are remembered: those of a few branches
_LONGEST = 200_000  # bytes: a larger source is no text whose changes could be named


class BuildRecords:
    """What earlier builds knew."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def read_project(self, key: str) -> tuple[ProjectFacts, str] | None:
        """Return what was known of a project in just this state, and the revision at which that was true."""
        rows = self._index.ask("select record, revision from fronts where key = ?", key)
        for record, revision in rows:
            with suppress(*BROKEN):
                return unpack_project(json.decode(record, type=PackedProject)), revision
        return None

    def read_look(self, key: str) -> LookFacts | None:
        """Return what was known of the look under the key of its state."""
        for (record,) in self._index.ask("select record from fronts where key = ?", key):
            with suppress(*BROKEN):
                return json.decode(record, type=LookFacts)
        return None

    def save_look(self, key: str, facts: LookFacts) -> None:
        """Remember the look under the key of its state."""
        self._save([(key, "", "", json.encode(facts))])

    def save_projects(self, found: Iterable[tuple[str, ProjectFacts]], revision: str) -> None:
        """Remember projects, each under the key of its state."""
        self._save([(key, facts.id, revision, json.encode(pack_project(facts))) for key, facts in found])

    def _save(self, rows: list[tuple[str, str, str, bytes]]) -> None:
        self._index.tell(
            "insert or replace into fronts values (?, ?, ?, ?, ?)", [(*row, self._index.round) for row in rows]
        )
        older = "select key from fronts where project = ? order by used desc, key limit -1 offset ?"
        self._index.tell(f"delete from fronts where key in ({older})", [(row[1], _STATES) for row in rows])

    def mark_projects(self, keys: Iterable[str], revision: str) -> None:
        """Note that these states hold at a revision too."""
        rows = [(revision, self._index.round, key) for key in keys]
        self._index.tell("update fronts set revision = ?, used = ? where key = ?", rows)

    def read_basis(self, folder: str, document: str) -> Basis | None:
        """Return what a document of an output folder was made from last time; None if nobody knows."""
        question = "select record from bases where folder = ? and document = ?"
        for (record,) in self._index.ask(question, folder, document):
            with suppress(*BROKEN):
                return json.decode(record, type=Basis)
        return None

    def list_bases(self, folder: str) -> frozenset[str]:
        """Return the documents of an output folder of which there is a record of what they were made from."""
        return frozenset(name for (name,) in self._index.ask("select document from bases where folder = ?", folder))

    def save_bases(self, folder: str, bases: Mapping[str, Basis]) -> None:
        """Remember what documents of an output folder were made from."""
        rows = [(folder, document, json.encode(basis, enc_hook=copy_view)) for document, basis in bases.items()]
        self._index.tell("insert or replace into bases values (?, ?, ?)", rows)

    def read_outputs(self, folder: str) -> dict[str, tuple[Mark, str]]:
        """Return the marks and digests of the files of an output folder, by name, as far as they are known."""
        question = "select name, size, modified, changed, node, digest from outputs where folder = ?"
        return {name: (Mark(*numbers), digest) for name, *numbers, digest in self._index.ask(question, folder)}

    def save_outputs(self, folder: str, known: Mapping[str, tuple[Mark, str]], gone: Iterable[str]) -> None:
        """Remember marks and digests of files of an output folder, and forget those that are gone."""
        rows = [(folder, name, digest, *mark) for name, (mark, digest) in known.items()]
        self._index.tell("insert or replace into outputs values (?, ?, ?, ?, ?, ?, ?)", rows)
        self._index.tell("delete from outputs where folder = ? and name = ?", [(folder, name) for name in gone])

    def read_contents(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Return those contents of sources that no commit holds, by Git's id, as far as they are remembered."""
        found = {}
        for id in ids:
            for (data,) in self._index.ask("select data from contents where id = ?", id):
                with suppress(zlib.error, TypeError):
                    found[id] = zlib.decompress(data)
        return found

    def save_contents(self, contents: Mapping[str, bytes]) -> None:
        """Remember contents of sources by Git's id, so that a later build can say what changed."""
        small = {id: data for id, data in contents.items() if id and len(data) <= _LONGEST}
        rows = [(id, zlib.compress(data), self._index.round) for id, data in small.items()]
        self._index.tell("insert or replace into contents values (?, ?, ?)", rows)

    def list_histories(self, place: str) -> tuple[str, ...]:
        """Return the commits up to which a history of a place is remembered, last used first."""
        question = "select revision from histories where place = ? order by used desc, revision"
        return tuple(str(revision) for (revision,) in self._index.ask(question, place))

    def read_history(self, place: str, commit: str) -> bytes | None:
        """Return what was remembered of a place's history up to a commit."""
        rows = self._index.ask("select data from histories where place = ? and revision = ?", place, commit)
        return next((data for (data,) in rows if isinstance(data, bytes)), None)

    def save_history(self, place: str, commit: str, data: bytes) -> None:
        """Remember a place's history up to a commit, and forget those that were used longest ago."""
        self._index.tell(
            "insert or replace into histories values (?, ?, ?, ?)", [(place, commit, data, self._index.round)]
        )
        older = "select revision from histories where place = ? order by used desc, revision limit -1 offset ?"
        self._index.tell(
            f"delete from histories where place = ? and revision in ({older})", [(place, place, _HISTORIES)]
        )
