"""Take the Git bundle of a package; let Git read it in a temporary repository; hold it against the package's files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha1, sha256
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.archive.descent import open_new
from pipeline.closure.bag import PAYLOAD
from pipeline.closure.verify.package import CONTROL, MALFORMED, MOST_FILES, Package, read_text
from pipeline.problems import Place, Problem, Stop
from pipeline.sources.commit import LINK, SUBMODULE
from pipeline.sources.git import repository as git
from pipeline.sources.git import stream as git_stream
from pipeline.sources.git.output import Entry, read_entry
from pipeline.sources.paths import check_paths, show_path
from pipeline.sources.scope import is_shared

BUNDLE, MAP, PROVENANCE = f"{PAYLOAD}history.bundle", f"{PAYLOAD}commits.txt", f"{PAYLOAD}provenance.json"
SOURCES = f"{PAYLOAD}sources/"
WRONG = "DB517"
_SMALL = ("-c", "core.bigFileThreshold=1m", "-c", "pack.threads=1")
_WINDOWS = ("-c", "core.packedGitWindowSize=32m", "-c", "core.packedGitLimit=128m")
MOST_REFS = 5000
MOST_ENTRIES = 1_000_000
_REF = rb"[0-9a-f]{40,64} (?:HEAD|refs/(?:heads|tags)/[^\x00-\x20\x7f~^:?*\[\\]+)\n"
_HEAD = re.compile(rb"# v[23] git bundle\n(?:@object-format=sha(?:1|256)\n)?(?:" + _REF + rb")+")
_LARGEST = 4_000_000  # bytes of provenance.json, and of a bundle before its pack
_MAPPED = re.compile(r"([0-9a-f]{40,64}) [0-9a-f]{40,64}\n")
_LONGEST_READING = 1800  # seconds for a whole history
_LONGEST_LINE = 130  # characters of a line with two commits
_LONGEST = 1000  # characters of a name in it


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a package says of itself, as far as it has to be believed to be checked."""

    project: str
    tip: str
    folder: str
    holds: str
    people: str
    engine: str
    baselines: tuple[str, ...]


def read_provenance(package: Package) -> Provenance:
    """Return what provenance.json says; Stop where it does not say it."""
    try:
        value: Any = json.loads(read_text(package, PROVENANCE, _LARGEST))
        history = value["history"]
        baselines = [one["name"] for one in value["baselines"] if one["outcome"] == "built"]
        words = (value["project"], history["commit"] or "", history["folder"], history["holds"], history["people"])
        engine = value["engine"]["digest"]
        if not all(isinstance(word, str) for word in (*words, engine, *baselines)):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Stop(Problem(MALFORMED, "does not say where the package comes from", Place(PROVENANCE))) from None
    if any(len(word) > _LONGEST or CONTROL.search(word) for word in (*words, engine, *baselines)):
        raise Stop(Problem(MALFORMED, "holds a name that is too long or cannot be shown", Place(PROVENANCE)))
    if history["holds"] not in ("project", "full", "none"):
        raise Stop(Problem(MALFORMED, "does not say which history the package holds", Place(PROVENANCE)))
    if ".." in PurePosixPath(history["folder"]).parts or history["folder"].startswith("/"):
        raise Stop(Problem(MALFORMED, "names a folder outside the history", Place(PROVENANCE)))
    return Provenance(*words, engine, tuple(baselines))


def fetch_bundle(package: Package, folder: Path) -> Path:
    """Return a new repository below `folder` with all that the bundle holds; Stop where Git does not take it.

    Nothing is checked out, and no program but Git reads what is in it.
    """
    head = _read_head(package)
    bundle = folder / "history.bundle"
    with open_new(bundle) as file:
        for piece in package.pieces(BUNDLE):
            file.write(piece)
    target = folder / "clone"
    git_stream.make_repository(target, None, is_new=b"\n@object-format=sha256\n" in head)
    with git.open_git(target) as clone:
        _ask(clone, "bundle", "verify", "--quiet", str(bundle))
        options = ("--quiet", "--no-tags", "--update-head-ok", "--no-auto-maintenance", "--no-write-fetch-head")
        _ask(clone, *_SMALL, *_WINDOWS, "fetch", *options, "--end-of-options", str(bundle), "+refs/*:refs/*")
    bundle.unlink()
    return target


