"""Take roles and text styles of the theme; name their Word styles and spell their run properties; give XML."""

from __future__ import annotations

from pipeline.document.theme import TextStyle, Theme
from pipeline.write.docx.xml import attributes, hex_colour, twips, val, write_properties

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
