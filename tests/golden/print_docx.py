"""Take the bytes of a Word file; give its parts as text: one XML element a line, attributes sorted, media as hashes."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

from lxml import etree

_STYLES = "word/styles.xml"
_XML = (".xml", ".rels")
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace"


def print_docx(data: bytes) -> str:
    """Return all parts, sorted by name, but for the styles, which every document of a theme shares."""
    with ZipFile(BytesIO(data)) as archive:
        names = sorted(archive.namelist())
        parts = {name: archive.read(name) for name in names}
    lines = [line for name, content in parts.items() for line in _print_part(name, content)]
    return "\n".join(lines) + "\n"


def print_styles(data: bytes) -> str:
    """Return the styles alone, one line each: all that a style says."""
    with ZipFile(BytesIO(data)) as archive:
        root = etree.fromstring(archive.read(_STYLES))
    return "\n".join(" ".join(line.strip() for line in _elements(child, 0)) for child in root) + "\n"


def _print_part(name: str, content: bytes) -> Iterator[str]:
    yield f"== {name}"
    if name == _STYLES:
        yield "(see the styles file of the case `minimal`)"
    elif name.endswith(_XML):
        yield from _elements(etree.fromstring(content), 0)
    else:
        yield f"sha256 {sha256(content).hexdigest()}"


def _elements(element: etree._Element, depth: int) -> Iterator[str]:
    attributes = sorted((_short(element, key), value) for key, value in element.attrib.items())
    shown = "".join(f' {key}="{_visible(value)}"' for key, value in attributes if not key.startswith("w:rsid"))
    text = f" “{_visible(element.text)}”" if element.text and element.text.strip("\n") else ""
    yield f"{'  ' * depth}{_short(element, str(element.tag))}{shown}{text}"
    for child in element:
        yield from _elements(child, depth + 1)


def _short(element: etree._Element, name: str) -> str:
    """Return a name with the prefix that the part itself gives its namespace."""
    space, _, local = name.rpartition("}")
    if space == _XML_SPACE:
        return f"xml:{local}"
    prefix = next((prefix for prefix, uri in element.nsmap.items() if uri == space[1:] and prefix), "")
    return f"{prefix}:{local}" if prefix else local


def _visible(text: str) -> str:
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
