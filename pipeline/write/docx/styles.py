"""A theme comes in; the styles of paragraphs, characters and tables go out as styles.xml."""

from __future__ import annotations

from pipeline.document.theme import TextStyle, Theme
from pipeline.write.docx.xml import (
    DECLARED,
    attributes,
    full_language,
    hex_colour,
    shading,
    twips,
    val,
    write_properties,
)
from pipeline.write.spacing import CODE_PADDING_X, CODE_PADDING_Y

# Roles that Word knows by a name of its own; it finds them by `w:name`, which stays English in every language.
_BUILT_IN = {
    "body": ("BodyText", "Body Text"),
    "title": ("Title", "Title"),
    "standfirst": ("Subtitle", "Subtitle"),
    "caption": ("Caption", "caption"),
    "list": ("ListParagraph", "List Paragraph"),
    "quote": ("Quote", "Quote"),
    "footnote": ("FootnoteText", "footnote text"),
    "header": ("Header", "header"),
    "footer": ("Footer", "footer"),
    "toc-heading": ("TOCHeading", "TOC Heading"),
}
_OWN = {
    "cell": ("TableText", "Table Text"),
    "cell-head": ("TableHeading", "Table Heading"),
    "term": ("DefinitionTerm", "Definition Term"),
    "signature": ("SignatureLine", "Signature Line"),
}
BUILT_IN_NAMES = {name for _, name in _BUILT_IN.values()}


def style_id(role: str) -> str:
    """Return the id of a paragraph role's style."""
    return name_style(role)[0]


def name_style(role: str) -> tuple[str, str]:
    """Return the id and the name of a paragraph role's style."""
    named = _BUILT_IN.get(role) or _OWN.get(role)
    if named:
        return named
    kind, _, level = role.partition("-")
    if kind == "heading" and level.isdigit():
        return f"Heading{level}", f"heading {level}"
    if kind == "toc" and level.isdigit():
        return f"TOC{level}", f"toc {level}"
    return camel(role), role.replace("-", " ").title()


def camel(role: str) -> str:
    """Return a role as a style id."""
    return "".join(letter for letter in role.title() if letter.isalnum()) or "Role"


def face_of(role: str, theme: Theme) -> str:
    """Return the face that a role has of its own, or nothing."""
    return theme.code_font.word if role == "code" else ""


def face_properties(name: str) -> str:
    """Return a font for every script."""
    return attributes("rFonts", dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), name))


def size_properties(points: float) -> dict[str, str]:
    """Return the properties that set a size in points."""
    return {"sz": val("sz", round(points * 2)), "szCs": val("szCs", round(points * 2))}


def run_properties(style: TextStyle, face: str = "") -> str:
    """Return the run properties of a text style, in a face of its own where one is named."""
    run = {"color": val("color", hex_colour(style.colour)), **size_properties(style.size)}
    if face:
        run |= {"rFonts": face_properties(face), "noProof": "<w:noProof/>"}
    if style.bold:
        run |= {"b": "<w:b/>", "bCs": "<w:bCs/>"}
    if style.italic:
        run |= {"i": "<w:i/>", "iCs": "<w:iCs/>"}
    if style.capitals:
        run["caps"] = "<w:caps/>"
    if style.spacing:
        run["spacing"] = val("spacing", twips(style.spacing))
    return write_properties("rPr", run)


def character_style_id(role: str, theme: Theme) -> str:
    """Return the id of a character role's style, or nothing for a role that the theme does not know."""
    known = role in theme.text or role in theme.colours
    return f"{camel(role)}Character" if known else ""


def make_character_styles(theme: Theme) -> str:
    """Return the character styles; `code` alone is no role of running text, since code has a style of its own there."""
    roles = sorted({*theme.text, *theme.colours} - {"code"})
    return "".join(_character_style(role, theme) for role in roles) + _own_styles(theme)


def _character_style(role: str, theme: Theme) -> str:
    if role in theme.text:
        run = run_properties(theme.text[role], face_of(role, theme))
    else:
        run = write_properties("rPr", {"color": val("color", hex_colour(theme.colours[role]))})
    name = f"{role.replace('-', ' ').title()} Character"
    return _character(f"{camel(role)}Character", name, run)


def _character(identity: str, name: str, run: str) -> str:
    return (
        f'<w:style w:type="character" w:styleId="{identity}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/>{run}</w:style>'
    )


def _own_styles(theme: Theme) -> str:
    accent = {"color": val("color", hex_colour(theme.colours["accent"]))}
    code = {"rFonts": face_properties(theme.code_font.word), "noProof": "<w:noProof/>"}
    code |= size_properties(theme.text["code"].size)
    raised = {"vertAlign": val("vertAlign", "superscript")}
    named = (
        ("Hyperlink", "Hyperlink", accent),
        ("FootnoteReference", "footnote reference", raised),
        ("CodeCharacter", "Code Character", code),
    )
    return "".join(_character(identity, name, write_properties("rPr", run)) for identity, name, run in named)


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
