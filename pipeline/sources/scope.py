"""Take a snapshot and the folder of a project; give the snapshot as that project sees it, noting each look outside.

Two snapshots that agree on the folder, on the shared files and on all that was noted give a project the same documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from pipeline.sources.baselines import Baseline
from pipeline.sources.disk import make_id
from pipeline.sources.snapshot import Blob, Door, Snapshot

# What every project sees: the settings, the people, and the folders of templates and of the look.
SHARED_FILES = frozenset({"deedbox.yaml", "people.yaml"})
SHARED_FOLDERS = ("templates/", "theme/")


def is_shared(path: str) -> bool:
    """Return whether a path is one that every project sees."""
    return path in SHARED_FILES or path.startswith(SHARED_FOLDERS)


class Looks:
    """What was asked of a snapshot outside a project's folder and the shared files."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.paths: set[str] = set()
        self.lists: set[tuple[str, str]] = set()
        self.baselines = False

    def note(self, path: str) -> None:
        """Note that somebody asked for a path, whether or not it is there."""
        if not path.startswith(self.folder) and not is_shared(path):
            self.paths.add(path)

    def note_list(self, under: str, suffix: str) -> None:
        """Note that somebody asked which paths there are."""
        if not under.startswith((self.folder, *SHARED_FOLDERS)):
            self.lists.add((under, suffix))


class NotedFiles(Mapping[str, Blob]):
    """The files of a snapshot, noting each look."""

    def __init__(self, files: Mapping[str, Blob], looks: Looks) -> None:
        self._files = files
        self._looks = looks

    def __getitem__(self, path: str) -> Blob:
        self._looks.note(path)
        return self._files[path]

    def __contains__(self, path: object) -> bool:
        self._looks.note(str(path))
        return path in self._files

    def __iter__(self) -> Iterator[str]:
        self._looks.note_list("", "")
        return iter(self._files)

    def __len__(self) -> int:
        self._looks.note_list("", "")
        return len(self._files)


class Scope(Snapshot):
    """A snapshot as one project sees it; `looks` grows while the project is read and rendered."""

    looks: Looks
    whole: Snapshot

    def paths(self, under: str = "", suffix: str = "") -> tuple[str, ...]:
        """Return the sorted paths that start with `under` and end with `suffix`."""
        self.looks.note_list(under, suffix)
        return self.whole.paths(under, suffix)


def make_scope(snapshot: Snapshot, project: str) -> Scope:
    """Return the snapshot as the project in folder `project` sees it."""
    looks = Looks(f"{project}/")
    values = {name: getattr(snapshot, name) for name in Snapshot.__dataclass_fields__}

    def baselines() -> tuple[Baseline, ...]:
        looks.baselines = True
        return snapshot.baselines()

    scope = Scope(**{**values, "files": NotedFiles(snapshot.files, looks), "baselines": baselines})
    # A snapshot is frozen for those who read it; this one is still being made.
    object.__setattr__(scope, "looks", looks)
    object.__setattr__(scope, "whole", snapshot)
    return scope


def is_draft(door: Door, folder: str) -> bool:
    """Return whether what passed the door of a document of the project in `folder` is not as the commit has it.

    A file that is new or gone may decide by its name alone what is in a document of its project, and a shared file
    decides on all of them.
    """
    snapshot = door.snapshot
    if not snapshot.revision or not snapshot.dirty_paths:
        return snapshot.dirty
    folders = (f"{folder}/", *(path for path in door.asked if path.endswith("/")))
    return (
        any(map(is_shared, snapshot.dirty_paths))
        or not snapshot.dirty_paths.isdisjoint(door.seen)
        or any(path in door.asked or path.startswith(folders) for path in snapshot.dirty_names)
    )


def find_dirty(snapshot: Snapshot, folder: str) -> tuple[str, ...]:
    """Return what is not as the commit has it in a project's folder and in what all projects share, sorted."""
    return tuple(sorted(path for path in snapshot.dirty_paths if path.startswith(f"{folder}/") or is_shared(path)))


def find_id(snapshot: Snapshot, path: str) -> str:
    """Return Git's id of a file's content, "" if there is no such file."""
    if path not in snapshot.files:
        return ""
    return snapshot.files[path].id or make_id(snapshot.read(path))


def digest_paths(snapshot: Snapshot, paths: Iterable[str]) -> str:
    """Return a digest of paths and of what is in them."""
    digest = sha256()
    for path in paths:
        digest.update(f"{path}\0{find_id(snapshot, path)}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def digest_names(paths: Iterable[str]) -> str:
    """Return a digest of which paths there are."""
    return sha256("\n".join(paths).encode("utf-8", "surrogatepass")).hexdigest()


def find_gone(snapshot: Snapshot, folder: str) -> tuple[str, ...]:
    """Return the paths below a folder that history knows and the snapshot has not: deleted files, not renamed ones."""
    return tuple(path for path in snapshot.changes() if path.startswith(folder) and path not in snapshot.files)
