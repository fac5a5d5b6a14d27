"""Take the resolved blocks of a document; look for what would shut out a reader; give problems with a place.

The rules are those of PDF/UA-1 and EN 301 549 (WCAG 2.1 A and AA) that an author can keep or break: alternative texts
(1.1.1), heading order (1.3.1), words of links (2.4.4). Contrast is the theme's: `document.contrast`.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.document.tree import Blocks, Figure, Heading, Link, Picture
from pipeline.document.walk import walk
from pipeline.problems import Place, Problem
from pipeline.render.page import Page
from pipeline.render.templates.islands import words_of

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
