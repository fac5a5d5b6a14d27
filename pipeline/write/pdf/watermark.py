"""Take the word that marks a draft; draw it large and light across a page; give a picture and the CSS that shows it.

The letters are drawn as outlines: as text they would turn up, one by one, in what a reader copies or searches.
"""

from __future__ import annotations

from functools import lru_cache

from pipeline.document.tree import Asset
from pipeline.write.fonts import prepare_fonts
from pipeline.write.html.context import length

_SIDE = 460.0
_HIGHEST = 110.0


@lru_cache(maxsize=4)
def draw_watermark(word: str, colour: str) -> Asset:
    """Return a square picture with the word from corner to corner."""
    outline, width, em = _outline(word)
    size = min(_HIGHEST, _SIDE * em / max(width, 1.0))
    scale, middle = size / em, _SIDE / 2
    place = f"rotate(-45 {middle} {middle}) translate({middle - width * scale / 2:.3f} {middle + size / 3:.3f})"
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SIDE}pt" height="{_SIDE}pt" viewBox="0 0 {_SIDE} {_SIDE}">'
        f'<path transform="{place} scale({scale:.6f} {-scale:.6f})" fill="{colour}" fill-opacity="0.4" '
        f'd="{outline}"/></svg>'
    )
    return Asset(picture.encode("utf-8"), "image/svg+xml")


def watermark_css(url: str) -> str:
    """Return the rule that puts the picture behind the text of every page."""
    return f'@page{{background:url("{url}") center no-repeat;background-size:{length(_SIDE)} {length(_SIDE)}}}\n'


def _outline(word: str) -> tuple[str, float, float]:
    """Return a line of text as an SVG path, its width, and the size of the em, in units of the font."""
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.ttLib import TTFont

    with TTFont(prepare_fonts() / "faces" / "Arimo-Bold.ttf", lazy=True) as font:
        names, glyphs, width = font.getBestCmap(), font.getGlyphSet(), 0.0
        path = SVGPathPen(glyphs)
        for char in word:
            glyph = glyphs[names.get(ord(char), ".notdef")]
            glyph.draw(TransformPen(path, (1, 0, 0, 1, width, 0)))
            width += glyph.width
        return path.getCommands(), width, float(font["head"].unitsPerEm)
