"""Take the folder that a person stands in and the commit that they name; give the root of their project repository."""

from __future__ import annotations

from pathlib import Path

from pipeline.sources.places import SETTINGS
from pipeline.sources.root import find_root


def find_place(directory: Path, rev: str | None) -> Path:
    """Return the root, as `find_root` does; in a bare repository, look for the project's folder in the named commit."""
    root = find_root(directory)
    if rev and not (root / SETTINGS).is_file():
        from pipeline.central.inside import stand_inside_commit

        stand_inside_commit(root, rev)
    return root
