"""Take small files that belong to no build, such as schemas; put each into a folder in one step."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.archive.folder import clear_errors
from pipeline.archive.stage import write_synced


def save_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files into a folder, over those of the same names; Stop (exit 4) if the disk refuses."""
    with clear_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in contents.items():
            new = folder / f".{name}.new"
            write_synced(new, data)
            new.replace(folder / name)
