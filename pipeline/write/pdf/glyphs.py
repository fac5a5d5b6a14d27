"""Take a document; find the characters that none of our faces can draw; give problems and what stands in for them."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import category, name

from pipeline.document.theme import Theme
from pipeline.document.tree import Document
from pipeline.problems import Place, Problem
from pipeline.write.fonts import drawable_characters
from pipeline.write.html.blocks import write_blocks
from pipeline.write.html.context import Context

STAND_IN = "\ufffd"
# Controls and separators are never drawn, and variation selectors only choose a form.
_UNSEEN = {"Cc", "Zl", "Zp", "Zs"}
# Format characters that Unicode lets a font ignore; others, such as signs over Arabic numbers, are drawn.
_IGNORED = (0x00AD, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF)
_IGNORED_PLANES = (*range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), 0xE0001, *range(0xE0020, 0xE0080))
_FORMATS = frozenset(map(chr, (*_IGNORED, *_IGNORED_PLANES)))
_SHOWN = 8


def missing_characters(text: str) -> frozenset[str]:
    """Return the characters of a text that no face has a glyph for."""
    drawable = drawable_characters()
    return frozenset(char for char in set(text) if ord(char) not in drawable and not _is_unseen(char))


def report_characters(missing: frozenset[str], document: Document, theme: Theme) -> list[Problem]:
    """Return a warning for each block in which some of the characters are met first."""
    problems = []
    left = set(missing)
    context = Context(document, theme, dict.fromkeys(document.assets, ""), theme.page.text_width)
    for section in document.sections:
        for block in section.blocks:
            if left and (here := left.intersection(write_blocks((block,), context))):
                problems.append(_warning(here, getattr(block, "place", Place())))
                left -= here
    return [*problems, _warning(left, Place())] if left else problems


def _is_unseen(char: str) -> bool:
    return (
        category(char) in _UNSEEN
        or char in _FORMATS
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )


def _warning(characters: Iterable[str], place: Place) -> Problem:
    known = sorted(characters)
    named = ", ".join(f"{char} (U+{ord(char):04X} {name(char, 'unnamed').lower()})" for char in known[:_SHOWN])
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return Problem(
        "DB404",
        f"characters no font can show: {named}{more}",
        place,
        f"the PDF shows {STAND_IN} instead; write them in words",
        "warning",
    )
