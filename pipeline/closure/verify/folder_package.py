"""Take a folder into which a package was unpacked; list its files without following a link; give them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pipeline.closure.items import PIECE
from pipeline.closure.verify.package import LONGEST_NAME, MOST_FILES, REFUSED, check_paths
from pipeline.problems import Place, Problem, Stop
from pipeline.sources.paths import show_path


class FolderPackage:
    """The files below a folder; `problems` names what is neither file nor folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.files: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.checksums: dict[str, int] = {}
        self._list()
        self.problems += check_paths(self.files)

    def pieces(self, path: str) -> Iterator[bytes]:
        """Give the bytes of a file, a piece at a time."""
        if len(os.fsencode(path)) > LONGEST_NAME:
            return
        descriptor = os.open(self._folder / path, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def _list(self) -> None:
        """A folder that lies too deep is named by `check_paths`, and not looked into: paths have an end on any disk."""
        waiting, seen = [""], 0
        while waiting:
            start = waiting.pop()
            with os.scandir(self._folder / start) as entries:
                for entry in islice(entries, MOST_FILES + 1):
                    path, seen = f"{start}{entry.name}", seen + 1
                    if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
                        words = "is a link or a device, and not followed"
                        self.problems.append(Problem(REFUSED, words, Place(show_path(path))))
                    elif entry.is_dir() and len(os.fsencode(path)) <= LONGEST_NAME:
                        waiting.append(f"{path}/")
                    else:
                        self.files[path] = entry.stat(follow_symlinks=False).st_size
                    if seen > MOST_FILES:
                        raise Stop(Problem(REFUSED, f"holds more than {MOST_FILES:,} files", Place(self._folder.name)))
        self.files = dict(sorted(self.files.items()))
