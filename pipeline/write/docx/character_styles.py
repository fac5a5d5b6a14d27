"""Take the theme; make Word's character styles of its roles and colours, of links, note marks and code; give XML."""

from __future__ import annotations

from pipeline.document.theme import Theme
from pipeline.write.docx.style_parts import (
    camel,
    face_of,
    face_properties,
    run_properties,
    size_properties,
)
from pipeline.write.docx.xml import hex_colour, val, write_properties


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
