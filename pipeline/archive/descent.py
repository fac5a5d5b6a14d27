"""Take a folder and a path below it; open, read, write or remove what is there; follow no link on the way.

Each folder is opened from the one above it, so that it makes no difference when a link is put there: it is never
followed. The folder that everything starts from is the caller's to judge.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_FOLDER = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_DIRECTORY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | _NO_LINK
_IS_LINK = (errno.ELOOP, errno.EMLINK)  # the latter on BSD
_READ = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0) | _NO_LINK

LARGEST = 512_000_000  # bytes: no list of files or records is that long


@contextmanager
def open_below(top: Path, inside: str = "", *, make: bool = False) -> Iterator[int]:
    """Give the descriptor of a folder below `top`, made if need be; OSError where a link or a file is in the way."""
    here = os.open(top, _FOLDER)
    try:
        for part in inside.split("/") if inside else ():
            if make:
                with suppress(FileExistsError):
                    os.mkdir(part, dir_fd=here)
            below = os.open(part, _FOLDER | _NO_LINK, dir_fd=here)
            os.close(here)
            here = below
        yield here
    finally:
        os.close(here)


def write_new(name: str | Path, data: bytes, folder: int | None = None) -> None:
    """Write a new file, in place of whatever has its name, and wait until the disk has it."""
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
    with os.fdopen(os.open(name, _NEW, 0o666, dir_fd=folder), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def open_plain(top: Path, name: str) -> BinaryIO | None:
    """Return a plain file below a folder, open to be read; None if nothing, or something else, is there.

    It is opened without waiting: a FIFO in its place would hold us for as long as nobody writes to that.
    """
    inside, _, last = name.rpartition("/")
    try:
        with open_below(top, inside) as folder:
            descriptor = os.open(last, _READ, dir_fd=folder)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if error.errno in _IS_LINK:
            return None
        raise
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    return None


def read_plain(top: Path, name: str, largest: int = LARGEST) -> bytes | None:
    """Return what a plain file below a folder holds; None if nothing, something else, or something larger is there."""
    file = open_plain(top, name)
    if file is None:
        return None
    with file:
        return file.read() if os.fstat(file.fileno()).st_size <= largest else None


def remove_all(name: str, folder: int) -> None:
    """Remove what is in a folder under a name, as far as the disk allows: a folder with all in it, a link as it is."""
    try:
        if stat.S_ISDIR(os.lstat(name, dir_fd=folder).st_mode):
            shutil.rmtree(name, ignore_errors=True, dir_fd=folder)
        else:
            os.unlink(name, dir_fd=folder)
    except OSError:
        return


def is_folder(top: Path, name: str) -> bool:
    """Return whether a real folder is below another, and no link on the way."""
    try:
        with open_below(top, name):
            return True
    except OSError:
        return False
