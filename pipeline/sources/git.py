"""Take questions about a Git repository; ask Git, over GitPython; give plain answers; nothing here writes anything."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from subprocess import PIPE
from threading import Lock
from typing import Any

from pipeline.problems import Stop
from pipeline.sources import git_output as output_of
from pipeline.sources import git_stops
from pipeline.sources.git_output import Entry
from pipeline.sources.passing import PATTERNS, is_passing
from pipeline.sources.snapshot import Commit
from pipeline.sources.stats import read_marks

# Git exports these into hooks. They name the hook's own repository and would turn every question to it.
HOOK_VARIABLES = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_EXTERNAL_DIFF",
    "GIT_GLOB_PATHSPECS",
    "GIT_GRAFT_FILE",
    "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)

ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}

# A repository's own configuration may name programs or change what Git prints: none of that here.
# A bare repository is only opened because somebody named it, which is all that safe.bareRepository asks for.
OPTIONS = tuple(
    word
    for setting in (
        "core.fsmonitor=false",
        "log.diffMerges=separate",
        "log.follow=false",
        "log.showSignature=false",
        "trailer.separators=:",
        "safe.bareRepository=all",
    )
    for word in ("-c", setting)
)
LOG = ("log", "-z", "--no-color", "--no-ext-diff", "--no-textconv", "--encoding=UTF-8")

# Beside Git's own files, since it belongs to a clone: lines of `new original`, from a closure package's commits.txt.
ORIGINALS = "deedbox-commits"

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NONE: Mapping[str, str] = {}
_environment_lock = Lock()
_confirmed: dict[tuple[Path, Path], bytes] = {}  # repositories that Git itself has found, as they looked
_insides: dict[Path, str] = {}  # the project's folder in the commits of a bare repository, where it is not their top


@dataclass(frozen=True, slots=True)
class Folder:
    """A project repository's place in Git: the work tree's top (or the bare repository) and the path below it.

    `prefix` is "" at the top, else it ends in "/". `git` is GitPython's command object, for this module alone.
    `originals` maps commits of a closure package's filtered history to those that they were made from.
    """

    top: Path
    git_dir: Path
    prefix: str
    bare: bool
    git: Any
    originals: Mapping[str, str] = field(default_factory=dict)

    @property
    def below(self) -> tuple[str, ...]:
        """Return the path arguments that keep a question to the project's folder."""
        return ("--", self.prefix) if self.prefix else ("--",)


@contextmanager
def open_git(root: Path) -> Iterator[Folder]:
    """Give the Git side of a folder for the time of a `with` block; Stop if it is in no usable repository."""
    root = root.resolve()
    with _repo(root) as repo:
        top = Path(repo.working_tree_dir or repo.git_dir).resolve()
        git_dir = Path(repo.git_dir).resolve()
        inside = "" if top == root else f"{root.relative_to(top).as_posix()}/"
        prefix = _insides.get(git_dir, "") if repo.bare else inside
        folder = Folder(top, git_dir, prefix, bool(repo.bare), repo.git, read_originals(git_dir))
        _confirm(folder, root)
        yield folder


def _confirm(folder: Folder, root: Path) -> None:
    """Stop if Git itself does not find this repository here, once for as long as nothing has moved in its folder.

    GitPython does not look who owns a repository, and takes some broken ones for good: Git has the last word.
    """
    seen = read_marks([str(folder.git_dir)])
    if _confirmed.get((root, folder.git_dir)) == seen:
        return
    found = run(folder, "rev-parse", "--absolute-git-dir").rstrip(b"\n")
    if Path(os.fsdecode(found)).resolve() != folder.git_dir:
        raise git_stops.make_other_repository(root)
    _confirmed[root, folder.git_dir] = seen


def look_inside(root: Path, prefix: str) -> None:
    """Take this folder of its commits for the project's whenever this bare repository is opened; "" is their top."""
    _insides[root.resolve()] = prefix


def run(folder: Folder, *arguments: str, standard_input: bytes = b"") -> bytes:
    """Return the output of one Git command at the repository's top; Stop with a calm message if Git refuses."""
    code, output, errors = ask(folder, *arguments, standard_input=standard_input)
    if code:
        raise git_stops.make_refusal(folder.top, arguments[0], errors)
    return output


def find_commit(folder: Folder, rev: str) -> str:
    """Return the full id of the commit that a person's word (branch, tag, id, `HEAD~2`) names; Stop if none."""
    sha = "" if not rev or _CONTROL.search(rev) else _verified(folder, f"{rev}^{{commit}}")
    if not sha:
        raise _unknown_revision(folder, rev)
    return sha


