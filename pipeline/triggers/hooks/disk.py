"""Take what hooks and builders have to remember; write it whole or not at all, lock it, log it; give it back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipeline.archive.descent import move_path, save_file
from pipeline.archive.lock import is_locked, try_lock
from pipeline.problems import MACHINE_LACKS, Problem, Stop
from pipeline.sources.clock import read_clock
from pipeline.visible import show

LARGEST_LOG = 1_000_000  # bytes: then a new one is begun, and the one before the last is dropped
_GROUP_WRITES = 0o020


def make_home(home: Path, git_dir: Path) -> None:
    """Make the folder for our records in a Git folder, and let a group write to it where it may write to Git's."""
    share_with_group(git_dir)
    home.mkdir(parents=True, exist_ok=True)


def share_with_group(git_dir: Path) -> None:
    """Make new files writable for the group if those of Git are: several people push to one repository."""
    for folder in (git_dir / "objects", git_dir):
        if folder.is_dir():
            if folder.stat().st_mode & _GROUP_WRITES:
                os.umask(0o002)
            return


@contextmanager
def clear_errors(folder: Path) -> Iterator[None]:
    """Turn a disk error of our own records into a Stop (exit 4) with clear words."""
    try:
        yield
    except OSError as error:
        raise Stop(make_refusal(folder, error), exit_code=MACHINE_LACKS) from error


def make_refusal(folder: Path, error: OSError) -> Problem:
    """Return the problem for a disk that refused to write somewhere, in this folder if the error does not say where."""
    where = error.filename2 or error.filename or folder
    words = f"cannot write to {where} ({error.strerror or error})"
    return Problem("DB460", words, hint="look at space, owner and mode; then: deedbox reconcile")


@contextmanager
def show_busy(home: Path) -> Iterator[None]:
    """Let `is_busy` see that work is done; a file of its own, so that whoever looks never takes a builder's lock."""
    with try_lock(home / "busy", wait=True):
        yield


def is_busy(home: Path) -> bool:
    """Return whether a builder works here now."""
    return is_locked(home / "busy")


def save_record(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put a record in place in one step; who may write it may be a group, where `share_with_group` said so."""
    save_file(path, data, new=f"{path.name}.{os.getpid()}.new", mode=mode | (mode & 0o600) >> 3)


def clear_halves(home: Path) -> None:
    """Remove the half-written records of builders that were killed; only for who holds the lock."""
    for path in home.glob("*.new"):
        path.unlink(missing_ok=True)


def open_log(path: Path) -> BinaryIO:
    """Return the log, open to be added to."""
    return path.open("ab")


def append_log(path: Path, words: str) -> None:
    """Add lines to the log, each with the time before it, as a terminal may show them.

    A disk that refuses is no reason to stop a build.
    """
    now = read_clock().isoformat().replace("+00:00", "Z")
    text = "".join(f"{now} {show(line)}\n" for line in words.split("\n"))
    try:
        if path.is_file() and path.stat().st_size > LARGEST_LOG:
            move_path(path, path.with_name(f"{path.name}.1"))
        with open_log(path) as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError:
        return
