"""Define the inline nodes of the document tree: what a line of text is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["on_track", "at_risk", "off_track", "not_yet", "done"]


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
    """Text with a character role of the theme: `fact-label`, `grey`, `accent`, or a user's own name.

    `language` is a tag such as `fr` where the words are of another language than the document's.
    """

    role: str
    children: Inlines
    language: str = ""


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
