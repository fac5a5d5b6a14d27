"""Take questions about a Git repository; ask Git, over GitPython; give plain answers; nothing here writes anything."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.problems import Stop
from pipeline.sources.git import output as output_of
from pipeline.sources.git import stops as git_stops
from pipeline.sources.git import trust as git_trust
from pipeline.sources.git.output import Entry
from pipeline.sources.git.place import Found, find_repository, read_small
from pipeline.sources.git.run import Bounds, Exceeded, choose_bounds, converse, find_command, start_git
from pipeline.sources.snapshot import Commit
from pipeline.sources.stats import read_marks

# A repository's own configuration may name programs or change what Git prints: none of that here (see trust.py for
# what depends on it). A bare repository is only opened because somebody named it, which is all that
# safe.bareRepository asks for.
OPTIONS = tuple(
    word
    for setting in (
        "core.alternateRefsCommand=:",
        "core.fsmonitor=false",
        f"core.hooksPath={os.devnull}",
        f"diff.orderFile={os.devnull}",
        "gc.auto=0",
        "log.diffMerges=separate",
        "log.follow=false",
        "log.mailmap=false",
        "log.showSignature=false",
        "maintenance.auto=false",
        "safe.bareRepository=all",
        "trailer.separators=:",
    )
    for word in ("-c", setting)
)
LOG = ("log", "-z", "--no-color", "--no-ext-diff", "--no-textconv", "--encoding=UTF-8")
MOST_ENTRIES = 200_000  # files of one commit, as many as a package holds; a few small trees can stand for billions
LARGEST_LISTING = 256 << 20  # bytes of their names
# Commands for which Git reads settings that could name a program or a file without an end.
_GUARDED = frozenset({"add", "check-attr", "commit", "ls-files", "status", "tag", "verify-tag"})

# Beside Git's own files, since it belongs to a clone: lines of `new original`, from a closure package's commits.txt.
ORIGINALS = "deedbox-commits"

# Git itself reads the machine's settings when it looks for hooks or fetches, so this question must see them too.
AS_USUAL = {"GIT_CONFIG_NOSYSTEM": "0"}

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LARGEST_ORIGINALS = 64 << 20  # bytes
_NONE: Mapping[str, str] = {}
_confirmed: dict[Found, tuple[bytes, bool]] = {}  # repositories that Git itself has found: how they looked, if bare


@dataclass(frozen=True, slots=True)
class Repository:
    """A project repository as Git has it, found and confirmed: `top` is that of the work tree, or the bare repository.

    `prefix` is the path of the project's folder below the top, "" or ending in "/"; in a bare repository, its path in
    the commits. `originals` maps commits of a closure package's filtered history to
    those that they were made from.
    """

    top: Path
    git_dir: Path
    prefix: str
    bare: bool
    originals: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """Return the project's folder on the disk, of a repository with a work tree."""
        return self.top / self.prefix

    @property
    def below(self) -> tuple[str, ...]:
        """Return the path arguments that keep a question to the project's folder."""
        return ("--", self.prefix) if self.prefix else ("--",)

    @property
    def surroundings(self) -> dict[str, str]:
        """Return the variables that keep Git to this repository and work tree, whatever its settings say."""
        tree = {} if self.bare else {"GIT_WORK_TREE": str(self.top)}
        return {"GIT_DIR": str(self.git_dir), **tree}


@contextmanager
def open_git(root: Path, inside: str = "") -> Iterator[Repository]:
    """Give the repository of a folder for the time of a `with` block; Stop if it is in no usable one.

    `inside` is the project's folder in the commits of a bare repository, where it is not their top.
    """
    root = root.resolve()
    found = find_repository(root)
    if found is None:
        raise git_stops.make_no_repository(root)
    bare = _confirm(found)
    top = found.git_dir if bare else found.top or found.git_dir.parent
    below = "" if top == root or not root.is_relative_to(top) else f"{root.relative_to(top).as_posix()}/"
    yield Repository(top, found.git_dir, inside if bare else below, bare, read_originals(found.git_dir))


