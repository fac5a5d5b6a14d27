"""Take a folder and the name of a commit; read its files from Git's object database; give a Snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache, partial
from itertools import accumulate
from pathlib import Path

from pipeline.problems import USAGE, Problem, Stop
from pipeline.sources import limits
from pipeline.sources.baselines import make_baselines
from pipeline.sources.clock import find_time, is_time_set
from pipeline.sources.git import repository as git
from pipeline.sources.git.output import Entry
from pipeline.sources.git.stops import make_missing_blob
from pipeline.sources.history import make_changes, make_touched
from pipeline.sources.paths import check_paths, is_made
from pipeline.sources.places import SETTINGS
from pipeline.sources.snapshot import Blob, Snapshot

LINK, SUBMODULE = "120000", "160000"
SMALL = 1_000_000  # bytes: up to here, one question to Git fetches a folder's files; above, each is asked for alone
SMALL_IN_ALL = 64_000_000  # bytes that one question fetches: text has room in it, a folder of pictures need not
_SHELVES = 8  # folders whose files stay in memory: a build goes from project to project, and comes back to few


def read_commit(root: Path, rev: str, *, output: str = "build") -> Snapshot:
    """Return the files of a commit below the folder `root` (or of a bare repository), as `read_commit_of` does."""
    with git.open_git(root) as repository:
        return read_commit_of(repository, rev, output=output)


def read_commit_of(repository: git.Repository, rev: str, *, output: str = "build") -> Snapshot:
    """Return the files of a commit below the project's folder, read without a checkout.

    Links, submodules, files above 50 MB and names that cannot travel are left out, each with a problem; files under
    `output` are never sources. Stop (exit code 2) if nothing is called `rev`, or the commit has no `deedbox.yaml`.
    """
    return take_commit(repository, git.find_commit(repository, rev), rev, output=output)


def take_commit(repository: git.Repository, sha: str, rev: str, *, output: str = "build") -> Snapshot:
    """Return the same of a commit whose id is known; `rev` is what people call it."""
    every = _entries(repository, sha, rev)
    usable = [entry for entry in every if not is_made(entry.path, output)]
    left_out, named = check_paths(entry.path for entry in usable)
    files, problems = read_entries(repository, [entry for entry in usable if entry.path not in left_out])
    return Snapshot(
        files=files,
        revision=repository.originals.get(sha, sha),
        time=find_time(git.read_commit_facts(repository, sha).time),
        time_is_set=is_time_set(),
        shallow=git.is_shallow(repository),
        changes=make_changes(repository, sha),
        baselines=make_baselines(repository, sha),
        touched=make_touched(repository, sha),
        problems=(*named, *problems, *limits.check_store(entry.path for entry in every)),
    )


def _entries(folder: git.Repository, sha: str, rev: str) -> tuple[Entry, ...]:
    tree = git.find_tree(folder, sha)
    entries = git.read_entries(folder, tree, f"commit `{rev}` ({sha[:12]})") if tree else ()
    if not any(entry.path == SETTINGS for entry in entries):
        message = f"commit `{rev}` ({sha[:12]}) has no file `{folder.prefix}{SETTINGS}`"
        raise Stop(Problem("DB117", message, hint="choose a later commit, or commit the file"), exit_code=USAGE)
    return entries


def read_entries(repository: git.Repository, entries: Iterable[Entry]) -> tuple[dict[str, Blob], tuple[Problem, ...]]:
    """Return those entries of a commit that become files, by path, and a problem for each one that does not."""
    good = tuple(entries)
    refused = {entry.path: problem for entry in good if (problem := _refuse(entry))}
    regular = [entry for entry in good if entry.path not in refused]
    pointers = {path: limits.make_pointer_problem(path) for path in _find_pointers(repository, regular)}
    kept = tuple(entry for entry in regular if entry.path not in pointers)
    return _blobs(repository, kept), (*refused.values(), *pointers.values())


def _refuse(entry: Entry) -> Problem | None:
    if entry.mode == LINK:
        return limits.make_link_problem(entry.path)
    if entry.mode == SUBMODULE:
        return limits.make_submodule_problem(entry.path)
    return limits.make_size_problem(entry.path, entry.size) if entry.size > limits.LARGEST_FILE else None


def _find_pointers(folder: git.Repository, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Text is never in LFS here, and other files are seldom this small: few are read ahead of their time."""
    text = (".md", ".yaml", ".yml")
    small = [e for e in entries if e.size in limits.POINTER_SIZES and not e.path.endswith(text)]
    contents = git.read_blobs(folder, (entry.id for entry in small))
    return tuple(entry.path for entry in small if limits.is_pointer(contents.get(entry.id, b"")))


def _blobs(repository: git.Repository, entries: tuple[Entry, ...]) -> dict[str, Blob]:
    """Return files by path; what a build reads of a first folder, in most repositories a project, it reads whole."""
    tops: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        tops[entry.path.partition("/")[0]].append(entry)
    small = {top: _find_small(found) for top, found in tops.items()}

    @lru_cache(_SHELVES)
    def shelf(top: str) -> dict[str, bytes]:
        return git.read_blobs(repository, small[top])

    def load(top: str | None, sha: str) -> bytes:
        found = git.read_blobs(repository, (sha,)) if top is None else shelf(top)
        if sha not in found:
            raise make_missing_blob(sha)
        return found[sha]

    blobs = {}
    for top, found in tops.items():
        together = set(small[top])
        for one in found:
            blobs[one.path] = Blob(partial(load, top if one.id in together else None, one.id), one.id)
    return blobs


def _find_small(entries: Collection[Entry]) -> tuple[str, ...]:
    """Return the ids of those files of a folder that one question fetches: the smallest, if they are not too much."""
    if sum(entry.size for entry in entries) <= SMALL:
        return tuple(entry.id for entry in entries)
    sizes = sorted({(entry.size, entry.id) for entry in entries})
    sums = accumulate(size for size, _ in sizes)
    return tuple(id for (size, id), sum in zip(sizes, sums, strict=True) if size <= SMALL and sum <= SMALL_IN_ALL)
