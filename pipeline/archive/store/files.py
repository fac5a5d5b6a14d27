"""Take bytes; keep them in a file named by their SHA-256; give them back only if they are still the same."""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path

from pipeline.archive.descent import open_below, replace_file

_NEW = "new"


class Files:
    """A folder of files by content: `ab/cdef…` holds the bytes whose SHA-256 is abcdef….

    Nothing waits for the disk here: a file that a failing machine cut short is found out when it is read, and made
    again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, data: bytes) -> str:
        """Return the digest under which the bytes are kept; OSError where the disk refuses."""
        digest = sha256(data).hexdigest()
        path = self._path(digest)
        if self.read(digest) is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            (self.folder / _NEW).mkdir(exist_ok=True)
            try:
                self._save(digest, data)
            except FileNotFoundError:  # another build has tidied up meanwhile: once more
                self._save(digest, data)
        return digest

    def read(self, digest: str) -> bytes | None:
        """Return the bytes of a digest; None if they are not here. What is not what it says is removed."""
        path = self._path(digest)
        try:
            data = path.read_bytes()
            if sha256(data).hexdigest() == digest:
                return data
            path.unlink(missing_ok=True)
        except OSError:
            pass
        return None

    def has(self, digest: str, size: int) -> bool:
        """Return whether there is a file of this size under the digest; only reading it proves what it holds."""
        return _size(self._path(digest)) == size

    def remove(self, digest: str) -> None:
        """Remove what is kept under a digest, if anything is; OSError where the disk refuses."""
        self._path(digest).unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove all files; OSError where the disk refuses."""
        if self.folder.is_dir():
            shutil.rmtree(self.folder)

    def clear_new(self) -> None:
        """Remove what killed builds left half written; a build that is at it now makes its file once more."""
        for path in (self.folder / _NEW).glob("*-*"):
            if not path.name.startswith(f"{os.getpid()}-"):
                path.unlink(missing_ok=True)

    def _save(self, digest: str, data: bytes) -> None:
        new = f"{_NEW}/{os.getpid()}-{digest[:16]}"
        with open_below(self.folder) as here, replace_file(here, _name(digest), new=new, wait=False) as file:
            file.write(data)

    def _path(self, digest: str) -> Path:
        return self.folder / _name(digest)


def _name(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:]}"


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return -1
