"""Take a folder in a work tree; read it from disk, or from the last commit if nothing differs; give a Snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from pipeline.problems import USAGE, Problem, Stop
from pipeline.sources import disk, limits
from pipeline.sources.baselines import make_baselines
from pipeline.sources.clock import find_time, is_time_set
from pipeline.sources.commit import read_commit_of, read_entries, take_commit
from pipeline.sources.git import repository as git
from pipeline.sources.git import work_tree as git_work
from pipeline.sources.git.output import Entry
from pipeline.sources.history import make_changes, make_touched
from pipeline.sources.paths import check_paths, is_made
from pipeline.sources.snapshot import Blob, Snapshot

SMALL = 1_000_000  # bytes: up to here files are read at once, to be of one moment; larger ones when asked for

REFUSALS: dict[disk.Kind, Callable[[str], Problem]] = {
    "link": limits.make_link_problem,
    "folder": limits.make_submodule_problem,
    "special": limits.make_special_problem,
}


def read_sources(repository: git.Repository, rev: str | None) -> Snapshot:
    """Return the files of a commit, or those of the work tree where none is named."""
    return read_commit_of(repository, rev) if rev else read_worktree_of(repository)


def read_worktree(root: Path, *, output: str = "build") -> Snapshot:
    """Return the files below `root`, as `read_worktree_of` does."""
    with git.open_git(root) as repository:
        return read_worktree_of(repository, output=output)


def read_worktree_of(repository: git.Repository, *, output: str = "build") -> Snapshot:
    """Return the files of the project's folder that are tracked, or untracked and not ignored, as they are on disk.

    If nothing differs from the last commit, this is the snapshot of that commit; else it is `dirty` and says in
    `dirty_paths` where: these files are read from disk, all others from the commit. Files under `output` are never
    sources. Without a commit `revision` is "" and the time is SOURCE_DATE_EPOCH or 1980. Stop (exit code 2) in a bare
    repository.
    """
    if repository.bare:
        message = f"`{repository.top}` is a bare repository: it has no work tree"
        raise Stop(Problem("DB116", message, hint="name a commit, as in --rev main"), exit_code=USAGE)
    head = git.find_head(repository)
    changed = frozenset(path for path in git_work.read_status(repository) if not is_made(path, output))
    if head and not changed:
        return take_commit(repository, head, head, output=output)
    every = git_work.read_work_paths(repository)
    committed = _read_committed(repository, head, output)
    same = [entry for path, entry in committed.items() if path not in changed]
    found = [path for path in every if path in changed]
    left_out, named = check_paths((*(entry.path for entry in same), *(path.rstrip("/") for path in found)))
    kept, refused = read_entries(repository, (entry for entry in same if entry.path not in left_out))
    read, unread = _read_files(repository.root, [path for path in found if path.rstrip("/") not in left_out])
    problems = (*named, *refused, *unread, *limits.check_store(every))
    files = {**kept, **read}
    if not head:
        problems = (*problems, _no_commit())
        return Snapshot(files, "", find_time(), is_time_set(), True, dirty_paths=changed, problems=problems)
    return Snapshot(
        files=files,
        revision=head,
        time=find_time(git.read_commit_facts(repository, head).time),
        time_is_set=is_time_set(),
        dirty=True,
        shallow=git.is_shallow(repository),
        changes=make_changes(repository, head),
        baselines=make_baselines(repository, head),
        touched=make_touched(repository, head),
        dirty_paths=changed,
        dirty_names=changed - (committed.keys() & read.keys()),
        problems=problems,
    )


def _read_committed(folder: git.Repository, head: str, output: str) -> dict[str, Entry]:
    """Return what the last commit has below the project's folder, by path; nothing where there is none yet."""
    tree = git.find_tree(folder, head) if head else ""
    entries = git.read_entries(folder, tree, f"commit {head[:12]}") if tree else ()
    return {entry.path: entry for entry in entries if not is_made(entry.path, output)}


def _no_commit() -> Problem:
    message = "there is no commit yet: the documents are drafts without a revision"
    return Problem("DB103", message, hint="git add . && git commit", severity="warning")


def _read_files(root: Path, paths: Sequence[str]) -> tuple[dict[str, Blob], tuple[Problem, ...]]:
    problems: list[Problem] = []
    files: dict[str, Blob] = {}
    for path, taken in zip(paths, _take_all(root, paths), strict=True):
        problems += [part for part in taken if isinstance(part, Problem)]
        files.update((path, part) for part in taken if isinstance(part, Blob))
    return files, tuple(problems)


def _take_all(root: Path, paths: Iterable[str]) -> Iterator[tuple[Blob | Problem, ...]]:
    """Give, for each path, its blob or the problem with it, or both, or nothing if the file has gone."""
    linked = cache(partial(disk.has_link, root))
    for path in paths:
        if linked(path.rpartition("/")[0]):
            yield ()  # the link itself is among the paths, and gets the problem
            continue
        kind = disk.find_kind(root / path)
        if kind == "file":
            yield _take(root / path, path)
        else:
            yield (REFUSALS[kind](path),) if kind in REFUSALS else ()


def _take(file: Path, path: str) -> tuple[Blob | Problem, ...]:
    size = disk.read_size(file)
    if size > limits.LARGEST_FILE:
        return (limits.make_size_problem(path, size),)
    if size > SMALL:
        return (Blob(partial(_read_late, file, path)),)
    try:
        data, steady = disk.read_steadily(file)
    except FileNotFoundError:
        return ()
    except OSError:
        return (limits.make_special_problem(path),)
    if limits.is_pointer(data):
        return (limits.make_pointer_problem(path),)
    blob = Blob(lambda: data, disk.make_id(data))
    return (blob,) if steady else (blob, limits.make_restless_problem(path))


def _read_late(file: Path, path: str) -> bytes:
    try:
        data, steady = disk.read_steadily(file)
    except OSError:
        raise Stop(replace(limits.make_special_problem(path), severity="error")) from None
    if not steady:
        raise Stop(replace(limits.make_restless_problem(path), severity="error"))
    return data
