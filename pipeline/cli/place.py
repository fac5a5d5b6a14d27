"""Take the folder that a person stands in and the commit that they name; give the root of their project repository."""

from __future__ import annotations

from pathlib import Path

from pipeline.sources.git import find_commit, open_git
from pipeline.sources.places import SETTINGS
from pipeline.sources.root import find_root


def find_root_at(directory: Path, rev: str | None) -> Path:
    """Return the root, as `find_root` does; in a bare repository, look for the project's folder in the named commit."""
    root = find_root(directory)
    if rev and not (root / SETTINGS).is_file():
        from pipeline.central.place import find_central
        from pipeline.central.policy import stand_inside

        with open_git(root) as folder:
            commit = find_commit(folder, rev)
        stand_inside(find_central(root), commit, None)
    return root
