"""Take paths; ask the file system about each without opening it; give marks that differ where anything was changed.

This file is part of the fast path: it imports next to nothing, and uses `os` where others use pathlib.
"""

from __future__ import annotations

import os
import stat
import struct
import time

STARTED = time.time_ns()  # when this process began, as nearly as matters
NUMBERS = 4  # of a mark: size in bytes, time of change of the content and of the node in nanoseconds, node
_MARK = struct.Struct(f"<{NUMBERS}q")
_ABSENT = _MARK.pack(-1, -1, -1, -1)
NODE = 2**63 - 1
_FINE, _COARSE = 20_000_000, 2_000_000_000  # nanoseconds: how long two changes may have one time
_ROUND = 10_000_000


def read_marks(paths: list[str]) -> bytes:
    """Return the marks of files, folders and links, in this order; what is not there has a mark too."""
    marks = bytearray()
    look, pack = os.lstat, _MARK.pack
    for path in paths:
        try:
            found = look(path)
        except (OSError, ValueError):
            marks += _ABSENT
        else:
            marks += pack(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino & NODE)
    return bytes(marks)


def split_marks(marks: bytes) -> list[tuple[int, ...]]:
    """Return marks one by one, as numbers."""
    return list(_MARK.iter_unpack(marks))


def cut_marks(marks: bytes) -> list[bytes]:
    """Return marks one by one, as they were read: that is much smaller than the numbers are."""
    size = _MARK.size
    return [marks[at : at + size] for at in range(0, len(marks), size)]


def find_young(marks: bytes, now: int) -> list[int]:
    """Return the positions of marks so young at the time `now` that a change after it may have left no trace.

    `now` is in nanoseconds, by the clock of the file system.
    """
    return [at for at, mark in enumerate(_MARK.iter_unpack(marks)) if is_young(mark[1], now) or is_young(mark[2], now)]


def has_changed_since(marks: bytes, since: int) -> bool:
    """Return whether anything behind these marks may have been changed after a time in nanoseconds."""
    return any(is_young(mark[2], since) for mark in _MARK.iter_unpack(marks))


def read_digest(path: str) -> str:
    """Return Git's id of a file's content, a digest of a folder's names or of a link's target; "" if there is none."""
    from hashlib import sha1

    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISREG(mode):
            with open(path, "rb") as file:  # noqa: PTH123
                data = file.read()
            return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
        if stat.S_ISDIR(mode):
            names = "\0".join(sorted(os.listdir(path)))  # noqa: PTH208
        else:
            names = os.readlink(path) if stat.S_ISLNK(mode) else ""  # noqa: PTH115
    except OSError:
        return ""
    return sha1(os.fsencode(names), usedforsecurity=False).hexdigest()


def is_young(time: int, now: int) -> bool:
    """Return whether a change after `now` may have left a file's time as it is, both in nanoseconds.

    A time without a fraction comes from a file system that knows no finer ones.
    """
    return time + (_FINE if time % _ROUND else _COARSE) >= now
