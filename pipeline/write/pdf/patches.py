"""Take WeasyPrint as we know it; change how it lays out lines with footnotes, and shorten two of its steps.

Nothing of its code is rewritten: one function is handed a view of the layout in which no footnote is there to be
driven away, and two get a short way before them. Which files have to be as we know them says `host/known_libraries.py`.
"""

from __future__ import annotations

from functools import cache, wraps
from typing import Any

from pipeline.host.known_libraries import NOTES_STAY, SHORTCUTS, fits

_PAIRED = {"position", "float", "display", "page"}  # what WeasyPrint works out with a look at other properties
_AT_LEAST = {"min_width", "min_height"}


@cache
def keep_notes() -> bool:
    """Let notes stay on the page of their call, as in Word; return False where this WeasyPrint is not the known one.

    Where the second line of a paragraph does not fit, WeasyPrint first pushes the page's footnotes, one after the
    other, on to the next page, even where that makes no room. Without them the paragraph goes to the next page.
    """
    if not fits(NOTES_STAY):
        return False
    from weasyprint.layout import block

    lay_out_lines, iter_lines = block._linebox_layout, block.iter_line_boxes

    @wraps(lay_out_lines)
    def lay_out_without_notes(context: Any, *rest: Any) -> Any:
        return lay_out_lines(_NotesOutOfReach(context), *rest)

    @wraps(iter_lines)
    def iter_with_notes(context: Any, *rest: Any) -> Any:
        return iter_lines(context.whole, *rest)

    block._linebox_layout, block.iter_line_boxes = lay_out_without_notes, iter_with_notes
    return True


class _NotesOutOfReach:
    """The state of a layout, `whole`, as the function that arranges lines sees it: the page has no notes to push away.

    What it calls works on the state itself: a note is put on a page, or kept back with its line, as ever.
    """

    current_page_footnotes = ()

    def __init__(self, whole: Any) -> None:
        self.whole = whole

    def __getattr__(self, name: str) -> Any:
        return getattr(self.whole, name)


@cache
def take_shortcuts() -> bool:
    """Shorten the two steps that are taken most; return False where this WeasyPrint is not the known one.

    A page of tables asks for a hundred thousand properties and lengths. Nearly all are inherited, initial or in pixels:
    these are said at once, to what WeasyPrint's own steps come to. All others go its way, unchanged.
    """
    if not fits(SHORTCUTS):
        return False
    from weasyprint.css import ComputedStyle
    from weasyprint.layout import percent

    ComputedStyle.__missing__ = _shorten_cascade(ComputedStyle.__missing__)
    percent.resolve_one_percentage = _shorten_lengths(percent.resolve_one_percentage)
    return True


def _shorten_cascade(whole: Any) -> Any:
    """Return `ComputedStyle.__missing__` with a short way for properties that no rule sets."""
    from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
    from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

    logical = {
        name: tuple(find(block="ttb", inline=direction) for direction in ("ltr", "rtl"))
        for name, find in PHYSICAL_FUNCTIONS.items()
    }
    plain = {
        name: (name in INHERITED, value, logical.get(name, ()))
        for name, value in INITIAL_VALUES.items()
        if name not in INITIAL_NOT_COMPUTED and name not in _PAIRED and not name.startswith("text_decoration")
    }

    def missing(style: Any, key: str) -> Any:
        known, cascaded, parent = plain.get(key), style.cascaded, style.parent_style
        if known is None or parent is None or key in cascaded:
            return whole(style, key)
        inherited, initial, others = known
        for other in others:
            if other in cascaded:
                return whole(style, key)
        style[key] = value = parent[key] if inherited else initial
        return value

    return missing


def _shorten_lengths(whole: Any) -> Any:
    """Return `resolve_one_percentage` with a short way for `auto` and for pixels."""

    def resolve(box: Any, name: str, refer_to: Any) -> None:
        value = box.style[name]
        if value == "auto":
            setattr(box, name, 0 if name in _AT_LEAST else value)
        elif getattr(value, "unit", None) == "px":
            setattr(box, name, value.value)
        else:
            whole(box, name, refer_to)

    return resolve
