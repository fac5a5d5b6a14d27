"""Take the files of written documents and the keys they stand for; keep them within bounds; give them back, proved.

Whatever goes wrong here costs time only: a store that is missing, full, read-only or damaged is an empty one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import json

from pipeline.archive.store.build_records import BuildRecords
from pipeline.archive.store.files import Files
from pipeline.archive.store.index import NAME, Index
from pipeline.archive.store.place import make_problem, make_store
from pipeline.archive.store.sweep import sweep_stores
from pipeline.plan.records import FileFacts, Kept
from pipeline.problems import Problem, has_errors
from pipeline.stored import BROKEN

if TYPE_CHECKING:
    from pipeline.archive.store.remote import Remote

FILES = "files"
_KEEP = "insert or replace into written values (?, ?, ?)"
_SELDOM = 8  # builds: what was used so lately need not be noted again
LARGEST = 2_000_000_000  # bytes of finished files
_LOWER = 0.9  # of the bound: room for a while, so that not every build has to tidy up
_BUILDS = 500  # a record that so many builds did not ask for goes


class Store:
    """What is kept from build to build. Bytes that the disk refuses are held in memory until the build ends.

    `root` is that of the repository whose store this is; without one, it is a folder that is there for once.
    """

    def __init__(
        self, folder: Path | None, *, root: Path | None = None, writable: bool = True, largest: int = LARGEST
    ) -> None:
        self._folder = folder
        usable = folder if folder is not None and not folder.is_symlink() else None
        self._files = Files(usable / FILES) if usable else None
        path, make = (usable / NAME, partial(make_store, usable, root)) if usable else (None, lambda: "")
        self._index = Index(path, make, self._clear, writable=writable and usable is not None)
        self._writable = writable and usable is not None
        self.largest = largest
        self._held: dict[str, bytes] = {}
        self._refused = ""
        self._new = False
        self._remote: Remote | None = None
        self._shared: dict[str, Kept] | None = None
        self.records = BuildRecords(self._index)

    def connect(self, remote: Remote, *, write: bool) -> None:
        """Ask a remote for what is not here; with `write`, give it what this build makes."""
        self._remote = remote
        self._shared = {} if write else None

    def find(self, keys: Sequence[str]) -> dict[str, Kept]:
        """Return what writing documents under these keys came to, whether or not their files are still here."""
        here = {key: kept for key in keys if (kept := self._find(key)) is not None}
        if self._remote is None or len(here) == len(keys):
            return here
        there = self._remote.find(key for key in keys if key not in here)
        self._index.tell(_KEEP, [(key, json.encode(kept), self._index.round) for key, kept in there.items()])
        return {**here, **there}

    def fetch(self, files: Iterable[FileFacts]) -> None:
        """Bring here what the remote has of these files."""
        if self._remote is not None:
            for data in self._remote.read(file for file in dict.fromkeys(files) if not self.has(file)).values():
                self.hold(data)

    def _find(self, key: str) -> Kept | None:
        rows = self._index.ask("select record, used from written where key = ?", key)
        for record, used in rows:
            with suppress(*BROKEN):
                kept = json.decode(record, type=Kept)
                self._mark("written", "key", key, used)
                return kept
        return None

    def keep(
        self, key: str, files: Mapping[str, bytes], pages: int, problems: tuple[Problem, ...], *, lasting: bool = True
    ) -> Kept:
        """Return the record of a written document after keeping its files; what has errors is not kept for later."""
        facts = {format: FileFacts(self.hold(data), len(data)) for format, data in files.items()}
        kept = Kept(facts, pages, problems)
        if lasting and self._writable and not has_errors(problems):
            self._index.tell(_KEEP, [(key, json.encode(kept), self._index.round)])
            if self._shared is not None:
                self._shared[key] = kept
        return kept

    def hold(self, data: bytes) -> str:
        """Return the digest under which the bytes can be read until the build ends, and most likely after it."""
        if self._files and self._writable and self._index.make():
            try:
                digest = self._files.keep(data)
            except OSError as error:
                self._writable = False  # one refusal is enough: a full disk stays full
                self._refused = f"{self._files.folder} cannot be written to ({error.strerror or error})"
            else:
                self._new = True
                row = (digest, len(data), self._index.round)
                self._index.tell("insert or replace into blobs values (?, ?, ?)", [row])
                return digest
        digest = sha256(data).hexdigest()
        self._held[digest] = data
        return digest

    def read(self, digest: str) -> bytes | None:
        """Return the bytes of a digest, proved by it; None if they are not here."""
        data = self._peek(digest)
        if data is not None and digest not in self._held:
            for (used,) in self._index.ask("select used from blobs where digest = ?", digest):
                self._mark("blobs", "digest", digest, used)
        return data

    def has(self, file: FileFacts) -> bool:
        """Return whether the bytes of a file seem to be here; only `read` proves it."""
        return file.sha256 in self._held or (self._files is not None and self._files.has(file.sha256, file.size))

    def find_trouble(self) -> tuple[Problem, ...]:
        """Return a warning where the disk refused to keep something."""
        trouble = self._refused or self._index.trouble
        return (make_problem("DB527", f"not all that was made could be kept: {trouble}"),) if trouble else ()

    def close(self) -> None:
        """Give the remote what it shall have, bring the store back within its bounds, and let go of it."""
        if self._remote is not None and self._shared:
            self._remote.keep(self._shared, self._peek)
        if self._files and self._writable and self._new:
            with suppress(OSError):
                trim_store(self._index, self._files, self.largest)
                if self._folder:
                    sweep_stores(self._folder)
        self._index.close()
        self._held.clear()

    def _peek(self, digest: str) -> bytes | None:
        """Return the bytes of a digest without noting it: a remote asks from threads of its own, the index has one."""
        if digest in self._held:
            return self._held[digest]
        return self._files.read(digest) if self._files else None

    def _mark(self, table: str, column: str, name: str, used: int) -> None:
        """Note the use of a record, but not at each build: a few more or less make no difference to what goes first."""
        if self._writable and used < self._index.round - _SELDOM:
            self._index.tell(f"update {table} set used = ? where {column} = ?", [(self._index.round, name)])

    def _clear(self) -> None:
        """Remove files that a lost index knew of: nobody else would ever find them, or remove them."""
        if self._files:
            with suppress(OSError):
                self._files.clear()


def trim_store(index: Index, files: Files, largest: int) -> None:
    """Remove the least recently used files above the bound, old records, and what killed builds left behind."""
    files.clear_new()
    total = index.ask("select sum(size) from blobs")
    excess = (total[0][0] or 0) if total else 0
    if excess > largest:
        _drop_files(index, files, excess - int(largest * _LOWER))
    for table in ("written", "fronts", "contents", "histories"):
        index.tell(f"delete from {table} where used < ?", [(index.round - _BUILDS,)])


def _drop_files(index: Index, files: Files, excess: int) -> None:
    dropped = []
    for digest, size in index.ask("select digest, size from blobs order by used, digest"):
        if excess <= 0:
            break
        files.remove(digest)
        dropped.append((digest,))
        excess -= size
    index.tell("delete from blobs where digest = ?", dropped)
