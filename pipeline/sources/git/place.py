"""Take a folder; find the repository around it as Git does, reading little and obeying nothing; give its places."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

_LONGEST = 8192  # bytes of a file that holds one path
_GITDIR = b"gitdir: "


@dataclass(frozen=True, slots=True)
class Found:
    """A repository: `top` is the folder that holds `.git`, None where `git_dir` itself was named or is above.

    `shared` is the folder that all work trees of the repository share.
    """

    top: Path | None
    git_dir: Path
    shared: Path


def find_repository(start: Path) -> Found | None:
    """Return the nearest repository from a folder upwards; None if there is none, or what is there names none."""
    for folder in (start, *start.parents):
        link = folder / ".git"
        kind = find_kind(link)
        if kind == "folder" and is_git_dir(link):
            return _make(folder, link)
        if kind == "file":
            named = _read_link(link)
            return _make(folder, named) if named is not None and is_git_dir(named) else None
        if kind == "special":
            return None
        if is_git_dir(folder):
            return _make(None, folder)
    return None


def is_git_dir(folder: Path) -> bool:
    """Return whether a folder is laid out as a repository is; what is in its files is not looked at."""
    shared = find_shared(folder)
    return os.path.lexists(folder / "HEAD") and (shared / "objects").is_dir() and (shared / "refs").is_dir()


def find_shared(git_dir: Path) -> Path:
    """Return the folder that all work trees of a repository share."""
    named = read_small(git_dir / "commondir", _LONGEST)
    return (git_dir / os.fsdecode(named.strip())).resolve() if named else git_dir


def find_kind(path: Path) -> str:
    """Return what stands at a path, behind links: "file", "folder", "special" for a pipe or device, "" for nothing."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return ""
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "special"


def read_small(path: Path, most: int) -> bytes | None:
    """Return what is in a plain file of at most `most` bytes; None for anything else, without waiting for it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        data = file.read(most + 1)
    return data if len(data) <= most else None


def _make(top: Path | None, git_dir: Path) -> Found:
    real = git_dir.resolve()
    return Found(top, real, find_shared(real))


def _read_link(link: Path) -> Path | None:
    data = read_small(link, _LONGEST)
    if data is None or not data.startswith(_GITDIR):
        return None
    return link.parent / os.fsdecode(data.removeprefix(_GITDIR).rstrip(b"\r\n"))
