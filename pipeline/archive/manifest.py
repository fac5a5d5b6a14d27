"""Take what was built; hold it as frozen records; give and read the canonical JSON of `manifest.json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct, json
from msgspec.structs import replace

from pipeline.archive.descent import LARGEST, read_plain
from pipeline.archive.names import MANIFEST
from pipeline.problems import USAGE, Place, Problem, Stop
from pipeline.stored import BROKEN, Stored, copy_view

SCHEMA_VERSION = 1


class Change(Stored, frozen=True):
    """A document's revision: the last commit that touched what it was made from, and its ISO date ("" if unknown)."""

    commit: str = ""
    date: str = ""


class ProjectLine(Stored, frozen=True):
    """What the list of documents says about a project: its id, short name, title and phase."""

    id: str
    name: str
    title: str = ""
    phase: str = ""


class FileEntry(Stored, frozen=True):
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
    sources: Mapping[str, str] = {}


class Manifest(Stored, frozen=True):
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


class _Version(Struct):
    schema_version: Annotated[int, Meta(ge=1)]


def make_entry(path: str, data: bytes, **facts: Any) -> FileEntry:
    """Return the entry of a file with these bytes: its SHA-256 and size are taken from them."""
    return FileEntry(path=path, sha256=sha256(data).hexdigest(), size=len(data), **facts)


def make_manifest(manifest: Manifest) -> bytes:
    """Return the canonical JSON: keys and files sorted, two spaces, UTF-8, a newline at the end."""
    projects = sorted(manifest.projects, key=lambda line: line.id)
    start, mark, end = _write(replace(manifest, files=(), projects=tuple(projects))).partition(b'\n  "files": [')
    text = BytesIO()
    text.write(start + mark)
    # One file after the other: those of a thousand projects would else be in memory twice.
    for at, entry in enumerate(sorted(manifest.files, key=lambda entry: entry.path)):
        text.write((b"," if at else b"") + b"\n    " + _write(entry).replace(b"\n", b"\n    "))
    text.write((b"\n  " if manifest.files else b"") + end + b"\n")
    return text.getvalue()


def read_manifest(data: bytes, place: str = "manifest.json") -> Manifest:
    """Return the manifest of these bytes; Stop (exit 2) if they are not one that this version can read."""
    try:
        if json.decode(data, type=_Version).schema_version > SCHEMA_VERSION:
            raise Stop(_newer(place), exit_code=USAGE)
        return json.decode(data, type=Manifest)
    except BROKEN as error:
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


def _write(record: Stored) -> bytes:
    return json.format(json.encode(record, order="sorted", enc_hook=copy_view), indent=2)


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
