"""Take the stores of all repositories in a cache folder; remove those that nobody will ask again; tell which.

A store costs time only to lose. The times compared are those of the builds, so no clock is asked.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.archive.store.place import REPOSITORY, SIGNATURE, TAG
from pipeline.host.cache import STORES

MOST = 500  # stores
_DAY = 86_400_000_000_000  # nanoseconds
_GONE, _UNUSED = 30 * _DAY, 400 * _DAY  # a disk that is not there today may be there tomorrow


class _Kept(NamedTuple):
    used: int
    folder: Path
    is_gone: bool


def sweep_stores(store: Path) -> tuple[Path, ...]:
    """Remove, of the stores beside one that was just used, those of repositories gone for long, and the oldest.

    Nothing is done unless it lies in the folder for stores.
    """
    if store.parent.name != STORES:
        return ()
    now = _read_use(store)
    others = sorted(one for one in _list_stores(store.parent) if one.folder != store)
    surplus = len(others) + 1 - MOST
    old = {
        one.folder
        for at, one in enumerate(others)
        if now - one.used > (0 if at < surplus else _GONE if one.is_gone else _UNUSED)
    }
    return tuple(folder for folder in sorted(old) if _remove(folder))


def remove_stores(store: Path | None, stores: Path | None) -> tuple[Path, ...]:
    """Remove a store, and those of a folder whose repositories are gone; return what was removed."""
    gone = {one.folder for one in _list_stores(stores) if one.is_gone} if stores else set()
    wanted = gone | ({store} if store and is_ours(store) else set())
    return tuple(folder for folder in sorted(wanted) if _remove(folder))


def remove_old(folder: Path) -> tuple[Path, ...]:
    """Remove the folder in which an earlier version kept its store, if it is one; return what was removed."""
    return (folder,) if is_ours(folder) and _remove(folder) else ()


def is_ours(folder: Path) -> bool:
    """Return whether this is a real folder of this user that carries the tag of a store."""
    try:
        found, tag = folder.lstat(), folder / TAG
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or not stat.S_ISREG(tag.lstat().st_mode):
            return False
        with tag.open("rb") as file:
            return file.read(len(SIGNATURE)) == SIGNATURE.encode("ascii")
    except OSError:
        return False


def _list_stores(stores: Path) -> Iterator[_Kept]:
    try:
        folders = [Path(entry.path) for entry in os.scandir(stores)]
    except OSError:
        return
    for folder in folders:
        if is_ours(folder):
            yield _Kept(_read_use(folder), folder, _is_gone(folder))


def _is_gone(folder: Path) -> bool:
    try:
        path = os.fsdecode((folder / REPOSITORY).read_bytes())
        return bool(path) and not os.path.lexists(path)
    except (OSError, ValueError):
        return False


def _read_use(folder: Path) -> int:
    try:
        return (folder / TAG).lstat().st_mtime_ns
    except OSError:
        return 0


def _remove(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()
