"""Take a Word file and the theme; dress a style or a section of the file by it; leave the file so.

Both rivals get their look here: pandoc's reference document and docxtpl's template.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from pipeline.document.theme import Page, TextStyle
from pipeline.document.tree import Furniture
from pipeline.write.docx.package import normalise_zip
from tests.compared.word_parts import add_field

_IDS = {"Header": "Header", "Footer": "Footer", "toc 1": "TOC1"}  # Word's own styles that a blank file may lack


def save_input(document: docx.document.Document, file: Path) -> None:
    """Save a Word file that a tool starts from, without the time of its making: it is the same file in every build."""
    target = BytesIO()
    document.save(target)
    file.write_bytes(normalise_zip(target.getvalue()))


def dress_style(document: docx.document.Document, name: str, look: TextStyle, font: str) -> None:
    """Give a paragraph style the font, size, colour and space of a role of the theme; make it where there is none."""
    if name in [style.name for style in document.styles]:
        style = document.styles[name]
    else:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name in _IDS)
        style.element.set(qn("w:styleId"), _IDS.get(name, name.replace(" ", "")))
    style.font.name, style.font.size, style.font.bold, style.font.italic = font, Pt(look.size), look.bold, look.italic
    style.font.color.rgb = RGBColor.from_string(look.colour[1:].upper())
    for stops in style.element.xpath("w:pPr/w:tabs"):
        stops.getparent().remove(stops)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme_font in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme_font}"), None)
    shape = style.paragraph_format
    shape.space_before, shape.space_after, shape.line_spacing = Pt(0), Pt(look.after), Pt(look.line)


def dress_section(section: docx.section.Section, page: Page, furniture: Furniture, landscape: bool) -> None:
    """Give a section the sheet and margins of the theme, and its header and footer with the page's number."""
    width, height = (page.height, page.width) if landscape else (page.width, page.height)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Pt(width), Pt(height)
    section.top_margin, section.bottom_margin = Pt(page.top), Pt(page.bottom)
    section.left_margin, section.right_margin = Pt(page.left), Pt(page.right)
    section.header_distance, section.footer_distance = Pt(page.header), Pt(page.footer)
    right = Pt(width - page.left - page.right)
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    for line in (head, foot):
        line.clear()
        line.paragraph_format.tab_stops.add_tab_stop(right, WD_TAB_ALIGNMENT.RIGHT)
    head.add_run(f"{furniture.header_left}\t{furniture.header_right}")
    foot.add_run(f"{furniture.footer_left}\tPage ")
    add_field(foot, "PAGE", "1")
    foot.add_run(" of ")
    add_field(foot, "NUMPAGES", "1")
