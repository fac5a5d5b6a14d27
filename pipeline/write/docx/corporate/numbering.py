"""Take our lists and a corporate file's; put both into one part, ours in their marks; give their new list numbers."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from pipeline.write.docx.corporate.source import W, read_value, remove
from pipeline.write.docx.lists import BULLETS, NUMBERS
from pipeline.write.docx.xml import NAMESPACES

# The styles of Word's own lists, a level each; their marks become those of our lists, at our indents.
_NAMED = {
    kind: tuple(f"{name} {level}".removesuffix(" 1") for level in range(1, 6))
    for kind, name in ((BULLETS, "list bullet"), (NUMBERS, "list number"))
}
_SIDES = {"start": "left", "end": "right"}


def merge_numbering(ours: Any, theirs: Any, styles: Any, uncounted: frozenset[str]) -> dict[str, str]:
    """Add their lists to ours, which keep their numbers; return the new number of each of theirs.

    `styles` are their styles as they were, `uncounted` the ids of those that count no more.
    """
    for node in list(theirs.iter(f"{W}numPicBullet", f"{W}lvlPicBulletId", f"{W}numIdMacAtCleanup")):
        remove(node)
    for node in theirs.iter(f"{W}lvlJc"):
        # LibreOffice writes the newer words, which Word knows for paragraphs alone.
        node.set(f"{W}val", _SIDES.get(node.get(f"{W}val"), node.get(f"{W}val")))
    _take_marks(ours, theirs, styles)
    kinds = _renumber(theirs, "abstractNum", "abstractNumId", _highest(ours, "abstractNum", "abstractNumId"))
    lists = _renumber(theirs, "num", "numId", _highest(ours, "num", "numId"))
    for node in theirs.iterfind("w:num/w:abstractNumId", NAMESPACES):
        node.set(f"{W}val", kinds.get(node.get(f"{W}val"), "0"))
    for node in list(theirs.iterfind("w:abstractNum/w:lvl/w:pStyle", NAMESPACES)):
        if node.get(f"{W}val") in uncounted:
            remove(node)
    first = theirs.find(f"{W}num")
    for node in list(ours):
        if node.tag == f"{W}abstractNum" and first is not None:
            first.addprevious(node)
        else:
            theirs.append(node)
    return lists


def point_to_lists(root: Any, lists: Mapping[str, str]) -> None:
    """Give the lists that a part of theirs names their new numbers; what names none that is there names none now."""
    for node in list(root.iter(f"{W}numId")):
        number = node.get(f"{W}val")
        if number in lists:
            node.set(f"{W}val", lists[number])
        elif number != "0" and node.getparent().tag == f"{W}numPr":
            remove(node.getparent())


def _highest(root: Any, name: str, key: str) -> int:
    return max((int(node.get(f"{W}{key}")) for node in root.iter(f"{W}{name}")), default=0)


def _renumber(root: Any, name: str, key: str, highest: int) -> dict[str, str]:
    """Count elements from `highest` on; return their new numbers by their old ones."""
    numbers: dict[str, str] = {}
    for number, node in enumerate(root.iterfind(f"{W}{name}"), start=highest + 1):
        numbers[node.get(f"{W}{key}")] = str(number)
        node.set(f"{W}{key}", str(number))
    return numbers


def _take_marks(ours: Any, theirs: Any, styles: Any) -> None:
    named = {read_value(style, "w:name").lower(): style for style in styles.iter(f"{W}style")}
    for kind, names in _NAMED.items():
        levels = ours.findall(f"w:abstractNum[@w:abstractNumId='{kind}']/w:lvl", NAMESPACES)
        if kind == NUMBERS:
            for level in levels:
                # Ours are in our face; a number stands in that of its text.
                remove(level.find(f"{W}rPr"))
        for level, name in zip(levels, names, strict=False):
            theirs_level = _find_level(theirs, named.get(name))
            if theirs_level is not None:
                _take_mark(level, theirs_level, bulleted=kind == BULLETS)


def _find_level(theirs: Any, style: Any) -> Any:
    """Return the level of a list that a style names, or nothing."""
    number = "" if style is None else read_value(style, "w:pPr/w:numPr/w:numId")
    depth = "0" if style is None else read_value(style, "w:pPr/w:numPr/w:ilvl", "0")
    found = theirs.find(f"w:num[@w:numId='{number}']", NAMESPACES) if number.isdigit() and depth.isdigit() else None
    kind = "" if found is None else read_value(found, "w:abstractNumId")
    path = f"w:abstractNum[@w:abstractNumId='{kind}']/w:lvl[@w:ilvl='{depth}']"
    return theirs.find(path, NAMESPACES) if kind.isdigit() else None


def _take_mark(own: Any, theirs: Any, bulleted: bool) -> None:
    form, text = read_value(theirs, "w:numFmt", "decimal"), read_value(theirs, "w:lvlText")
    depth, theirs_depth = int(own.get(f"{W}ilvl")) + 1, int(theirs.get(f"{W}ilvl")) + 1
    counted = text.replace(f"%{theirs_depth}", "")
    # A mark that counts other levels besides its own would count levels that our list does not have.
    if not text or bulleted != (form == "bullet") or "%" in counted or (not bulleted and counted == text):
        return
    own.find(f"{W}numFmt").set(f"{W}val", form)
    own.find(f"{W}lvlText").set(f"{W}val", text.replace(f"%{theirs_depth}", f"%{depth}"))
    look = theirs.find(f"{W}rPr")
    present = own.find(f"{W}rPr")
    if present is not None:
        remove(present)
    if look is not None:
        own.append(deepcopy(look))
