"""Take the records of builds and an output folder; recall what its documents were made from; note it anew.

Reasons come from here, decisions do not: a build without a past does the same work and has less to say about it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from pipeline.archive.names import LOCK
from pipeline.archive.outputs import Mark, Outputs
from pipeline.archive.stamp import read_now
from pipeline.archive.store import Store, find_store
from pipeline.archive.store.build_records import BuildRecords
from pipeline.host.engine import read_line_engine
from pipeline.plan.reasons import Reasons
from pipeline.plan.records import Basis
from pipeline.problems import Stop
from pipeline.sources.git import repository as git
from pipeline.sources.snapshot import Snapshot
from pipeline.sources.stats import is_young


def list_built(output: Path, root: Path, documents: Iterable[str]) -> dict[str, str]:
    """Return the digests of the files of documents by path, as the repository's store knows that they were built here.

    Documents of which it knows nothing are left out.
    """
    store = Store(find_store(root), root=root, writable=False)
    try:
        bases = {name: store.records.read_basis(name_folder(output), name) for name in documents}
        kept = store.find([basis.key for basis in bases.values() if basis])
        found = {name: kept.get(basis.key) for name, basis in bases.items() if basis}
        return {
            f"{name}.{format}": file.sha256 for name, one in found.items() if one for format, file in one.files.items()
        }
    finally:
        store.close()


def name_folder(output: Path) -> str:
    """Return the name of an output folder in these records."""
    return sha256(str(output.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]


class LastBuild:
    """What is known of the last build of each document of an output folder."""

    def __init__(self, records: BuildRecords, repository: git.Repository, output: Path, snapshot: Snapshot) -> None:
        self._records = records
        self._repository = repository
        self._output = output
        self._snapshot = snapshot
        self._seen: dict[str, tuple[Mark, str]] = {}
        self._folder = name_folder(output)
        self.reasons = Reasons(self._read_contents, self._read_engine)

    def read(self, document: str) -> Basis | None:
        """Return what a document such as `atlas/charter` was last made from; None if nobody knows."""
        return self._records.read_basis(self._folder, document)

    def list_documents(self) -> frozenset[str]:
        """Return the documents of which there is a record of what they were last made from."""
        return self._records.list_bases(self._folder)

    def save(self, bases: Mapping[str, Basis]) -> None:
        """Note what documents were made from; sources that no commit holds are kept, to be compared with later ones."""
        engine = read_line_engine()
        contents = {engine.digest: json.dumps(dict(engine.parts)).encode()}
        if self._snapshot.dirty:
            changed = {path for basis in bases.values() for path in basis.sources} & self._snapshot.dirty_paths
            paths = (path for path in changed if path in self._snapshot)
            contents |= {self._snapshot.files[path].id: self._snapshot.read(path) for path in paths}
        self._records.save_contents(contents)
        self._records.save_bases(self._folder, bases)

    def open_outputs(self) -> Outputs:
        """Return the output folder with what is known of its files."""
        self._seen = self._records.read_outputs(self._folder)
        return Outputs(self._output, self._seen)

    def save_outputs(self, outputs: Outputs, names: Iterable[str]) -> None:
        """Note what is known of these files; not of those so young that a change of them might not show."""
        now = read_now(str(self._output / LOCK))
        found = {name: outputs.known[name] for name in names if name in outputs.known}
        old = {name: one for name, one in found.items() if not is_young(max(one[0].modified, one[0].changed), now)}
        news = {name: one for name, one in old.items() if self._seen.get(name) != one}
        self._records.save_outputs(self._folder, news, self._seen.keys() - old.keys())

    def _read_engine(self, digest: str) -> Mapping[str, str]:
        engine = read_line_engine()
        if digest == engine.digest:
            return engine.parts
        data = self._records.read_contents((digest,)).get(digest)
        parts: Mapping[str, str] = json.loads(data) if data else {}
        return parts

    def _read_contents(self, ids: tuple[str, ...]) -> Mapping[str, bytes]:
        here = {id: self._snapshot.read(self._paths[id]) for id in ids if id in self._paths}
        kept = self._records.read_contents(id for id in ids if id not in here)
        return {**self._read_committed(id for id in ids if id not in here and id not in kept), **kept, **here}

    def _read_committed(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        try:
            return git.read_blobs(self._repository, ids)
        except Stop:
            return {}

    @cached_property
    def _paths(self) -> dict[str, str]:
        return {blob.id: path for path, blob in self._snapshot.files.items() if blob.id}
