"""Take a Word file, LibreOffice's layout of it and the charter's tree; count what is in the file; give the facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lxml import etree

from pipeline.document.tree import Document, Figure, Heading, Paragraph, Ref, Row, Table
from pipeline.document.walk import walk
from pipeline.write.html.inlines import plain_text
from tests.compared.page_facts import PageFacts
from tests.conformance.pandoc import squeeze
from tests.conformance.steps import read_contents

_NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
}
_W = f"{{{_NAMES['w']}}}"
_STRAIGHT = str.maketrans("‘’“”", "''\"\"")
_NEAR = 0.01  # of the table's width: what rounding to pandoc's dashes and Word's twentieths of a point may move


@dataclass(frozen=True)
class Field:
    """A field of a paragraph: its code and the result that is shown until Word works it out anew."""

    code: str
    result: str


@dataclass(frozen=True)
class WordFacts:
    """What a Word file holds: pairs are how many, of how many."""

    words: tuple[int, int]
    entries: tuple[int, int]
    right_pages: tuple[int, int]
    asks: bool
    captions: tuple[int, int]
    references: tuple[int, int]
    links: int
    twice: int
    pictures: tuple[int, int]
    repeated: tuple[int, int]
    fixed: tuple[int, int]
    widths: tuple[int, int]


def read_word(file: Path, document: Document, pages: PageFacts) -> WordFacts:
    """Return what a Word file holds; page numbers are right where LibreOffice sets the headings on those pages."""
    with ZipFile(file) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
        settings = etree.fromstring(archive.read("word/settings.xml"))
    nodes = list(walk(document.sections))
    tables = [node for node in nodes if isinstance(node, Table)]
    figures = [node for node in nodes if isinstance(node, Figure)]
    refs = [node.text for node in nodes if isinstance(node, Ref)]
    chapters = [node for node in nodes if isinstance(node, Heading) and node.level == 1]
    entries = list(read_contents(file))
    grids = body.findall(f".//{_W}tbl")[: len(tables)]  # Deedbox sets the lines to sign in one more, at the end
    return WordFacts(
        words=_count_words(body, list(_list_lines(nodes))),
        entries=(len(entries), len(chapters)),
        right_pages=(sum(_is_right(entry, pages.headings) for entry in entries), len(chapters)),
        asks=_asks(body, settings),
        captions=_count_captions(body, [*tables, *figures]),
        references=(_count_references(body, refs), len(refs)),
        links=len(body.xpath("//w:hyperlink[@w:anchor and not(ancestor::w:sdt)]", namespaces=_NAMES)),
        twice=_count_twice(body),
        pictures=_count_described(body, figures),
        repeated=(sum(_has(grid, "w:tr[1]/w:trPr/w:tblHeader") for grid in grids), len(tables)),
        fixed=(sum(_has(grid, "w:tblPr/w:tblLayout[@w:type='fixed']") for grid in grids), len(tables)),
        widths=(sum(map(_has_widths, grids, tables)), len(tables)),
    )


def _list_lines(nodes: Iterable[Any]) -> Iterator[str]:
    """Yield the words of each heading, paragraph and cell."""
    for node in nodes:
        if isinstance(node, (Heading, Paragraph)):
            yield plain_text(node.children)
        elif isinstance(node, Row):
            contents = (cell if isinstance(cell, str) else cell.blocks for cell in node.cells)
            yield from (content for content in contents if isinstance(content, str))


def _count_words(body: Any, lines: Sequence[str]) -> tuple[int, int]:
    """Return how many headings, paragraphs and cells are in the file word for word; pandoc curls the quotes."""
    text = squeeze("".join(body.itertext(f"{_W}t"))).translate(_STRAIGHT)
    wanted = [squeeze(line).translate(_STRAIGHT) for line in lines]
    return sum(words in text for words in wanted), len(wanted)


def _has(node: Any, path: str) -> bool:
    return bool(node.xpath(path, namespaces=_NAMES))


def _is_right(entry: tuple[str, int], headings: Sequence[tuple[str, int]]) -> bool:
    return any(squeeze(title) == squeeze(entry[0]) and page == entry[1] for title, page in headings)


def _asks(body: Any, settings: Any) -> bool:
    """Return whether the file has a mark at which Word asks, on opening, whether to update its fields."""
    update = settings.find(f"{_W}updateFields")
    told = update is not None and update.get(f"{_W}val", "true") in ("true", "1", "on")
    return told or bool(body.xpath("//*[@w:dirty='true' or @w:dirty='1']", namespaces=_NAMES))


def list_fields(paragraph: Any) -> Iterator[Field]:
    """Yield the fields of a paragraph, those within another after it."""
    for simple in paragraph.iter(f"{_W}fldSimple"):
        yield Field(simple.get(f"{_W}instr", ""), "".join(simple.itertext(f"{_W}t")))
    open_: list[list[Any]] = []
    for node in paragraph.iter(f"{_W}fldChar", f"{_W}instrText", f"{_W}t"):
        if node.tag == f"{_W}instrText" and open_:
            open_[-1][0] += node.text or ""
        elif node.tag == f"{_W}t":
            for one in open_:
                one[1] += (node.text or "") if one[2] else ""
        elif node.get(f"{_W}fldCharType") == "begin":
            open_.append(["", "", False])
        elif node.get(f"{_W}fldCharType") == "separate" and open_:
            open_[-1][2] = True
        elif node.get(f"{_W}fldCharType") == "end" and open_:
            code, result, _ = open_.pop()
            yield Field(code, result)


def _count_captions(body: Any, captioned: Sequence[Table | Figure]) -> tuple[int, int]:
    """Return how many captions are numbered by a SEQ field that shows the right number."""
    wanted = {f"{node.label}{node.number}:{squeeze(plain_text(node.caption))}" for node in captioned if node.number}
    found = set()
    for paragraph in body.iter(f"{_W}p"):
        numbers = [field.result for field in list_fields(paragraph) if field.code.split()[:1] == ["SEQ"]]
        if any(number.strip().isdigit() for number in numbers):
            found.add(squeeze("".join(paragraph.itertext(f"{_W}t"))))
    plain = {words.replace(":", "") for words in found}
    return sum(words.replace(":", "") in plain for words in wanted), len(wanted)


def _count_references(body: Any, wanted: Sequence[str]) -> int:
    """Return how many references are REF fields that lead to a bookmark and show their text or its number."""
    bookmarks = {mark.get(f"{_W}name") for mark in body.iter(f"{_W}bookmarkStart")}
    shown = []
    for paragraph in body.iter(f"{_W}p"):
        for field in list_fields(paragraph):
            words = field.code.split()
            if words[:1] == ["REF"] and words[1] in bookmarks:
                shown.append(squeeze(field.result))
    texts = Counter(shown)
    return sum(_take(texts, squeeze(text)) or _take(texts, text.rpartition(" ")[2]) for text in wanted)


def _take(texts: Counter[str], text: str) -> bool:
    texts[text] -= 1
    return texts[text] >= 0


def _count_twice(body: Any) -> int:
    names = Counter(mark.get(f"{_W}name") for mark in body.iter(f"{_W}bookmarkStart"))
    return sum(count > 1 for count in names.values())


def _count_described(body: Any, figures: Sequence[Figure]) -> tuple[int, int]:
    found = {squeeze(about.get("descr", "")) for about in body.iter(f"{{{_NAMES['wp']}}}docPr")}
    return sum(squeeze(figure.alt) in found for figure in figures), len(figures)


def _has_widths(grid: Any, table: Table) -> bool:
    """Return whether the columns have the shares of the table that the charter gives them."""
    own = [float(column.get(f"{_W}w", "0")) for column in grid.findall(f"{_W}tblGrid/{_W}gridCol")]
    wanted = [column.width for column in table.columns]
    if len(own) != len(wanted) or not sum(own):
        return False
    return all(abs(a / sum(own) - b / sum(wanted)) <= _NEAR for a, b in zip(own, wanted, strict=True))
