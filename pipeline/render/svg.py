"""Take the bytes of an SVG; see that it shows only what it holds, and in bounded time; give its size, or the fault.

It is judged by the tree that a drawing program would see, and not by its bytes: escapes and entities hide nothing.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator
from typing import Any

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
