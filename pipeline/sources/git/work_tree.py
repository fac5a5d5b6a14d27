"""Take an open repository with a work tree; give the files that are there, those that differ, and what decides that."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from pipeline.sources.baselines import PREFIX
from pipeline.sources.editor_files import PATTERNS, is_passing
from pipeline.sources.git import output as output_of
from pipeline.sources.git import repository as git
from pipeline.sources.git.place import find_shared, read_small
from pipeline.sources.limits import is_pointer

_LONGEST = 8192  # bytes of a file that names a branch
_DEEPEST = 5  # names of branches that name one another: Git follows no more
_POINTED = re.compile(rb"\noid sha256:([0-9a-f]{64})\nsize ([0-9]{1,15})\n")


def read_status(folder: git.Repository) -> frozenset[str]:
    """Return the paths below the project's folder that differ from the last commit.

    Ignored files do not count, nor do new ones that an editor keeps for a while.
    """
    options = ("--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=all")
    lines = output_of.split_zero(git.run(folder, "status", *options, *folder.below))
    paths = [(line[:2], output_of.decode_path(line[3:])) for line in lines]
    same = _find_same(folder, [path for state, path in paths if state == b" M"])
    found = (path for state, path in paths if path not in same and (state != b"??" or not is_passing(path)))
    return frozenset(path.removeprefix(folder.prefix) for path in found)


def _find_same(folder: git.Repository, paths: list[str]) -> frozenset[str]:
    """Return those of changed paths that hold what the pointer in the index says: no filter of Git LFS was run."""
    named = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
    if not named:
        return frozenset()
    words = git.run(folder, "check-attr", "-z", "--stdin", "filter", standard_input=named).split(b"\0")
    kept = [
        output_of.decode_path(path) for path, value in zip(words[::3], words[2::3], strict=False) if value == b"lfs"
    ]
    if not kept:
        return frozenset()
    lines = output_of.split_zero(git.run(folder, "ls-files", "--stage", "-z", "--", *kept))
    ids = {output_of.decode_path(line.partition(b"\t")[2]): line.split()[1].decode("ascii") for line in lines}
    blobs = git.read_blobs(folder, ids.values())
    return frozenset(path for path, id in ids.items() if _is_content(folder.top / path, blobs.get(id, b"")))


def _is_content(file: Path, pointer: bytes) -> bool:
    """Return whether a file is the one that a pointer of Git LFS stands for."""
    wanted = _POINTED.search(pointer) if is_pointer(pointer) else None
    try:
        if wanted is None or file.is_symlink() or file.stat().st_size != int(wanted[2]):
            return False
        digest = sha256()
        with file.open("rb") as data:
            while piece := data.read(1 << 20):
                digest.update(piece)
    except OSError:
        return False
    return digest.hexdigest() == wanted[1].decode("ascii")


def read_work_paths(folder: git.Repository) -> tuple[str, ...]:
    """Return the paths below the project's folder that are tracked, or untracked and not ignored, sorted.

    A path that ends in "/" is a repository inside this one. Files that editors keep for a while are left out.
    """
    own = (f"--exclude={pattern}" for pattern in PATTERNS)
    options = ("-z", "--full-name", "--cached", "--others", "--exclude-standard", *own)
    lines = output_of.split_zero(git.run(folder, "ls-files", *options, *folder.below))
    return tuple(sorted({output_of.decode_path(line).removeprefix(folder.prefix) for line in lines}))


def read_ignored_folders(folder: git.Repository) -> frozenset[str]:
    """Return the paths below the project's folder of those folders in which Git ignores everything, without a slash."""
    options = ("-z", "--full-name", "--others", "--ignored", "--exclude-standard", "--directory")
    lines = output_of.split_zero(git.run(folder, "ls-files", *options, *folder.below))
    paths = (output_of.decode_path(line).removeprefix(folder.prefix) for line in lines)
    return frozenset(path.rstrip("/") for path in paths if path.endswith("/"))


def list_state_files(folder: git.Repository) -> tuple[Path, ...]:
    """Return the files, present or not, that decide what Git says of the work tree: HEAD, its branch, index, rules.

    Baselines are among them: a document may list them.
    """
    private, shared = folder.git_dir, find_shared(folder.git_dir)
    references = [top / name for name in _list_references(private) for top in (private, shared)]
    common = [shared / name for name in ("packed-refs", "reftable/tables.list", "config", "shallow", "info/exclude")]
    own = [private / name for name in ("HEAD", "index", "config.worktree", "commondir", "info/attributes")]
    baselines = _list_tags(shared / "refs/tags" / PREFIX)
    rules = [above / name for above in _list_above(folder) for name in (".gitignore", ".gitattributes")]
    # In a work tree of its own `.git` is a file that names the repository; as a folder it changes with every command.
    link = [path for path in (folder.top / ".git",) if path.is_file()]
    return (*link, *own, *references, *common, *baselines, *rules, *_list_settings(folder))


def _list_references(git_dir: Path) -> Iterator[str]:
    """Give the branch that HEAD names, and what that names in turn, as far as it is a file of its own."""
    name, shared = "HEAD", find_shared(git_dir)
    for _ in range(_DEEPEST):
        text = next((read for top in (git_dir, shared) if (read := _read_text(top / name))), "")
        start, _, name = text.partition("ref: ")
        name = name.strip()
        if start or not name or ".." in name:
            return
        yield name


def _list_tags(folder: Path) -> tuple[Path, ...]:
    """Return a folder of tags with all that is in it: a new tag shows in its folder, a moved one in its file."""
    return (folder, *sorted(folder.rglob("*")))


def _list_above(folder: git.Repository) -> tuple[Path, ...]:
    """Return the folders from the repository's top down to the one that holds the project's folder."""
    parts = folder.prefix.rstrip("/").split("/")[:-1] if folder.prefix else None
    return () if parts is None else tuple(folder.top.joinpath(*parts[:depth]) for depth in range(len(parts) + 1))


def _list_settings(folder: git.Repository) -> Iterator[Path]:
    """Give the user's own files of settings and rules; the machine's are not read."""
    named = os.fsdecode(git.run(folder, "config", "--path", "--default", "", "--get", "core.excludesFile")).strip()
    home, base = os.environ.get("HOME", ""), os.environ.get("XDG_CONFIG_HOME", "")
    places = [Path(base) if base else Path(home, ".config")] if base or home else []
    yield from (place / "git" / name for place in places for name in ("config", "ignore", "attributes"))
    yield from (Path(home, ".gitconfig") for _ in range(bool(home)))
    yield from (Path(name) for name in (named, os.environ.get("GIT_CONFIG_GLOBAL", "")) if name)


def _read_text(path: Path) -> str:
    return (read_small(path, _LONGEST) or b"").decode("utf-8", "replace")
