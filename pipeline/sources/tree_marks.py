"""Take a work tree before it is read; look at all of it; give what a later build compares to see that nothing moved.

A file that looks as it did before it was read holds what was read, unless it is so young that a change may not show:
then it is read once more and compared.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.problems import Stop
from pipeline.sources.git import repository as git
from pipeline.sources.git import work_tree as git_work
from pipeline.sources.places import STORE
from pipeline.sources.scope import find_id
from pipeline.sources.snapshot import Snapshot
from pipeline.sources.stats import cut_marks, find_young, read_digest, read_marks

_GIT = ".git"


@dataclass(frozen=True, slots=True)
class Glance:
    """How a work tree looked at the time `now` (nanoseconds by the clock of its file system, 0 if unknown).

    `marks` are those of files and folders by path (see `read_marks`), `folders` the names in each folder with "/"
    between them, `state` digests of the files from which Git knows what is checked out.
    """

    root: str
    marks: Mapping[str, bytes]
    folders: Mapping[str, str]
    state: Mapping[str, str]
    now: int


@dataclass(frozen=True, slots=True)
class Sight:
    """What a later build compares: paths with their marks, and digests of those that are young, by position."""

    paths: tuple[str, ...]
    marks: bytes
    young: Mapping[int, str]


def take_glance(repository: git.Repository, now: int) -> Glance | None:
    """Return how a work tree looks; None where there is none, or Git cannot tell."""
    top = str(repository.root)
    try:
        ignored = git_work.read_ignored_folders(repository)
        state = [str(path) for path in dict.fromkeys(git_work.list_state_files(repository))]
    except Stop:
        return None
    folders: dict[str, str] = {}
    files: list[str] = []
    for path, names, plain in _walk(top, ignored):
        folders[path] = "/".join(names)
        files += plain
    paths = [*state, *folders, *files]
    marks = cut_marks(read_marks(paths))
    return Glance(top, dict(zip(paths, marks, strict=True)), folders, {path: read_digest(path) for path in state}, now)


def make_sight(glance: Glance, snapshot: Snapshot, made: Iterable[Path], now: int) -> Sight | None:
    """Return what shows that the sources are still those of the snapshot; None if they moved since the glance.

    `made` are folders that the build itself may have made; `now` is the time in nanoseconds by their clock.
    """
    left_out = (problem.place.file for problem in snapshot.problems if problem.place.file)
    own = {f"{glance.root}/{path}": path for path in dict.fromkeys((*snapshot.files, *left_out))}
    paths = (*glance.state, *glance.folders, *own)
    marks = read_marks(list(paths))
    moved = [at for at, mark in enumerate(cut_marks(marks)) if glance.marks.get(paths[at]) != mark]
    doubtful = {*moved, *find_young(marks, glance.now)} if glance.now else set(range(len(paths)))
    digests = {at: read_digest(paths[at]) for at in doubtful}
    ours = frozenset(str(path) for path in made)
    if not all(_is_same(paths[at], digest, glance, snapshot, own, ours) for at, digest in digests.items()):
        return None
    return Sight(paths, marks, {at: digests[at] for at in find_young(marks, now) if at in digests})


def _is_same(
    path: str, digest: str, glance: Glance, snapshot: Snapshot, own: Mapping[str, str], made: frozenset[str]
) -> bool:
    """Return whether what is at a path now is what was there when the sources were read."""
    if path in glance.state:
        return digest == glance.state[path]
    if path in glance.folders:
        ours = {os.path.basename(one) for one in made if os.path.dirname(one) == path}  # noqa: PTH119, PTH120
        before = frozenset(filter(None, glance.folders[path].split("/")))
        return frozenset(_list_names(path)) - ours == before - ours
    name = own[path]
    return bool(digest) and name in snapshot.files and digest == find_id(snapshot, name)


def _walk(top: str, ignored: frozenset[str]) -> Iterator[tuple[str, list[str], list[str]]]:
    """Give each folder that Git looks into, the names in it, and the paths of what is no folder."""
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        folder = f"{top}/{inside}".rstrip("/")
        names, plain = [], []
        for entry in _scan(folder):
            names.append(entry.name)
            path = f"{inside}/{entry.name}" if inside else entry.name
            if not entry.is_dir(follow_symlinks=False):
                plain.append(entry.path)
            elif path not in ignored and path != STORE and entry.name != _GIT and not _is_repository(entry.path):
                waiting.append(path)
        yield folder, names, plain


def _scan(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


def _list_names(folder: str) -> list[str]:
    return [entry.name for entry in _scan(folder)]


def _is_repository(folder: str) -> bool:
    return os.path.lexists(f"{folder}/{_GIT}")
