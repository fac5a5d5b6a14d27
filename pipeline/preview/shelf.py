"""Take output folders; read their manifests anew when they change; give the documents in them, each by its entry.

A path that somebody asks for is looked up, never joined to a folder: what no manifest lists is not there.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from pipeline.archive.folder import is_inside
from pipeline.archive.index import make_index
from pipeline.archive.manifest import FileEntry, Manifest, read_manifest
from pipeline.archive.names import MANIFEST, is_safe
from pipeline.archive.outputs import Mark, read_mark
from pipeline.problems import Problem, Stop

INDEX = ""
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the shelf: its entry (None for the list of documents), and its bytes."""

    data: bytes
    entry: FileEntry | None = None


@dataclass
class Shelf:
    """The documents in some folders. The first says which there are; where two have a file, its own counts."""

    folders: tuple[Path, ...]
    _read: dict[Path, tuple[Mark | None, Manifest | None]] = field(default_factory=dict)

    def find(self, path: str, problems: Iterable[Problem] = ()) -> Found | None:
        """Return the file of a path such as `atlas/charter.html`, or the list of documents; None if there is none."""
        if path == INDEX:
            whole = self._merge()
            return Found(make_index(whole, problems)) if whole else None
        folder, entry = self._list_files().get(path, (None, None))
        data = _read_file(folder, entry.path) if folder and entry else None
        return None if data is None else Found(data, entry)

    def digest(self, path: str, problems: Iterable[Problem] = ()) -> str:
        """Return a digest of a file, "" if there is none; it changes with the file."""
        if path == INDEX:
            found = self.find(path, problems)
            return sha256(found.data).hexdigest() if found else ""
        _, entry = self._list_files().get(path, (None, None))
        return entry.sha256 if entry else ""

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
    try:
        manifest = read_manifest(path.read_bytes(), str(path))
    except (OSError, Stop):
        return None
    return replace(manifest, files=tuple(entry for entry in manifest.files if is_safe(entry.path)))


def _read_file(folder: Path, name: str) -> bytes | None:
    """Return a plain file that no link leads to."""
    if not is_inside(folder, name):
        return None
    try:
        with os.fdopen(os.open(folder / name, _FLAGS), "rb") as file:
            return file.read()
    except OSError:
        return None