def _confirm(found: Found) -> bool:
    """Return whether a repository is bare; Stop if Git itself finds none here, or another one.

    Git has the last word, and the first: who owns a repository comes before what is in it. It is asked again when
    anything has moved in the folder or in its settings.
    """
    place = found.top or found.git_dir
    seen = read_marks([str(path) for path in (place, found.git_dir, *git_trust.list_settings(found))])
    known = _confirmed.get(found)
    if known is not None and known[0] == seen:
        return known[1]
    try:
        git_trust.check_files(found)
    except Stop:
        if git_trust.is_refused(found):
            raise git_stops.make_refusal(place, "rev-parse", "dubious ownership") from None
        raise
    asked = "--is-bare-repository" if found.top is None else "--show-toplevel"
    code, output, errors = _ask(place, ("rev-parse", "--absolute-git-dir", asked), {})
    if code:
        raise git_stops.make_refusal(place, "rev-parse", errors)
    said = output.removesuffix(b"\n")
    git_dir, _, rest = said.rpartition(b"\n")
    if found.top is not None:
        end = b"\n" + os.fsencode(found.top)
        if not said.endswith(end) and not _is_same(rest, found.top):
            raise git_stops.make_refusal(place, "rev-parse", "must be run in a work tree")
        git_dir = said.removesuffix(end) if said.endswith(end) else git_dir
    if not _is_same(git_dir, found.git_dir):
        raise git_stops.make_other_repository(place)
    bare = found.top is None and rest == b"true"
    _confirmed[found] = (seen, bare)
    return bare


def _is_same(said: bytes, path: Path) -> bool:
    """Return whether Git's word for a folder means ours: some file systems know one folder by many spellings."""
    try:
        return said == os.fsencode(path) or Path(os.fsdecode(said)).samefile(path)
    except (OSError, ValueError):
        return False


def make_repository(folder: Path, *options: str) -> None:
    """Make an empty repository in a folder, which may not exist yet; Stop where Git cannot."""
    folder.mkdir(parents=True, exist_ok=True)
    code, _, errors = _ask(folder, ("init", "--quiet", "--initial-branch=main", *options), {})
    if code:
        raise git_stops.make_refusal(folder, "init", errors)


def run(folder: Repository, *arguments: str, standard_input: bytes = b"") -> bytes:
    """Return the output of one Git command at the repository's top; Stop with a calm message if Git refuses."""
    code, output, errors = ask(folder, *arguments, standard_input=standard_input)
    if code:
        raise git_stops.make_refusal(folder.top, arguments[0], errors)
    return output


def find_commit(folder: Repository, rev: str) -> str:
    """Return the full id of the commit that a person's word (branch, tag, id, `HEAD~2`) names; Stop if none."""
    sha = "" if not rev or _CONTROL.search(rev) else _verified(folder, f"{rev}^{{commit}}")
    if not sha:
        raise _unknown_revision(folder, rev)
    return sha


def find_object_commit(folder: Repository, sha: str) -> str:
    """Return the id of the commit behind an object's id, or "" if it is none or not here."""
    return _verified(folder, f"{sha}^{{commit}}") if _SHA.fullmatch(sha) else ""


def find_tag(folder: Repository, name: str) -> str:
    """Return the id of the object that a tag of this name is, "" if there is none."""
    return _verified(folder, f"refs/tags/{name}")


def find_head(folder: Repository) -> str:
    """Return the id of the commit that is checked out, or "" if there is no commit yet."""
    return _verified(folder, "HEAD^{commit}")


def find_tree(folder: Repository, sha: str) -> str:
    """Return the id of the tree of the project's folder in a commit, or "" if the commit has no such folder."""
    return _verified(folder, f"{sha}:{folder.prefix.rstrip('/')}")


def read_entries(folder: Repository, tree: str, name: str) -> tuple[Entry, ...]:
    """Return every file, link and submodule below a tree, with paths relative to it.

    Stop where they are too many; `name` is what people call the commit that has the tree.
    """
    lines = _list_tree(folder, name, "-r", "-z", "-l", "--full-tree", tree)
    return tuple(output_of.read_entry(line) for line in lines)


