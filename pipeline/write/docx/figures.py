"""A figure, or what has a caption, comes in; the drawing and its numbered caption go out."""

from __future__ import annotations

from dataclasses import replace

from pipeline.document.tree import Figure, Table
from pipeline.write.docx.context import EN_SPACE, Look, Spot, Writing, write_shown, write_target
from pipeline.write.docx.drawings import draw_asset, measure_asset
from pipeline.write.docx.inlines import write_inlines
from pipeline.write.docx.paragraphs import write_paragraph, write_spacing
from pipeline.write.docx.runs import write_field, write_text
from pipeline.write.spacing import space_after

_SEQUENCES = {Table: "Table", Figure: "Figure"}


def write_caption(writing: Writing, node: Table | Figure, spot: Spot) -> str:
    """Return the caption of a table or figure, its number first, or nothing where it has neither."""
    if not (node.caption or node.number):
        return ""
    number = _write_number(writing, node) if node.number else ""
    words = number + write_inlines(writing, node.caption)
    return write_paragraph(writing, "caption", write_target(writing, node.id, words), spot)


def _write_number(writing: Writing, node: Table | Figure) -> str:
    look = Look(bold=True, colour=writing.theme.colours["text"])
    label = write_text(f"{node.label} ", look) if node.label else ""
    field = write_field(f"SEQ {_SEQUENCES[type(node)]} \\* ARABIC", str(node.number), look)
    return write_shown(writing, node.id, label + field) + (write_text(EN_SPACE, look) if node.caption else "")


def write_figure(writing: Writing, node: Figure, spot: Spot) -> str:
    """Return a figure; a picture that cannot be shown gives way to its alternative text."""
    end = spot.end if spot.end is not None else space_after(node, writing.theme)
    captioned = bool(node.caption or node.number)
    width, height = fit_figure(writing, node, spot.width)
    drawing = draw_asset(writing, node.asset, node.alt, width, height)
    content = drawing or write_text(f"[{node.alt}]")
    place = replace(spot, tight=False, end=None if captioned else end)
    content = content if captioned else write_target(writing, node.id, content)
    properties = _properties(writing, captioned, end)
    picture = write_paragraph(writing, "figure" if drawing else "body", content, place, properties)
    return picture + write_caption(writing, node, replace(spot, end=end))


def fit_figure(writing: Writing, node: Figure, room: float) -> tuple[float, float]:
    """Return the picture's size in points: as wide as its place and as high as half a page at most."""
    width, height = node.width, node.height
    if not (width and height):
        width, height = measure_asset(writing, node.asset, room)
    page = writing.theme.page
    scale = min(1.0, room / width, (page.height - page.top - page.bottom) / 2 / height)
    return width * scale, height * scale


def _properties(writing: Writing, captioned: bool, end: float) -> dict[str, str]:
    after = writing.theme.text["caption"].after if captioned else end
    properties = {"spacing": write_spacing(after=after)}
    if captioned:
        properties["keepNext"] = "<w:keepNext/>"
    return properties
