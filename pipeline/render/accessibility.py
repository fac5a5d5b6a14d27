"""Take the resolved blocks of a document; look for what would shut out a reader; give problems with a place.

The rules are those of PDF/UA-1 and EN 301 549 (WCAG 2.1 A and AA) that an author can keep or break: alternative texts
(1.1.1), heading order (1.3.1), words of links (2.4.4), contrast of the theme (1.4.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline.problems import Place, Problem
from pipeline.render.islands import words_of
from pipeline.render.page import Page
from pipeline.render.tree import Blocks, Figure, Heading, Link, Picture
from pipeline.render.walk import walk

LEAST_CONTRAST = 4.5
_EMPTY_WORDS = {"here", "click here", "link", "this link", "this", "more", "read more"}


def check_accessibility(blocks: Blocks, page: Page) -> Iterator[Problem]:
    """Yield a warning for each figure without alternative text, skipped heading level and link that says nothing."""
    level = 0
    for node in walk(blocks):
        if isinstance(node, Heading):
            if node.level > level + 1 and level:
                yield _warn("DB362", f"the heading `{words_of(node.children)}` skips a level", node.place, _LEVELS)
            level = node.level
        elif isinstance(node, Figure) and not node.alt.strip():
            yield _warn("DB361", "the picture has no alternative text", node.place, _ALT)
        elif isinstance(node, Picture) and not node.alt.strip():
            yield _warn("DB361", "the picture has no alternative text", page.place_of(node), _ALT)
        elif isinstance(node, Link) and words_of(node.children).strip().lower() in _EMPTY_WORDS:
            words = words_of(node.children)
            yield _warn("DB363", f"the words of the link, `{words}`, do not say where it leads", page.place_of(node))


_ALT = "write what it shows: ![Two systems feed the platform](images/overview.svg)"
_LEVELS = "go down one level at a time: # then ## then ###"


def _warn(code: str, message: str, place: Place, hint: str = "") -> Problem:
    return Problem(code, message, place, hint, "warning")


def contrast(one: str, other: str) -> float:
    """Return the contrast of two #rrggbb colours, 1 to 21 (WCAG 2.1, definition of contrast ratio)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def weak_colours(
    colours: Mapping[str, str], styles: Iterable[tuple[str, str]], status: Mapping[str, Any]
) -> Iterator[str]:
    """Yield a sentence for each text colour that is too weak on the backgrounds it stands on."""
    shown = [*styles, *((f"status.{name}", look.colour) for name, look in status.items())]
    for name, colour in dict.fromkeys(shown):
        for ground in ("paper", "wash"):
            ratio = contrast(colour, colours[ground])
            if ratio < LEAST_CONTRAST:
                yield f"{name} ({colour}) on {ground} ({colours[ground]}) has a contrast of {ratio:.1f}, below 4.5"