def _list_tree(folder: Repository, name: str, *words: str) -> list[bytes]:
    """Return the lines of a tree; Stop with its name where they are more than a repository of documents can have."""
    bounds = Bounds(LARGEST_LISTING, MOST_ENTRIES)
    try:
        code, output, errors = _ask(folder.top, ("ls-tree", *words), _surround(folder), bounds=bounds)
    except Exceeded as exceeded:
        raise git_stops.make_too_many(name, MOST_ENTRIES, exceeded) from None
    if code:
        raise git_stops.make_refusal(folder.top, "ls-tree", errors)
    return output_of.split_zero(output)


def list_paths(folder: Repository, sha: str) -> tuple[str, ...]:
    """Return the paths of all plain files of a commit, from the repository's top."""
    found = _list_tree(folder, f"commit {sha[:12]}", "-r", "-z", "--full-tree", sha)
    lines = (line.partition(b"\t") for line in found)
    return tuple(output_of.decode_path(path) for facts, _, path in lines if facts.startswith(b"100"))


def read_blobs(folder: Repository, ids: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of blobs by id, in one go; without those that this clone lacks."""
    wanted = "".join(f"{sha}\n" for sha in dict.fromkeys(ids))
    if not wanted:
        return {}
    output = run(folder, "cat-file", "--batch", standard_input=wanted.encode())
    return {sha: data for sha, data in output_of.read_batch(output) if data is not None}


def read_commit_facts(folder: Repository, sha: str) -> Commit:
    """Return id, committer's time (UTC), author and subject of a commit."""
    output = run(folder, *LOG, f"--format={output_of.COMMIT_FORMAT}", "-1", "--no-patch", sha, "--")
    return name_original(folder.originals, output_of.read_commit_fields(output.split(b"\0")[: output_of.COMMIT_FIELDS]))


def name_original(originals: Mapping[str, str], commit: Commit) -> Commit:
    """Return a commit under the id that it had before a closure package's history was filtered."""
    original = originals.get(commit.id)
    return replace(commit, id=original) if original else commit


def find_copy(folder: Repository, sha: str) -> str:
    """Return the commit of a filtered history that was made from another one; any other repository has itself."""
    return next((copy for copy, original in folder.originals.items() if original == sha), sha)


def read_originals(git_dir: Path) -> Mapping[str, str]:
    """Return which commit of a filtered history was made from which; empty in any other repository."""
    text = (read_small(git_dir / ORIGINALS, _LARGEST_ORIGINALS) or b"").decode("ascii", "replace")
    pairs = (line.split() for line in text.splitlines())
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2 and all(map(_SHA.fullmatch, pair))}


def find_blob(folder: Repository, sha: str, path: str) -> str:
    """Return the id of what lies at a path of the whole repository in a commit, "" if nothing does."""
    return _verified(folder, f"{sha}:{path}")


def find_line(folder: Repository, old: str, new: str) -> bool:
    """Return whether one commit lies straight behind another: by first parents, the line that a history follows."""
    if not (_SHA.fullmatch(old) and _SHA.fullmatch(new)):
        return False
    code, output, _ = ask(folder, "rev-list", "--first-parent", "--parents", f"{old}..{new}", "--")
    lines = output.decode("ascii", "replace").splitlines()
    return not code and (lines[-1].split()[1:2] if lines else [new]) == [old]


def read_commits_of(folder: Repository, path: str) -> tuple[str, ...]:
    """Return the commits of the line of first parents that changed a file of the project's folder, newest first."""
    output = run(folder, "log", "--first-parent", "--format=%H", "HEAD", "--", f"{folder.prefix}{path}")
    return tuple(output.decode("ascii").split())


def read_file(folder: Repository, sha: str, path: str) -> bytes | None:
    """Return a file of the project's folder as it was in a commit; None if there was none."""
    blob = _verified(folder, f"{sha}:{folder.prefix}{path}")
    return read_blobs(folder, (blob,)).get(blob) if blob else None


def is_shallow(folder: Repository) -> bool:
    """Return whether the history of this clone is cut off."""
    return run(folder, "rev-parse", "--is-shallow-repository").strip() == b"true"


