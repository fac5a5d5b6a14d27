"""Take the sections of a document; write their blocks, each section's page and the same furniture; give the body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.document.theme import Page
from pipeline.document.tree import Section
from pipeline.write.docx.context import Spot
from pipeline.write.docx.logo import write_logo
from pipeline.write.docx.paragraphs import write_spacer
from pipeline.write.docx.writing import Writing
from pipeline.write.docx.xml import attributes, twips


@dataclass(frozen=True, slots=True)
class Running:
    """The relationships of the header and footer for one orientation."""

    header: str
    footer: str


def text_width(page: Page, landscape: bool) -> float:
    """Return the width of the text area in points."""
    return page.landscape_text_width if landscape else page.text_width


def write_body(writing: Writing, running: Mapping[bool, Running]) -> str:
    """Return the body; `running` gives the furniture by whether a section lies landscape."""
    sections = writing.document.sections or (Section(()),)
    parts = [write_logo(writing)]
    for number, section in enumerate(sections, start=1):
        spot = Spot(width=text_width(writing.theme.page, section.landscape))
        parts.append(writing.write_blocks(section.blocks, spot))
        writing.breaks = False
        properties = _write_section(writing.theme.page, section.landscape, running[section.landscape])
        parts.append(properties if number == len(sections) else write_spacer(writing, 0.0, {"sectPr": properties}))
    return f"<w:body>{''.join(parts)}</w:body>"


def _write_section(page: Page, landscape: bool, running: Running) -> str:
    width, height = (page.height, page.width) if landscape else (page.width, page.height)
    size: dict[str, object] = {"w": twips(width), "h": twips(height)}
    margins = ("top", "right", "bottom", "left", "header", "footer")
    sides: dict[str, object] = {side: twips(getattr(page, side)) for side in margins}
    return (
        f'<w:sectPr><w:headerReference w:type="default" r:id="{running.header}"/>'
        f'<w:footerReference w:type="default" r:id="{running.footer}"/><w:type w:val="nextPage"/>'
        f"{attributes('pgSz', size | ({'orient': 'landscape'} if landscape else {}))}"
        f"{attributes('pgMar', sides | {'gutter': 0})}</w:sectPr>"
    )
