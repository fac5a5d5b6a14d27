"""Take the files of a build; write them to a hidden folder; move each into place in one step; follow no link."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from pipeline.archive.descent import is_folder, move_file, open_below, remove_all, replace_file, write_new
from pipeline.archive.folder import JOURNAL, folders_of
from pipeline.archive.names import STAGE
from pipeline.archive.outputs import Mark, read_mark

# The stage lies inside the output folder: surely the same file system, and hidden from Git by the folder's .gitignore.
_FILES = "files"


def make_journal(wanted: Mapping[str, str], owned: Mapping[str, Collection[str]]) -> bytes:
    """Return the list of what a folder will own while a build saves its files, for a build after a crash.

    `wanted` maps the names of files to their digests, `owned` those of earlier ones to all that they may have.
    """
    names = sorted({*owned, *wanted})
    listed = {name: sorted({*owned.get(name, ()), *filter(None, (wanted.get(name),))}) for name in names}
    return json.dumps(listed, ensure_ascii=False).encode()


def write_stage(output: Path, wanted: Iterable[str], load: Callable[[str], bytes], journal: bytes) -> None:
    """Write all files to the stage, and the journal before them.

    Contents are loaded one after the other, so that they need not all be in memory.
    """
    with open_below(output) as folder:
        if not is_folder(output, STAGE):
            remove_all(STAGE, folder)
    with open_below(output, STAGE, make=True) as stage:
        remove_all(_FILES, stage)
        with replace_file(stage, JOURNAL) as file:
            file.write(journal)
        os.mkdir(_FILES, dir_fd=stage)
    for name in wanted:
        inside, _, last = f"{STAGE}/{_FILES}/{name}".rpartition("/")
        with open_below(output, inside, make=True) as folder:
            write_new(last, load(name), folder)


def land_file(output: Path, name: str) -> Mark | None:
    """Move one staged file into place: readers see the old one or the new one, never a part; return its mark."""
    inside, _, last = name.rpartition("/")
    staged = f"{STAGE}/{_FILES}/{inside}".rstrip("/")
    with open_below(output, staged) as before, open_below(output, inside, make=True) as after:
        mark = read_mark(str(output / staged / last))
        move_file(last, last, before, after)
    return mark


def drop_staged(output: Path) -> None:
    """Remove the staged files of a build that failed; the names stay, since some files may have landed."""
    try:
        with open_below(output, STAGE) as stage:
            remove_all(_FILES, stage)
    except OSError:
        return


def remove_stage(output: Path) -> None:
    """Remove the stage of a build that is done."""
    with open_below(output) as folder:
        remove_all(STAGE, folder)


def remove_files(output: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Remove these files and the folders that they leave empty; return the names of those that were there."""
    removed = []
    for name in sorted(names):
        inside, _, last = name.rpartition("/")
        try:
            with open_below(output, inside) as folder:
                os.unlink(last, dir_fd=folder)
            removed.append(name)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            pass
        for above in folders_of(name):
            _remove_if_empty_below(output, above)
    return tuple(removed)


def remove_if_empty(folder: Path) -> bool:
    """Remove the folder unless something is in it; return whether it was removed."""
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


def _remove_if_empty_below(output: Path, folder: str) -> None:
    inside, _, last = folder.rpartition("/")
    try:
        with open_below(output, inside) as above:
            os.rmdir(last, dir_fd=above)
    except OSError:
        return
