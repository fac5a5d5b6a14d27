"""Take a document's SVG pictures; draw each once more as PNG with our own fonts; give the document with both.

Word before 2016, LibreOffice and previews show the PNG that stands behind an SVG; the format demands that it is there.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache, partial

from pipeline.document.tree import Asset, Document
from pipeline.problems import Problem
from pipeline.write.drawings import Drawings, make_png_key
from pipeline.write.fonts import prepare_fonts

_SHARPNESS = 2.5  # pixels a unit: about 240 dots an inch in print
_MOST_PIXELS = 3000
_ARIAL = re.compile(r"\b(?:Arial|Helvetica)\b")


def add_pngs(document: Document, drawings: Drawings | None = None) -> tuple[Document, tuple[Problem, ...]]:
    """Return the document with a PNG `NAME.png` beside each SVG asset `NAME`, and a problem for each that fails."""
    assets = dict(document.assets)
    known = drawings or Drawings()
    problems = []
    for name, asset in document.assets.items():
        if asset.media_type == "image/svg+xml":
            png = known.draw(make_png_key(asset), partial(_draw, asset.data, max(asset.width, 1)))
            if png is None:
                message = f"an SVG picture of {document.id} cannot be drawn"
                problems.append(Problem("DB421", message, hint="export it again as a plain SVG, or use a PNG"))
            else:
                assets[f"{name}.png"] = Asset(png, "image/png", asset.width, asset.height)
    return replace(document, assets=assets), tuple(problems)


@lru_cache(maxsize=64)
def _draw(svg: bytes, width: int) -> bytes | None:
    """Return the picture as PNG bytes, None where it is no drawable SVG; text in Arial is set in its equal, Arimo."""
    import vl_convert

    vl_convert.register_font_directory(str(prepare_fonts()))
    text = _ARIAL.sub("Arimo", svg.decode("utf-8", "replace"))
    try:
        return bytes(vl_convert.svg_to_png(text, scale=min(_SHARPNESS, _MOST_PIXELS / width)))
    except (RuntimeError, ValueError):
        return None
