"""Take the folder that a person stands in and the commit that they name; give their repository's root and output."""

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


def find_root_at(directory: Path, rev: str | None) -> Path:
    """Return the root, as `find_root` does; in a bare repository, look for the project's folder in the named commit."""
    root = find_root(directory)
    if rev and not (root / SETTINGS).is_file():
        from pipeline.triggers.central.place import find_central
        from pipeline.triggers.central.policy import stand_inside

        with open_git(root) as folder:
            commit = find_commit(folder, rev)
        stand_inside(find_central(root), commit, None)
    return root
