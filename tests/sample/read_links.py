"""Take a document tree or its Word file; give the links in it: their words, and where they lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import docx
from docx.oxml.ns import qn
from lxml import etree

from pipeline.document.theme import Theme
from pipeline.document.tree import Document, Link, Ref
from pipeline.document.walk import walk

from .read_docx import read_body, read_footnotes, style_of, words_of
from .read_tree import order_notes, read_blocks, read_words, squeeze


@dataclass(frozen=True, order=True)
class Jump:
    """One link: its words, and the address it opens or, behind a `#`, the words at which it lands."""

    words: str
    target: str


def read_tree_links(document: Document, theme: Theme) -> list[Jump]:
    """Return the links of text and notes, sorted; those of the contents list left out."""
    places = read_places(document, theme)
    return sorted(Jump(words, _lead(target, places)) for words, target in find_links(document, theme))


def find_links(document: Document, theme: Theme) -> Iterator[tuple[str, str]]:
    """Yield words and target of each link and reference, as the tree has them."""
    for node in walk((document.sections, *order_notes(document))):
        if isinstance(node, Link):
            yield read_words(node.children, theme), node.target
        elif isinstance(node, Ref):
            yield squeeze(node.text), f"#{node.target}"


def read_places(document: Document, theme: Theme) -> dict[str, str]:
    """Return the first words of each node that has an id."""
    named = (node for node in walk(document.sections) if getattr(node, "id", ""))
    items = {node.id: read_blocks((node,), theme) for node in named}
    return {name: "".join(found[0].pieces) for name, found in items.items() if found}


def _lead(target: str, places: Mapping[str, str]) -> str:
    return f"#{places.get(target[1:], '')}" if target.startswith("#") else unquote(target)


def read_docx_links(path: Path) -> list[Jump]:
    """Return the links of body and notes, sorted; those of the contents list left out."""
    body = read_body(path)
    places = _read_bookmarks(body)
    main = docx.Document(str(path)).part
    notes = next(rel.target_part for rel in main.rels.values() if rel.reltype.endswith("/footnotes"))
    return sorted(
        jump
        for root, part in ((body, main), (read_footnotes(path), notes))
        for paragraph in root.iter(qn("w:p"))
        if not style_of(paragraph).startswith("TOC")
        for jump in _paragraph_links(paragraph, part, places)
    )


def read_contents_links(path: Path) -> list[Jump]:
    """Return the lines of the contents list, each with the words at which it lands."""
    body = read_body(path)
    places = _read_bookmarks(body)
    listed = (one for one in body.iter(qn("w:p")) if style_of(one).startswith("TOC"))
    return [
        Jump(squeeze(words_of(link)), f"#{places[link.get(qn('w:anchor'))]}")
        for paragraph in listed
        for link in paragraph.iter(qn("w:hyperlink"))
    ]


def _read_bookmarks(body: etree._Element) -> dict[str, str]:
    """Return the words of the paragraph in which each bookmark begins, or which follows it."""
    places: dict[str, str] = {}
    for mark in body.iter(qn("w:bookmarkStart")):
        holders = [node for node in mark.iterancestors(qn("w:p"))] or list(mark.itersiblings(qn("w:p"), qn("w:tbl")))
        places[mark.get(qn("w:name"))] = squeeze(words_of(holders[0])) if holders else ""
    return places


def _paragraph_links(paragraph: etree._Element, part: Any, places: Mapping[str, str]) -> Iterator[Jump]:
    for link in paragraph.iter(qn("w:hyperlink")):
        anchor = link.get(qn("w:anchor"))
        target = f"#{places[anchor]}" if anchor else unquote(part.rels[link.get(qn("r:id"))].target_ref)
        yield Jump(squeeze(words_of(link)), target)
    yield from _reference_fields(paragraph, places)


def _reference_fields(paragraph: etree._Element, places: Mapping[str, str]) -> Iterator[Jump]:
    """Yield each REF field with its result and with the words of a link's look before it, such as `Section `."""
    before, name = "", ""
    for run in paragraph.iter(qn("w:r")):
        words = "".join(part.text or "" for part in run.iter(qn("w:t")))
        code = "".join(part.text or "" for part in run.iter(qn("w:instrText"))).split()
        mark = run.find(qn("w:fldChar"))
        kind = mark.get(qn("w:fldCharType")) if mark is not None else ""
        if code[:1] == ["REF"]:
            name = code[1]
        elif kind == "end" and name:
            yield Jump(squeeze(before), f"#{places[name]}")
            before, name = "", ""
        elif words:
            before = before + words if _looks_linked(run) else ""


def _looks_linked(run: etree._Element) -> bool:
    style = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
    inside = any(True for _ in run.iterancestors(qn("w:hyperlink")))
    return style is not None and style.get(qn("w:val")) == "Hyperlink" and not inside
