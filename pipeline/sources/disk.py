"""Take the path of a file in a work tree; look at it without following links; give its kind and its whole content."""

from __future__ import annotations

import os
import stat
from hashlib import sha1
from pathlib import Path
from time import sleep
from typing import Literal

Kind = Literal["file", "link", "folder", "special", "gone"]

TRIES = 5
PAUSE = 0.02  # seconds between two tries: an editor has saved by then

# Windows has no such flags; there Python opens neither links to devices nor pipes by their path.
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def find_kind(path: Path) -> Kind:
    """Return what stands at a path; a folder counts as one only if Git takes it for another repository."""
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "gone"
    except OSError:
        return "special"
    if stat.S_ISDIR(mode):
        return "folder" if (path / ".git").exists() or not any(path.iterdir()) else "gone"
    if stat.S_ISLNK(mode):
        return "link"
    return "file" if stat.S_ISREG(mode) else "special"


def has_link(root: Path, folder: str) -> bool:
    """Return whether a folder below `root`, given as a relative path, is reached over a symbolic link."""
    parts = folder.split("/") if folder else []
    return any((root / "/".join(parts[: length + 1])).is_symlink() for length in range(len(parts)))


def read_size(path: Path) -> int:
    """Return the size in bytes, 0 if the file has just gone."""
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def read_steadily(path: Path) -> tuple[bytes, bool]:
    """Return the content of a regular file, and whether it stayed the same while it was read.

    A file that another program writes at this moment is read again, a few times. OSError if it is gone, or is not a
    regular file any more.
    """
    data, steady = _read_once(path)
    for _ in range(TRIES):
        if steady:
            break
        sleep(PAUSE)
        data, steady = _read_once(path)
    return data, steady


def make_id(data: bytes) -> str:
    """Return the id that Git gives to a content, so that it has one name in work tree and commit."""
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _read_once(path: Path) -> tuple[bytes, bool]:
    descriptor = os.open(path, _FLAGS)
    with os.fdopen(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(f"not a regular file: {path}")
        data = file.read()
        after = os.fstat(descriptor)
    # The path is looked at too: an editor that saves by renaming leaves the opened file as it was.
    marks = {_mark(before), _mark(after), _mark(path.lstat())}
    return data, len(marks) == 1 and len(data) == after.st_size


def _mark(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns
