"""Take each document as tree, Word file and PDF; check that all three hold the same text, notes and links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from difflib import unified_diff
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import etree

from pipeline.document.theme import Theme
from pipeline.document.tree import Document, Heading, NoteRef, Table, Toc, TocEntry, content_of
from pipeline.document.walk import walk
from pipeline.render.templates.islands import words_of
from pipeline.write.charts import draw_charts

from .parity_repositories import NAMES, Compared, build_case
from .read_docx import read_contents, read_docx, read_docx_notes
from .read_links import find_links, read_contents_links, read_docx_links, read_places, read_tree_links
from .read_pdf import find_heading_pages, read_stream, unhyphen
from .read_pdf_links import read_pdf_links
from .read_tree import Item, order_notes, read_blocks, read_notes, read_tree, squeeze
from .sample import SOME, build_sample

_FARTHEST = 4000  # signs between two items: contents, a large chart's words, a repeated head
_UNDRAWN = str.maketrans({"🔦": "\N{REPLACEMENT CHARACTER}"})  # what our fonts lack, which the build tells of
_SMALLEST = 2.5  # points, of the area of a link: a mouse can still hit the number of a note

Trees = Mapping[str, Document]


@pytest.fixture(scope="module", params=["some", pytest.param("all", marks=pytest.mark.soak), *NAMES])
def compared(request: pytest.FixtureRequest, shared: Path, all_trees: Trees) -> Compared:
    """Return a repository with its documents in every form: the sample, or a golden one."""
    if request.param in NAMES:
        return build_case(request.param, shared)
    sample = build_sample(shared / "sample-some", SOME) if request.param == "some" else build_sample(shared / "sample")
    return Compared(sample, {name: all_trees[name] for name in sample.files("docx")})


def test_word_holds_what_the_tree_holds(compared: Compared, theme: Theme) -> None:
    assert compared.trees.keys() == compared.sample.files("docx").keys()
    for name, path in compared.sample.files("docx").items():
        tree = compared.trees[name]
        assert _differences(read_tree(tree, theme), read_docx(path)) == [], name
        assert _differences(read_notes(tree, theme), read_docx_notes(path)) == [], name


def test_pdf_holds_what_the_tree_holds(compared: Compared, theme: Theme, need: Callable[[str, str], str]) -> None:
    need("pdftotext", "poppler-utils")
    assert compared.trees.keys() == compared.sample.files("pdf").keys()
    for name, path in compared.sample.files("pdf").items():
        tree = compared.trees[name]
        rest = read_stream(path, tree)
        for item in read_notes(tree, theme):
            piece = _as_drawn(item.shown)
            assert piece in rest, f"{name}: the note “{piece}” is not in the PDF"
            rest = rest.replace(piece, "", 1)
        left = _take_away(rest, read_tree(tree, theme), name)
        assert _without_repeats(left, tree, theme) == "", name


def test_word_links_what_the_tree_links(compared: Compared, theme: Theme) -> None:
    for name, path in compared.sample.files("docx").items():
        assert read_docx_links(path) == read_tree_links(compared.trees[name], theme), name


def test_pdf_links_what_the_tree_links(compared: Compared, theme: Theme, need: Callable[[str, str], str]) -> None:
    need("pdftotext", "poppler-utils")
    for name, path in compared.sample.files("pdf").items():
        tree, found = compared.trees[name], read_pdf_links(path)
        places, words = read_places(tree, theme), dict(found.words)
        for text, target in _all_links(tree, theme):
            assert _as_drawn(text) in words.get(target, ""), f"{name}: no link “{text}” to {target}"
            words[target] = words[target].replace(_as_drawn(text), "", 1)
            if target.startswith("#"):
                landing = _as_drawn(places.get(target[1:], ""))
                assert landing in found.landings[target], f"{name}: {target} does not lead to “{landing}”"
        assert words.keys() - {target for _, target in _all_links(tree, theme)} <= _ways_back(tree), name
        assert found.smallest >= _SMALLEST, f"{name}: a link that nobody can hit"


def test_contents_lists_lead_to_their_headings(compared: Compared) -> None:
    for name, path in compared.sample.files("docx").items():
        links = read_contents_links(path)
        assert len(links) == len(_entries(compared.trees[name])), name
        for link in links:
            assert re.fullmatch(re.escape(link.target[1:]) + r"\d+", link.words), f"{name}: {link}"


def test_all_kinds_of_text_are_compared(all_trees: Trees, theme: Theme) -> None:
    kinds = Counter(
        item.kind for tree in all_trees.values() for item in (*read_tree(tree, theme), *read_notes(tree, theme))
    )
    assert min(kinds[kind] for kind in ("heading", "paragraph", "cell", "caption")) > 100
    assert kinds["note"] >= 1


def test_notes_and_links_of_every_place_are_compared(shared: Path, theme: Theme) -> None:
    (tree,) = build_case("notes-and-links", shared).trees.values()
    inner = [note for note in tree.notes if note.number not in {node.number for node in _calls(tree.sections)}]
    assert len(tree.notes) >= 12
    assert len(inner) == 2
    assert len(_calls(tree.sections)) >= 15
    kinds = Counter(target.partition(":")[0].partition("#")[1] or "address" for _, target in find_links(tree, theme))
    assert kinds["address"] >= 18
    assert kinds["#"] >= 8


def test_contents_lists_name_the_pages_on_which_headings_stand(compared: Compared) -> None:
    for name, path in compared.sample.files("docx").items():
        tree = compared.trees[name]
        pages = find_heading_pages(compared.sample.files("pdf")[name])
        by_id = dict(zip(_heading_ids(tree), pages, strict=True))
        expected = [squeeze(f"{one.number}{words_of(one.children)}{by_id[one.target]}") for one in _entries(tree)]
        assert read_contents(path) == expected, name


def test_the_sample_has_contents_lists(all_trees: Trees) -> None:
    assert sum(len(_entries(tree)) for tree in all_trees.values()) > 15


def _differences(expected: list[Item], actual: list[Item]) -> list[str]:
    before, after = (
        [f"{kind}: {text}" for kind, text in (item.marked for item in items)] for items in (expected, actual)
    )
    return list(unified_diff(before, after, "tree", "file", lineterm="", n=1))[:40]


def _take_away(stream: str, items: list[Item], name: str) -> list[str]:
    """Return what stands between the items, which must all be there in their order."""
    left, at = [], 0
    for item in items:
        piece = _as_drawn(item.shown)
        found = stream.find(piece, at, at + len(piece) + _FARTHEST)
        where = stream[max(0, at - 60) : at], stream[at : at + 60]
        assert found >= 0, f"{name}: {item.kind} “{piece}” does not stand between “{where[0]}” and “{where[1]}”"
        left.append(stream[at:found])
        at = found + len(piece)
    return [part for part in (*left, stream[at:]) if part]


def _without_repeats(left: list[str], document: Document, theme: Theme) -> str:
    """Return what is no line of contents, no table head repeated on a new page, no word in a drawing, no mark."""
    known = {*_contents(document), *_heads(document, theme), *_drawn_words(document)}
    longest_first = sorted(map(_as_drawn, known), key=len, reverse=True)
    allowed = re.compile("|".join([*map(re.escape, longest_first), r"[\d–]"]))
    return "".join(allowed.sub("", part) for part in left)


def _as_drawn(text: str) -> str:
    return unhyphen(text).translate(_UNDRAWN)


def _all_links(document: Document, theme: Theme) -> list[tuple[str, str]]:
    """Return the links of a document, the lines of its contents list and the calls of its notes."""
    lines = [(squeeze(words_of(entry.children)), f"#{entry.target}") for entry in _entries(document)]
    calls = _calls((document.sections, *order_notes(document)))
    links = [
        (words, target if target.startswith("#") else unquote(target)) for words, target in find_links(document, theme)
    ]
    return [*links, *lines, *((str(node.number), f"#note-{node.number}") for node in calls)]


def _ways_back(document: Document) -> set[str]:
    """Return the places to which footnotes lead back."""
    return {f"#call-{note.number}" for note in document.notes}


def _calls(nodes: object) -> list[NoteRef]:
    return [node for node in walk(nodes) if isinstance(node, NoteRef)]


def _entries(document: Document) -> list[TocEntry]:
    return [entry for node in walk(document.sections) if isinstance(node, Toc) for entry in node.entries]


def _contents(document: Document) -> list[str]:
    return [words_of(entry.children) for entry in _entries(document)]


def _drawn_words(document: Document) -> list[str]:
    """Return the texts in drawings and charts, and their words: what stands side by side is read across."""
    assets = draw_charts(document)[0].assets.values()
    drawings = (etree.fromstring(asset.data) for asset in assets if asset.media_type == "image/svg+xml")
    texts = ["".join(node.itertext()) for drawing in drawings for node in drawing.iter("{*}text", "{*}tspan")]
    words = [word for text in texts for word in text.split() if len(word) > 1]
    return [*filter(None, map(squeeze, texts)), *words]


def _heads(document: Document, theme: Theme) -> list[str]:
    tables = [node for node in walk(document.sections) if isinstance(node, Table)]
    return [
        "".join(item.shown for cell in row.cells for item in read_blocks(content_of(cell), theme))
        for table in tables
        for row in table.head
    ]


def _heading_ids(document: Document) -> list[str]:
    return [node.id for node in walk(document.sections) if isinstance(node, Heading)]
