"""Take the path of a picture in the snapshot; check what it is by its content; give an asset or a problem."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from hashlib import sha256

from pipeline.document.tree import Asset
from pipeline.problems import Place
from pipeline.render.page import Page
from pipeline.render.svg import DAMAGED, Fault, read_svg

_LARGEST = 20_000_000
_MOST_PIXELS = 60_000_000
_MOST_MARKERS = 10_000  # of a JPEG: each part of it begins with one


def read_asset(path: str, page: Page, place: Place) -> str | None:
    """Return the name under which the document keeps a picture; None, and a problem, where it cannot be shown."""
    data = page.door.read(path)
    kind = _sniff(data)
    name = f"{sha256(data).hexdigest()[:16]}.{kind or 'bin'}"
    if name in page.assets:
        return name
    size, fault = _judge(kind, data)
    if fault or size is None:
        code, message, hint = fault or DAMAGED
        page.fail(code, f"the image `{path}` {message}", place, hint)
        return None
    media = "image/svg+xml" if kind == "svg" else f"image/{kind}"
    page.assets[name] = Asset(data, media, max(1, round(size[0])), max(1, round(size[1])))
    return name


def _judge(kind: str | None, data: bytes) -> tuple[tuple[float, float] | None, Fault | None]:
    """Return the size of a picture in pixels, or what is wrong with it."""
    if kind is None:
        return None, ("DB333", "is no picture that Word and PDF can both show", "use PNG, JPEG, GIF or SVG")
    if len(data) > _LARGEST:
        hint = "save it at print resolution (200 dots per inch)"
        return None, ("DB333", f"is larger than {_LARGEST // 1_000_000} MB", hint)
    if kind == "svg":
        size, fault = read_svg(data, _is_small_raster)
    else:
        size, fault = _SIZES[kind](data), None
    if size is not None and size[0] * size[1] > _MOST_PIXELS:
        return None, ("DB334", f"has more than {_MOST_PIXELS // 1_000_000} million pixels", "save it smaller")
    return (size, fault) if size is None or all(size) else (None, DAMAGED)


def _is_small_raster(data: bytes) -> bool:
    """Return whether the data within an SVG is a picture that can be shown by itself."""
    kind = _sniff(data)
    return kind in _SIZES and _judge(kind, data)[0] is not None


def _sniff(data: bytes) -> str | None:
    """Return what a picture is by its content, whatever its name says."""
    return next((kind for kind, is_it in _KINDS if is_it(data)), None)


def _png_size(data: bytes) -> tuple[float, float] | None:
    return struct.unpack(">II", data[16:24]) if len(data) >= 24 else None


def _gif_size(data: bytes) -> tuple[float, float] | None:
    return struct.unpack("<HH", data[6:10]) if len(data) >= 10 else None


def _jpeg_size(data: bytes) -> tuple[float, float] | None:
    at = 2
    for _ in range(_MOST_MARKERS):
        if at + 9 > len(data) or data[at] != 0xFF:
            break
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def _is_svg(data: bytes) -> bool:
    head = data[:4096]
    return b"<svg" in head or b":svg" in head  # in UTF-8: whoever draws it reads no other


_SIZES: Mapping[str, Callable[[bytes], tuple[float, float] | None]] = {
    "png": _png_size,
    "jpeg": _jpeg_size,
    "gif": _gif_size,
}
_KINDS: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("png", lambda data: data.startswith(b"\x89PNG\r\n\x1a\n")),
    ("jpeg", lambda data: data.startswith(b"\xff\xd8\xff")),
    ("gif", lambda data: data.startswith((b"GIF87a", b"GIF89a"))),
    ("svg", _is_svg),
)
