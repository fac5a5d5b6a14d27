"""Take a commit and what is remembered of earlier ones; read Git's history in one pass; give it by path.

A history is a fold over the line of first parents, from the first commit on: what was folded up to a commit is
remembered, and the next reading begins there. So a reading that begins anywhere comes to the same as one of everything.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Annotated, Any, Protocol

from msgspec import Meta, convert

from pipeline.problems import Stop
from pipeline.sources.git import repository as git
from pipeline.sources.git.output import STEP_FORMAT, Step, read_second, read_steps
from pipeline.sources.mailmap import Mailmap, read_mailmap
from pipeline.sources.snapshot import Commit, History, Snapshot
from pipeline.sources.text import make_line
from pipeline.stored import BROKEN

SCHEMA = 1  # raise it when what is remembered has another form or meaning
MAILMAP = ".mailmap"
_MISSING_BLOB = "DB120"
_LONGEST_SUBJECT = 300
_LONGEST_FIELD = 4000
_LONGEST_LIST = 20  # names of one commit's trailers
# A file is the same under another name if half of it is; both numbers are said, since settings would change them.
_RENAMES = ("--find-renames=50%", "-l1000")
_EXACT_RENAMES = ("--find-renames=100%",)
# Merges count as one step, and steps that change no file are told of too: they may approve something.
_LINE = ("--name-status", "-m", "--first-parent", "--root", "--sparse", f"--format={STEP_FORMAT}")
_WIDE = STEP_FORMAT.count("%x00") + 1  # fields of a commit
_KEPT = tuple[
    list[Annotated[Sequence[str], Meta(min_length=_WIDE, max_length=_WIDE)]],
    dict[str, list[Annotated[int, Meta(ge=0)]]],
]


class Memory(Protocol):
    """What earlier readings came to; the records of builds are one."""

    def list_histories(self, place: str) -> tuple[str, ...]:
        """Return the commits up to which a history of a place is remembered, last used first."""

    def read_history(self, place: str, commit: str) -> bytes | None:
        """Return what was remembered."""

    def save_history(self, place: str, commit: str, data: bytes) -> None:
        """Remember a history up to a commit."""


@dataclass(frozen=True, slots=True)
class _Fold:
    """What a pass has come to: the fields of commits, oldest first, and by path where in that list it was changed."""

    commits: list[Sequence[str]] = field(default_factory=list)
    paths: dict[str, list[int]] = field(default_factory=dict)

    def add(self, steps: Iterable[Step], prefix: str) -> None:
        """Go on with further commits, oldest first; paths outside the project's folder are passed over."""
        for step in steps:
            changes = [(path, before) for path, before in step.changes if path.startswith(prefix)]
            if not changes and not step.fields[-1]:
                continue
            at = len(self.commits)
            self.commits.append(tuple(text[:_LONGEST_FIELD] for text in step.fields))
            # All old names are taken away first: two files may change names.
            moved = {path: self.paths.pop(before.removeprefix(prefix), []) for path, before in changes if before}
            for path, before in changes:
                name = path.removeprefix(prefix)
                self.paths[name] = [*(moved[path] if before else self.paths.get(name, ())), at]


class _Commits(Sequence[Commit]):
    """The commits of a fold as the line may know them, each made when it is first asked for."""

    def __init__(self, raw: Sequence[Sequence[str]], people: Mailmap, originals: Mapping[str, str]) -> None:
        self._raw = raw
        self._people = people
        self._originals = originals
        self._made: dict[int, Commit] = {}

    def __getitem__(self, at: Any) -> Any:
        if at not in self._made:
            self._made[at] = git.name_original(self._originals, _make_commit(self._raw[at], self._people))
        return self._made[at]

    def __len__(self) -> int:
        return len(self._raw)


def make_changes(repository: git.Repository, sha: str, memory: Memory | None = None) -> Callable[[], History]:
    """Return a function that reads the history of each path up to a commit, at most once."""

    @cache
    def changes() -> History:
        return read_history(repository, git.find_copy(repository, sha), memory)

    return changes


def make_touched(repository: git.Repository, sha: str) -> Callable[[str], frozenset[str] | None]:
    """Return a function that tells which paths the commits from an earlier one up to this one changed."""

    @cache
    def touched(revision: str) -> frozenset[str] | None:
        return read_touched(repository, git.find_copy(repository, revision), git.find_copy(repository, sha))

    return touched


