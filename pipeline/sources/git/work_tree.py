"""Take an open repository with a work tree; ask Git which files are there and which differ; give their paths."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from pipeline.sources.editor_files import PATTERNS, is_passing
from pipeline.sources.git import output as output_of
from pipeline.sources.git import repository as git
from pipeline.sources.limits import is_pointer

_POINTED = re.compile(rb"\noid sha256:([0-9a-f]{64})\nsize ([0-9]{1,15})\n")


def read_status(folder: git.Folder) -> frozenset[str]:
    """Return the paths below the project's folder that differ from the last commit.

    Ignored files do not count, nor do new ones that an editor keeps for a while.
    """
    options = ("--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=all")
    lines = output_of.split_zero(git.run(folder, "status", *options, *folder.below))
    paths = [(line[:2], output_of.decode_path(line[3:])) for line in lines]
    same = _find_same(folder, [path for state, path in paths if state == b" M"])
    found = (path for state, path in paths if path not in same and (state != b"??" or not is_passing(path)))
    return frozenset(path.removeprefix(folder.prefix) for path in found)


def _find_same(folder: git.Folder, paths: list[str]) -> frozenset[str]:
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


def read_work_paths(folder: git.Folder) -> tuple[str, ...]:
    """Return the paths below the project's folder that are tracked, or untracked and not ignored, sorted.

    A path that ends in "/" is a repository inside this one. Files that editors keep for a while are left out.
    """
    own = (f"--exclude={pattern}" for pattern in PATTERNS)
    options = ("-z", "--full-name", "--cached", "--others", "--exclude-standard", *own)
    lines = output_of.split_zero(git.run(folder, "ls-files", *options, *folder.below))
    return tuple(sorted({output_of.decode_path(line).removeprefix(folder.prefix) for line in lines}))


def read_ignored_folders(folder: git.Folder) -> frozenset[str]:
    """Return the paths below the project's folder of those folders in which Git ignores everything, without a slash."""
    options = ("-z", "--full-name", "--others", "--ignored", "--exclude-standard", "--directory")
    lines = output_of.split_zero(git.run(folder, "ls-files", *options, *folder.below))
    paths = (output_of.decode_path(line).removeprefix(folder.prefix) for line in lines)
    return frozenset(path.rstrip("/") for path in paths if path.endswith("/"))
