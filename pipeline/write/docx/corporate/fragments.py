"""Take a piece of WordprocessingML as text, or a property to add; parse it, put it at its place; give elements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from pipeline.write.docx.corporate.source import W
from pipeline.write.docx.xml import DECLARED

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
