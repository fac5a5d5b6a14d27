"""Take the files of a build; write them to a hidden folder; move each into place in one step."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from pipeline.archive.folder import JOURNAL, folders_of
from pipeline.archive.names import STAGE
from pipeline.archive.outputs import Mark, read_mark

# The stage lies inside the output folder: surely the same file system, and hidden from Git by the folder's .gitignore.
_FILES = "files"


def write_stage(output: Path, names: Iterable[str], load: Callable[[str], bytes], owned: Iterable[str]) -> None:
    """Write all files to the stage, and before them the names that the folder will own, for a build after a crash.

    Contents are loaded one after the other, so that they need not all be in memory.
    """
    wanted = tuple(names)
    stage = output / STAGE
    shutil.rmtree(stage / _FILES, ignore_errors=True)
    (stage / _FILES).mkdir(parents=True, exist_ok=True)
    listed = json.dumps(sorted({*owned, *wanted}), ensure_ascii=False).encode()
    write_synced(stage / f"{JOURNAL}.new", listed)
    (stage / f"{JOURNAL}.new").replace(stage / JOURNAL)
    for name in wanted:
        path = stage / _FILES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_synced(path, load(name))


def land_file(output: Path, name: str) -> Mark | None:
    """Move one staged file into place: readers see the old one or the new one, never a part; return its mark."""
    staged, target = output / STAGE / _FILES / name, output / name
    target.parent.mkdir(parents=True, exist_ok=True)
    mark = read_mark(str(staged))
    staged.replace(target)
    sync_folder(target.parent)
    return mark


def drop_staged(output: Path) -> None:
    """Remove the staged files of a build that failed; the names stay, since some files may have landed."""
    shutil.rmtree(output / STAGE / _FILES, ignore_errors=True)


def remove_stage(output: Path) -> None:
    """Remove the stage of a build that is done."""
    shutil.rmtree(output / STAGE, ignore_errors=True)


def remove_files(output: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Remove these files and the folders that they leave empty; return the names of those that were there."""
    removed = []
    for name in sorted(names):
        path = output / name
        if path.is_symlink() or path.is_file():
            path.unlink()
            removed.append(name)
        for folder in folders_of(name):
            remove_if_empty(output / folder)
    return tuple(removed)


def remove_if_empty(folder: Path) -> bool:
    """Remove the folder unless something is in it; return whether it was removed."""
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


def write_synced(path: Path, data: bytes) -> None:
    """Write a new file and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the folder's new names."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
