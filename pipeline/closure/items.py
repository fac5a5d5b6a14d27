"""Take bytes, or files of a disk; read them piece by piece; give their sizes and hashes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256, sha512
from pathlib import Path
from zlib import crc32

PIECE = 1 << 20  # bytes in memory at a time


@dataclass(frozen=True, slots=True)
class Item:
    """One file of a package: its path there, and its bytes or the file that holds them."""

    path: str
    source: bytes | Path


@dataclass(frozen=True, slots=True)
class Hashed:
    """A file with its size in bytes, its SHA-512 and SHA-256 as hex digits, and its CRC-32."""

    item: Item
    size: int
    sha512: str
    sha256: str
    crc: int

    @property
    def path(self) -> str:
        """Return its path in the package."""
        return self.item.path


def read_pieces(source: bytes | Path) -> Iterator[bytes]:
    """Give the bytes of a source, at most a piece at a time."""
    if isinstance(source, bytes):
        yield from (source[start : start + PIECE] for start in range(0, len(source), PIECE))
        return
    with source.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def hash_item(item: Item) -> Hashed:
    """Return an item with its hashes, after one pass over its bytes."""
    long, short, crc, size = sha512(), sha256(), 0, 0
    for piece in read_pieces(item.source):
        long.update(piece)
        short.update(piece)
        crc = crc32(piece, crc)
        size += len(piece)
    return Hashed(item, size, long.hexdigest(), short.hexdigest(), crc)
