"""Take WeasyPrint's cascade and lengths; put a short way before the steps that are taken most; give whether it did.

A page of tables asks for a hundred thousand properties and lengths. Nearly all are inherited, initial or in pixels, and
for these each step below says at once what WeasyPrint's own comes to; all others go WeasyPrint's way, unchanged.
"""

from __future__ import annotations

from functools import cache
from typing import Any

_KNOWN = "70.0"
_PAIRED = {"position", "float", "display", "page"}  # what WeasyPrint works out with a look at other properties
_AT_LEAST = {"min_width", "min_height"}


@cache
def take_shortcuts() -> bool:
    """Replace the two steps; False where this WeasyPrint is not the one whose steps are known."""
    import weasyprint

    if weasyprint.__version__ != _KNOWN:
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
