"""Take the words of the running header and footer; write them for a width of page, numbers as fields; give XML."""

from __future__ import annotations

from re import compile as pattern

from pipeline.document.theme import Theme
from pipeline.document.tree import Furniture
from pipeline.write.docx.context import Look
from pipeline.write.docx.fields import write_field, write_property
from pipeline.write.docx.runs import write_run, write_text
from pipeline.write.docx.watermark import write_watermark
from pipeline.write.docx.xml import DECLARED, twips, val

_MARKS = pattern(r"(\{page\}|\{pages\})")
_TAB = write_run("<w:tab/>")


def write_header(furniture: Furniture, theme: Theme, width: float, number: int) -> str:
    """Return a header for a text width in points; a draft says so in the header of each page and behind the text.

    A document that was changed since its approval says that in the header.
    """
    colour = theme.status["off_track"].colour
    draft = write_text(furniture.draft or furniture.state, Look(bold=True, colour=colour))
    mark = write_watermark(furniture.draft, theme, number) if furniture.draft else ""
    words = _TAB.join(
        (write_property("Project", furniture.header_left), draft, write_property("Document", furniture.header_right))
    )
    return f"<w:hdr {DECLARED}>{_write_line('Header', width, mark + words)}</w:hdr>"


def write_footer(furniture: Furniture, width: float, pages: int) -> str:
    """Return a footer for a text width in points; `pages` is what the field for their count shows at first."""
    numbers = "".join(_write_part(part, pages) for part in _MARKS.split(furniture.page_words))
    edition, sensitivity = furniture.footer_left, furniture.footer_center
    words = _TAB.join((write_property("Edition", edition), write_property("Sensitivity", sensitivity), numbers))
    return f"<w:ftr {DECLARED}>{_write_line('Footer', width, words)}</w:ftr>"


def _write_part(part: str, pages: int) -> str:
    results = {"{page}": ("PAGE", "1"), "{pages}": ("NUMPAGES", str(pages))}
    return write_field(*results[part]) if part in results else write_text(part)


def _write_line(style: str, width: float, words: str) -> str:
    stops = f'<w:tab w:val="center" w:pos="{twips(width / 2)}"/><w:tab w:val="right" w:pos="{twips(width)}"/>'
    return f"<w:p><w:pPr>{val('pStyle', style)}<w:tabs>{stops}</w:tabs></w:pPr>{words}</w:p>"
