"""Take each document of the sample as tree, Word file and PDF; check that all three hold the same in the same order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import unified_diff

from lxml import etree

from pipeline.render.islands import words_of
from pipeline.render.theme import Theme
from pipeline.render.tree import Document, Heading, Table, Toc, TocEntry
from pipeline.render.walk import walk

from .read_docx import read_contents, read_docx, read_docx_notes
from .read_pdf import find_heading_pages, read_stream, unhyphen
from .read_tree import Item, read_blocks, read_notes, read_tree, squeeze
from .sample import Sample

_FARTHEST = 1000  # signs between two items: contents, a drawing's words, a repeated head
Trees = Mapping[str, Document]


def test_word_holds_what_the_tree_holds(sample: Sample, trees: Trees, theme: Theme) -> None:
    assert trees.keys() == sample.files("docx").keys()
    for name, path in sample.files("docx").items():
        assert _differences(read_tree(trees[name], theme), read_docx(path)) == [], name
        assert _differences(read_notes(trees[name], theme), read_docx_notes(path)) == [], name


def test_pdf_holds_what_the_tree_holds(
    sample: Sample, trees: Trees, theme: Theme, need: Callable[[str, str], str]
) -> None:
    need("pdftotext", "poppler-utils")
    for name, path in sample.files("pdf").items():
        rest = read_stream(path, trees[name])
        for item in read_notes(trees[name], theme):
            for piece in map(unhyphen, item.pieces):
                assert piece in rest, f"{name}: the note “{piece}” is not in the PDF"
                rest = rest.replace(piece, "", 1)
        left = _take_away(rest, read_tree(trees[name], theme), name)
        assert _without_repeats(left, trees[name], theme) == "", name


def test_all_kinds_of_text_are_compared(trees: Trees, theme: Theme) -> None:
    kinds = [item.kind for document in trees.values() for item in read_tree(document, theme)]
    assert min(kinds.count(kind) for kind in ("heading", "paragraph", "cell", "caption")) > 100


def test_contents_lists_name_the_pages_on_which_headings_stand(sample: Sample, trees: Trees) -> None:
    listed = 0
    for name, path in sample.files("docx").items():
        entries = _entries(trees[name])
        pages = dict(zip(_heading_ids(trees[name]), find_heading_pages(sample.files("pdf")[name]), strict=True))
        expected = [squeeze(f"{one.number}{words_of(one.children)}{pages[one.target]}") for one in entries]
        assert read_contents(path) == expected, name
        listed += len(entries)
    assert listed > 15


def _differences(expected: list[Item], actual: list[Item]) -> list[str]:
    before, after = (
        [f"{kind}: {text}" for kind, text in (item.plain for item in items)] for items in (expected, actual)
    )
    return list(unified_diff(before, after, "tree", "file", lineterm="", n=1))[:40]


def _take_away(stream: str, items: list[Item], name: str) -> list[str]:
    """Return what stands between the items, which must all be there in their order."""
    left, at = [], 0
    for item in items:
        for piece in map(unhyphen, item.pieces):
            found = stream.find(piece, at, at + len(piece) + _FARTHEST)
            where = stream[max(0, at - 60) : at], stream[at : at + 60]
            assert found >= 0, f"{name}: {item.kind} “{piece}” does not stand between “{where[0]}” and “{where[1]}”"
            left.append(stream[at:found])
            at = found + len(piece)
    return [part for part in (*left, stream[at:]) if part]


def _without_repeats(left: list[str], document: Document, theme: Theme) -> str:
    """Return what is no line of contents, no table head repeated on a new page, no word in a drawing, no mark."""
    known = {*_contents(document), *_heads(document, theme), *_drawn_words(document)}
    longest_first = sorted(map(unhyphen, known), key=len, reverse=True)
    allowed = re.compile("|".join([*map(re.escape, longest_first), r"[\d–]"]))
    return "".join(allowed.sub("", part) for part in left)


def _entries(document: Document) -> list[TocEntry]:
    return [entry for node in walk(document.sections) if isinstance(node, Toc) for entry in node.entries]


def _contents(document: Document) -> list[str]:
    return [words_of(entry.children) for entry in _entries(document)]


def _drawn_words(document: Document) -> list[str]:
    drawings = (asset.data for asset in document.assets.values() if asset.media_type == "image/svg+xml")
    return [
        "".join(node.itertext()) for data in drawings for node in etree.fromstring(data).iter("{*}text", "{*}tspan")
    ]


def _heads(document: Document, theme: Theme) -> list[str]:
    tables = [node for node in walk(document.sections) if isinstance(node, Table)]
    return [
        "".join(item.text for cell in row.cells for item in read_blocks(cell.blocks, theme))
        for table in tables
        for row in table.head
    ]


def _heading_ids(document: Document) -> list[str]:
    return [node.id for node in walk(document.sections) if isinstance(node, Heading)]
