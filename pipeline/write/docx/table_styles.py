"""Take the theme; make Word's table styles from it, for the tables that a reader adds by hand; give XML."""

from __future__ import annotations

from pipeline.document.theme import Theme
from pipeline.write.docx.xml import hex_colour, shading, twips


def make_table_styles(theme: Theme) -> str:
    """Return the styles of the house table and of the panels without rules."""
    line, accent = hex_colour(theme.colours["line"]), hex_colour(theme.colours["accent"])
    thin, thick = round(theme.table.rule * 8), round(theme.table.head_rule * 8)
    across, down = twips(theme.table.padding_x), twips(theme.table.padding_y)
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", down), ("left", across), ("bottom", down), ("right", across))
    )
    rule = f'<w:{{}} w:val="single" w:sz="{thin}" w:space="0" w:color="{line}"/>'
    return (
        '<w:style w:type="table" w:customStyle="1" w:styleId="DeedboxPanel"><w:name w:val="Deedbox Panel"/>'
        '<w:basedOn w:val="TableNormal"/><w:qFormat/></w:style>'
        '<w:style w:type="table" w:customStyle="1" w:styleId="DeedboxTable"><w:name w:val="Deedbox Table"/>'
        '<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr>'
        f"<w:tblBorders>{rule.format('bottom')}{rule.format('insideH')}</w:tblBorders>"
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        # No bold here: bold of a table style and bold of a paragraph style cancel each other out in Word.
        '<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>'
        f'<w:bottom w:val="single" w:sz="{thick}" w:space="0" w:color="{accent}"/></w:tcBorders>'
        f"{shading(theme.colours['wash'])}</w:tcPr></w:tblStylePr></w:style>"
    )
