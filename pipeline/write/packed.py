"""Take a document; pack it for whoever writes it, with the keys of its pictures; give what nobody in between reads."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.render.packing import pack
from pipeline.render.tree import Document
from pipeline.write.drawings import list_waiting, make_png_key, make_svg_key


@dataclass(frozen=True, slots=True)
class Packed:
    """A document as bytes: its id, and the keys of the pictures that writing it needs: see `drawings`.

    `charts` are those of charts that are not drawn yet, `pngs` those of the PNG that stands behind each SVG picture.
    """

    id: str
    data: bytes
    charts: tuple[str, ...] = ()
    pngs: tuple[str, ...] = ()


def pack_document(document: Document) -> Packed:
    """Return the document packed."""
    charts = {make_svg_key(node.chart): None for node in list_waiting(document)}
    svgs = (asset for asset in document.assets.values() if asset.media_type == "image/svg+xml")
    return Packed(document.id, pack(document), tuple(charts), tuple(map(make_png_key, svgs)))
