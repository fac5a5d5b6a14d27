"""The sections of a document come in; their page settings, headers and footers, logo and watermark go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from re import compile as pattern

from pipeline.document.theme import Page, Theme
from pipeline.document.tree import Furniture, Section
from pipeline.write.docx.context import Look, Spot, Writing
from pipeline.write.docx.drawings import FLOATING, draw_asset
from pipeline.write.docx.paragraphs import write_spacer
from pipeline.write.docx.runs import write_field, write_property, write_run, write_text
from pipeline.write.docx.xml import DECLARED, attributes, escape_attribute, twips, val
from pipeline.write.spacing import fit_logo


def write_logo(writing: Writing) -> str:
    """Return the paragraph with the logo, or nothing; a corporate file has its own, in its header."""
    furniture = writing.document.furniture
    logo = writing.document.assets.get(furniture.logo)
    if logo is None or writing.theme.corporate:
        return ""
    drawing = draw_asset(writing, furniture.logo, furniture.logo_alt, *fit_logo(logo), FLOATING)
    return write_spacer(writing, 0.0).replace("</w:p>", f"{drawing}</w:p>") if drawing else ""


_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
    'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
    '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
    '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
    '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
    'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
)
_HEIGHT = 70
_WIDTH_OF_LETTER = 68
_WIDEST = 420


def write_watermark(word: str, theme: Theme, number: int) -> str:
    """Return the run with the drawing; `number` makes its name unique among the headers."""
    width = min(_WIDEST, _WIDTH_OF_LETTER * max(1, len(word)))
    style = (
        f"position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{_HEIGHT}pt;rotation:315;"
        "z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;mso-position-vertical-relative:margin"
    )
    font = escape_attribute(theme.text_font.word)
    return write_run(
        f'<w:pict>{_SHAPE_TYPE}<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{2048 + number}" '
        f'type="#_x0000_t136" alt="" style="{style}" o:allowincell="f" fillcolor="{theme.colours["line"]}" stroked="f">'
        f'<v:fill opacity=".4"/><v:textpath style="font-family:&quot;{font}&quot;;font-size:1pt;font-weight:bold" '
        f'string="{escape_attribute(word)}"/></v:shape></w:pict>'
    )


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
