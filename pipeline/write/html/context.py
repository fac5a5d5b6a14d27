"""Take the document and the theme; hold what all parts of the HTML writer share; give escaped text, links, classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from re import compile as pattern
from urllib.parse import quote

from pipeline.document.addresses import is_address
from pipeline.document.theme import Theme
from pipeline.document.tree import Document

# What neither HTML nor XML may hold: control characters, lone surrogates, non-characters.
UNFIT = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SPACES = dict.fromkeys(map(ord, "\t\n\r"), " ")
_BREAKS = dict.fromkeys((0x2028, 0x2029), " ")  # of lines and paragraphs: WeasyPrint stumbles over them


@dataclass(frozen=True, slots=True)
class Context:
    """What the parts of the writer share.

    `width` is the room that a block has, `above` the space that the block before it leaves, both in points.
    `pictures` gives the URL of each asset; `substitutes` replaces characters that cannot be drawn; `rules` gathers the
    declarations of this document (widths, spaces), each under a class of its own, so that no element needs a `style`.
    """

    document: Document
    theme: Theme
    pictures: Mapping[str, str]
    width: float
    above: float = 0.0
    substitutes: Mapping[int, str] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    noted: set[int] = field(default_factory=set)

    def text(self, text: str) -> str:
        """Return text of a line as HTML, with stand-ins for what cannot be drawn."""
        return self.verbatim(text).translate(_SPACES)

    def verbatim(self, text: str) -> str:
        """Return text as HTML with its line breaks and tabs, for code."""
        return clean(text.translate(self.substitutes) if self.substitutes else text)

    def rule(self, declarations: str) -> str:
        """Return the class that stands for some CSS declarations in this document."""
        return self.rules.setdefault(declarations, f"x{len(self.rules) + 1}")

    def css(self) -> str:
        """Return the style sheet of the classes that were asked for."""
        return "".join(f".{name}{{{declarations}}}\n" for declarations, name in self.rules.items())


def clean(text: str) -> str:
    """Return text as HTML: escaped, without characters that HTML may not hold."""
    return escape(show(text))


def show(text: str) -> str:
    """Return text with a stand-in for each character that no document may hold, Unicode's own breaks as spaces."""
    return UNFIT.sub("\ufffd", text).translate(_BREAKS)


def attributes(**values: str) -> str:
    """Return attributes for a start tag, those with a value; `class_` is written `class`, `data_x` is `data-x`."""
    named = ((name.rstrip("_").replace("_", "-"), value) for name, value in values.items() if value)
    return "".join(f' {name}="{clean(value)}"' for name, value in named)


def link_target(target: str) -> str:
    """Return a link's target if it is one that documents may have (an address, or `#id`), else nothing."""
    if target.startswith("#"):
        return f"#{quote(target[1:])}" if len(target) > 1 else ""
    return target if is_address(target) else ""


def css_string(text: str) -> str:
    """Return text as a CSS string that cannot end early, whatever it holds."""
    safe = (char if char.isalnum() or char in " .,:-" else f"\\{ord(char):x} " for char in text.translate(_BREAKS))
    return f'"{"".join(safe)}"'


def length(points: float) -> str:
    """Return a length as CSS, in points, without needless digits."""
    return f"{points:.3f}".rstrip("0").rstrip(".") + "pt"
