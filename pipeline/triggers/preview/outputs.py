"""Take output folders; read their manifests anew when they change; give the documents in them, each by its entry.

A path that somebody asks for is looked up, never joined to a folder: what no manifest lists is not there. A manifest
may lie, since a contributor can commit one: what it lists is given if it is a plain file that no link leads to.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from pipeline.archive.descent import open_plain
from pipeline.archive.index import make_index
from pipeline.archive.manifest import FileEntry, Manifest, load_manifest
from pipeline.archive.names import MANIFEST, is_safe
from pipeline.archive.outputs import Mark, read_mark
from pipeline.problems import Problem, Stop

INDEX = ""
LARGEST_MANIFEST = 256 * 1024 * 1024  # bytes


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
    """Return what a manifest lists, without what has no name of a file below the folder; None if it is none."""
    try:
        manifest = load_manifest(path.parent, largest=LARGEST_MANIFEST)
    except (OSError, Stop):
        return None
    return manifest and replace(manifest, files=tuple(one for one in manifest.files if is_safe(one.path)))


def _open_file(folder: Path, name: str) -> BinaryIO | None:
    """Return a plain file to read, that no link below the folder leads to; None if there is none."""
    try:
        return open_plain(folder, name)
    except OSError:
        return None
