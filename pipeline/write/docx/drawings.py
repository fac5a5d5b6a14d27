"""Take an asset, its alternative text and size; add it to the package, an SVG with a PNG behind; give the drawing."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pipeline.document.tree import Asset
from pipeline.write.docx.context import Writing
from pipeline.write.docx.runs import write_run
from pipeline.write.docx.xml import emu, escape_attribute
from pipeline.write.spacing import LOGO_GAP

_POINTS_PER_PIXEL = 0.75
_SVG = "image/svg+xml"
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_SVG_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
# One clear pixel: Word refuses an SVG without a picture behind it.
_CLEAR = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNgYAAAAAMAASsJTYQAAAAASUVORK5CYII=")


@dataclass(frozen=True, slots=True)
class Frame:
    """How a drawing stands: its element, its attributes and what places it, and how text runs around it."""

    kind: str
    place: str
    wrap: str = ""


INLINE = Frame("inline", ' distT="0" distB="0" distL="0" distR="0">')
# At the right margin, from its paragraph down, with room to its left.
FLOATING = Frame(
    "anchor",
    f' distT="0" distB="{emu(LOGO_GAP)}" distL="{emu(LOGO_GAP)}" distR="0" simplePos="0" relativeHeight="1" '
    'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="0"><wp:simplePos x="0" y="0"/>'
    '<wp:positionH relativeFrom="margin"><wp:align>right</wp:align></wp:positionH>'
    '<wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>',
    '<wp:wrapSquare wrapText="bothSides"/>',
)


def measure_asset(writing: Writing, name: str, room: float = 0.0) -> tuple[float, float]:
    """Return the size of an asset in points by its pixels (96 an inch), no wider than `room` where one is given."""
    asset = writing.document.assets.get(name)
    width, height = (asset.width, asset.height) if asset else (0, 0)
    if not (width and height):
        return (room or 12.0, (room or 24.0) / 2)
    points = width * _POINTS_PER_PIXEL
    points = min(points, room) if room else points
    return points, points * height / width


def draw_asset(writing: Writing, name: str, alt: str, width: float, height: float, frame: Frame = INLINE) -> str:
    """Return a run with the drawing, sizes in points, or nothing where the asset is none that Word can show."""
    asset = writing.document.assets.get(name)
    if asset is None:
        return ""
    vector = _relate_svg(writing, name, asset) if asset.media_type == _SVG else ""
    picture = _relate_picture(writing, _find_bitmap(writing, name, asset))
    return _write_drawing(writing, picture, vector, alt, (width, height), frame) if picture else ""


def _find_bitmap(writing: Writing, name: str, asset: Asset) -> bytes:
    if asset.media_type != _SVG:
        return asset.data
    behind = writing.document.assets.get(f"{name}.png")
    return behind.data if behind else _CLEAR


def _relate_picture(writing: Writing, data: bytes) -> str:
    from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
    from docx.opc.constants import RELATIONSHIP_TYPE

    try:
        image = writing.part.package.get_or_add_image_part(BytesIO(data))
    except (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError):
        return ""
    return str(writing.part.relate_to(image, RELATIONSHIP_TYPE.IMAGE))


def _relate_svg(writing: Writing, name: str, asset: Asset) -> str:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    if name not in writing.vectors:
        place = PackURI(f"/word/media/drawing{len(writing.vectors) + 1}.svg")
        writing.vectors[name] = Part(place, _SVG, asset.data, writing.part.package)
    part: Any = writing.vectors[name]
    return str(writing.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE))


def _write_drawing(
    writing: Writing, picture: str, vector: str, alt: str, points: tuple[float, float], frame: Frame
) -> str:
    number = next(writing.drawings)
    size = f'cx="{emu(points[0])}" cy="{emu(points[1])}"'
    named = f'id="{number}" name="Picture {number}" descr="{escape_attribute(alt)}"'
    extension = (
        f'<a:extLst><a:ext uri="{_SVG_EXTENSION}"><asvg:svgBlip xmlns:asvg="{_SVG_NAMESPACE}" r:embed="{vector}"/>'
        "</a:ext></a:extLst>"
    )
    blip = f'<a:blip r:embed="{picture}">{extension if vector else ""}</a:blip>'
    return write_run(
        f"<w:drawing><wp:{frame.kind}{frame.place}<wp:extent {size}/>"
        f'<wp:effectExtent l="0" t="0" r="0" b="0"/>{frame.wrap}<wp:docPr {named}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f"<pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr>"
        f"<pic:blipFill>{blip}<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        f"</wp:{frame.kind}></w:drawing>"
    )
