"""Take name, size and checksum of stored files; lay out the one zip that they make; give its headers as bytes.

Whatever a zip leaves open is fixed here (nothing is compressed, no time, no comment, one order), so that equal files
make equal bytes, and a reader can hold each byte of a package against what it has to be.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
WIDE_END, WIDE_PLACE = b"PK\6\6", b"PK\6\7"
LOCAL_SIZE, CENTRAL_SIZE, END_SIZE, WIDE_END_SIZE, WIDE_PLACE_SIZE = 30, 46, 22, 56, 20
FULL, MANY = 0xFFFFFFFF, 0xFFFF  # from here on a field holds this value, and a wide one the true value
_UTF8 = 0x800  # flag: the name is UTF-8
_DAY = 0x21  # 1 January 1980, the first day that a zip knows
_MODE = 0o100644 << 16  # a plain file that its owner may write
_UNIX = 3 << 8


@dataclass(frozen=True, slots=True)
class Stored:
    """One file of a zip: its name in UTF-8, size in bytes, CRC-32, and where its header starts."""

    name: bytes
    size: int
    crc: int
    start: int

    @property
    def data_start(self) -> int:
        """Return where its bytes start."""
        return self.start + len(make_local(self))

    @property
    def end(self) -> int:
        """Return where the next header starts."""
        return self.data_start + self.size


def make_local(file: Stored) -> bytes:
    """Return the header that stands before a file's bytes."""
    wide = file.size >= FULL
    extra = struct.pack("<HHQQ", 1, 16, file.size, file.size) if wide else b""
    size = min(file.size, FULL)
    fields = (45 if wide else 20, _UTF8, 0, 0, _DAY, file.crc, size, size, len(file.name), len(extra))
    return LOCAL + struct.pack("<HHHHHIIIHH", *fields) + file.name + extra


def make_central(file: Stored) -> bytes:
    """Return the record of a file in the directory at the zip's end."""
    wide, far = file.size >= FULL, file.start >= FULL
    values = (*((file.size, file.size) if wide else ()), *((file.start,) if far else ()))
    extra = struct.pack(f"<HH{len(values)}Q", 1, 8 * len(values), *values) if values else b""
    version = 45 if values else 20
    size = min(file.size, FULL)
    fields = (
        *(_UNIX | version, version, _UTF8, 0, 0, _DAY, file.crc, size, size),
        *(len(file.name), len(extra), 0, 0, 0, _MODE, min(file.start, FULL)),
    )
    return CENTRAL + struct.pack("<HHHHHHIIIHHHHHII", *fields) + file.name + extra


def make_end(count: int, size: int, start: int) -> bytes:
    """Return the end of a zip whose directory has `count` records of `size` bytes from `start` on."""
    end = struct.pack("<HHHHIIH", 0, 0, min(count, MANY), min(count, MANY), min(size, FULL), min(start, FULL), 0)
    if count < MANY and size < FULL and start < FULL:
        return END + end
    fields = (WIDE_END_SIZE - 12, _UNIX | 45, 45, 0, 0, count, count, size, start)
    wide = WIDE_END + struct.pack("<QHHIIQQQQ", *fields)
    return wide + WIDE_PLACE + struct.pack("<IQI", 0, start + size, 1) + END + end


def lay_out(files: Iterable[tuple[str, int, int]]) -> tuple[Stored, ...]:
    """Return the files, each given by name, size and CRC-32, in their order with the places that they get."""
    placed: list[Stored] = []
    for name, size, crc in files:
        placed.append(Stored(name.encode(), size, crc, placed[-1].end if placed else 0))
    return tuple(placed)
