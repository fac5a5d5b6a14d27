"""Take output folders; read their manifests anew when they change; give the documents in them, each by its entry.

A path that somebody asks for is looked up, never joined to a folder: what no manifest lists is not there. A manifest
may lie, since a contributor can commit one: what it lists is given if it is a plain file that no link leads to.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pipeline.archive.folder import is_inside
from pipeline.archive.index import make_index
from pipeline.archive.manifest import Change, FileEntry, Manifest, ProjectLine, read_manifest
from pipeline.archive.names import MANIFEST, is_safe
from pipeline.archive.outputs import Mark, read_mark
from pipeline.problems import Problem, Stop

INDEX = ""
LARGEST_MANIFEST = 256 * 1024 * 1024  # bytes
# Without waiting, since a FIFO in the place of a file would hold the server for as long as nobody writes to it.
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
_FOLDER = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_DIRECTORY"))


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the shelf, open: its entry (None for the list of documents), its size when it was opened."""

    file: BinaryIO
    size: int
    entry: FileEntry | None = None


@dataclass
class Shelf:
    """The documents in some folders. The first says which there are; where two have a file, its own counts."""

    folders: tuple[Path, ...]
    _read: dict[Path, tuple[Mark | None, Manifest | None]] = field(default_factory=dict)

    def find(self, path: str, problems: Iterable[Problem] = ()) -> Found | None:
        """Return the file of a path such as `atlas/charter.html`, or the list of documents; None if there is none."""
        if path == INDEX:
            data = self._make_index(problems)
            return Found(BytesIO(data), len(data)) if data else None
        folder, entry = self._list_files().get(path, (None, None))
        file = _open_file(folder, entry.path) if folder and entry else None
        return None if file is None else Found(file, os.fstat(file.fileno()).st_size, entry)

    def digest(self, path: str, problems: Iterable[Problem] = ()) -> str:
        """Return a digest of a file, "" if there is none; it changes with the file."""
        if path == INDEX:
            data = self._make_index(problems)
            return sha256(data).hexdigest() if data else ""
        _, entry = self._list_files().get(path, (None, None))
        return entry.sha256 if entry else ""

    def _make_index(self, problems: Iterable[Problem]) -> bytes:
        whole = self._merge()
        return make_index(whole, problems) if whole else b""

    def _list_files(self) -> dict[str, tuple[Path, FileEntry]]:
        files: dict[str, tuple[Path, FileEntry]] = {}
        known: set[tuple[str, ...]] = set()
        for folder in self.folders:
            manifest = self._load(folder)
            found = manifest.files if manifest else ()
            for entry in found:
                if not known or _name(entry) in known:
                    files.setdefault(entry.path, (folder, entry))
            known = known or {_name(entry) for entry in found}
        return files

    def _merge(self) -> Manifest | None:
        """Return one manifest of all, each document in the state that the first gives it: all are as new as that."""
        first = next((manifest for folder in self.folders if (manifest := self._load(folder))), None)
        if first is None:
            return None
        own = {entry.path for entry in first.files}
        drafts = {_name(entry): entry.draft for entry in first.files}
        files = (entry for _, entry in self._list_files().values())
        new = (
            one if one.path in own else replace(one, built=first.revision, draft=drafts.get(_name(one), one.draft))
            for one in files
        )
        return replace(first, files=tuple(new))

    def _load(self, folder: Path) -> Manifest | None:
        path = folder / MANIFEST
        mark = read_mark(str(path))
        before = self._read.get(folder)
        if before is None or before[0] != mark:
            before = self._read[folder] = (mark, _read_manifest(path) if mark else None)
        return before[1]


def _name(entry: FileEntry) -> tuple[str, ...]:
    return entry.project, entry.document, entry.period, entry.lang


def _read_manifest(path: Path) -> Manifest | None:
    """Return what a manifest lists, without what is not of the right kind; None if it is none."""
    file = _open_file(path.parent, path.name)
    if file is None:
        return None
    with file:
        data = file.read(LARGEST_MANIFEST + 1)
    try:
        manifest = read_manifest(data, str(path)) if len(data) <= LARGEST_MANIFEST else None
    except Stop:
        return None
    if manifest is None or not _is_plain(manifest) or not all(map(_is_plain, manifest.projects)):
        return None
    return replace(manifest, files=tuple(filter(_is_usable, manifest.files)))


def _is_usable(entry: FileEntry) -> bool:
    return _is_plain(entry) and _is_plain(entry.revision) and is_safe(entry.path)


def _is_plain(record: FileEntry | Manifest | Change | ProjectLine) -> bool:
    """Return whether each value is of the kind that it should be: whoever forges a list need not keep to its form."""
    return all(_fits(getattr(record, one.name), str(one.type)) for one in fields(record))


def _fits(value: object, kind: str) -> bool:
    if kind == "str":
        return isinstance(value, str) and not any("\ud800" <= sign <= "\udfff" for sign in value)
    return type(value).__name__ == kind if kind in ("int", "bool") else True


def _open_file(folder: Path, name: str) -> BinaryIO | None:
    """Return a plain file to read, that no link below the folder leads to; None if there is none."""
    try:
        descriptor = _walk(folder, name) if os.open in os.supports_dir_fd else _open_plainly(folder, name)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    return os.fdopen(descriptor, "rb")


def _walk(folder: Path, name: str) -> int:
    """Open a file from folder to folder: nobody can put a link between a look and the opening."""
    *above, last = name.split("/")
    here = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        for part in above:
            below = os.open(part, _FOLDER, dir_fd=here)
            os.close(here)
            here = below
        return os.open(last, _FLAGS, dir_fd=here)
    finally:
        os.close(here)


def _open_plainly(folder: Path, name: str) -> int:
    if not is_inside(folder, name):
        raise OSError("a link is on the way")
    return os.open(folder / name, _FLAGS)
