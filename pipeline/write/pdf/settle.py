"""Take the objects of a PDF that nobody will change any more; write each one once; give objects that hold their bytes.

The library under WeasyPrint asks every object for its bytes twice, to write the file and to work out the file's
identifier, and packs every stream anew each time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from pipeline.host.known_libraries import SETTLED_OBJECTS, fits


def settle(pdf: Any) -> None:
    """Put in place of each object one that knows its bytes; what the file holds is the same to the byte.

    Nothing is done where that library is not the one whose bytes are known.
    """
    if not fits(SETTLED_OBJECTS):
        return
    settled, write = _settled_class(), _writer()
    pdf.objects[1:] = [settled(thing, write(thing)) for thing in pdf.objects[1:]]


@cache
def _settled_class() -> Any:
    from pydyf import Object

    class Settled(Object):  # type: ignore[misc]
        """An object of a PDF as bytes."""

        data = b""
        compressible = False

        def __init__(self, thing: Any, data: bytes) -> None:
            super().__init__()
            self.number, self.generation, self.free = thing.number, thing.generation, thing.free
            self.data, self.compressible = data, thing.compressible

    return Settled


@cache
def _writer() -> Callable[[Any], bytes]:
    """Return the function that gives an object's bytes: what a table knows goes by its type, the rest as it did."""
    from pydyf import Array, Dictionary, Object

    def write(thing: Any) -> bytes:
        known = table.get(type(thing))
        if known:
            return known(thing)
        data: bytes = thing.data if isinstance(thing, Object) else str(thing).encode("ascii")
        return data

    def write_dictionary(thing: Any) -> bytes:
        return b"<<%b>>" % b"".join([b"%b %b" % (_write_key(key), write(value)) for key, value in thing.items()])

    def write_array(thing: Any) -> bytes:
        return b"[%b]" % b" ".join([write(one) for one in thing])

    table: dict[type, Callable[[Any], bytes]] = {
        bytes: lambda data: data,
        str: lambda text: text.encode("ascii"),
        int: lambda number: b"%d" % number,
        float: _write_number,
        Dictionary: write_dictionary,
        Array: write_array,
    }
    return write


@lru_cache(maxsize=1024)
def _write_key(key: str | bytes) -> bytes:
    return b"/" + (key if isinstance(key, bytes) else key.encode("ascii"))


def _write_number(number: float) -> bytes:
    """Return a number as that library writes it: whole ones without a point."""
    return b"%d" % number if number.is_integer() else (b"%f" % number).rstrip(b"0")
