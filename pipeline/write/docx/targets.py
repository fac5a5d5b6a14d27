"""Take a document; give each id a bookmark that Word accepts; give what a reference to it may show."""

from __future__ import annotations

from dataclasses import dataclass
from re import sub

from pipeline.document.tree import Document, Figure, Heading, Table
from pipeline.document.walk import walk

_LONGEST = 40
_ROOM_FOR_COUNT = 6


@dataclass(frozen=True, slots=True)
class Target:
    """A place that links lead to: its bookmark, and the hidden bookmark around `shown`, which a REF field repeats."""

    bookmark: str
    reference: str = ""
    shown: str = ""


def make_targets(document: Document) -> dict[str, Target]:
    """Return the target of every id in the document, in reading order, under names unique whatever their case."""
    taken: set[str] = set()
    targets: dict[str, Target] = {}
    for node in walk(document.sections, running=False):
        name = getattr(node, "id", "")
        if name and name not in targets:
            bookmark = _name_bookmark(name, taken)
            shown = shown_words(node)
            targets[name] = Target(bookmark, _name_bookmark(f"_Ref_{name}", taken) if shown else "", shown)
    return targets


def shown_words(node: object) -> str:
    """Return what a reference to a node repeats: `Table 3` of a caption, `2.1` of a heading, or nothing."""
    if isinstance(node, Table | Figure) and node.number:
        return f"{node.label} {node.number}".strip()
    return node.number if isinstance(node, Heading) else ""


def _name_bookmark(name: str, taken: set[str]) -> str:
    plain = sub(r"[^0-9A-Za-z_]", "_", name)
    plain = plain if plain[:1].isalpha() or plain.startswith("_Ref") else f"b_{plain}"
    stem = plain[: _LONGEST - _ROOM_FOR_COUNT]
    count, unique = 1, stem
    while unique.lower() in taken:
        count += 1
        unique = f"{stem}_{count}"
    taken.add(unique.lower())
    return unique
