"""The path of a picture comes in; its content is checked, SVG for what it refers to; an asset, or a problem, goes out.

It is judged by the tree that a drawing program would see, and not by its bytes: escapes and entities hide nothing.
"""

from __future__ import annotations

import re
import struct
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from pipeline.document.tree import Asset
from pipeline.problems import Place
from pipeline.render.page import Page
from pipeline.render.xml_text import BROKEN, HUGE, Unfit, read_xml

OUTSIDE = ("DB333", "asks for something outside itself, or runs a script", "export it as a plain, self-contained SVG")
DAMAGED = ("DB333", "is damaged, or its size cannot be read", "open it in an image editor and save it again")
TOO_MUCH = ("DB334", "holds more than can be drawn in reasonable time", "simplify it, or save it as PNG")
_MOST_ELEMENTS = 200_000
_MOST_DRAWN = 200_000  # elements, each counted as often as `use` and patterns show it
_DEEPEST = 200  # elements within each other, also by reference
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "pc": 16.0}
_NUMBER = r"(?:[0-9]{1,9}\.?[0-9]{0,9}|\.[0-9]{1,9})"
_LENGTH = re.compile(rf"\s*({_NUMBER})\s*(px|pt|mm|cm|in|pc|)\s*\Z")
_ACTIVE = frozenset(("script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler", "listener"))
_DATA = re.compile(r"data:image/(png|jpeg|gif);base64,", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\r\n\f]?|(.))", re.DOTALL)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ASKS = re.compile(r"@import|(?:image|image-set|src|element|expression)\(|url\(\s*+[\"']?+\s*+(?!#)", re.IGNORECASE)
_POINTS = re.compile(r"url\(\s*+[\"']?+\s*+#([^\"')\s]+)", re.IGNORECASE)
Fault = tuple[str, str, str]
Measure = Callable[[bytes], bool]


def read_svg(data: bytes, may_hold: Measure) -> tuple[tuple[float, float] | None, Fault | None]:
    """Return the size of an SVG in pixels, or what is wrong with it; `may_hold` judges a picture within it."""
    try:
        root = read_xml(data, most=_MOST_ELEMENTS, sheets=False)
    except Unfit as unfit:
        return None, TOO_MUCH if unfit.why == HUGE else DAMAGED if unfit.why == BROKEN else OUTSIDE
    if _local(root) != "svg":
        return None, DAMAGED
    elements = [one for one in root.iter() if isinstance(one.tag, str)]
    if any(_asks(one, may_hold) for one in elements):
        return None, OUTSIDE
    if not _is_bounded(root, elements):
        return None, TOO_MUCH
    size = _read_size(root.attrib)
    return size, None if size else DAMAGED


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _asks(element: Any, may_hold: Measure) -> bool:
    """Return whether an element runs something, or refers to something outside the picture."""
    name = _local(element)
    if name in _ACTIVE or (name == "style" and _fetches("".join(element.itertext()))):
        return True
    for key, value in element.attrib.items():
        local = str(key).rpartition("}")[2].lower()
        if local.startswith("on") or local == "base":
            return True
        if local == "attributename" and value.strip().lower().rpartition(":")[2] in ("href", "src", "style"):
            return True
        if local in ("href", "src") and not _stays_inside(value.strip(), name, may_hold):
            return True
        if ("(" in value or "\\" in value or "@" in value) and _fetches(value):
            return True
    return False


def _stays_inside(target: str, name: str, may_hold: Measure) -> bool:
    if not target or target.startswith("#"):
        return True
    data = _DATA.match(target) if name in ("image", "feimage") else None
    if data is None:
        return False
    try:
        return may_hold(b64decode(target[data.end() :]))
    except (Base64Error, ValueError):
        return False


def _fetches(css: str) -> bool:
    """Return whether a style asks for a file; its escapes are read and its comments left out, as a browser does."""
    return _ASKS.search(_ESCAPE.sub(_unescape, _COMMENT.sub("", css))) is not None


def _unescape(match: re.Match[str]) -> str:
    if match[2] is not None:
        return match[2]
    code = int(match[1], 16)
    return chr(code) if 0 < code < 0x110000 else "\ufffd"


def _is_bounded(root: Any, elements: list[Any]) -> bool:
    """Return whether all that is drawn, again and again by reference, is no more than can be drawn."""
    named = {one.get("id"): one for one in elements if one.get("id")}
    counts: dict[Any, int] = {}
    open_now: set[Any] = set()
    waiting = [(root, False)]
    while waiting:
        element, done = waiting.pop()
        inner = [child for child in element if isinstance(child.tag, str)]
        inner += [named[name] for name in _refers(element) if name in named]
        if done:
            open_now.discard(element)
            counts[element] = 1 + sum(counts.get(one, 0) for one in inner)
            if counts[element] > _MOST_DRAWN:
                return False
        elif element not in counts and element not in open_now:
            open_now.add(element)
            waiting.append((element, True))
            if any(one in open_now for one in inner) or len(open_now) > _DEEPEST:
                return False
            waiting.extend((one, False) for one in inner)
    return True


def _refers(element: Any) -> Iterator[str]:
    """Yield the ids of what an element shows besides what it holds."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == "href" and value.startswith("#"):
            yield value[1:]
        elif "(" in value:
            yield from _POINTS.findall(value)


def _read_size(attributes: Any) -> tuple[float, float] | None:
    box = [float(number) for number in re.findall(_NUMBER, attributes.get("viewBox", "")[:200])]
    width, height = (_length(attributes.get(name, "")) for name in ("width", "height"))
    if len(box) == 4 and box[2] and box[3]:
        width = width or (height * box[2] / box[3] if height else box[2])
        height = height or width * box[3] / box[2]
    return (width, height) if width and height else None


def _length(text: str) -> float:
    match = _LENGTH.match(text[:100])
    return float(match.group(1)) * _UNITS[match.group(2)] if match else 0.0


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
