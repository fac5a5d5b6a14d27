"""Take an output folder and what was known of its files; look at them; give the digest of each, reading few."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pipeline.sources.stats import NODE

# Windows has no such flags.
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Mark(NamedTuple):
    """What the file system says of a file: size in bytes, times in nanoseconds, number of the node."""

    size: int
    modified: int
    changed: int
    node: int


class Outputs:
    """The files of an output folder by name. A file whose mark is known is not read again."""

    def __init__(self, folder: Path, known: Mapping[str, tuple[Mark, str]] | None = None) -> None:
        self.folder = folder
        self.known = dict(known or {})
        self._top = str(folder)
        self._links: dict[str, bool] = {}

    def digest(self, name: str) -> str:
        """Return the SHA-256 (hex) of a plain file, "" where there is none or it cannot be read."""
        path = f"{self._top}/{name}"
        mark = read_mark(path)
        if mark is None or self._is_behind_link(name.rpartition("/")[0]):
            return ""
        before = self.known.get(name)
        if before is None or before[0] != mark:
            digest = _hash(path)
            # A file that changed while it was read has no digest that could be relied on.
            if read_mark(path) != mark:
                self.forget(name)
                return digest
            self.known[name] = (mark, digest)
        return self.known[name][1]

    def look_again(self) -> None:
        """Forget which folders are links: somebody may have put one there since."""
        self._links.clear()

    def mark(self, name: str) -> Mark | None:
        """Return the mark that a file had when its digest was found."""
        return self.known[name][0] if name in self.known else None

    def note(self, name: str, mark: Mark | None, digest: str) -> None:
        """Note that a file with this digest, which had this mark, was just moved to this name."""
        now = read_mark(f"{self._top}/{name}")
        # Moving a file changes nothing but the time at which its node changed.
        if mark is not None and now is not None and now._replace(changed=mark.changed) == mark:
            self.known[name] = (now, digest)

    def forget(self, name: str) -> None:
        """Forget what is known of a file: it is read when it is asked for next."""
        self.known.pop(name, None)

    def _is_behind_link(self, inside: str) -> bool:
        """Return whether a folder in here is reached over a link; looked up once, see `look_again`."""
        if inside and inside not in self._links:
            above = inside.rpartition("/")[0]
            self._links[inside] = self._is_behind_link(above) or (self.folder / inside).is_symlink()
        return bool(inside) and self._links[inside]


def read_mark(path: str) -> Mark | None:
    """Return the mark of a plain file; None if nothing, or something else, is there."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return Mark(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino & NODE)


def _hash(path: str) -> str:
    try:
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            return sha256(file.read()).hexdigest()
    except OSError:
        return ""
