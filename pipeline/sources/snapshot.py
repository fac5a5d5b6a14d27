"""Take the files of one commit or of a work tree; hold them as bytes by path; give a door that notes what was read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pipeline.problems import Problem

if TYPE_CHECKING:
    from pipeline.sources.baselines import Baseline


@dataclass(frozen=True, slots=True)
class Blob:
    """One source file: its content, fetched once when first asked for, and Git's id of that content ("" if unknown)."""

    load: Callable[[], bytes]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Commit:
    """What the line may know of a commit: 40 hex digits, UTC time of the committer, author's name, first line.

    `approved_by` and `reviewed_by` are names from its trailers; `approves` are the documents (`beacon/charter`,
    `beacon/*`) that a trailer `Approves:` names. All texts are fit to print: one line, nothing invisible.
    """

    id: str
    time: datetime
    author: str
    subject: str
    approved_by: tuple[str, ...] = ()
    reviewed_by: tuple[str, ...] = ()
    approves: tuple[str, ...] = ()


class History(Mapping[str, tuple[Commit, ...]]):
    """What happened to the sources up to a commit: by path, the commits that changed it, newest first.

    A path's commits are those of the names too that it had before. The commits stand in one line, from the first to the
    last: a merge is one of them, and brings in all that it merged. `is_whole` says that nothing of it is missing;
    `names` identifies the .mailmap that was used.
    """

    def __init__(
        self,
        commits: Sequence[Commit] = (),
        paths: Mapping[str, Sequence[int]] | None = None,
        *,
        is_whole: bool = True,
        names: str = "",
    ) -> None:
        self._commits = commits
        self._paths: Mapping[str, Sequence[int]] = paths or {}
        self.is_whole = is_whole
        self.names = names

    def __getitem__(self, path: str) -> tuple[Commit, ...]:
        return tuple(self._commits[at] for at in reversed(self._paths[path]))

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def find_last(self, paths: Iterable[str]) -> Commit | None:
        """Return the last commit that changed any of these paths; None if there is none."""
        found = [self._paths[path][-1] for path in paths if self._paths.get(path)]
        return self._commits[max(found)] if found else None

    def line_up(self, paths: Iterable[str]) -> tuple[tuple[Commit, frozenset[str]], ...]:
        """Return the commits that changed any of these paths, oldest first, each with those that it changed.

        Commits that approve documents by name are among them, whatever they changed.
        """
        found: dict[int, set[str]] = {at: set() for at in self._naming}
        for path in paths:
            for at in self._paths.get(path, ()):
                found.setdefault(at, set()).add(path)
        return tuple((self._commits[at], frozenset(found[at])) for at in sorted(found))

    def list_ids(self, path: str) -> tuple[str, ...]:
        """Return the ids of the commits that changed a path, oldest first."""
        return tuple(self._commits[at].id for at in self._paths.get(path, ()))

    def list_naming(self) -> tuple[Commit, ...]:
        """Return the commits that approve documents by name, oldest first."""
        return tuple(self._commits[at] for at in self._naming)

    @cached_property
    def _naming(self) -> tuple[int, ...]:
        return tuple(at for at, commit in enumerate(self._commits) if commit.approves)

    @staticmethod
    def of(changes: Mapping[str, Sequence[Commit]], **settings: Any) -> History:
        """Return the history of commits given by path, told apart by id and put in line by time: for tests."""
        known = {commit.id: commit for commits in changes.values() for commit in commits}
        line = sorted(known.values(), key=lambda commit: (commit.time, commit.id))
        at = {commit.id: index for index, commit in enumerate(line)}
        paths = {path: sorted(at[commit.id] for commit in commits) for path, commits in changes.items()}
        return History(line, paths, **settings)


def _nobody_knows(revision: str) -> None:
    return None


