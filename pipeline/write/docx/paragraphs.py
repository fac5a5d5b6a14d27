"""Take a role, runs and the spot they stand in; write the paragraph with its properties in order; give XML."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.document.tree import Align
from pipeline.write.docx.context import Spot, Writing
from pipeline.write.docx.styles import style_id
from pipeline.write.docx.xml import attributes, twips, val, write_properties
from pipeline.write.spacing import style_of

PLAIN_ROLES = {"body", "cell"}
_HAIR = 1.0  # the least height of a line that is there for its own sake


def choose_role(role: str, spot: Spot, writing: Writing) -> str:
    """Return the role that a paragraph takes in its spot: plain ones take the spot's, unknown ones look like body."""
    if role in PLAIN_ROLES or role not in writing.theme.text:
        return spot.role or "body"
    return role


def write_paragraph(
    writing: Writing, role: str, content: str, spot: Spot, properties: Mapping[str, str] | None = None
) -> str:
    """Return a paragraph of a role; `properties` override what the spot hands on."""
    own = {**_spot_properties(writing, role, spot, content), **(properties or {})}
    return f"{_open(writing, role, own)}{content}</w:p>"


def open_paragraph(writing: Writing, role: str, spot: Spot) -> str:
    """Return the beginning of a paragraph of text without pictures, up to its first run."""
    return _open(writing, role, _spot_properties(writing, role, spot, ""))


def _open(writing: Writing, role: str, properties: dict[str, str]) -> str:
    properties["pStyle"] = val("pStyle", style_id(role))
    if writing.take_break():
        properties["pageBreakBefore"] = "<w:pageBreakBefore/>"
    return f"<w:p>{write_properties('pPr', properties)}"


def write_spacer(writing: Writing, height: float, properties: Mapping[str, str] | None = None) -> str:
    """Return an empty paragraph of an exact height in points, at least one.

    All but a hair of it is space after: that part gives way at the foot of a page, as a margin does in CSS.
    """
    own = {"spacing": write_spacing(after=max(0.0, height - _HAIR)), **(properties or {})}
    own["pStyle"] = val("pStyle", "Spacer")
    if writing.take_break():
        own["pageBreakBefore"] = "<w:pageBreakBefore/>"
    return f"<w:p>{write_properties('pPr', own)}</w:p>"


def fill_cell(writing: Writing, role: str, content: str, spot: Spot) -> str:
    """Return what a cell holds with a paragraph at its end, without which Word calls the file damaged."""
    return content if content.endswith("</w:p>") else content + write_paragraph(writing, role, "", spot)


def write_spacing(
    before: float | None = None, after: float | None = None, line: float | None = None, rule: str = ""
) -> str:
    """Return a paragraph's spacing in points; what is None or empty stays the style's."""
    values: dict[str, object] = {}
    if before is not None:
        values["before"] = twips(before)
    if after is not None:
        values["after"] = twips(after)
    if line is not None:
        values["line"] = twips(line)
    if rule:
        values["lineRule"] = rule
    return attributes("spacing", values)


def write_indent(left: float, hanging: float = 0.0, right: float = 0.0) -> str:
    """Return a paragraph's indents in points."""
    values: dict[str, object] = {"left": twips(left)}
    if right:
        values["right"] = twips(right)
    if hanging:
        values["hanging"] = twips(hanging)
    return attributes("ind", values)


def write_alignment(align: Align) -> dict[str, str]:
    """Return the property that aligns a paragraph; the left side needs none."""
    return {} if align == "left" else {"jc": val("jc", align)}


def _spot_properties(writing: Writing, role: str, spot: Spot, content: str) -> dict[str, str]:
    properties = {**spot.frame, **write_alignment(spot.align)}
    if spot.keep:
        properties["keepNext"] = "<w:keepNext/>"
    if spot.indent and "ind" not in properties:
        properties["ind"] = write_indent(spot.indent)
    return {**properties, **_spot_spacing(writing, role, spot, content)}


def _spot_spacing(writing: Writing, role: str, spot: Spot, content: str) -> dict[str, str]:
    after = spot.end if spot.end is not None else 0.0 if spot.tight else None
    before = 0.0 if spot.parted and not writing.breaks else None
    # An exact line would cut a picture off that is higher than the line.
    line = style_of(role, writing.theme).line if "<w:drawing>" in content else None
    if after is None and before is None and line is None:
        return {}
    return {"spacing": write_spacing(before, after, line, "" if line is None else "atLeast")}
