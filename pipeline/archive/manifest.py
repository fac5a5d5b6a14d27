"""Take what was built; hold it as frozen records; give and read the canonical JSON of `manifest.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pipeline.archive.descent import LARGEST, read_plain
from pipeline.archive.json_text import dump_json
from pipeline.archive.names import MANIFEST
from pipeline.archive.pieces import encode_pieces
from pipeline.problems import USAGE, Place, Problem, Stop

SCHEMA_VERSION = 1
_PLAIN: dict[Any, type] = {"str": str, "int": int, "bool": bool}


@dataclass(frozen=True, slots=True)
class Change:
    """A document's revision: the last commit that touched what it was made from, and its ISO date ("" if unknown)."""

    commit: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """What the list of documents says about a project: its id, short name, title and phase."""

    id: str
    name: str
    title: str = ""
    phase: str = ""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One output file; `path` is relative to the output folder, `built` is the repository's revision at its build.

    `draft` says that it was built from bytes that no commit holds; `pages` is 0 where the format has no pages;
    `sources` maps each source path to its SHA-256.
    """

    path: str
    project: str
    document: str
    format: str
    sha256: str
    size: int
    title: str = ""
    period: str = ""
    lang: str = "en"
    pages: int = 0
    draft: bool = False
    built: str = ""
    revision: Change = Change()
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that lies in an output folder, and what it was made from."""

    generator: str
    revision: str
    dirty: bool = False
    date: str = ""
    name: str = ""
    lang: str = "en"
    projects: tuple[ProjectLine, ...] = ()
    files: tuple[FileEntry, ...] = ()
    schema_version: int = SCHEMA_VERSION

    def paths(self) -> tuple[str, ...]:
        """Return the paths of all files, sorted."""
        return tuple(sorted(entry.path for entry in self.files))


Record = TypeVar("Record", ProjectLine, Change, FileEntry, Manifest)


_PLAIN_FIELDS: dict[type, tuple[tuple[str, str], ...]] = {
    kind: tuple((one.name, str(one.type)) for one in fields(kind) if one.type in _PLAIN)
    for kind in (ProjectLine, Change, FileEntry, Manifest)
}


def make_entry(path: str, data: bytes, **facts: Any) -> FileEntry:
    """Return the entry of a file with these bytes: its SHA-256 and size are taken from them."""
    return FileEntry(path=path, sha256=sha256(data).hexdigest(), size=len(data), **facts)


def make_manifest(manifest: Manifest) -> bytes:
    """Return the canonical JSON: keys and files sorted, two spaces, UTF-8, a newline at the end."""
    files = sorted(manifest.files, key=lambda entry: entry.path)
    projects = sorted(manifest.projects, key=lambda line: line.id)
    return encode_pieces(dump_json(replace(manifest, files=tuple(files), projects=tuple(projects))))


def read_manifest(data: bytes, place: str = "manifest.json") -> Manifest:
    """Return the manifest of these bytes; Stop (exit 2) if they are not one that this version can read."""
    try:
        raw = json.loads(data)
        if _version(raw) > SCHEMA_VERSION:
            raise Stop(_newer(place), exit_code=USAGE)
        return _manifest(raw)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Stop(_unreadable(place), exit_code=USAGE) from error


def load_manifest(top: Path, inside: str = "", largest: int = LARGEST) -> Manifest | None:
    """Return the manifest of an output folder, `inside` below one that is trusted; None if there is none.

    No link is followed on the way. Stop (exit 2) as `read_manifest` does.
    """
    name = f"{inside}/{MANIFEST}".lstrip("/")
    data = read_plain(top, name, largest)
    return None if data is None else read_manifest(data, str(top / name))


def merge_manifests(old: Manifest, new: Manifest, kept: Iterable[str]) -> Manifest:
    """Return `new` with those files of `old` whose paths are in `kept`, and the project lines that they need."""
    made = set(new.paths())
    wanted = set(kept) - made
    entries = tuple(entry for entry in old.files if entry.path in wanted)
    known = {line.id for line in new.projects}
    needed = {entry.project for entry in entries} - known
    lines = tuple(line for line in old.projects if line.id in needed)
    return replace(new, files=(*new.files, *entries), projects=(*new.projects, *lines))


def _version(raw: Any) -> int:
    version = raw["schema_version"]
    if not isinstance(version, int) or version < 1:
        raise ValueError("no schema version")
    return version


def _manifest(raw: dict[str, Any]) -> Manifest:
    projects = tuple(_checked(ProjectLine(**line)) for line in raw["projects"])
    files = tuple(_entry(entry) for entry in raw["files"])
    return _checked(Manifest(**{**raw, "projects": projects, "files": files}))


def _entry(raw: dict[str, Any]) -> FileEntry:
    sources = {_checked_value(path, "str"): _checked_value(digest, "str") for path, digest in raw["sources"].items()}
    return _checked(FileEntry(**{**raw, "revision": _checked(Change(**raw["revision"])), "sources": sources}))


def _checked(record: Record) -> Record:
    """Return a record whose plain fields are what they should be; TypeError or ValueError for anything else."""
    for name, kind in _PLAIN_FIELDS[type(record)]:
        _checked_value(getattr(record, name), kind)
    return record


def _checked_value(value: Any, kind: str) -> Any:
    if type(value) is not _PLAIN[kind]:
        raise TypeError(f"wants {kind}")
    if isinstance(value, str):
        value.encode("utf-8")  # ValueError for halves of letters
    return value


def _newer(place: str) -> Problem:
    return Problem(
        "DB505",
        "the list of built files was written by a newer Deedbox",
        Place(place),
        "update Deedbox, or build into another folder with -o",
    )


def _unreadable(place: str) -> Problem:
    return Problem(
        "DB506",
        "this is not a list of built files that Deedbox wrote",
        Place(place),
        "choose another output folder with -o, or remove the file if nothing needs it",
    )
