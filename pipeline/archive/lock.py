"""Take an output folder; hold it for one build at a time; give it free again at the end, even after a crash."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.archive.names import LOCK


@contextmanager
def lock_folder(folder: Path, notify: Callable[[str], None]) -> Iterator[None]:
    """Hold the folder's lock; wait for another build that has it, after a word about the wait.

    The kernel frees the lock when its holder dies, so a killed build never blocks the next one.
    """
    descriptor = _hold(folder / LOCK, notify)
    try:
        yield
    finally:
        os.close(descriptor)


def _hold(path: Path, notify: Callable[[str], None]) -> int:
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        except FileNotFoundError:
            continue  # a `clean` took the folder away between the two calls
        try:
            _wait(descriptor, path, notify)
            if _is_same(descriptor, path):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _wait(descriptor: int, path: Path, notify: Callable[[str], None]) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        notify(f"another build is writing to {path.parent}; waiting for it to end")
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _is_same(descriptor: int, path: Path) -> bool:
    """A `clean` may have removed the file while we waited: then our lock holds nothing."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat(follow_symlinks=False))
    except FileNotFoundError:
        return False
