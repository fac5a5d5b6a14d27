"""Take names and sizes of a package's files, from a zip or a folder; refuse what could do harm; read within limits."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import Protocol

from pipeline.closure.items import PIECE
from pipeline.problems import Place, Problem, Stop
from pipeline.sources.paths import show_path

MOST_FILES = 200_000
LONGEST_NAME = 1024  # bytes of a path
LARGEST_TEXT = 128_000_000  # bytes of a manifest, or of anything else that is read whole
REFUSED, MALFORMED, DIFFERENT = "DB513", "DB514", "DB515"
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_DRIVE = re.compile(r"[A-Za-z]:")


class Package(Protocol):
    """The files of a package: `files` maps their paths below its one folder to their sizes in bytes."""

    @property
    def files(self) -> dict[str, int]:
        """Return the sizes by path."""

    def pieces(self, path: str) -> Iterator[bytes]:
        """Give the bytes of a file, a piece at a time."""


def read_text(package: Package, path: str, most: int = LARGEST_TEXT) -> str:
    """Return a file as text; Stop where it is not there, larger than `most` bytes, or no UTF-8."""
    try:
        return read_data(package, path, most).decode("utf-8")
    except UnicodeDecodeError:
        raise Stop(Problem(MALFORMED, "is no UTF-8 text", Place(show_path(path)))) from None


def read_data(package: Package, path: str, most: int = LARGEST_TEXT) -> bytes:
    """Return a file's bytes; Stop where it is not there, or larger than `most` bytes."""
    if path not in package.files:
        raise Stop(Problem(MALFORMED, "is missing", Place(show_path(path))))
    if package.files[path] > most:
        raise Stop(Problem(REFUSED, f"has more than {most:,} bytes, and is not read", Place(show_path(path))))
    return b"".join(package.pieces(path))


def check_paths(paths: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each path that leaves its folder, cannot be shown, or shares a place with another one."""
    places: list[tuple[str, str]] = []
    for path in paths:
        words = next((words for bad, words in _RULES if bad(path)), "")
        if words:
            yield Problem(REFUSED, f"the name {words}", Place(show_path(path)))
        else:
            places.append((unicodedata.normalize("NFC", path).casefold().replace("/", "\0"), path))
    yield from _check_places(sorted(places))


def _check_places(places: list[tuple[str, str]]) -> Iterator[Problem]:
    """In this order what shares a place stands side by side, and what lies below a file stands right behind it."""
    for (before, other), (key, path) in pairwise(places):
        if key == before:
            words = "is there twice" if other == path else f"shares its place with {other} where case does not count"
            yield Problem(REFUSED, words, Place(path))
        elif key.startswith(f"{before}\0"):
            yield Problem(REFUSED, f"is a file and the folder of {path}", Place(other))


_RULES: tuple[tuple[Callable[[str], object], str], ...] = (
    (lambda path: len(path.encode("utf-8", "surrogatepass")) > LONGEST_NAME, "is too long"),
    (CONTROL.search, "holds characters that cannot be shown"),
    (lambda path: path.startswith("/") or _DRIVE.match(path), "is not relative"),
    (lambda path: "\\" in path, "holds a backslash"),
    (lambda path: any(part in (".", "..") for part in path.split("/")), "leaves its folder"),
    (lambda path: "" in path.split("/"), "has an empty part"),
)


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
