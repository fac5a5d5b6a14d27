"""Take a zip that anyone may have written; hold every byte of its form against the one it has to be; give its files.

Nothing is unpacked, and a size is believed only where the bytes are there: nothing is compressed in a package, so it
cannot grow while it is read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pipeline.closure import zip_form as form
from pipeline.closure.items import PIECE
from pipeline.closure.verify.package import LARGEST_TEXT, LONGEST_NAME, MOST_FILES, REFUSED, check_paths
from pipeline.closure.zip_form import Stored
from pipeline.problems import Place, Problem, Stop
from pipeline.sources.paths import show_path

_AGAIN = "unpack it elsewhere and verify the folder, or get the package again"


class ZipPackage:
    """The files of a zip; `problems` says where it is not as Deedbox writes one."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._size = file.seek(0, 2)
        self._name = name
        self.files: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.checksums: dict[str, int] = {}
        self._starts: dict[str, int] = {}
        stored = self._read_directory()
        self._take_in(stored)

    def pieces(self, path: str) -> Iterator[bytes]:
        """Give the bytes of a file, a piece at a time."""
        start, left = self._starts[path], self.files[path]
        while left:
            self._file.seek(start)
            piece = self._file.read(min(PIECE, left))
            if not piece:
                return
            start, left = start + len(piece), left - len(piece)
            yield piece

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def _read_directory(self) -> list[Stored]:
        count, size, start = self._read_end()
        if count > MOST_FILES or size > LARGEST_TEXT:
            raise _refuse(self._name, f"claims to hold {count:,} files, more than the {MOST_FILES:,} that are read")
        if start + size > self._size:
            raise _refuse(self._name, "is cut off, or its end tells lies")
        self._file.seek(start)
        directory = self._file.read(size)
        stored = list(self._read_records(directory, count))
        end = form.make_end(len(stored), size, start)
        if self._size != start + size + len(end) or self._read_at(start + size, len(end)) != end:
            self._differ(self._name, "its end is not that of its files")
        return stored

    def _read_end(self) -> tuple[int, int, int]:
        """Return how many records the directory has, its size and its start."""
        end = self._read_at(self._size - form.END_SIZE, form.END_SIZE)
        if len(end) != form.END_SIZE or not end.startswith(form.END):
            raise _refuse(self._name, "is no zip, or cut off, or something was added at its end")
        count, size, start = struct.unpack("<10xHIIxx", end)
        if count != form.MANY and form.FULL not in (size, start):
            return int(count), int(size), int(start)
        place = self._size - form.END_SIZE - form.WIDE_PLACE_SIZE - form.WIDE_END_SIZE
        wide = self._read_at(place, form.WIDE_END_SIZE)
        if len(wide) != form.WIDE_END_SIZE or not wide.startswith(form.WIDE_END):
            raise _refuse(self._name, "has no end that can be read")
        count, size, start = struct.unpack("<32xQQQ", wide)
        return int(count), int(size), int(start)

    def _read_records(self, directory: bytes, count: int) -> Iterator[Stored]:
        at, start = 0, 0
        while at < len(directory):
            found = self._read_next(directory, at, start)
            if found is None:
                self._differ(self._name, f"its list of files cannot be read from byte {at:,} on")
                return
            file, length = found
            yield file
            at, start = at + length, file.end
        if start != self._size - len(directory) - len(form.make_end(count, len(directory), start)):
            self._differ(self._name, "there are bytes between its files and its list of files")

    def _read_next(self, directory: bytes, at: int, start: int) -> tuple[Stored, int] | None:
        """Return the file of a record and the record's length; where that is damaged, from the header at `start`."""
        found = _read_record(directory, at)
        if found is not None:
            file, length = found
            fits = directory[at + length : at + length + len(form.CENTRAL)] in (form.CENTRAL, b"")
            if fits and file.start == start and form.make_central(file) == directory[at : at + length]:
                return found
        header = _read_header(self._read_at(start, form.LOCAL_SIZE + 2 * LONGEST_NAME), start)
        if header is not None:
            found = (header, len(form.make_central(header)))
        if found is not None:
            self._differ(_show(found[0].name), "its line in the zip's list of files was changed")
        return found

    def _take_in(self, stored: list[Stored]) -> None:
        tops = {file.name.partition(b"/")[0] for file in stored}
        if len(tops) != 1 or not all(b"/" in file.name for file in stored):
            self.problems.append(Problem(REFUSED, "does not hold just one folder", Place(self._name)))
        names = [file.name.partition(b"/")[2].decode("utf-8", "surrogateescape") for file in stored]
        self.problems += check_paths(names)
        for name, file in zip(names, stored, strict=True):
            header = form.make_local(file)
            if file.end > self._size:
                self._differ(_show(file.name), "its bytes are not all there")
                continue
            if self._read_at(file.start, len(header)) != header:
                self._differ(_show(file.name), "its header in the zip was changed")
            if name not in self.files:
                self.files[name], self.checksums[name] = file.size, file.crc
                self._starts[name] = file.data_start

    def _read_at(self, place: int, size: int) -> bytes:
        self._file.seek(max(place, 0))
        return self._file.read(size)

    def _differ(self, path: str, words: str) -> None:
        self.problems.append(Problem(REFUSED, words, Place(path), _AGAIN))


def open_zip(path: Path) -> ZipPackage:
    """Return the files of a zip; Stop where it cannot even be listed."""
    file = path.open("rb")
    try:
        return ZipPackage(file, path.name)
    except BaseException:
        file.close()
        raise


def _read_record(directory: bytes, at: int) -> tuple[Stored, int] | None:
    """Return a record of the directory and its length; None if there is none that makes sense."""
    fixed = directory[at : at + form.CENTRAL_SIZE]
    if len(fixed) != form.CENTRAL_SIZE or not fixed.startswith(form.CENTRAL):
        return None
    crc, _, size, name_size, extra_size, note_size, start = struct.unpack("<16xIIIHHH8xI", fixed)
    length = form.CENTRAL_SIZE + name_size + extra_size + note_size
    name = directory[at + form.CENTRAL_SIZE : at + form.CENTRAL_SIZE + name_size]
    extra = directory[at + form.CENTRAL_SIZE + name_size : at + length]
    if name_size > LONGEST_NAME * 2 or at + length > len(directory):
        return None
    wide = extra[4 : 4 + max(len(extra) - 4, 0) // 8 * 8]
    values = [value for (value,) in struct.iter_unpack("<Q", wide)]
    if size == form.FULL and len(values) >= 2:
        size, values = values[0], values[2:]
    if start == form.FULL and values:
        start = values[0]
    return Stored(name, size, crc, start), length


def _read_header(data: bytes, start: int) -> Stored | None:
    """Return the file whose header this is, if all of it is as it has to be."""
    if len(data) < form.LOCAL_SIZE or not data.startswith(form.LOCAL):
        return None
    crc, _, size, name_size = struct.unpack_from("<14xIIIH", data)
    if size == form.FULL:
        wide = data[form.LOCAL_SIZE + name_size + 4 :][:8]
        size = int.from_bytes(wide, "little")
    file = Stored(data[form.LOCAL_SIZE : form.LOCAL_SIZE + name_size], size, crc, start)
    header = form.make_local(file)
    return file if data[: len(header)] == header else None


def _show(name: bytes) -> str:
    return show_path(name.partition(b"/")[2].decode("utf-8", "surrogateescape"))


def _refuse(name: str, words: str) -> Stop:
    return Stop(Problem(REFUSED, words, Place(name), _AGAIN))
