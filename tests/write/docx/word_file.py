"""Take the bytes of a Word file; read its parts and what they show; give them to tests."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

from lxml import etree

from pipeline.document.theme import Theme
from pipeline.document.tree import Asset, Block, Document, Furniture, Note, Properties, Section
from pipeline.write.docx import write_docx

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
NAMES = {
    "w": W[1:-1],
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
}


def read_parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a Word file by name."""
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read_xml(data: bytes, name: str = "word/document.xml") -> etree._Element:
    """Return the root of one part."""
    return etree.fromstring(read_parts(data)[name])


def find(element: etree._Element, path: str) -> list[etree._Element]:
    """Return what an XPath with the prefixes w, wp and a finds."""
    found = element.xpath(path, namespaces=NAMES)
    assert isinstance(found, list)
    return found


def words_of(element: etree._Element) -> str:
    """Return the text of an element as a reader sees it, tabs and breaks as characters."""
    return "".join(_letters(element))


def _letters(element: etree._Element) -> Iterator[str]:
    shown = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}noBreakHyphen": "\u2011", f"{W}softHyphen": "\u00ad"}
    for node in element.iter():
        if node.tag == f"{W}t":
            yield node.text or ""
        elif node.tag in shown and node.getparent().tag == f"{W}r":
            yield shown[node.tag]


def style_of(paragraph: etree._Element) -> str:
    """Return the id of a paragraph's style."""
    return next((style.get(f"{W}val") or "" for style in find(paragraph, "w:pPr/w:pStyle")), "")


def write_blocks(
    theme: Theme, *blocks: Block, notes: tuple[Note, ...] = (), assets: dict[str, Asset] | None = None
) -> etree._Element:
    """Return the body of a Word file that holds only these blocks."""
    return read_xml(write_docx(make_document(*blocks, notes=notes, assets=assets), theme))[0]


def make_document(*blocks: Block, notes: tuple[Note, ...] = (), assets: dict[str, Asset] | None = None) -> Document:
    """Return a document of one portrait section."""
    return Document("test", Properties("Test"), Furniture(), (Section(blocks),), notes, assets or {})
