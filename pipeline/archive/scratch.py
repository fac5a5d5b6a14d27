"""Take a word for what is being done; give a temporary folder while it is done; remove those that killed runs left."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.archive.lock import take_lock

_LOCK = ".in-use"


@contextmanager
def open_scratch(word: str) -> Iterator[Path]:
    """Give an empty folder that is gone behind the block; what killed runs with the same word left goes first.

    The kernel frees the lock of a run that dies, and so tells its folder from that of one which goes on.
    """
    start = f"deedbox-{word}-"
    for folder in Path(tempfile.gettempdir()).glob(f"{start}*"):
        _remove_dead(folder)
    made = Path(tempfile.mkdtemp(prefix="deedbox-"))
    descriptor = os.open(made / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        # Only now does it get the name by which others look for it: none of them sees it without its lock.
        take_lock(descriptor, wait=True)
        made = made.rename(made.with_name(made.name.replace("deedbox-", start, 1)))
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(descriptor)


def _remove_dead(folder: Path) -> None:
    """Remove a folder that is ours, and that nobody works in; leave anything else alone."""
    try:
        facts = folder.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid():
            return
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return
    try:
        if take_lock(descriptor, wait=False):  # else somebody works in it
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)