def remember(snapshot: Snapshot, repository: git.Repository, memory: Memory) -> Snapshot:
    """Return the snapshot with a history that begins where an earlier reading ended."""
    if not snapshot.revision:
        return snapshot
    return replace(snapshot, changes=make_changes(repository, snapshot.revision, memory))


def read_history(folder: git.Repository, sha: str, memory: Memory | None = None) -> History:
    """Return what happened to each path below the project's folder up to a commit.

    A clone that lacks old contents cannot tell all renames: its history is not whole, but last changes are right.
    """
    names = git.find_blob(folder, sha, MAILMAP)
    people = read_mailmap(git.read_blobs(folder, (names,)).get(names, b"")) if names else Mailmap()
    fold, is_whole = _read_fold(folder, sha, memory)
    return History(_Commits(fold.commits, people, folder.originals), fold.paths, is_whole=is_whole, names=names)


def read_touched(folder: git.Repository, old: str, new: str) -> frozenset[str] | None:
    """Return the paths that the commits after `old` up to `new` changed, old names too.

    None unless `old` lies straight behind `new`, and where the span changed how people are named or approves documents
    by name: then paths do not tell what documents show.
    """
    if not git.find_line(folder, old, new):
        return None
    also = (MAILMAP,) if folder.prefix else ()
    steps = tuple(_read_line(folder, f"{old}..{new}", _EXACT_RENAMES, also))
    paths = {path for step in steps for change in step.changes for path in change if path}
    if MAILMAP in paths or any(step.fields[-1] for step in steps):
        return None
    return frozenset(path.removeprefix(folder.prefix) for path in paths if path.startswith(folder.prefix))


def _read_fold(folder: git.Repository, sha: str, memory: Memory | None) -> tuple[_Fold, bool]:
    """Return the fold up to a commit, and whether all renames are in it; remember it if they are."""
    place = f"{SCHEMA}:{folder.prefix}"
    known = memory.list_histories(place) if memory else ()
    old = next((one for one in known if one == sha or git.find_line(folder, one, sha)), "")
    fold = _load(memory.read_history(place, old)) if memory and old else None
    if fold is None:
        fold, old = _Fold(), ""
    if old == sha:
        return fold, True
    span = f"{old}..{sha}" if old else sha
    try:
        steps, is_whole = _read_line(folder, span, _RENAMES), True
    except Stop as stop:
        if all(problem.code != _MISSING_BLOB for problem in stop.problems):
            raise
        steps, is_whole = _read_line(folder, span, _EXACT_RENAMES), False
    fold.add(steps, folder.prefix)
    if memory and is_whole:
        memory.save_history(place, sha, _dump(fold))
    return fold, is_whole


def _read_line(
    folder: git.Repository, span: str, renames: tuple[str, ...], also: tuple[str, ...] = ()
) -> tuple[Step, ...]:
    """Return the commits of a span with their changes, oldest first."""
    output = git.run(folder, *git.LOG, *_LINE, *renames, span, *folder.below, *also)
    return tuple(read_steps(output))[::-1]


def _make_commit(fields: Sequence[str], people: Mailmap) -> Commit:
    sha, seconds, author, address, subject, approved, reviewed, approves = fields
    return Commit(
        sha,
        read_second(int(seconds)),
        people.find_name(author, address),
        make_line(subject, _LONGEST_SUBJECT),
        _list_people(approved, people),
        _list_people(reviewed, people),
        tuple(dict.fromkeys(word.strip() for word in approves.replace(",", "\n").split("\n") if word.strip())),
    )


def _list_people(lines: str, people: Mailmap) -> tuple[str, ...]:
    """Return the names of a trailer's lines, each once."""
    names = (people.find_person(line) for line in lines.split("\n")[:_LONGEST_LIST] if line.strip())
    return tuple(dict.fromkeys(name for name in names if name))


def _dump(fold: _Fold) -> bytes:
    return zlib.compress(json.dumps([fold.commits, fold.paths], separators=(",", ":")).encode(), 1)


def _load(data: bytes | None) -> _Fold | None:
    with suppress(zlib.error, *BROKEN):
        # Nothing later looks at its parts again. Git's names need not be UTF-8, so the standard library reads them.
        commits, paths = convert(json.loads(zlib.decompress(data or b"")), _KEPT)
        if all(at < len(commits) for changed in paths.values() for at in changed):
            return _Fold(commits, paths)
    return None
