"""Take our styles and a corporate file's; keep theirs, add those that they lack; give the ids that ours go by now.

Styles are matched by name: Word translates ids (`berschrift1`), never the names of its own styles (`heading 1`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from pipeline.write.docx.corporate.source import W, add_paragraph_properties, parse_fragment, read_value, remove
from pipeline.write.docx.xml import NAMESPACES, val

_LINKS = ("basedOn", "next", "link")
_FLUSH = {"ind": '<w:ind w:left="0" w:right="0" w:firstLine="0"/>', "jc": val("jc", "left")}
# What a corporate style of running text says of its paragraph is meant for ours, too.
_RUNNING = {"Body Text"}


def merge_styles(ours: Any, theirs: Any) -> dict[str, str]:
    """Add to their styles those that they lack; return for each id of ours the one that it has there."""
    known = {_key(style): style for style in theirs.iter(f"{W}style")}
    ids, missing = _match(ours, theirs, known)
    names = {name for _, name in known}
    body = next(style for style in ours.iter(f"{W}style") if _name(style) == "body text")
    flush = _flush_properties(theirs)
    for style in missing:
        added = deepcopy(style)
        _name_anew(added, ids, names)
        if style.get(f"{W}type") == "paragraph":
            _slim(added, body)
            if read_value(style, "w:name") not in _RUNNING:
                add_paragraph_properties(added, flush)
        theirs.append(added)
    _set_language(ours, theirs)
    return ids


def find_taken(theirs: Any) -> frozenset[str]:
    """Return the names of all styles of a corporate file, in lower case."""
    return frozenset(_name(style) for style in theirs.iter(f"{W}style"))


def stop_counting(theirs: Any, used: Iterable[str]) -> frozenset[str]:
    """Take the numbers off paragraph styles that we use, since the tree counts headings; return the ids of those."""
    styles = {style.get(f"{W}styleId"): style for style in theirs.iter(f"{W}style")}
    counting = frozenset(identity for identity in used if _counts(identity, styles))
    for identity in counting:
        own = styles[identity].find("w:pPr/w:numPr", NAMESPACES)
        if own is not None:
            remove(own)
        if _counts(identity, styles):
            add_paragraph_properties(styles[identity], {"numPr": f"<w:numPr>{val('numId', 0)}</w:numPr>"})
    return counting


def _counts(identity: str, styles: Mapping[str, Any]) -> bool:
    """Return whether a style, or one that it is based on, numbers its paragraphs."""
    seen: set[str] = set()
    while identity in styles and identity not in seen:
        seen.add(identity)
        style = styles[identity]
        if style.find("w:pPr/w:numPr", NAMESPACES) is not None:
            return read_value(style, "w:pPr/w:numPr/w:numId") != "0"
        identity = read_value(style, "w:basedOn")
    return False


def _key(style: Any) -> tuple[str, str]:
    return style.get(f"{W}type") or "paragraph", _name(style)


def _name(style: Any) -> str:
    # Word keeps aliases behind a comma in files of its older versions.
    return read_value(style, "w:name").partition(",")[0].strip().lower()


def _match(ours: Any, theirs: Any, known: Mapping[tuple[str, str], Any]) -> tuple[dict[str, str], list[Any]]:
    """Return the ids that our styles get, and the styles that are missing."""
    defaults = {style.get(f"{W}type"): style for style in theirs.iter(f"{W}style") if _is_default(style)}
    taken = {(style.get(f"{W}styleId") or "").lower() for style in theirs.iter(f"{W}style")}
    ids: dict[str, str] = {}
    missing = []
    for style in ours.iter(f"{W}style"):
        own = style.get(f"{W}styleId")
        match = defaults.get(style.get(f"{W}type")) if _is_default(style) else None
        match = known.get(_key(style)) if match is None else match
        if match is None:
            ids[own] = _free_id(own, taken)
            missing.append(style)
        else:
            ids[own] = match.get(f"{W}styleId")
    return ids, missing


def _is_default(style: Any) -> bool:
    return style.get(f"{W}default") in ("1", "true", "on")


def _free_id(wanted: str, taken: set[str]) -> str:
    names = (wanted, *(f"{wanted}{number}" for number in range(2, 1000)))
    free = next(name for name in names if name.lower() not in taken)
    taken.add(free.lower())
    return free


def _name_anew(style: Any, ids: Mapping[str, str], names: set[str]) -> None:
    style.set(f"{W}styleId", ids[style.get(f"{W}styleId")])
    name = style.find(f"{W}name")
    if _name(style) in names:
        # Theirs of that name is of another kind, and Word wants a name to be there once.
        name.set(f"{W}val", f"{name.get(f'{W}val')} (Deedbox)")
    for link in _LINKS:
        target = style.find(f"{W}{link}")
        if target is not None:
            target.set(f"{W}val", ids.get(target.get(f"{W}val"), target.get(f"{W}val")))


def _slim(style: Any, body: Any) -> None:
    """Take from an added style what it shares with our body text: their Normal says that."""
    for name in ("color", "sz", "szCs"):
        own, common = style.find(f"{W}rPr/{W}{name}"), read_value(body, f"w:rPr/w:{name}")
        if own is not None and own.get(f"{W}val") == common:
            remove(own)
    own, common = (one.find(f"{W}pPr/{W}spacing") for one in (style, body))
    if own is not None and common is not None and own.get(f"{W}line") == common.get(f"{W}line"):
        for name in ("line", "lineRule"):
            own.attrib.pop(f"{W}{name}", None)


def _flush_properties(theirs: Any) -> dict[str, str]:
    """Return what keeps cells and captions flush left where their Normal is indented or justified."""
    plain = [style for style in theirs.iter(f"{W}style") if _is_default(style)]
    bases = [style for style in plain if style.get(f"{W}type") == "paragraph"]
    bases += theirs.findall("w:docDefaults/w:pPrDefault", NAMESPACES)
    return {
        name: fragment
        for name, fragment in _FLUSH.items()
        if any(base.find(f"{W}pPr/{W}{name}") is not None for base in bases)
    }


def _set_language(ours: Any, theirs: Any) -> None:
    """Give their styles the document's language: theirs is that of whoever made the file."""
    for node in list(theirs.iter(f"{W}lang")):
        remove(node)
    defaults = theirs.find(f"{W}docDefaults")
    own = ours.find(f"{W}docDefaults")
    if defaults is None:
        theirs.insert(0, deepcopy(own))
        return
    for path, fragment in (("w:rPrDefault", "<w:rPrDefault/>"), ("w:rPrDefault/w:rPr", "<w:rPr/>")):
        if defaults.find(path, NAMESPACES) is None:
            parent, _, _ = path.rpartition("/")
            (defaults.find(parent, NAMESPACES) if parent else defaults).insert(0, parse_fragment(fragment))
    defaults.find("w:rPrDefault/w:rPr", NAMESPACES).append(deepcopy(own.find("w:rPrDefault/w:rPr/w:lang", NAMESPACES)))
