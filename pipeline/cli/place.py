"""Take the folder that a person stands in and the commit that they name; give root, project folder and output."""

from __future__ import annotations

from pathlib import Path

from pipeline.sources.git.repository import find_commit, open_git
from pipeline.sources.places import SETTINGS
from pipeline.sources.root import find_root


def find_output_at(root: Path) -> Path:
    """Return the output folder that the settings name; the usual one if they are broken."""
    from pipeline.archive.inside import find_output
    from pipeline.model.load import load_settings
    from pipeline.sources.worktree import read_worktree

    settings, _ = load_settings(read_worktree(root))
    return find_output(root, settings.output if settings else "build")


def find_root_at(directory: Path, rev: str | None) -> tuple[Path, str]:
    """Return the root, as `find_root` does, and for a bare repository the project's folder in the named commit."""
    root = find_root(directory)
    if not rev or (root / SETTINGS).is_file():
        return root, ""
    from pipeline.triggers.central.place import find_central
    from pipeline.triggers.hooks.inside import find_inside

    with open_git(root) as repository:
        commit = find_commit(repository, rev)
        return root, find_inside(repository, commit, find_central(root).chosen, None)
