"""Take a written package and a corporate Word file; dress the package in its look; the text stays ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE

from pipeline.document.theme import Theme
from pipeline.write.docx.context import Writing
from pipeline.write.docx.corporate.furniture import Carrier, Setting, take_furniture
from pipeline.write.docx.corporate.numbering import merge_numbering, point_to_lists
from pipeline.write.docx.corporate.settings import merge_fonts, take_settings
from pipeline.write.docx.corporate.source import Source, W, open_source, parse_part
from pipeline.write.docx.corporate.styles import find_taken, merge_styles, stop_counting
from pipeline.write.docx.properties import field_values
from pipeline.write.docx.xml import DECLARED

_USES = tuple(f"{W}{name}" for name in ("pStyle", "rStyle", "tblStyle"))
_STORIES = ("header", "footer", "footnotes")


def fit_theme(theme: Theme) -> Theme:
    """Return the theme without space above headings that the corporate file has a style for: the style says it."""
    taken = find_taken(_read_root(open_source(theme.corporate), "styles"))
    space = {name: 0.0 if name.replace("-", " ") in taken else value for name, value in theme.space.items()}
    return replace(theme, space=space)


def dress_package(writing: Writing) -> None:
    """Give the package styles, theme, lists, headers and footers of the theme's corporate file, never its body.

    It comes last, since it gives our styles the ids that they have among theirs, wherever they are named.
    """
    part, source = writing.part, open_source(writing.theme.corporate)
    ids, lists = _take_styles(part, source)
    _rename(part, ids)
    even = take_settings(part.part_related_by(RELATIONSHIP_TYPE.SETTINGS).element, source)
    carrier = Carrier(source, part.package)
    take_furniture(writing, carrier, Setting(field_values(writing.document, writing.pages), lists, even))
    _take_colours(part, carrier)


def _read_root(source: Source, kind: str) -> Any:
    """Return the root of the part of a kind, an empty one where there is none."""
    name = source.related(kind)
    return source.xml(name) if name else parse_part(f"<w:{kind} {DECLARED}/>".encode())


def _take_styles(part: Any, source: Source) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Put their styles and lists in; return the ids of our styles and the numbers of their lists."""
    own, lists = part.part_related_by(RELATIONSHIP_TYPE.STYLES), part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)
    styles, numbering = _read_root(source, "styles"), _read_root(source, "numbering")
    ids = merge_styles(own.element, styles)
    uncounted = stop_counting(styles, ids.values())
    numbers = merge_numbering(lists.element, numbering, styles, uncounted)
    point_to_lists(styles, numbers)
    own._element, lists._element = styles, numbering
    return ids, numbers


def _rename(part: Any, ids: Mapping[str, str]) -> None:
    related = (one.target_part for one in part.rels.values() if one.reltype.endswith(_STORIES))
    for story in (part, *related):
        for node in story.element.iter(*_USES):
            node.set(f"{W}val", ids.get(node.get(f"{W}val"), node.get(f"{W}val")))


def _take_colours(part: Any, carrier: Carrier) -> None:
    """Put in their theme, which holds colours and fonts, and what they say of fonts."""
    source = carrier.source
    if name := source.related("theme"):
        own = part.part_related_by(RELATIONSHIP_TYPE.THEME)
        own._blob = source.parts[name]
        carrier.relate(own, name)
    if name := source.related("fontTable"):
        fonts = part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
        fonts._blob = merge_fonts(parse_part(fonts.blob), source.xml(name))
