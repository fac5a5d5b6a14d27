"""Take a document; pack it for whoever writes it, with the keys of its pictures; give what nobody in between reads."""

from __future__ import annotations

from pipeline.document.packing import Packed, pack
from pipeline.document.tree import Document
from pipeline.write.drawings import list_waiting, make_png_key, make_svg_key


def pack_document(document: Document) -> Packed:
    """Return the document packed."""
    charts = {make_svg_key(node.chart): None for node in list_waiting(document)}
    svgs = (asset for asset in document.assets.values() if asset.media_type == "image/svg+xml")
    return Packed(document.id, pack(document), tuple(charts), tuple(map(make_png_key, svgs)))