def find_object_commit(folder: Folder, sha: str) -> str:
    """Return the id of the commit behind an object's id, or "" if it is none or not here."""
    return _verified(folder, f"{sha}^{{commit}}") if _SHA.fullmatch(sha) else ""


def find_tag(folder: Folder, name: str) -> str:
    """Return the id of the object that a tag of this name is, "" if there is none."""
    return _verified(folder, f"refs/tags/{name}")


def find_head(folder: Folder) -> str:
    """Return the id of the commit that is checked out, or "" if there is no commit yet."""
    return _verified(folder, "HEAD^{commit}")


def find_tree(folder: Folder, sha: str) -> str:
    """Return the id of the tree of the project's folder in a commit, or "" if the commit has no such folder."""
    return _verified(folder, f"{sha}:{folder.prefix.rstrip('/')}")


def read_entries(folder: Folder, tree: str) -> tuple[Entry, ...]:
    """Return every file, link and submodule below a tree, with paths relative to it."""
    output = run(folder, "ls-tree", "-r", "-z", "-l", "--full-tree", tree)
    return tuple(output_of.read_entry(line) for line in output_of.split_zero(output))


def list_paths(folder: Folder, sha: str) -> tuple[str, ...]:
    """Return the paths of all plain files of a commit, from the repository's top."""
    output = run(folder, "ls-tree", "-r", "-z", "--full-tree", sha)
    lines = (line.partition(b"\t") for line in output_of.split_zero(output))
    return tuple(output_of.decode_path(path) for facts, _, path in lines if facts.startswith(b"100"))


def read_blobs(folder: Folder, ids: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of blobs by id, in one go; without those that this clone lacks."""
    wanted = "".join(f"{sha}\n" for sha in dict.fromkeys(ids))
    if not wanted:
        return {}
    output = run(folder, "cat-file", "--batch", standard_input=wanted.encode())
    return {sha: data for sha, data in output_of.read_batch(output) if data is not None}


def read_commit_facts(folder: Folder, sha: str) -> Commit:
    """Return id, committer's time (UTC), author and subject of a commit."""
    output = run(folder, *LOG, f"--format={output_of.COMMIT_FORMAT}", "-1", "--no-patch", sha, "--")
    return name_original(folder, output_of.read_commit_fields(output.split(b"\0")[: output_of.COMMIT_FIELDS]))


def name_original(folder: Folder, commit: Commit) -> Commit:
    """Return a commit under the id that it had before a closure package's history was filtered."""
    original = folder.originals.get(commit.id)
    return replace(commit, id=original) if original else commit


def find_copy(folder: Folder, sha: str) -> str:
    """Return the commit of a filtered history that was made from another one; any other repository has itself."""
    return next((copy for copy, original in folder.originals.items() if original == sha), sha)


def read_originals(git_dir: Path) -> Mapping[str, str]:
    """Return which commit of a filtered history was made from which; empty in any other repository."""
    path = git_dir / ORIGINALS
    if not path.is_file():
        return {}
    pairs = (line.split() for line in path.read_text(encoding="ascii", errors="replace").splitlines())
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2 and all(map(_SHA.fullmatch, pair))}


def find_blob(folder: Folder, sha: str, path: str) -> str:
    """Return the id of what lies at a path of the whole repository in a commit, "" if nothing does."""
    return _verified(folder, f"{sha}:{path}")


def find_line(folder: Folder, old: str, new: str) -> bool:
    """Return whether one commit lies straight behind another: by first parents, the line that a history follows."""
    if not (_SHA.fullmatch(old) and _SHA.fullmatch(new)):
        return False
    code, output, _ = ask(folder, "rev-list", "--first-parent", "--parents", f"{old}..{new}", "--")
    lines = output.decode("ascii", "replace").splitlines()
    return not code and (lines[-1].split()[1:2] if lines else [new]) == [old]


def read_commits_of(folder: Folder, path: str) -> tuple[str, ...]:
    """Return the commits of the line of first parents that changed a file of the project's folder, newest first."""
    output = run(folder, "log", "--first-parent", "--format=%H", "HEAD", "--", f"{folder.prefix}{path}")
    return tuple(output.decode("ascii").split())


def read_file(folder: Folder, sha: str, path: str) -> bytes | None:
    """Return a file of the project's folder as it was in a commit; None if there was none."""
    blob = _verified(folder, f"{sha}:{folder.prefix}{path}")
    return read_blobs(folder, (blob,)).get(blob) if blob else None


