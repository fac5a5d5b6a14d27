"""Take the theme and the language; write how Word treats the file, its fonts and its colours; give the three parts."""

from __future__ import annotations

from pipeline.document.theme import Theme
from pipeline.write.docx.xml import DECLARED, attributes, escape_attribute, full_language, hex_colour

_WORD = "http://schemas.microsoft.com/office/word"
_COMPATIBILITY = (
    ("compatibilityMode", 15),
    ("overrideTableStyleFontSizeAndJustification", 1),
    ("enableOpenTypeFeatures", 1),
    ("doNotFlipMirrorIndents", 1),
    ("differentiateMultirowTableHeaders", 1),
)
_COLOUR_MAP = {
    "bg1": "light1", "t1": "dark1", "bg2": "light2", "t2": "dark2", "accent1": "accent1", "accent2": "accent2",
    "accent3": "accent3", "accent4": "accent4", "accent5": "accent5", "accent6": "accent6", "hyperlink": "hyperlink",
    "followedHyperlink": "followedHyperlink",
}  # fmt: skip


def make_settings(language: str) -> str:
    """Return `settings.xml`: today's layout rules, no question about fields on opening."""
    tag = full_language(language)
    compatibility = "".join(
        attributes("compatSetting", {"name": name, "uri": _WORD, "val": value}) for name, value in _COMPATIBILITY
    )
    return (
        f'<w:settings {DECLARED}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        f"<w:compat>{compatibility}</w:compat>{attributes('themeFontLang', {'val': tag})}"
        f"{attributes('clrSchemeMapping', _COLOUR_MAP)}"
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def make_fonts(theme: Theme) -> str:
    """Return `fontTable.xml`."""
    families = ((theme.text_font.word, "swiss", "variable"), (theme.code_font.word, "modern", "fixed"))
    fonts = "".join(
        f'<w:font w:name="{escape_attribute(name)}"><w:charset w:val="00"/><w:family w:val="{family}"/>'
        f'<w:pitch w:val="{pitch}"/></w:font>'
        for name, family, pitch in families
    )
    return f"<w:fonts {DECLARED}>{fonts}</w:fonts>"


def make_office_theme(theme: Theme) -> str:
    """Return `theme1.xml`: our colours and fonts, so that what a reader adds in Word matches."""
    face = escape_attribute(theme.text_font.word)
    font = f'<a:latin typeface="{face}"/><a:ea typeface=""/><a:cs typeface=""/>'
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Deedbox"><a:themeElements>'
        f'<a:clrScheme name="Deedbox">{_colour_scheme(theme)}</a:clrScheme>'
        f'<a:fontScheme name="Deedbox"><a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont>'
        f'</a:fontScheme><a:fmtScheme name="Deedbox">{_formats()}</a:fmtScheme></a:themeElements></a:theme>'
    )


def _colour_scheme(theme: Theme) -> str:
    own, states = theme.colours, theme.status
    scheme = {
        "dk1": own["text"],
        "lt1": own["paper"],
        "dk2": own["title"],
        "lt2": own["wash"],
        "accent1": own["accent"],
        "accent2": own["grey"],
        "accent3": states["on_track"].colour,
        "accent4": states["at_risk"].colour,
        "accent5": states["off_track"].colour,
        "accent6": own["line"],
        "hlink": own["accent"],
        "folHlink": own["accent"],
    }
    return "".join(f'<a:{name}><a:srgbClr val="{hex_colour(value)}"/></a:{name}>' for name, value in scheme.items())


def _formats() -> str:
    """Return the least set of fills, lines and effects that a theme must have: three of each."""
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    lists = (("fillStyleLst", fill), ("lnStyleLst", line), ("effectStyleLst", effect), ("bgFillStyleLst", fill))
    return "".join(f"<a:{name}>{part * 3}</a:{name}>" for name, part in lists)
