"""Take the bytes of a Word file; look for what makes Word ask for repair or show errors; give the faults as words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import Any
from zipfile import BadZipFile, ZipFile

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_FIELD, _START, _END = f"{_W}fldChar", f"{_W}bookmarkStart", f"{_W}bookmarkEnd"
_MARKS = (_FIELD, _START, _END, _DRAWING)
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "[Content_Types].xml"
_STORIES = ("word/document", "word/header", "word/footer", "word/footnotes", "word/endnotes", "word/comments")
_DEPTH = {"begin": 1, "separate": 0, "end": -1}

Roots = Mapping[str, Any]


def find_docx_faults(data: bytes) -> Iterator[str]:
    """Yield what is wrong with the package, its parts, fields, bookmarks, pictures and relationships."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
            if len(parts) < len(archive.namelist()):
                yield "two parts have one name"
    except (BadZipFile, EOFError, OSError) as error:
        yield f"it is no zip file: {error}"
        return
    roots, faults = _parse(parts)
    yield from faults
    if faults or _TYPES not in roots or "word/document.xml" not in roots:
        yield from (f"{name} is missing" for name in (_TYPES, "word/document.xml") if name not in parts)
        return
    yield from _find_untyped(roots)
    yield from _find_dangling(roots, parts)
    stories = {name: root for name, root in roots.items() if name.startswith(_STORIES) and "/_rels/" not in name}
    marks = {name: list(root.iter(*_MARKS)) for name, root in stories.items()}
    for name, found in marks.items():
        yield from _find_open_fields(name, found)
    yield from _find_twins([mark for found in marks.values() for mark in found])


def _parse(parts: Mapping[str, bytes]) -> tuple[Roots, list[str]]:
    """Return the XML parts as trees; a control character or any other slip is a fault."""
    roots, faults = {}, []
    for name, content in parts.items():
        if not name.endswith((".xml", ".rels")):
            continue
        try:
            roots[name] = etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=True))
        except etree.XMLSyntaxError as error:
            faults.append(f"{name} is no XML: {error}")
    return roots, faults


def _find_untyped(roots: Roots) -> Iterator[str]:
    """Yield the parts whose type nothing says, and the types of parts that are not there."""
    endings = {node.get("Extension", "").lower() for node in roots[_TYPES].iter("{*}Default")}
    named = {node.get("PartName", "") for node in roots[_TYPES].iter("{*}Override")}
    parts = {f"/{name}" for name in roots if name != _TYPES}
    for part in sorted(parts - named):
        if part.rpartition(".")[2].lower() not in endings:
            yield f"{part} has no content type"


def _find_dangling(roots: Roots, parts: Mapping[str, bytes]) -> Iterator[str]:
    """Yield relationships that lead nowhere and the uses of relationships that are not there."""
    for name, root in roots.items():
        if name.endswith(".rels"):
            yield from _find_lost_targets(name, root, parts)
        else:
            rels = roots.get(_rels_of(name))
            known = {node.get("Id") for node in rels} if rels is not None else set()
            used = set(root.xpath("//@r:*", namespaces={"r": _R}))
            yield from (f"{name} uses the relationship {one}, which is not there" for one in sorted(used - known))


def _rels_of(name: str) -> str:
    return join(dirname(name), "_rels", f"{name.rpartition('/')[2]}.rels")


def _find_lost_targets(name: str, root: Any, parts: Mapping[str, bytes]) -> Iterator[str]:
    base = dirname(dirname(name))
    for node in root:
        target = node.get("Target", "")
        place = normpath(target.lstrip("/") if target.startswith("/") else join(base, target))
        if node.get("TargetMode") != "External" and place not in parts:
            yield f"{name} leads to {place}, which is not there"


def _find_open_fields(name: str, marks: list[Any]) -> Iterator[str]:
    depth, separated = 0, Counter[str]()
    for mark in (mark for mark in marks if mark.tag == _FIELD):
        kind = mark.get(f"{_W}fldCharType", "")
        separated[kind] += 1
        depth += _DEPTH.get(kind, 0)
        if depth < 0:
            break
    if depth or separated["separate"] > separated["begin"]:
        yield f"{name} has a field that is not closed, or closed twice"


def _find_twins(marks: list[Any]) -> Iterator[str]:
    """Yield the ids of pictures and bookmarks that stand for two, and bookmarks without both ends."""
    opened = [mark for mark in marks if mark.tag == _START]
    starts = [mark.get(f"{_W}id") for mark in opened]
    ends = [mark.get(f"{_W}id") for mark in marks if mark.tag == _END]
    counted = (
        ("pictures", [mark.get("id") for mark in marks if mark.tag == _DRAWING]),
        ("bookmarks", starts),
        ("bookmarks", [(mark.get(f"{_W}name") or "").lower() for mark in opened]),
    )
    for kind, values in counted:
        yield from (f"two {kind} share `{value}`" for value, count in Counter(values).items() if count > 1)
    if sorted(starts) != sorted(ends):
        yield "a bookmark has only one end"
