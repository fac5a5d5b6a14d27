"""A document comes in; all parts of its Word file are written; the bytes of the package, always the same, go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document as open_docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import parse_xml

from pipeline.document.theme import Theme
from pipeline.document.tree import Document
from pipeline.write.docx.body import BLOCK_WRITERS
from pipeline.write.docx.context import Writing, make_targets
from pipeline.write.docx.corporate import dress_package, fit_theme
from pipeline.write.docx.lists import make_numbering
from pipeline.write.docx.notes import write_notes
from pipeline.write.docx.properties import CORE, make_app, make_custom, set_core_properties
from pipeline.write.docx.sections import Running, text_width, write_body, write_footer, write_header
from pipeline.write.docx.settings import make_fonts, make_office_theme, make_settings
from pipeline.write.docx.styles import make_styles
from pipeline.write.docx.xml import DECLARED

_FIRST = ("[Content_Types].xml", "_rels/.rels")
_OLDEST = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_NOTHING: Mapping[str, bytes] = {}


def normalise_zip(data: bytes, own: Mapping[str, bytes] = _NOTHING) -> bytes:
    """Return the archive with its parts in order and no trace of when and where it was made.

    `own` are contents that take the place of what the archive holds.
    """
    target = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(target, "w") as archive:
        for name in sorted(source.namelist(), key=lambda name: (name != _FIRST[0], name != _FIRST[1], name)):
            archive.writestr(make_entry(name), own.get(name) or source.read(name), compresslevel=6)
    return target.getvalue()


def make_entry(name: str) -> ZipInfo:
    """Return the directory entry of a part."""
    entry = ZipInfo(name, _OLDEST)
    entry.compress_type, entry.external_attr, entry.create_system = ZIP_DEFLATED, 0o600 << 16, _UNIX
    return entry


_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SAVED_DECLARATION = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"  # as lxml writes it
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "word/document.xml"
# The parts that are there before the body is: name, content type, relationship.
_PACKAGE_PARTS = (
    (_DOCUMENT, CONTENT_TYPE.WML_DOCUMENT_MAIN, RELATIONSHIP_TYPE.OFFICE_DOCUMENT),
    ("docProps/core.xml", CONTENT_TYPE.OPC_CORE_PROPERTIES, RELATIONSHIP_TYPE.CORE_PROPERTIES),
    ("docProps/app.xml", CONTENT_TYPE.OFC_EXTENDED_PROPERTIES, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES),
    ("docProps/custom.xml", CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES),
)
_DOCUMENT_PARTS = (
    ("styles.xml", CONTENT_TYPE.WML_STYLES, RELATIONSHIP_TYPE.STYLES),
    ("settings.xml", CONTENT_TYPE.WML_SETTINGS, RELATIONSHIP_TYPE.SETTINGS),
    ("numbering.xml", CONTENT_TYPE.WML_NUMBERING, RELATIONSHIP_TYPE.NUMBERING),
    ("fontTable.xml", CONTENT_TYPE.WML_FONT_TABLE, RELATIONSHIP_TYPE.FONT_TABLE),
    ("theme/theme1.xml", CONTENT_TYPE.OFC_THEME, RELATIONSHIP_TYPE.THEME),
)


def make_package(document: Document, theme: Theme, pages: Mapping[str, int] | None) -> bytes:
    """Return the finished Word file.

    Its body, by far the largest part, goes into the file as it was written; only where a corporate file changes what
    it says is it made a tree of python-docx, which costs more than all writing.
    """
    package = open_docx(BytesIO(_make_base(document, theme)))
    if theme.corporate:
        theme = fit_theme(theme)
    writing = Writing(document, theme, package.part, make_targets(document), BLOCK_WRITERS, pages)
    running = {
        side: _add_furniture(writing, landscape=side, number=number)
        for number, side in enumerate(sorted({section.landscape for section in document.sections} or {False}), start=1)
    }
    body = write_body(writing, running)
    _add_notes(writing)
    for count in writing.lists:
        package.part.numbering_part.element.append(parse_xml(_declare(count)))
    own = {_DOCUMENT: f"{_SAVED_DECLARATION}<w:document {DECLARED}>{body}</w:document>".encode()}
    if theme.corporate:
        own = {}
        package.element.replace(package.element.body, parse_xml(_declare(body)))
        dress_package(writing)
    set_core_properties(package.core_properties, document.properties)
    target = BytesIO()
    package.save(target)
    return normalise_zip(target.getvalue(), own)


def _declare(fragment: str) -> str:
    """Return a fragment with its namespaces declared on its first element."""
    end = min(fragment.index(sign) for sign in " >" if sign in fragment)
    return f"{fragment[:end]} {DECLARED}{fragment[end:]}"


def _add_furniture(writing: Writing, landscape: bool, number: int) -> Running:
    furniture, theme = writing.document.furniture, writing.theme
    width = text_width(theme.page, landscape)
    count = max((writing.pages or {}).values(), default=1)
    header = write_header(furniture, theme, width, number)
    footer = write_footer(furniture, width, count)
    return Running(
        _add_part(writing, f"header{number}", header, CONTENT_TYPE.WML_HEADER, RELATIONSHIP_TYPE.HEADER),
        _add_part(writing, f"footer{number}", footer, CONTENT_TYPE.WML_FOOTER, RELATIONSHIP_TYPE.FOOTER),
    )


def _add_part(writing: Writing, name: str, content: str, content_type: str, relationship: str) -> str:
    place = PackURI(f"/word/{name}.xml")
    part = XmlPart(place, content_type, parse_xml(content), writing.part.package)
    return str(writing.part.relate_to(part, relationship))


def _add_notes(writing: Writing) -> None:
    """Add the footnotes, even where there are none: the settings name their separators."""
    place = PackURI("/word/footnotes.xml")
    part = XmlPart(place, CONTENT_TYPE.WML_FOOTNOTES, parse_xml(f"<w:footnotes {DECLARED}/>"), writing.part.package)
    content = write_notes(replace(writing, part=part, in_notes=True), writing.theme.page.text_width)
    for note in parse_xml(content):
        part.element.append(note)
    writing.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _make_base(document: Document, theme: Theme) -> bytes:
    """Return the package without its body, as a file that python-docx can open."""
    language = document.properties.language
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships(_PACKAGE_PARTS),
        _DOCUMENT: f"<w:document {DECLARED}><w:body/></w:document>",
        "word/_rels/document.xml.rels": _relationships(_DOCUMENT_PARTS),
        "word/styles.xml": make_styles(theme, language),
        "word/settings.xml": make_settings(language),
        "word/numbering.xml": make_numbering(theme.text_font.word),
        "word/fontTable.xml": make_fonts(theme),
        "word/theme/theme1.xml": make_office_theme(theme),
        "docProps/core.xml": CORE,
        "docProps/app.xml": make_app(document.properties),
        "docProps/custom.xml": make_custom(document),
    }
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(make_entry(name), _DECLARATION + content)
    return target.getvalue()


def _content_types() -> str:
    named = [(f"/{name}", kind) for name, kind, _ in _PACKAGE_PARTS]
    named += [(f"/word/{name}", kind) for name, kind, _ in _DOCUMENT_PARTS]
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in named)
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{CONTENT_TYPE.OPC_RELATIONSHIPS}"/>'
        f'<Default Extension="xml" ContentType="{CONTENT_TYPE.XML}"/>{overrides}</Types>'
    )


def _relationships(parts: tuple[tuple[str, str, str], ...]) -> str:
    targets = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{name}"/>'
        for number, (name, _, kind) in enumerate(parts, start=1)
    )
    return f'<Relationships xmlns="{_RELATIONSHIPS}">{targets}</Relationships>'
