"""Say what the look of all documents is made of: sheet, fonts, colours and text styles, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextStyle:
    """A paragraph role: `size`, `line`, `after`, `spacing` (between letters) in points, `colour` as #rrggbb."""

    size: float
    line: float
    after: float = 0.0
    bold: bool = False
    italic: bool = False
    capitals: bool = False
    spacing: float = 0.0
    colour: str = "#000000"


@dataclass(frozen=True, slots=True)
class Font:
    """One face under its two names: the one that Word is told, and the metric-equal one that the PDF embeds."""

    word: str
    pdf: str


@dataclass(frozen=True, slots=True)
class StatusLook:
    """How a state is drawn besides its word."""

    shape: str
    colour: str


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet: sizes and margins in points, portrait; `header` and `footer` are distances from the edge."""

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float
    header: float
    footer: float

    @property
    def text_width(self) -> float:
        """Return the width of the text area of a portrait page."""
        return self.width - self.left - self.right

    @property
    def landscape_text_width(self) -> float:
        """Return the width of the text area of a landscape page (the sheet turned, the same margins)."""
        return self.height - self.left - self.right


@dataclass(frozen=True, slots=True)
class TableLook:
    """Paddings and rules of the house table, in points."""

    padding_x: float
    padding_y: float
    rule: float
    head_rule: float
    total_rule: float


@dataclass(frozen=True, slots=True)
class Theme:
    """The look of all documents; colours are #rrggbb by name, styles by paragraph role, spaces in points by block.

    `corporate` is a Word file whose styles, headers, footers and page set-up Word documents take over, or empty; `logo`
    is the path of a picture in the repository, or empty.
    """

    page: Page
    text_font: Font
    code_font: Font
    colours: Mapping[str, str]
    status: Mapping[str, StatusLook]
    levels: Mapping[str, str]
    text: Mapping[str, TextStyle]
    space: Mapping[str, float]
    table: TableLook
    corporate: bytes = b""
    logo: str = ""
