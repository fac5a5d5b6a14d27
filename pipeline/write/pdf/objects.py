"""Take the bytes of a PDF as our writer makes them; follow its cross-reference stream; give its objects by number."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_OBJECT = re.compile(rb"(\d+) 0 obj\n")
_START = re.compile(rb"startxref\n(\d+)\n%%EOF\s*\Z")


class BrokenPdf(ValueError):
    """Raised where the file cannot be read as a PDF; its text says why."""


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of a file, dictionaries and streams still as bytes, and the number of its root."""

    data: bytes
    places: dict[int, tuple[int, int, int]]
    packed: dict[int, bytes]
    root: int

    def read(self, number: int) -> bytes:
        """Return an object; nothing where the file has none of this number."""
        return self.packed[number] if number in self.packed else _cut(self.data, self.places[number][1])

    def follow(self, dictionary: bytes, key: str) -> bytes:
        """Return what a key of a dictionary refers to; nothing where the key or the object is missing."""
        number = reference(dictionary, key)
        return self.read(number) if number in self.packed or number in self.places else b""

    def stream(self, dictionary: bytes, key: str) -> bytes:
        """Return the content of a stream that a key refers to."""
        return unpack(self.follow(dictionary, key))


def read_objects(data: bytes) -> Objects:
    """Return the objects; BrokenPdf where the file has no end, no cross references, or one that leads astray."""
    end = _START.search(data[-64:])
    if not data.startswith(b"%PDF-1.") or not end:
        raise BrokenPdf("it does not begin or end as a PDF")
    cross = _cut(data, int(end.group(1)))
    widths = [int(width) for width in re.findall(rb"\d+", _value(cross, "W"))]
    if len(widths) != 3 or not (root := reference(cross, "Root")):
        raise BrokenPdf("its cross references cannot be read")
    places = {number: entry for number, entry in enumerate(_entries(unpack(cross), widths)) if entry[0]}
    for number, (kind, offset, _) in places.items():
        if kind == 1 and not data.startswith(b"%d 0 obj\n" % number, offset):
            raise BrokenPdf(f"its object {number} is not where it should be")
    packed = dict(_unpack_all(data, places))
    return Objects(data, {number: entry for number, entry in places.items() if entry[0] == 1}, packed, root)


def reference(dictionary: bytes, key: str) -> int:
    """Return the number of the object that a key refers to, 0 if it refers to none."""
    found = re.search(rb"/%s (\d+) 0 R" % key.encode(), dictionary)
    return int(found.group(1)) if found else 0


def unpack(whole: bytes) -> bytes:
    """Return the content of a stream, given the object that holds it."""
    start, end = whole.find(b"stream\n"), whole.rfind(b"\nendstream")
    if start < 0 or end < start:
        return b""
    content = whole[start + 7 : end]
    try:
        return zlib.decompress(content) if b"/FlateDecode" in whole[:start] else content
    except zlib.error as error:
        raise BrokenPdf(f"a stream cannot be unpacked: {error}") from error


def _cut(data: bytes, offset: int) -> bytes:
    if not _OBJECT.match(data, offset):
        raise BrokenPdf(f"there is no object at byte {offset}")
    return data[offset : data.find(b"\nendobj", offset)]


def _value(dictionary: bytes, key: str) -> bytes:
    found = re.search(rb"/%s ?\[([^\]]*)\]" % key.encode(), dictionary)
    return found.group(1) if found else b""


def _entries(table: bytes, widths: list[int]) -> Iterator[tuple[int, int, int]]:
    first, second = widths[0], widths[0] + widths[1]
    for at in range(0, len(table) - sum(widths) + 1, sum(widths)):
        line = table[at : at + sum(widths)]
        numbers = (line[:first], line[first:second], line[second:])
        yield tuple(int.from_bytes(part, "big") for part in numbers)  # type: ignore[misc]


def _unpack_all(data: bytes, places: dict[int, tuple[int, int, int]]) -> Iterator[tuple[int, bytes]]:
    """Yield the objects that are packed into streams of objects."""
    for holder in {place for kind, place, _ in places.values() if kind == 2}:
        whole = _cut(data, places[holder][1])
        content = unpack(whole)
        first = re.search(rb"/First (\d+)", whole)
        if not first or not content:
            raise BrokenPdf("a stream of objects cannot be read")
        start = int(first.group(1))
        numbers = [int(number) for number in content[:start].split()]
        ends = [*numbers[3::2], len(content) - start]
        for number, begin, end in zip(numbers[::2], numbers[1::2], ends, strict=True):
            yield number, content[start + begin : start + end]
