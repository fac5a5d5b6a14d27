"""Define the document tree: what rendering gives and every writer takes, free of any output format.

All nodes are frozen; texts are plain Unicode without markup; lengths are points (1/72 inch). A `role` is a name of the
theme (see `theme.py`), never a format. `place` points back to the source line a node was written in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pipeline.problems import Place

Align = Literal["left", "center", "right"]
State = Literal["on_track", "at_risk", "off_track", "not_yet", "done"]


# Inline nodes: what a line of text is made of.


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters; no line break inside."""

    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Emphasised text (italic)."""

    children: Inlines


@dataclass(frozen=True, slots=True)
class Strong:
    """Strongly emphasised text (bold)."""

    children: Inlines


@dataclass(frozen=True, slots=True)
class Strike:
    """Struck-out text."""

    children: Inlines


@dataclass(frozen=True, slots=True)
class Span:
    """Text with a character role of the theme: `fact-label`, `grey`, `accent`, or a user's own name."""

    role: str
    children: Inlines


@dataclass(frozen=True, slots=True)
class CodeSpan:
    """A short piece of code within a line."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link: `target` is an absolute URL (http, https, mailto) or `#id` of a node in this document."""

    target: str
    children: Inlines
    title: str = ""


@dataclass(frozen=True, slots=True)
class Ref:
    """A cross reference to a numbered node; `text` is resolved (`Table 3`, `Figure 1`, `Section 2.1`)."""

    target: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class NoteRef:
    """The mark of a footnote; `number` (from 1) is its index in `Document.notes`."""

    number: int


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A line break that the author asked for."""


@dataclass(frozen=True, slots=True)
class Status:
    """A traffic light: writers draw the theme's shape, then the word, in the theme's colour for the state."""

    state: State
    word: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image within a line; `asset` names an entry of `Document.assets`."""

    asset: str
    alt: str


Inline = Text | Emphasis | Strong | Strike | Span | CodeSpan | Link | Ref | NoteRef | LineBreak | Status | Picture
Inlines = tuple[Inline, ...]


# Blocks.


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
    """A table cell: blocks (mostly one paragraph of role `cell`); `header` cells name their row or column.

    `role` is "" or a cell role of the theme: `wash`, `strong`, `number`, `current`, `desired`, `level-low`…
    """

    blocks: Blocks
    header: bool = False
    colspan: int = 1
    rowspan: int = 1
    align: Align | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; a cell covered by another's rowspan or colspan is left out, as in HTML. `role` is "" or `total`."""

    cells: tuple[Cell, ...]
    role: str = ""


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
    """A picture with a caption below; `asset` names an entry of `Document.assets`, `width` and `height` are points."""

    asset: str
    alt: str
    caption: Inlines = ()
    label: str = ""
    number: int = 0
    id: str = ""
    width: float = 0.0
    height: float = 0.0
    place: Place = Place()


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


# The document.


@dataclass(frozen=True, slots=True)
class Section:
    """A run of pages of one orientation; header, footer and page numbers go on through all sections."""

    blocks: Blocks
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: its number (from 1) and its blocks."""

    number: int
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that a document shows: content, media type, size in pixels (0 where unknown)."""

    data: bytes = field(repr=False)
    media_type: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Furniture:
    """The running header and footer, as words; page numbers are the writers' own."""

    header_left: str = ""
    header_right: str = ""
    footer_left: str = ""
    footer_center: str = ""
    page_words: str = "Page {page} of {pages}"
    draft: str = ""


@dataclass(frozen=True, slots=True)
class Properties:
    """What a file says of itself: title, author and so on; `modified` is UTC."""

    title: str
    subject: str = ""
    author: str = ""
    company: str = ""
    keywords: tuple[str, ...] = ()
    language: str = "en"
    sensitivity: str = ""
    revision: str = ""
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document, resolved: numbered, referenced, measured, ready for any writer."""

    id: str
    properties: Properties
    furniture: Furniture
    sections: tuple[Section, ...]
    notes: tuple[Note, ...] = ()
    assets: Mapping[str, Asset] = field(default_factory=dict)
