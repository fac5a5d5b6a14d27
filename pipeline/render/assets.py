"""Take the path of a picture in the snapshot; check what it is by its content; give an asset or a problem."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from hashlib import sha256

from pipeline.problems import Place
from pipeline.render.page import Page
from pipeline.render.tree import Asset

_LARGEST = 20_000_000
_MOST_PIXELS = 60_000_000
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "pc": 16.0}
_NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
_LENGTH = re.compile(rf"\s*({_NUMBER})\s*(px|pt|mm|cm|in|pc|)\s*\Z")
_OUTSIDE = re.compile(
    rb"<!DOCTYPE|<!ENTITY|<script|<foreignObject|@import|\bon[a-z]+\s*="
    rb"|(?:href|src)\s*=\s*[\"'](?!#|data:image/(?:png|jpeg|gif);)|url\(\s*+(?:[\"']|&quot;|&apos;)?+(?!#)",
    re.IGNORECASE,
)


def read_asset(path: str, page: Page, place: Place) -> str | None:
    """Return the name under which the document keeps a picture; None, and a problem, where it cannot be shown."""
    data = page.door.read(path)
    kind = next((kind for kind, sniff, _ in _KINDS if sniff(data)), None)
    name = f"{sha256(data).hexdigest()[:16]}.{kind or 'bin'}"
    if name in page.assets:
        return name
    message, hint = _fault(kind, data)
    size = None if message else dict((kind, size) for kind, _, size in _KINDS)[kind or ""](data)
    if not message and (size is None or size[0] * size[1] > _MOST_PIXELS or not all(size)):
        message, hint = "is damaged, or its size cannot be read", "open it in an image editor and save it again"
    if message or size is None:
        page.fail("DB333", f"the image `{path}` {message}", place, hint)
        return None
    media = "image/svg+xml" if kind == "svg" else f"image/{kind}"
    page.assets[name] = Asset(data, media, max(1, round(size[0])), max(1, round(size[1])))
    return name


def _fault(kind: str | None, data: bytes) -> tuple[str, str]:
    if kind is None:
        return "is no picture that Word and PDF can both show", "use PNG, JPEG, GIF or SVG"
    if len(data) > _LARGEST:
        return f"is larger than {_LARGEST // 1_000_000} MB", "save it at print resolution (200 dots per inch)"
    if kind == "svg" and _OUTSIDE.search(data):
        return "asks for something outside itself, or runs a script", "export it as a plain, self-contained SVG"
    return "", ""


def _png_size(data: bytes) -> tuple[float, float] | None:
    return struct.unpack(">II", data[16:24]) if len(data) >= 24 else None


def _gif_size(data: bytes) -> tuple[float, float] | None:
    return struct.unpack("<HH", data[6:10]) if len(data) >= 10 else None


def _jpeg_size(data: bytes) -> tuple[float, float] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def _svg_size(data: bytes) -> tuple[float, float] | None:
    opening = re.search(rb"<svg\b[^>]*>", data)
    if not opening:
        return None
    attributes = dict(re.findall(r"""([\w:-]+)\s*=\s*["']([^"']*)["']""", opening.group().decode(errors="replace")))
    box = [float(number) for number in re.findall(_NUMBER, attributes.get("viewBox", ""))]
    width, height = (_length(attributes.get(name, "")) for name in ("width", "height"))
    if len(box) == 4 and box[2] and box[3]:
        width = width or (height * box[2] / box[3] if height else box[2])
        height = height or width * box[3] / box[2]
    return (width, height) if width and height else None


def _length(text: str) -> float:
    match = _LENGTH.match(text)
    return float(match.group(1)) * _UNITS[match.group(2)] if match else 0.0


_KINDS: tuple[tuple[str, Callable[[bytes], bool], Callable[[bytes], tuple[float, float] | None]], ...] = (
    ("png", lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"), _png_size),
    ("jpeg", lambda data: data.startswith(b"\xff\xd8\xff"), _jpeg_size),
    ("gif", lambda data: data.startswith((b"GIF87a", b"GIF89a")), _gif_size),
    ("svg", lambda data: b"<svg" in data[:4096], _svg_size),
)
