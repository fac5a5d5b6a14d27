"""Take the path of a lock file; hold it for one process at a time, or say that another has it; free it at the end.

The kernel frees a lock when its holder dies, however that happens: a killed build never blocks the next one.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.archive.names import LOCK

_COMMON = os.O_CLOEXEC | os.O_NOFOLLOW


@contextmanager
def lock_folder(folder: Path, notify: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of an output folder; wait for another build that has it, after a word about the wait."""
    descriptor = _hold(folder / LOCK, notify)
    try:
        yield
    finally:
        os.close(descriptor)


@contextmanager
def try_lock(path: Path, *, wait: bool = False) -> Iterator[bool]:
    """Hold a lock for the time of a `with` block, or give False if somebody else has it and we shall not `wait`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | _COMMON, 0o664)
    try:
        yield take_lock(descriptor, wait=wait)
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Return whether somebody holds a lock now; to ask takes it from nobody."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _COMMON)
    except OSError:
        return False
    try:
        return not take_lock(descriptor, wait=False, how=fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def take_lock(descriptor: int, *, wait: bool, how: int = fcntl.LOCK_EX) -> bool:
    """Lock an open file until it is closed; False if somebody else has it and we shall not `wait`."""
    try:
        fcntl.flock(descriptor, how | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _hold(path: Path, notify: Callable[[str], None]) -> int:
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _COMMON, 0o644)
        except FileNotFoundError:
            continue  # a `clean` took the folder away between the two calls
        try:
            if not take_lock(descriptor, wait=False):
                notify(f"another build is writing to {path.parent}; waiting for it to end")
                take_lock(descriptor, wait=True)
            if _is_same(descriptor, path):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_same(descriptor: int, path: Path) -> bool:
    """A `clean` may have removed the file while we waited: then our lock holds nothing."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat(follow_symlinks=False))
    except FileNotFoundError:
        return False