def _ask(clone: git.Repository, *words: str) -> None:
    """Let Git read the bundle, and nothing but files of this machine; Stop where it does not take it."""
    try:
        code, _, said = git.ask(clone, *words, environment={"GIT_ALLOW_PROTOCOL": "file"}, seconds=_LONGEST_READING)
    except Stop as stop:  # it does not come to its end
        raise Stop(Problem(WRONG, f"Git does not take it: {stop.problems[0].message}", Place(BUNDLE))) from None
    if code:
        first = next(iter(said.splitlines()), "no reason given").removeprefix("fatal: ").removeprefix("error: ")
        raise Stop(Problem(WRONG, f"Git does not take it: {first}", Place(BUNDLE)))


def _read_head(package: Package) -> bytes:
    """Return the lines before the bundle's pack; Stop where Git would look for their end, or make refs, for ages."""
    head = b""
    for piece in package.pieces(BUNDLE):
        head += piece
        if b"\n\n" in head or len(head) > _LARGEST:
            break
    head = head.partition(b"\n\n")[0] + b"\n"
    if len(head) > _LARGEST or not _HEAD.fullmatch(head) or head.count(b"\n") > MOST_REFS or b".." in head:
        words = f"is no bundle of a whole history with plain branches and tags, {MOST_REFS:,} at most"
        raise Stop(Problem(WRONG, words, Place(BUNDLE)))
    return head


def check_history(package: Package, clone: Path, said: Provenance) -> Iterator[Problem]:
    """Yield where the history is not the one that the package tells of, or its last state not that of the sources."""
    with git.open_git(clone) as folder:
        if not said.tip or git.find_head(folder) != said.tip:
            yield Problem(WRONG, "does not end at the commit that provenance.json names", Place(BUNDLE))
            return
        yield from _check_map(package, folder)
        tree = f"{said.tip}:{said.folder.rstrip('/')}"
        entries = list(_read_entries(folder, tree, said.project))
    unsafe, _ = check_paths(entry.path for entry in entries)
    ids = {entry.path: entry.id for entry in entries if entry.path not in unsafe}
    found = {path.removeprefix(SOURCES) for path in package.files if path.startswith(SOURCES)}
    yield from (_differ(path, "is not in the history") for path in sorted(found - ids.keys()))
    yield from (_differ(path, "is in the history, and not here") for path in sorted(ids.keys() - found))
    for path in sorted(found & ids.keys()):
        if _make_id(package, SOURCES + path, len(ids[path])) != ids[path]:
            yield _differ(path, "is not what the history holds")


def _read_entries(folder: git.Repository, tree: str, project: str) -> Iterator[Entry]:
    """Give the files of a project and the shared ones below a tree.

    Stop where a few small trees, each in many places, make more than there can be, or than a package can hold.
    """
    words = ("ls-tree", "-r", "-z", "-l", "--full-tree", tree)
    given = 0
    for number, line in enumerate(git_stream.read_parts(folder, *words)):
        if number == MOST_ENTRIES:
            raise _too_many(MOST_ENTRIES)
        entry = read_entry(line)
        if entry.mode not in (LINK, SUBMODULE) and (entry.path.startswith(f"{project}/") or is_shared(entry.path)):
            if given == MOST_FILES:
                raise _too_many(MOST_FILES)
            given += 1
            yield entry


def _too_many(most: int) -> Stop:
    return Stop(Problem(WRONG, f"has more than {most:,} files in one commit", Place(BUNDLE)))


def _check_map(package: Package, folder: git.Repository) -> Iterator[Problem]:
    """Yield the first line of commits.txt that does not map a commit of the history to one that it was."""
    if MAP not in package.files:
        return
    known = set(git.run(folder, "rev-list", "--all").decode("ascii").split())
    lines = StringIO(read_text(package, MAP, len(known) * _LONGEST_LINE + 1))
    for number, line in enumerate(lines, 1):
        found = _MAPPED.fullmatch(line)
        if found is None or found[1] not in known:
            yield Problem(WRONG, "does not name a commit of the history, and what it was", Place(MAP, number))
            return


def _make_id(package: Package, path: str, length: int) -> str:
    digest = (sha1 if length == 40 else sha256)(b"blob %d\0" % package.files[path], usedforsecurity=False)
    for piece in package.pieces(path):
        digest.update(piece)
    return digest.hexdigest()


def _differ(path: str, words: str) -> Problem:
    return Problem(WRONG, words, Place(show_path(SOURCES + path)))
