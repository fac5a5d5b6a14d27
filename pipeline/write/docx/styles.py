"""Take the theme; make Word's styles from it: paragraph roles, character roles, the house table; give `styles.xml`."""

from __future__ import annotations

from pipeline.document.theme import TextStyle, Theme
from pipeline.write.docx.character_styles import make_character_styles
from pipeline.write.docx.language import full_language
from pipeline.write.docx.style_parts import (
    BUILT_IN_NAMES,
    face_of,
    face_properties,
    name_style,
    run_properties,
    size_properties,
)
from pipeline.write.docx.table_styles import make_table_styles
from pipeline.write.docx.xml import DECLARED, attributes, hex_colour, shading, twips, val, write_properties
from pipeline.write.spacing import CODE_PADDING_X, CODE_PADDING_Y

_HEAD = (
    '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="0" w:defUnhideWhenUsed="0" '
    'w:defQFormat="0" w:count="376"/>'
)


def make_styles(theme: Theme, language: str) -> str:
    """Return the whole of `styles.xml`."""
    body = theme.text["body"]
    paragraphs = "".join(_paragraph_style(role, style, theme) for role, style in sorted(theme.text.items()))
    return (
        f"<w:styles {DECLARED}>{_defaults(theme, body, language)}{_HEAD}{_base(body)}{paragraphs}"
        f"{_toc_heading(theme)}{_spacer()}{_figure()}{_rule(theme, body)}"
        f"{make_character_styles(theme)}{make_table_styles(theme)}</w:styles>"
    )


def _defaults(theme: Theme, body: TextStyle, language: str) -> str:
    tag = full_language(language)
    run = {
        "rFonts": face_properties(theme.text_font.word),
        "color": val("color", hex_colour(body.colour)),
        **size_properties(body.size),
    }
    run["lang"] = attributes("lang", {"val": tag, "eastAsia": tag, "bidi": "ar-SA"})
    return (
        f"<w:docDefaults><w:rPrDefault>{write_properties('rPr', run)}</w:rPrDefault>"
        f"<w:pPrDefault>{write_properties('pPr', {'spacing': _spacing(body, after=0)})}</w:pPrDefault></w:docDefaults>"
    )


def _spacing(style: TextStyle, before: float = 0.0, after: float | None = None) -> str:
    below = style.after if after is None else after
    values = {"before": twips(before), "after": twips(below), "line": twips(style.line), "lineRule": "exact"}
    return attributes("spacing", values)


def _base(body: TextStyle) -> str:
    normal = write_properties("pPr", {"widowControl": "<w:widowControl/>", "spacing": _spacing(body)})
    return (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f"{normal}</w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="0" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
    )


def _paragraph_style(role: str, style: TextStyle, theme: Theme) -> str:
    identity, name = name_style(role)
    paragraph = {"spacing": _spacing(style, theme.space.get(role, 0.0) if role.startswith("heading-") else 0.0)}
    paragraph |= _special_properties(role, theme)
    return _style(identity, name, write_properties("pPr", paragraph) + run_properties(style, face_of(role, theme)))


def _special_properties(role: str, theme: Theme) -> dict[str, str]:
    """Return what some roles need besides their spacing."""
    kind, _, level = role.partition("-")
    if kind == "heading" and level.isdigit():
        keep = {"keepNext": "<w:keepNext/>", "keepLines": "<w:keepLines/>"}
        return {**keep, "outlineLvl": val("outlineLvl", int(level) - 1)}
    if role == "code":
        return _code_properties(theme)
    if kind == "toc":
        # Word writes the entries anew when it updates the list, and takes the place of the page number from here.
        return {"tabs": f'<w:tabs><w:tab w:val="right" w:pos="{twips(theme.page.text_width)}"/></w:tabs>'}
    return {"keepNext": "<w:keepNext/>"} if role in {"kicker", "title", "standfirst", "term", "label"} else {}


def _code_properties(theme: Theme) -> dict[str, str]:
    wash = hex_colour(theme.colours["wash"])
    side = '<w:{side} w:val="single" w:sz="4" w:space="{space}" w:color="{wash}"/>'
    spaces = {"top": CODE_PADDING_Y, "left": CODE_PADDING_X, "bottom": CODE_PADDING_Y, "right": CODE_PADDING_X}
    sides = "".join(side.format(side=name, space=round(space), wash=wash) for name, space in spaces.items())
    return {
        "pBdr": f"<w:pBdr>{sides}</w:pBdr>",
        "shd": shading(theme.colours["wash"]),
        "ind": attributes("ind", {"left": twips(CODE_PADDING_X), "right": twips(CODE_PADDING_X)}),
        "suppressAutoHyphens": "<w:suppressAutoHyphens/>",
        "tabs": _code_tabs(theme.text["code"]),
    }


def _style(identity: str, name: str, properties: str) -> str:
    own = "" if name in BUILT_IN_NAMES or name.startswith(("heading ", "toc ")) else ' w:customStyle="1"'
    following = val("next", "BodyText") if identity.startswith(("Heading", "Title", "Subtitle", "Kicker")) else ""
    return (
        f'<w:style w:type="paragraph"{own} w:styleId="{identity}">{val("name", name)}{val("basedOn", "Normal")}'
        f"{following}<w:qFormat/>{properties}</w:style>"
    )


def _code_tabs(style: TextStyle) -> str:
    """Return tab stops every four letters: those of Word would not fit a face whose letters are all 0.6 em wide."""
    width = style.size * 0.6 * 4
    stops = (f'<w:tab w:val="left" w:pos="{twips(CODE_PADDING_X + width * number)}"/>' for number in range(1, 11))
    return f"<w:tabs>{''.join(stops)}</w:tabs>"


def _toc_heading(theme: Theme) -> str:
    style = theme.text["heading-1"]
    paragraph = {"keepNext": "<w:keepNext/>", "spacing": _spacing(style, theme.space.get("heading-1", 0.0))}
    return _style("TOCHeading", "TOC Heading", write_properties("pPr", paragraph) + run_properties(style))


def _spacer() -> str:
    paragraph = {"spacing": attributes("spacing", {"before": 0, "after": 0, "line": 20, "lineRule": "exact"})}
    return _style("Spacer", "Spacer", write_properties("pPr", paragraph) + write_properties("rPr", size_properties(1)))


def _figure() -> str:
    # Single spacing and a tiny run: an exact line height would cut the picture off.
    paragraph = {"spacing": attributes("spacing", {"before": 0, "after": 0, "line": 240, "lineRule": "auto"})}
    return _style("Figure", "Figure", write_properties("pPr", paragraph) + write_properties("rPr", size_properties(1)))


def _rule(theme: Theme, body: TextStyle) -> str:
    line = hex_colour(theme.colours["line"])
    edge = f'<w:pBdr><w:top w:val="single" w:sz="4" w:space="0" w:color="{line}"/></w:pBdr>'
    values = {"before": 0, "after": twips(body.after), "line": 20, "lineRule": "exact"}
    paragraph = {"pBdr": edge, "spacing": attributes("spacing", values)}
    return _style("Rule", "Rule", write_properties("pPr", paragraph) + write_properties("rPr", size_properties(1)))
