"""Take our settings and fonts and a corporate file's; take over what belongs to its pages and colours; change ours."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from lxml import etree

from pipeline.write.docx.corporate.source import Source, W, is_on, parse_fragment, remove

# Switches of the page set-up, and the setting of ours that each stands before in the schema's order.
_SWITCHES = (("mirrorMargins", "defaultTabStop"), ("evenAndOddHeaders", "characterSpacingControl"))
_REPLACED = ("defaultTabStop", "clrSchemeMapping")


def take_settings(ours: Any, source: Source) -> bool:
    """Take over what the pages need; return whether even pages have headers of their own."""
    name = source.related("settings")
    if not name:
        return False
    theirs = source.xml(name)
    for switch, following in _SWITCHES:
        if is_on(theirs, f"w:{switch}"):
            ours.find(f"{W}{following}").addprevious(parse_fragment(f"<w:{switch}/>"))
    for setting in _REPLACED:
        own, other = ours.find(f"{W}{setting}"), theirs.find(f"{W}{setting}")
        if own is not None and other is not None:
            ours.replace(own, deepcopy(other))
    return is_on(theirs, "w:evenAndOddHeaders")


def merge_fonts(ours: Any, theirs: Any) -> bytes:
    """Return their font table with our fonts added; embedded fonts are left behind: their licence is for their file."""
    for node in [node for font in theirs for node in font if str(node.tag).startswith(f"{W}embed")]:
        remove(node)
    for node in theirs.iter(f"{W}charset"):
        # LibreOffice writes names here that the schema does not know; the number beside it says the same.
        node.attrib.pop(f"{W}characterSet", None)
    known = {(font.get(f"{W}name") or "").lower() for font in theirs}
    for font in list(ours):
        if font.get(f"{W}name").lower() not in known:
            theirs.append(font)
    return bytes(etree.tostring(theirs, encoding="UTF-8", standalone=True))