def read_status(folder: Folder) -> frozenset[str]:
    """Return the paths below the project's folder that differ from the last commit.

    Ignored files do not count, nor do new ones that an editor keeps for a while.
    """
    options = ("--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=all")
    lines = output_of.split_zero(run(folder, "status", *options, *folder.below))
    paths = ((line[:2], output_of.decode_path(line[3:])) for line in lines)
    found = (path for state, path in paths if state != b"??" or not is_passing(path))
    return frozenset(path.removeprefix(folder.prefix) for path in found)


def read_work_paths(folder: Folder) -> tuple[str, ...]:
    """Return the paths below the project's folder that are tracked, or untracked and not ignored, sorted.

    A path that ends in "/" is a repository inside this one. Files that editors keep for a while are left out.
    """
    own = (f"--exclude={pattern}" for pattern in PATTERNS)
    options = ("-z", "--full-name", "--cached", "--others", "--exclude-standard", *own)
    lines = output_of.split_zero(run(folder, "ls-files", *options, *folder.below))
    return tuple(sorted({output_of.decode_path(line).removeprefix(folder.prefix) for line in lines}))


def read_ignored_folders(folder: Folder) -> frozenset[str]:
    """Return the paths below the project's folder of those folders in which Git ignores everything, without a slash."""
    options = ("-z", "--full-name", "--others", "--ignored", "--exclude-standard", "--directory")
    lines = output_of.split_zero(run(folder, "ls-files", *options, *folder.below))
    paths = (output_of.decode_path(line).removeprefix(folder.prefix) for line in lines)
    return frozenset(path.rstrip("/") for path in paths if path.endswith("/"))


def is_shallow(folder: Folder) -> bool:
    """Return whether the history of this clone is cut off."""
    return run(folder, "rev-parse", "--is-shallow-repository").strip() == b"true"


def read_names(folder: Folder) -> tuple[str, ...]:
    """Return the short names of all branches and tags."""
    output = run(folder, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads", "refs/tags", "refs/remotes")
    return tuple(output.decode("utf-8", "replace").split())


@contextmanager
def _repo(root: Path) -> Iterator[Any]:
    try:
        from git import Repo
        from git.exc import InvalidGitRepositoryError, NoSuchPathError
    except ImportError:  # GitPython looks for the program when it is imported
        raise git_stops.make_git_missing() from None
    try:
        with without_hook_variables():
            repo = Repo(root, search_parent_directories=True, expand_vars=False)
    except (InvalidGitRepositoryError, NoSuchPathError):
        raise git_stops.make_no_repository(root) from None
    with repo:
        yield repo


@contextmanager
def without_hook_variables() -> Iterator[None]:
    """Hide the hook's variables while a process starts: GitPython hands on the whole environment, come what may."""
    with _environment_lock:
        hidden = {name: os.environ.pop(name) for name in HOOK_VARIABLES if name in os.environ}
        try:
            yield
        finally:
            os.environ.update(hidden)


def start(folder: Folder, *arguments: str, environment: Mapping[str, str] = _NONE) -> Any:
    """Return a Git command that has just begun, with pipes for its input, output and errors."""
    from git.exc import GitCommandNotFound

    command = [folder.git.GIT_PYTHON_GIT_EXECUTABLE, *OPTIONS, *arguments]
    surroundings = {**ENVIRONMENT, **_quarantine(folder), **environment}
    try:
        with without_hook_variables():
            return folder.git.execute(command, istream=PIPE, as_process=True, env=surroundings)
    except GitCommandNotFound:
        raise git_stops.make_git_missing() from None


def ask(
    folder: Folder, *arguments: str, standard_input: bytes = b"", environment: Mapping[str, str] = _NONE
) -> tuple[int, bytes, str]:
    """Return exit code, output and error words of one Git command at the repository's top, come what may."""
    process = start(folder, *arguments, environment=environment)
    output, errors = process.communicate(standard_input)
    return process.returncode, output, errors.decode("utf-8", "replace").strip()


def _quarantine(folder: Folder) -> dict[str, str]:
    """Return what lets a `pre-receive` hook read the commits that are not yet accepted into this repository."""
    waiting = os.environ.get("GIT_QUARANTINE_PATH", "")
    objects = folder.git_dir / "objects"
    if not waiting or not Path(waiting).resolve().is_relative_to(objects):
        return {}
    return {"GIT_OBJECT_DIRECTORY": waiting, "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(objects)}


def _verified(folder: Folder, name: str) -> str:
    code, output, _ = ask(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
    sha = output.decode("ascii", "replace").strip()
    return sha if code == 0 and _SHA.fullmatch(sha) else ""


def _unknown_revision(folder: Folder, rev: str) -> Stop:
    names = read_names(folder)
    return git_stops.make_unknown_revision(rev, names, empty=not names and not find_head(folder))
