"""Take small files that belong to no build, such as schemas; put each into a folder in one step."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pipeline.archive.descent import open_below, write_new
from pipeline.archive.folder import clear_errors


def save_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files into a folder, over those of the same names; Stop (exit 4) if the disk refuses.

    No link in the folder is followed: what has the name of a file is replaced.
    """
    with clear_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with open_below(folder) as descriptor:
            for name, data in contents.items():
                write_new(f".{name}.new", data, descriptor)
                os.replace(f".{name}.new", name, src_dir_fd=descriptor, dst_dir_fd=descriptor)
            os.fsync(descriptor)
