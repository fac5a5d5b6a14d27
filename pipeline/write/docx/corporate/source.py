"""The bytes of a corporate Word file come in; its parts, and fragments of them with their relations, go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from posixpath import basename, dirname, join, normpath
from typing import Any
from zipfile import ZipFile

from lxml import etree

from pipeline.write.docx.xml import DECLARED, NAMESPACES

W = f"{{{NAMESPACES['w']}}}"
R = f"{{{NAMESPACES['r']}}}"
_PACKAGE = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship: its id, type and target, which is a part's name or, where `external`, an address."""

    id: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class Source:
    """The parts of a corporate file; `main` is the name of the one that holds the body."""

    parts: Mapping[str, bytes]
    types: Mapping[str, str]
    main: str

    def relations(self, name: str) -> tuple[Relation, ...]:
        """Return the relationships of a part, of the whole package for an empty name."""
        return _relations(self.parts, name)

    def related(self, kind: str) -> str:
        """Return the name of the part that the body is related to by the end of a type, or nothing."""
        found = (one.target for one in self.relations(self.main) if one.kind.endswith(f"/{kind}") and not one.external)
        return next((name for name in found if name in self.parts), "")

    def xml(self, name: str) -> Any:
        """Return the root of a part, parsed anew each time, since it will be changed."""
        return parse_part(self.parts[name])

    def media_type(self, name: str) -> str:
        """Return the content type of a part."""
        return self.types.get(f"/{name}") or self.types.get(name.rpartition(".")[2].lower(), "application/xml")


@lru_cache(maxsize=1)
def open_source(data: bytes) -> Source:
    """Return the parts of a corporate file."""
    with ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    types = {
        node.get("PartName") or (node.get("Extension") or "").lower(): node.get("ContentType") or ""
        for node in parse_part(parts["[Content_Types].xml"]).iter("{*}Default", "{*}Override")
    }
    main = next(one.target for one in _relations(parts, _PACKAGE) if one.kind.endswith("/officeDocument"))
    return Source(parts, types, main)


def parse_part(data: bytes) -> Any:
    """Return the root of an XML part, without its comments and processing instructions."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(data, parser)


def read_value(element: Any, path: str, otherwise: str = "") -> str:
    """Return the `val` of the element at a path such as `w:rPr/w:sz`."""
    found = element.find(path, NAMESPACES)
    return otherwise if found is None else str(found.get(f"{W}val") or otherwise)


def is_on(element: Any, path: str) -> bool:
    """Return whether a switch of Word's is there and not turned off."""
    return element.find(path, NAMESPACES) is not None and read_value(element, path, "1") not in ("0", "false", "off")


def _relations(parts: Mapping[str, bytes], name: str) -> tuple[Relation, ...]:
    folder = dirname(name)
    data = parts.get(join(folder, "_rels", f"{basename(name)}.rels"))
    if data is None:
        return ()
    return tuple(_relation(node, folder) for node in parse_part(data))


def _relation(node: Any, folder: str) -> Relation:
    target, external = node.get("Target") or "", (node.get("TargetMode") or "").lower() == "external"
    named = target if external else normpath(join(f"/{folder}", target)).lstrip("/")
    return Relation(node.get("Id") or "", node.get("Type") or "", named, external)


# The schema's order of all paragraph properties: a corporate style may hold any of them.
_ORDER = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
)
_PARAGRAPH = _ORDER.split()
_AFTER_PARAGRAPH = {f"{W}{name}" for name in ("rPr", "tblPr", "trPr", "tcPr", "tblStylePr")}


def parse_fragment(fragment: str) -> Any:
    """Return the element that a fragment holds; it uses the prefixes of the writer."""
    root = etree.fromstring(f"<root {DECLARED}>{fragment}</root>")
    element = root[0]
    root.remove(element)
    return element


def add_paragraph_properties(style: Any, properties: Mapping[str, str]) -> None:
    """Add to a style the paragraph properties that it lacks, each at its place in the schema's order."""
    if not properties:
        return
    own = style.find(f"{W}pPr")
    if own is None:
        own = parse_fragment("<w:pPr/>")
        _insert_before(style, own, next((node for node in style if node.tag in _AFTER_PARAGRAPH), None))
    for name, fragment in properties.items():
        if own.find(f"{W}{name}") is None:
            rank = _PARAGRAPH.index(name)
            _insert_before(own, parse_fragment(fragment), next((node for node in own if _rank(node) > rank), None))


def remove(element: Any) -> None:
    """Take an element out of its tree, leaving the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    if element.tail:
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _insert_before(parent: Any, element: Any, following: Any) -> None:
    if following is None:
        parent.append(element)
    else:
        following.addprevious(element)


def _rank(node: Any) -> int:
    name = str(node.tag).removeprefix(W)
    return _PARAGRAPH.index(name) if name in _PARAGRAPH else len(_PARAGRAPH)
