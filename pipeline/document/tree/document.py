"""Define the document: sections of blocks with notes, assets, running header and footer, and properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.document.tree.blocks import Blocks


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
    """The running header and footer, as words; page numbers are the writers' own.

    `state` stands in the middle of the header, as `draft` does, without a mark behind the text.
    `logo` names an entry of `Document.assets` that stands at the right of the first page's head; `logo_alt` says it.
    """

    header_left: str = ""
    header_right: str = ""
    footer_left: str = ""
    footer_center: str = ""
    page_words: str = "Page {page} of {pages}"
    draft: str = ""
    state: str = ""
    logo: str = ""
    logo_alt: str = ""


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
class SourceFile:
    """A source file as it stands in the repository: its path there and its bytes."""

    path: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document, resolved: numbered, referenced, measured, ready for any writer.

    `attached` are whole sources that its PDF carries, and `attach_docx` says that it carries the Word file. Both hold
    more than the pages show, so they are empty unless the setting `attach` asks for them.
    """

    id: str
    properties: Properties
    furniture: Furniture
    sections: tuple[Section, ...]
    notes: tuple[Note, ...] = ()
    assets: Mapping[str, Asset] = field(default_factory=dict)
    attached: tuple[SourceFile, ...] = ()
    attach_docx: bool = False
