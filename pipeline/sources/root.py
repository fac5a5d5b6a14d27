"""Take the folder that a person stands in; walk up; give the project repository's root."""

from __future__ import annotations

from pathlib import Path

from pipeline.problems import USAGE, Problem, Stop
from pipeline.sources.git import repository as git
from pipeline.sources.places import SETTINGS


def find_root(start: Path) -> Path:
    """Return the nearest folder, from `start` upwards, that holds `deedbox.yaml`; a bare repository is its own root.

    Stop with exit code 2 if there is no such folder or no settings, or it is not in a Git repository; with 4 if Git is
    not installed.
    """
    start = start.resolve()
    if not start.is_dir():
        hint = "look at the name; a project repository is named by its folder"
        raise Stop(Problem("DB101", f"there is no folder `{start}`", hint=hint), exit_code=USAGE)
    root = start if _is_bare(start) else _find_settings(start)
    with git.open_git(root):
        return root


def _is_bare(folder: Path) -> bool:
    if not ((folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()):
        return False
    with git.open_git(folder) as found:
        return found.bare


def _find_settings(start: Path) -> Path:
    for folder in (start, *start.parents):
        if (folder / SETTINGS).is_file():
            return folder
    message = f"no `{SETTINGS}` in `{start}`, nor in a folder above it"
    raise Stop(
        Problem("DB101", message, hint="deedbox init DIR makes one, -C DIR names another folder"), exit_code=USAGE
    )
