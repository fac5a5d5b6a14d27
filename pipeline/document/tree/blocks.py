"""Define the block nodes of the document tree: what a page is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.document.tree.inlines import Inlines, Text
from pipeline.problems import Place

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 1 to 6 without gaps, `number` such as `2.1` or "" where headings are not numbered."""

    level: int
    children: Inlines
    id: str = ""
    number: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with a paragraph role: body, title, kicker, standfirst, lead, note, or a user's own name."""

    children: Inlines
    role: str = "body"
    id: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item: blocks; `checked` is None except in a task list."""

    blocks: Blocks
    checked: bool | None = None


@dataclass(frozen=True, slots=True)
class List:
    """A bulleted (`ordered` False) or numbered list; `tight` lists have no space between their items."""

    items: tuple[ListItem, ...]
    ordered: bool = False
    start: int = 1
    tight: bool = True
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Definition:
    """A term and what is said of it."""

    term: Inlines
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class DefinitionList:
    """Terms with their definitions."""

    items: tuple[Definition, ...]
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quotation."""

    blocks: Blocks
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Callout:
    """A block set apart: `kind` note, tip, important, warning, caution or decision; `title` may be empty."""

    kind: str
    blocks: Blocks
    title: Inlines = ()
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code; lines are parted by a newline, none at the end."""

    text: str
    language: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Rule:
    """A thematic break."""


@dataclass(frozen=True, slots=True)
class Column:
    """A table column; `width` in points is set when the tree is resolved; widths add up to the text width or less."""

    align: Align = "left"
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: blocks, or plain text in place of one paragraph of role `cell` with nothing but that text.

    `header` cells name their row or column. `role` is "" or a cell role of the theme: `wash`, `strong`, `number`,
    `current`, `desired`, `level-low`…
    """

    blocks: Blocks | str
    header: bool = False
    colspan: int = 1
    rowspan: int = 1
    align: Align | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; a cell covered by another's rowspan or colspan is left out, as in HTML. `role` is "" or `total`.

    A cell that has nothing but plain text stands here as that text: most cells of long tables do.
    """

    cells: tuple[Cell | str, ...]
    role: str = ""


def open_cell(cell: Cell | str) -> Cell:
    """Return a cell as a node, also one of plain text."""
    return Cell(cell) if isinstance(cell, str) else cell


def content_of(cell: Cell | str) -> Blocks:
    """Return what a cell holds as blocks, also where that is plain text."""
    content = cell if isinstance(cell, str) else cell.blocks
    return (Paragraph((Text(content),), "cell"),) if isinstance(content, str) else content


def make_cell(line: Inlines, *, header: bool = False, role: str = "") -> Cell | str:
    """Return a cell of one paragraph, in the shortest form that says it."""
    is_plain = len(line) == 1 and type(line[0]) is Text
    content = line[0].text if is_plain else (Paragraph(line, "cell"),)  # type: ignore[union-attr]
    return content if isinstance(content, str) and not (header or role) else Cell(content, header=header, role=role)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: header rows, body rows; caption above, numbered when `number` is set.

    `role` is `grid` (the house table), `facts` (label over value, no fill) or `figures` (the key-figure panels).
    """

    columns: tuple[Column, ...]
    head: tuple[Row, ...]
    body: tuple[Row, ...]
    caption: Inlines = ()
    label: str = ""
    number: int = 0
    id: str = ""
    role: str = "grid"
    description: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with a caption below; `asset` names an entry of `Document.assets`, `width` and `height` are points.

    A chart is a figure with its Vega-Lite spec in `chart`, as canonical JSON; its asset is drawn by the write room.
    `data` is what the chart shows, as a table; with `annex` that table also stands at the end of the document.
    """

    asset: str
    alt: str
    caption: Inlines = ()
    label: str = ""
    number: int = 0
    id: str = ""
    width: float = 0.0
    height: float = 0.0
    place: Place = Place()
    chart: str = ""
    data: Table | None = None
    annex: bool = False


@dataclass(frozen=True, slots=True)
class TocEntry:
    """One line of the contents list; `target` is the heading's id."""

    level: int
    number: str
    children: Inlines
    target: str


@dataclass(frozen=True, slots=True)
class Toc:
    """The contents list; `title` may be empty; entries are filled when the tree is resolved."""

    title: str = ""
    depth: int = 2
    entries: tuple[TocEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Signer:
    """One line to sign: the role that signs, the person's name, and what the signature says."""

    role: str
    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Lines to sign, two abreast; never split over pages."""

    signers: tuple[Signer, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks that carry one role (a container of the author's, an appendix); writers add no space of their own."""

    blocks: Blocks
    role: str = ""
    id: str = ""


Block = (
    Heading
    | Paragraph
    | List
    | DefinitionList
    | Quote
    | Callout
    | Code
    | Rule
    | Table
    | Figure
    | Toc
    | SignatureBlock
    | PageBreak
    | Group
)
Blocks = tuple[Block, ...]