@dataclass(frozen=True)
class Snapshot:
    """All source files of a project repository at one moment, by POSIX path relative to its `deedbox.yaml`.

    `time` is the commit's (UTC) unless `SOURCE_DATE_EPOCH` set it (`time_is_set`). `dirty` says that the bytes are not
    those of `revision`; `dirty_paths` are the paths that differ, `dirty_names` those of them that only one of both has.
    `changes` gives the history of all paths; `touched` gives the paths that changed since an earlier revision, or None
    if that does not lie straight behind this one, or more than files changed; `shallow` says that history is cut off,
    so that a last change may be unknown. `baselines` gives those on earlier commits, oldest first. `problems` holds
    what was found wrong while the files were taken (a link that is not followed, a name that no other computer can
    hold): read them as any other problem.
    """

    files: Mapping[str, Blob]
    revision: str
    time: datetime
    time_is_set: bool = False
    dirty: bool = False
    shallow: bool = False
    changes: Callable[[], History] = History
    baselines: Callable[[], tuple[Baseline, ...]] = tuple
    touched: Callable[[str], frozenset[str] | None] = _nobody_knows
    dirty_paths: frozenset[str] = frozenset()
    dirty_names: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    _read: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    _digests: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; KeyError if the snapshot has no such path."""
        if path not in self._read:
            self._read[path] = self.files[path].load()
        return self._read[path]

    def digest(self, path: str) -> str:
        """Return the SHA-256 (hex) of a file; KeyError if the snapshot has no such path."""
        if path not in self._digests:
            self._digests[path] = sha256(self.read(path)).hexdigest()
        return self._digests[path]

    def let_go(self) -> None:
        """Forget contents that can be had again: a file that has an id is read from Git, or held by its blob."""
        for path in [path for path in self._read if self.files[path].id]:
            del self._read[path]
            self._digests.pop(path, None)

    def paths(self, under: str = "", suffix: str = "") -> tuple[str, ...]:
        """Return the sorted paths that start with `under` and end with `suffix`."""
        start = bisect_left(self._sorted, under)
        end = bisect_right(self._sorted, under, start, key=lambda path: path[: len(under)])
        found = self._sorted[start:end]
        return tuple(path for path in found if path.endswith(suffix)) if suffix else tuple(found)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.files)

    def __contains__(self, path: object) -> bool:
        """Return whether there is such a file."""
        return path in self.files

    @staticmethod
    def of(texts: Mapping[str, str | bytes], time: datetime, **settings: object) -> Snapshot:
        """Return a snapshot of files given as text or bytes: what tests and `init` hand in."""
        blobs = {path: Blob(_giver(text)) for path, text in texts.items()}
        return Snapshot(blobs, revision="0" * 40, time=time, **settings)  # type: ignore[arg-type]


def _giver(text: str | bytes) -> Callable[[], bytes]:
    data = text.encode() if isinstance(text, str) else text
    return lambda: data


class Door:
    """A snapshot that writes down each path that passes: the sources of one document.

    `seen` are the paths that were read, `asked` those of which it was only asked whether they are there; folders end
    in "/".
    """

    def __init__(self, snapshot: Snapshot, seen: Iterable[str] = ()) -> None:
        self.snapshot = snapshot
        self.seen: set[str] = set(seen)
        self.asked: set[str] = set()

    def read(self, path: str) -> bytes:
        """Return the bytes of a file and remember the path; KeyError if there is none."""
        data = self.snapshot.read(path)
        self.seen.add(path)
        return data

    def __contains__(self, path: object) -> bool:
        """Return whether there is such a file; this does not count as reading it."""
        self.asked.add(str(path))
        return path in self.snapshot

    def has_folder(self, path: str) -> bool:
        """Return whether there is a file in such a folder."""
        self.asked.add(f"{path}/")
        return bool(self.snapshot.paths(f"{path}/"))

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 (hex) of each path seen, by path."""
        return {path: self.snapshot.digest(path) for path in sorted(self.seen)}
