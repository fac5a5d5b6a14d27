"""Take a paragraph or document of python-docx; put what that library has no call for: fields, bookmarks, loops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from pipeline.document.tree import Column

Cell = tuple[str, str]
_LEVELS = ("%1", "%1.%2")
_ALIGN = {"left": None, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


def add_field(paragraph: Any, code: str, result: str) -> None:
    """Put a field with the result that it shows until Word works it out anew."""
    open_field(paragraph, code)
    paragraph.add_run(result)
    close_field(paragraph)


def open_field(paragraph: Any, code: str) -> None:
    """Begin a field: what follows up to its close is its result."""
    _mark(paragraph, "begin")
    word = paragraph.add_run()._r.makeelement(qn("w:instrText"), {qn("xml:space"): "preserve"})
    word.text = f" {code} "
    paragraph.runs[-1]._r.append(word)
    _mark(paragraph, "separate")


def close_field(paragraph: Any) -> None:
    """End the field that was opened last."""
    _mark(paragraph, "end")


def _mark(paragraph: Any, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


class Bookmarks:
    """Bookmarks of one document, each with a number of its own."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def put(self, paragraph: Any, name: str, first: int = 0) -> None:
        """Put a bookmark around the runs of a paragraph, from run `first` on."""
        number = str(next(self._numbers))
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), number)
        start.set(qn("w:name"), name)
        paragraph.runs[first]._r.addprevious(start)
        paragraph._p.append(end)


def bookmark_name(kind: str, target: str) -> str:
    """Return a name that Word allows; the prefixes `_Ref` and `_Toc` are those that Word gives itself."""
    return f"{kind}{target.replace('-', '_')}"[:40]


def number_headings(word: Any) -> None:
    """Let Word number the headings of two levels, as its own list of that name does."""
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        f'<w:pStyle w:val="Heading{level + 1}"/><w:suff w:val="space"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
        for level, text in enumerate(_LEVELS)
    )
    numbering = word.part.numbering_part.element
    number = max(int(one.get(qn("w:abstractNumId"))) for one in numbering.iter(qn("w:abstractNum"))) + 1
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>'
        f"{levels}</w:abstractNum>"
    )
    numbering.findall(qn("w:abstractNum"))[-1].addnext(abstract)
    own = numbering.add_num(number).numId
    for level in range(len(_LEVELS)):
        properties = word.styles[f"Heading {level + 1}"].element.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = level, own
    # The heading of the contents list is a first heading by its looks alone.
    plain = word.styles["TOC Heading"].element.get_or_add_pPr()
    plain.get_or_add_numPr().get_or_add_numId().val = 0


def put_table(word: Any, rows: Sequence[Sequence[Cell]], columns: Sequence[Column], style: str) -> None:
    """Put a table of fixed widths; each cell is its words and its paragraph style; the first row repeats."""
    table = word.add_table(len(rows), len(columns), style)
    table.autofit = False
    for column, wanted in zip(table.columns, columns, strict=True):
        column.width = Pt(wanted.width)
    for line, texts in zip(table.rows, rows, strict=True):
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, wanted, (text, look) in zip(line.cells, columns, texts, strict=True):
            cell.width, paragraph = Pt(wanted.width), cell.paragraphs[0]
            paragraph.text, paragraph.style, paragraph.alignment = text, look, _ALIGN[wanted.align]
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def list_loop(name: str, columns: int, look: str) -> Iterator[list[Cell]]:
    """Yield the three rows with which docxtpl repeats one: those with the loop's tags vanish."""
    rest = [("", look)] * (columns - 1)
    yield [(f"{{%tr for row in {name} %}}", look), *rest]
    yield [(f"{{{{ row[{column}] }}}}", look) for column in range(columns)]
    yield [("{%tr endfor %}", look), *rest]
