"""A document comes in; the keys of pictures that have to be drawn for it, and the document packed with them, go out.

Drawing is slow to start and says the same each time: a chart is known by its spec, its PNG by the SVG.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from pipeline.document.packing import Packed, pack
from pipeline.document.tree import Asset, Document, Figure
from pipeline.document.walk import walk

LookUp = Callable[[Iterable[str]], Mapping[str, bytes]]


@dataclass
class Drawings:
    """Pictures by key: those `known` before a document was written, and those `made` for it."""

    known: Mapping[str, bytes] = field(default_factory=dict)
    made: dict[str, bytes] = field(default_factory=dict)

    def draw(self, key: str, make: Callable[[], bytes | None]) -> bytes | None:
        """Return the picture of a key, made now unless it is known; None where it cannot be made."""
        found = self.known.get(key) or self.made.get(key)
        if found:
            return found
        data = make()
        if data:
            self.made[key] = data
        return data


def find_drawings(charts: Iterable[str], pngs: Iterable[str], look_up: LookUp) -> dict[str, bytes]:
    """Return what is known of a document's pictures, given their keys: the SVG of its charts, the PNG of every SVG."""
    drawn = look_up(tuple(charts))
    behind = (make_png_key(make_svg_asset(data)) for data in drawn.values())
    return {**drawn, **look_up({*pngs, *behind})}


def list_waiting(document: Document) -> Iterator[Figure]:
    """Give the figures of a document that are charts not drawn yet."""
    return (node for node in walk((document.sections, document.notes)) if is_waiting(node))


def is_waiting(node: Any) -> bool:
    """Return whether a node is a chart that is not drawn yet."""
    return isinstance(node, Figure) and bool(node.chart) and not node.asset


def make_svg_asset(svg: bytes) -> Asset:
    """Return a drawn chart as an asset, of the size that it says it has."""
    width, height = (float(side) for side in re.findall(rb'\b(?:width|height)="([\d.]+)"', svg)[:2])
    return Asset(svg, "image/svg+xml", max(1, round(width)), max(1, round(height)))


def make_svg_key(spec: str) -> str:
    """Return the key of a chart's SVG."""
    return sha256(f"svg\n{spec}".encode()).hexdigest()


def make_png_key(svg: Asset) -> str:
    """Return the key of the PNG of an SVG picture."""
    return sha256(b"png\n%d\n%s" % (svg.width, svg.data)).hexdigest()


def pack_document(document: Document) -> Packed:
    """Return the document packed."""
    charts = {make_svg_key(node.chart): None for node in list_waiting(document)}
    svgs = (asset for asset in document.assets.values() if asset.media_type == "image/svg+xml")
    return Packed(document.id, pack(document), tuple(charts), tuple(map(make_png_key, svgs)))
