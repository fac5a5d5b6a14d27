"""Take folders of finished documents; publish each under its name by turning one link; clear what nobody sees any more.

    publish/main → .builds/main/<commit>      what readers see; turned in one step
    publish/.builds/main/<commit>             a whole build, never changed after it is shown
    publish/.builds/main/stage                the next one, while it is made

The build that was shown before stays until the next one is shown, for those who are reading it.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

from pipeline.archive.descent import move_path, sync_folder
from pipeline.archive.names import IGNORE, INDEX, MANIFEST

BUILDS = ".builds"
STAGE = "stage"


def find_commit(publish: Path, name: str) -> str:
    """Return the commit whose documents are published under a name; "" if none are."""
    target = _read_link(publish, name)
    if not target or not (publish / target / MANIFEST).is_file():
        return ""
    return Path(target).name.partition(".")[0]


def make_stage(publish: Path, name: str) -> Path:
    """Return the folder for the next build of a name; it begins with what is published, so that little is written.

    Files are linked, not copied: a build puts new files in their place and never writes into one.
    """
    stage = publish / BUILDS / name / STAGE
    rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    target = _read_link(publish, name)
    if target:
        with suppress(OSError):  # a file system without such links gets its files from the store
            _link_files(publish / target, stage)
    return stage


def show(publish: Path, name: str, commit: str) -> None:
    """Publish the stage of a name as the documents of a commit; OSError leaves what is published as it is."""
    before, builds = _read_link(publish, name), publish / BUILDS / name
    folder = next(path for path in _list_free(builds, commit) if not path.exists())
    move_path(builds / STAGE, folder)
    new = builds / "link"  # within the folder of this name: no ref can have that place
    new.unlink(missing_ok=True)
    new.symlink_to(f"{BUILDS}/{name}/{folder.name}")
    move_path(new, publish / name)
    _clear(builds, {folder.name, Path(before).name})


def withdraw(publish: Path, name: str) -> None:
    """Take away what is published under a name: first the link, then the documents."""
    if (publish / name).is_symlink():
        (publish / name).unlink()
        sync_folder(publish)
    rmtree(publish / BUILDS / name, ignore_errors=True)


def clear_others(publish: Path, names: Collection[str]) -> None:
    """Remove builds under names that are not among these: a builder that was killed may have left them."""
    builds = publish / BUILDS
    if builds.is_dir():
        for path in builds.iterdir():
            if path.is_dir() and path.name not in names and not _read_link(publish, path.name):
                rmtree(path, ignore_errors=True)


def _read_link(publish: Path, name: str) -> str:
    """Return where our link leads, relative to the folder; "" for anything that is no link of ours."""
    try:
        target = os.readlink(publish / name) if name else ""  # noqa: PTH115
    except OSError:
        return ""
    return target if target.startswith(f"{BUILDS}/{name}/") and ".." not in target.split("/") else ""


def _link_files(published: Path, stage: Path) -> None:
    """The manifest goes first: what it lists is ours, whenever this ends."""
    first = [published / name for name in (MANIFEST, IGNORE, INDEX) if (published / name).is_file()]
    files = (Path(top, name) for top, _, names in os.walk(published) for name in names)
    for path in (*first, *(file for file in files if file not in first and not file.name.startswith("."))):
        target = stage / path.relative_to(published)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(path, target, follow_symlinks=False)


def _list_free(builds: Path, commit: str) -> Iterator[Path]:
    """A commit may be built again, by a later Deedbox: what is shown is never changed, so it gets another folder."""
    yield builds / commit
    number = 2
    while True:
        yield builds / f"{commit}.{number}"
        number += 1


def _clear(builds: Path, kept: Collection[str]) -> None:
    for path in builds.iterdir():
        if path.name not in kept:
            rmtree(path, ignore_errors=True)
