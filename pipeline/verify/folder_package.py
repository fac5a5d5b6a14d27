"""Take a folder into which a package was unpacked; list its files without following a link; give them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.closure.items import PIECE
from pipeline.problems import Place, Problem, Stop
from pipeline.sources.paths import show_path
from pipeline.verify.package import MOST_FILES, REFUSED, check_paths


class FolderPackage:
    """The files below a folder; `problems` names what is neither file nor folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.files: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.checksums: dict[str, int] = {}
        self._list(folder, "")
        self.problems += check_paths(self.files)

    def pieces(self, path: str) -> Iterator[bytes]:
        """Give the bytes of a file, a piece at a time."""
        descriptor = os.open(self._folder / path, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def _list(self, folder: Path, start: str) -> None:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                path = f"{start}{entry.name}"
                if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
                    words = "is a link or a device, and not followed"
                    self.problems.append(Problem(REFUSED, words, Place(show_path(path))))
                elif entry.is_dir():
                    self._list(folder / entry.name, f"{path}/")
                else:
                    self.files[path] = entry.stat(follow_symlinks=False).st_size
                if len(self.files) > MOST_FILES:
                    raise Stop(Problem(REFUSED, f"holds more than {MOST_FILES:,} files", Place(folder.name)))
