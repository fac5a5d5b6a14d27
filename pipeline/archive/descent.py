"""Take a folder and a path below it; open, read, replace or remove what is there; follow no link on the way.

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


@contextmanager
def open_new(
    name: str | Path, folder: int | None = None, mode: int = 0o666, *, wait: bool = True
) -> Iterator[BinaryIO]:
    """Give a new file to write to, in place of whatever has its name; with `wait`, the disk has it behind the block."""
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
    with os.fdopen(os.open(name, _NEW, mode, dir_fd=folder), "wb") as file:
        yield file
        if wait:
            file.flush()
            os.fsync(file.fileno())


def write_new(name: str | Path, data: bytes, folder: int | None = None) -> None:
    """Write a new file, in place of whatever has its name, and wait until the disk has it."""
    with open_new(name, folder) as file:
        file.write(data)


@contextmanager
def replace_file(folder: int, name: str, *, new: str = "", mode: int = 0o666, wait: bool = True) -> Iterator[BinaryIO]:
    """Give a file to write to; behind the block it takes the place of whatever has its name, in one step.

    Readers see the old file or the whole new one, after a crash too: the disk has the bytes before the name, and the
    name before this ends. Not so without `wait`, for what is checked when it is read. Until then the file is called
    `new`; two that may write at a time have to differ in that. `mode` is what the user's umask leaves of it.
    """
    new = new or f".{name}.new"
    try:
        with open_new(new, folder, mode, wait=wait) as file:
            yield file
        move_file(new, name, folder, folder, wait=wait)
    except BaseException:
        with suppress(OSError):
            os.unlink(new, dir_fd=folder)
        raise


def save_file(path: Path, data: bytes, *, new: str = "", mode: int = 0o666, wait: bool = True) -> None:
    """Put bytes in place in one step, as `replace_file` does; OSError leaves what was there."""
    with open_below(path.parent) as folder, replace_file(folder, path.name, new=new, mode=mode, wait=wait) as file:
        file.write(data)


def move_file(name: str, target: str, before: int, after: int, *, wait: bool = True) -> None:
    """Move what is in the folder `before` into the folder `after`, over what has its name there, in one step."""
    os.replace(name, target, src_dir_fd=before, dst_dir_fd=after)
    if wait:
        os.fsync(after)


def move_path(path: Path, target: Path) -> None:
    """Move a file, a link or a folder within a file system, as `move_file` does."""
    with open_below(path.parent) as before, open_below(target.parent) as after:
        move_file(path.name, target.name, before, after)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the folder's new names."""
    with open_below(folder) as descriptor:
        os.fsync(descriptor)


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