def read_names(folder: Repository) -> tuple[str, ...]:
    """Return the short names of all branches and tags."""
    output = run(folder, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads", "refs/tags", "refs/remotes")
    return tuple(output.decode("utf-8", "replace").split())


def read_path_setting(folder: Repository, name: str) -> tuple[str, str]:
    """Return a setting that names a path, with `~` filled in, and its scope: system, global, local, worktree, command.

    Both are "" where it is not set.
    """
    code, output, _ = ask(folder, "config", "--show-scope", "--path", "-z", "--get", name, environment=AS_USUAL)
    parts = output.decode("utf-8", "surrogateescape").split("\0")
    return (parts[1], parts[0]) if code == 0 and len(parts) >= 2 else ("", "")


def save_setting(folder: Repository, name: str, value: str) -> None:
    """Write a setting into the repository's own configuration; Stop where Git refuses."""
    code, _, errors = ask(folder, "config", "--local", name, value)
    if code:
        raise git_stops.make_refusal(folder.top, "config", errors)


def start(folder: Repository, *arguments: str, environment: Mapping[str, str] = _NONE, remote: bool = False) -> Any:
    """Return a Git command that has just begun, with pipes for its input, output and errors.

    With `remote` it is told how other machines are reached, and may do so.
    """
    guards = _guard(folder) if find_command(arguments) in _GUARDED else ()
    surroundings = {**_surround(folder), **environment}
    return start_git(folder.top, _complete((*guards, *arguments)), surroundings, remote=remote)


def ask(
    folder: Repository,
    *arguments: str,
    standard_input: bytes = b"",
    environment: Mapping[str, str] = _NONE,
    remote: bool = False,
    seconds: float = 0,
) -> tuple[int, bytes, str]:
    """Return exit code, output and error words of one Git command at the repository's top, come what may.

    Stop where the answer is too long, or takes too long (`seconds`, unless 0, is other than usual).
    """
    process = start(folder, *arguments, environment=environment, remote=remote)
    return _finish(folder.top, process, arguments, standard_input, seconds)


def _finish(top: Path, process: Any, arguments: tuple[str, ...], data: bytes, seconds: float) -> tuple[int, bytes, str]:
    command = find_command(arguments)
    usual = choose_bounds(command)
    try:
        return converse(process, data, replace(usual, seconds=seconds or usual.seconds))
    except Exceeded as exceeded:
        raise git_stops.make_exceeded(top, command, exceeded) from None


def _ask(
    place: Path, arguments: tuple[str, ...], surroundings: Mapping[str, str], *, bounds: Bounds | None = None
) -> tuple[int, bytes, str]:
    process = start_git(place, _complete(arguments), surroundings)
    return _finish(place, process, arguments, b"", 0) if bounds is None else converse(process, b"", bounds)


def _complete(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words with our options before them; a question for a setting must not be answered with one of ours."""
    return arguments if find_command(arguments) == "config" else (*OPTIONS, *arguments)


def _surround(folder: Repository) -> dict[str, str]:
    return {**folder.surroundings, **_quarantine(folder)}


def _guard(folder: Repository) -> tuple[str, ...]:
    """Return options against what settings name that would run something, or have no end, while Git looks at files."""
    code, output, errors = _ask(folder.top, ("config", "--list", "-z", "--show-scope"), folder.surroundings)
    if code:
        raise git_stops.make_refusal(folder.top, "config", errors)
    return git_trust.make_overrides(folder.top, git_trust.read_words(output))


def _quarantine(folder: Repository) -> dict[str, str]:
    """Return what lets a `pre-receive` hook read the commits that are not yet accepted into this repository."""
    waiting = os.environ.get("GIT_QUARANTINE_PATH", "")
    objects = folder.git_dir / "objects"
    if not waiting or not Path(waiting).resolve().is_relative_to(objects):
        return {}
    return {"GIT_OBJECT_DIRECTORY": waiting, "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(objects)}


def _verified(folder: Repository, name: str) -> str:
    code, output, _ = ask(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
    sha = output.decode("ascii", "replace").strip()
    return sha if code == 0 and _SHA.fullmatch(sha) else ""


def _unknown_revision(folder: Repository, rev: str) -> Stop:
    names = read_names(folder)
    return git_stops.make_unknown_revision(rev, names, empty=not names and not find_head(folder))
